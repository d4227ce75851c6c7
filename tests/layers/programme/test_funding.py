"""The judgement of open projects: figures against loops, sets within the budget, scores within their ends."""

import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.shape import Shape
from layers.catalog import Catalogue
from layers.priorities import EFFECTS, Priorities, Weight
from layers.programme.figures import programme
from layers.programme.funding import DONE, Appraisal, appraisal
from layers.programme.reach import gains
from layers.query import Query
from layers.store import EmbeddedStore, embedded
from tests.conftest import DataFolder
from tests.layers.programme import naive
from tests.layers.programme.naive import asking, choices, shapes

PUBLIC = ("federal", "regional", "municipal", "budget")
WHOLE, PART = "asino-timber-complex", "asino-sawmill"
Span = tuple[float, float]


@st.composite
def priorities(draw: st.DrawFn) -> Priorities:
    weights = draw(st.dictionaries(st.sampled_from(EFFECTS), st.integers(0, 100), min_size=1))
    weights[draw(st.sampled_from(EFFECTS))] = draw(st.integers(1, 100))
    return Priorities(
        weights=tuple(Weight(effect=effect, weight=weight) for effect, weight in weights.items()),
        budget_mln_rub=draw(st.sampled_from([0.0, 900.0, 25_000.0, 150_000.0, 1_000_000.0])),
        paying=draw(st.sampled_from(["total", "public"])),
        order=draw(st.sampled_from(["effect", "per_rouble"])),
        unknown=draw(st.sampled_from(["low", "middle", "high"])),
    )


def judged(query: Query, shape: Shape | None = None, by: Priorities | None = None) -> Appraisal:
    return appraisal(programme(embedded()), query, shape, by or Priorities())


def weighed(weights: dict[str, int], **rest: object) -> Priorities:
    parts = tuple(Weight(effect=effect, weight=weight) for effect, weight in weights.items())  # type: ignore[arg-type]
    return Priorities(weights=parts, **rest)  # type: ignore[arg-type]


def candidates(query: Query, shape: Shape | None = None) -> list[str]:
    return [id_ for id_, state in naive.chosen(query, shape).items() if state not in ("built", "cancelled")]


def purses(id_: str) -> tuple[Span, Span] | None:
    """What the budgets and what others pay, (least, most) each; None where no money is known."""
    flows = {source: amount for (_, source), amount in naive.flows([id_]).items()}
    if not flows:
        return None
    unnamed = flows.get(naive.UNNAMED, 0.0)
    public = math.fsum(flows.get(source, 0.0) for source in PUBLIC)
    private = flows.get("extra_budgetary", 0.0)
    return (public, public + unnamed), (private, private + unnamed)


def asked(id_: str) -> float | None:
    """What is stated to be asked of the budgets, at most."""
    stated = naive.figure("public_mln_rub").get(id_)
    return stated[2] if stated else None


def takes(id_: str, paying: str) -> float | None:
    """What a project takes from the budget at most."""
    if paying == "public":
        found = purses(id_)
        return found[0][1] if found else asked(id_)
    cost, invested = naive.figure("cost_mln_rub").get(id_), naive.figure("invested_mln_rub").get(id_)
    return None if cost is None else max(cost[1] - (invested[1] if invested else 0.0), 0.0)


# --- candidates and figures -------------------------------------------------------------------------


@given(choices(), shapes())
@settings(max_examples=15)
def test_candidates_are_what_is_neither_built_nor_cancelled(query: Query, shape: Shape | None) -> None:
    found = judged(query, shape)
    assert list(found.ids) == candidates(query, shape)
    assert not set(found.frame["state"]) & set(DONE)
    assert found.weighed == bool(len(found.ids))


@given(choices(), shapes(), st.sampled_from(["total", "public"]))
@settings(max_examples=15)
def test_money_of_the_candidates(query: Query, shape: Shape | None, paying: str) -> None:
    found = judged(query, shape, Priorities(paying=paying))  # type: ignore[arg-type]
    for id_, row, cost in zip(found.ids, found.money.itertuples(index=False), found.cost, strict=True):
        expected = purses(id_)
        told = (row.public_low, row.public_high), (row.private_low, row.private_high)
        if expected is None:
            most = asked(id_)
            assert np.array(told).ravel() == pytest.approx(
                [math.nan, math.nan if most is None else most, math.nan, math.nan], nan_ok=True
            )
        else:
            assert np.array(told) == pytest.approx(np.array(expected))
        own = takes(id_, paying)
        assert math.isnan(cost) if own is None else cost == pytest.approx(own)


def test_what_is_asked_of_the_budgets_counts_where_nothing_else_is_known(data_folder: DataFolder) -> None:
    """The stated public part is the upper end where no money is known, and moves nothing where some is."""
    bare = next(i for i in candidates(Query()) if asked(i) is not None and purses(i) is None)
    paid = next(i for i in candidates(Query()) if asked(i) is not None and purses(i) is not None)
    found = judged(Query(), None, Priorities(paying="public"))
    cost = dict(zip(found.ids, found.cost, strict=True))
    assert cost[bare] == asked(bare)
    assert found.money.loc[bare, ["public_low", "private_low", "private_high"]].isna().all()
    assert found.figures["leverage"].loc[bare].isna().all(), "nobody says what others pay"
    row = next(r for r in naive.rows("figures") if (r["project"], r["quantity"]) == (paid, "public_mln_rub"))
    data_folder.change("figures.csv", row["id"], value=1, value_high="")
    store = EmbeddedStore(Catalogue(Path(data_folder.folder)))
    changed = Appraisal(programme(store), Query(), None, Priorities(paying="public"))
    pd.testing.assert_series_equal(changed.money.loc[paid], found.money.loc[paid])


@given(choices(), shapes())
@settings(max_examples=10)
def test_stated_effects_are_the_figures_of_the_records(query: Query, shape: Shape | None) -> None:
    found = judged(query, shape)
    for effect in ("jobs", "tax_mln_rub_year", "patents", "people_served"):
        for id_, row in zip(found.ids, found.figures[effect].itertuples(index=False), strict=True):
            expected = naive.figure(effect).get(id_)
            assert math.isnan(row.value) if expected is None else (row.low, row.value, row.high) == expected


def test_people_are_computed_for_roads_and_none_where_none_is_built() -> None:
    query = asking(status="planned;under_way;idea;postponed;built")
    for effect, limit in (("people_60", 60.0), ("people_90", 90.0)):
        found = judged(query)
        computed = gains(embedded(), limit)
        values = found.figures[effect]["value"].to_dict()
        for id_ in found.ids:
            if id_ in computed:
                assert values[id_] == computed[id_]
            elif naive.projects()[id_]["project_type"] == "infrastructure":
                assert math.isnan(values[id_]), "of other infrastructure it is unknown"
            else:
                assert values[id_] == 0


def test_leverage_is_private_roubles_for_each_public_one() -> None:
    found = judged(Query())
    frame = found.figures["leverage"]
    spans = {id_: purses(id_) for id_ in found.ids}
    raw = {
        id_: (part(private[0], public[1]), part(private[1], public[0]))
        for id_, money in spans.items()
        if money
        for public, private in [money]
    }
    seen = set()
    for id_, (low, value, high) in zip(found.ids, frame.itertuples(index=False), strict=True):
        if id_ not in raw:
            assert np.isnan([low, value, high]).all()
            continue
        for told, end in zip((low, high), raw[id_], strict=True):
            assert math.isnan(told) if end is None else told == pytest.approx(end)
            assert math.isnan(told) or 0 <= told <= 1
        if not math.isnan(value):
            assert low == pytest.approx(value) == pytest.approx(high)
        if not np.isnan([low, high]).any():
            assert low <= high
            assert math.isnan(value) == (high - low > 1e-6)
            seen.add("span" if low < high else "all" if low == 1 else "none" if low == 0 else "some")
    assert {"span", "some", "none"} <= seen


def part(private: float, public: float) -> float | None:
    """The private part of both: r / (1 + r) of the ratio r; 1 where no public rouble is spent."""
    if not public:
        return 1.0 if private else None
    ratio = private / public
    return ratio / (1 + ratio)


def test_no_leverage_outweighs_all_else() -> None:
    """Where nothing public is spent the part is 1, and a project scores one whole point at most."""
    found = judged(Query(), None, weighed({"leverage": 1}))
    assert (found.score <= 1 + 1e-9).all()
    assert found.figures["leverage"][["low", "high"]].max(axis=None) <= 1
    for id_, row in found.money.iterrows():
        if row["public_low"] == 0 and row["private_high"] > 0:
            assert found.figures["leverage"].at[id_, "high"] == 1


# --- scores -----------------------------------------------------------------------------------------


@given(choices(), shapes(), priorities())
@settings(max_examples=15)
def test_scores_lie_between_their_ends(query: Query, shape: Shape | None, by: Priorities) -> None:
    found = judged(query, shape, by)
    if not found.weighed:
        return
    effects, scores, near = found.effects, found.scores, 1e-9
    for part in (effects.low, effects.middle, effects.high):
        assert ((part >= 0) & (part <= 1)).all()
    assert (effects.low <= effects.middle + near).all()
    assert (effects.middle <= effects.high + near).all()
    assert (scores.low <= scores.middle + near).all()
    assert (scores.middle <= scores.high + near).all()
    assert (scores.low - near <= found.score).all()
    assert (found.score <= scores.high + near).all()
    assert (scores.best_place >= 1).all()
    assert (scores.best_place <= scores.worst_place).all()
    assert (scores.worst_place <= len(found.ids)).all()


@given(choices(), priorities())
@settings(max_examples=15)
def test_the_more_hopeful_the_unknown_the_greater_the_score(query: Query, by: Priorities) -> None:
    taken = [judged(query, None, by.model_copy(update={"unknown": u})) for u in ("low", "middle", "high")]
    if not taken[0].weighed:
        return
    low, middle, high = (found.score for found in taken)
    assert (low <= middle + 1e-9).all()
    assert (middle <= high + 1e-9).all()


def test_no_weight_weighs_nothing() -> None:
    for weights in ({}, {"jobs": 0}, dict.fromkeys(EFFECTS, 0)):
        assert not judged(Query(), None, weighed(weights)).weighed
    assert judged(Query()).weighed


def test_nothing_open_is_nothing_to_judge() -> None:
    found = judged(asking(status="built;cancelled"))
    assert len(found.ids) == 0
    assert not found.weighed


def test_a_score_by_one_effect_is_its_share_of_the_greatest() -> None:
    found = judged(Query(), None, weighed({"jobs": 7}))
    jobs = [naive.figure("jobs").get(id_) for id_ in found.ids]
    ends = [end for interval in jobs if interval for end in interval]
    for score, interval in zip(found.score, jobs, strict=True):
        assert score == pytest.approx((interval[1] if interval else min(ends)) / max(ends))


# --- order, line and set ----------------------------------------------------------------------------


@given(choices(), priorities())
@settings(max_examples=15)
def test_the_order_follows_the_score_or_the_score_per_rouble(query: Query, by: Priorities) -> None:
    found = judged(query, None, by)
    if not found.weighed:
        return
    order, score, cost = found.order, found.score, found.cost
    assert sorted(order) == list(range(len(found.ids)))
    if by.order == "effect":
        assert (np.diff(score[order]) <= 1e-12).all()
        return
    known = [n for n in order if not math.isnan(cost[n])]
    assert list(order[: len(known)]) == known, "those of unknown cost come last"
    free = [n for n in known if cost[n] == 0]
    assert known[: len(free)] == free
    rate = [score[n] / cost[n] for n in known[len(free) :]]
    assert rate == sorted(rate, reverse=True)


@given(choices(), shapes(), priorities())
@settings(max_examples=15)
def test_sets_stay_within_the_budget(query: Query, shape: Shape | None, by: Priorities) -> None:
    found = judged(query, shape, by)
    if not found.weighed:
        return
    for chosen in (found.best, found.above):
        assert not np.isnan(found.cost[chosen]).any(), "what nobody has priced is never chosen"
        assert found.cost[chosen].sum() <= by.budget_mln_rub + 1e-6
    assert not (found.score[found.best] <= 0).any()
    best = set(found.ids[found.best])
    assert not any(naive.projects()[id_]["part_of"] in best for id_ in best)


@given(choices(), priorities())
@settings(max_examples=15)
def test_the_line_takes_projects_in_order_until_the_first_that_does_not_fit(
    query: Query, by: Priorities
) -> None:
    found = judged(query, None, by)
    if not found.weighed:
        return
    left, above = by.budget_mln_rub, set[int]()
    for n in found.order:
        others = {part + whole - n for part, whole in found.either if n in (part, whole)}
        if math.isnan(found.cost[n]) or above & others:
            continue
        left -= found.cost[n]
        if left < 0:
            break
        above.add(int(n))
    assert set(np.flatnonzero(found.above)) == above


@given(choices(), priorities())
@settings(max_examples=15)
def test_the_best_set_brings_at_least_what_stands_above_the_line(query: Query, by: Priorities) -> None:
    found = judged(query, None, by)
    if not found.weighed or any(found.above[a] and found.above[b] for a, b in found.either):
        return
    assert found.score[found.best].sum() >= found.score[found.above].sum() - 1e-5


@pytest.mark.parametrize("budget", [500.0, 3_000.0, 20_000.0])
@pytest.mark.parametrize("park", ["medical", "sport", "historical_cultural"])
def test_no_set_of_a_few_projects_brings_more(park: str, budget: float) -> None:
    by = weighed({"jobs": 50, "leverage": 50}, budget_mln_rub=budget, unknown="middle")
    found = judged(asking(park=park), None, by)
    able = [n for n in range(len(found.ids)) if not math.isnan(found.cost[n])]
    assert 0 < len(able) <= 14, "too many to try all sets"
    most = 0.0
    for size in range(len(able) + 1):
        for chosen in itertools.combinations(able, size):
            if sum(found.cost[n] for n in chosen) <= budget:
                most = max(most, sum(found.score[n] for n in chosen))
    assert found.score[found.best].sum() == pytest.approx(most, abs=1e-5)


def test_a_greater_budget_never_brings_less() -> None:
    budgets = (0, 1_000, 10_000, 50_000, 150_000, 400_000, 1_000_000)
    brought = [
        found.score[found.best].sum()
        for found in (judged(Query(), None, Priorities(budget_mln_rub=budget)) for budget in budgets)
    ]
    assert brought[0] <= brought[-1]
    assert all(before <= after + 1e-5 for before, after in itertools.pairwise(brought))


def test_pairs_are_parts_with_their_wholes() -> None:
    found = judged(Query())
    pairs = {(found.ids[part], found.ids[whole]) for part, whole in found.either}
    open_ = set(candidates(Query()))
    assert pairs == {
        (id_, row["part_of"])
        for id_, row in naive.projects().items()
        if row["part_of"] in open_ and id_ in open_
    }
    assert pairs


@pytest.fixture
def with_a_costly_part(data_folder: DataFolder) -> Appraisal:
    """A judgement with money for all, where both a whole and its part have a cost and jobs."""
    data_folder.change("projects.csv", PART, cost_mln_rub=4000, jobs=300)
    store = EmbeddedStore(Catalogue(Path(data_folder.folder)))
    by = weighed({"jobs": 100}, budget_mln_rub=1_000_000.0)
    return Appraisal(programme(store), Query(), None, by)


def together(found: Appraisal, chosen: np.ndarray) -> bool:
    ids = set(found.ids[chosen])
    return {WHOLE, PART} <= ids


def test_the_best_set_never_holds_a_part_beside_its_whole(with_a_costly_part: Appraisal) -> None:
    assert not together(with_a_costly_part, with_a_costly_part.best)
    assert WHOLE in set(with_a_costly_part.ids[with_a_costly_part.best])


def test_above_the_line_no_part_stands_beside_its_whole(with_a_costly_part: Appraisal) -> None:
    assert not together(with_a_costly_part, with_a_costly_part.above)


# --- firmness ---------------------------------------------------------------------------------------


def test_firmness_is_a_share_of_draws() -> None:
    found = judged(asking(park="medical;sport"), None, Priorities(budget_mln_rub=8_000))
    share = found.stability
    assert len(share) == len(found.ids)
    assert ((share >= 0) & (share <= 1)).all()
    assert (share[np.isnan(found.cost) | (found.cost > 8_000)] == 0).all()
    assert share.max() > 0


def test_the_same_judgement_is_made_once() -> None:
    assert judged(Query()) is judged(Query())
    assert isinstance(judged(Query()).money, pd.DataFrame)
