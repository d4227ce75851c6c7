"""Why a site scores as it does, in words: losses that add up, limits with their clauses, both languages."""

import re

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.weighing import EXCLUDED, FREE, UNSURE
from layers.records import split
from layers.siting.results import Findings
from layers.siting.sites import sites
from layers.siting.telling import (
    Part,
    clause_in_words,
    contributions,
    limit_in_words,
    limits_told,
    part_in_words,
    parts,
    site_names,
    sources_of,
)
from layers.text import Words
from tests.layers.siting.golden import golden
from tests.layers.siting.searches import PLAIN, search

RU, EN = Words("ru"), Words("en")
NB = "\u00a0"
NORM = {"name_ru": "Норма", "name_en": "Norm", "clause": "п. 1"}


@given(st.data())
def test_losses_are_what_the_score_lacks(small: Findings, data: st.DataObject) -> None:
    row, column = (data.draw(st.integers(0, size - 1)) for size in small.grid.shape)
    x, y = small.grid.axes()
    judged = small.judge(shapely.Point(x[column], y[row]))
    assert judged is not None
    told = parts(small, judged)
    assert sum(part.weight for part in told) == pytest.approx(1)
    if np.isfinite(judged.score):
        assert sum(part.loss for part in told) == pytest.approx(1 - judged.score, abs=2e-6)
    assert [part.loss for part in told] == sorted((part.loss for part in told), reverse=True)


@pytest.mark.parametrize("model", ["industrial-park", "heritage-park", PLAIN])
def test_losses_of_areas_add_up_too(model: str) -> None:
    found = search(model, mine=("circle~3000:84.98000,56.45000",))
    assert sites(found)
    for one in sites(found):
        if np.isnan(one.judged.score):
            assert one.judged.state == EXCLUDED
            continue
        lost = sum(part.loss for part in parts(found, one.judged))
        assert lost == pytest.approx(1 - one.judged.score, abs=2e-6)


def test_the_unknown_is_told_first_and_as_such() -> None:
    found = golden()
    x, y = found.grid.axes()
    judged = found.judge(shapely.Point(x[0], y[1]))
    assert judged is not None
    first, second = parts(found, judged)
    assert (first.measure.text, second.measure.text) == ("minutes.tomsk", "distance.railways")
    assert part_in_words(first, RU) == f"нет данных (вес 25{NB}%)"
    assert "no data" in part_in_words(first, EN)
    assert part_in_words(second, RU) == f"5{NB}км → 50{NB}% (вес 75{NB}%, потеря 37,5{NB}%)"


def test_a_criterion_without_weight_takes_no_part() -> None:
    found = search(f"{PLAIN};c:minutes.stations*0*lin~0~1~9~0")
    judged = found.judge(sites(found)[0].shape)
    assert judged is not None
    assert {part.measure.text for part in parts(found, judged)} == {"distance.railways", "minutes.tomsk"}


def test_amounts_are_said_with_a_decimal_comma(small: Findings) -> None:
    of = small.measures[[measure.kind for measure in small.measures].index("distance")]
    part = Part(of, 1234.0, 0.876, 0.125)
    assert part_in_words(part, RU) == f"1,2{NB}км → 88{NB}% (вес 12{NB}%, потеря 1,6{NB}%)"
    english = part_in_words(part, EN)
    assert f"1.2{NB}km" in english
    assert f"1.6{NB}%" in english


def test_what_no_road_leads_to_is_said_so(small: Findings) -> None:
    of = small.measures[[measure.kind for measure in small.measures].index("minutes")]
    told = part_in_words(Part(of, np.inf, 0.0, 0.1), RU)
    assert told.startswith(RU("measure.no_way"))
    assert "inf" not in told


@pytest.mark.parametrize(
    ("state", "near", "far", "russian"),
    [
        (EXCLUDED, -400.0, -150.0, "действует: строить нельзя (п. 1)"),
        (UNSURE, -400.0, 1250.0, "судить нельзя: до края зоны от 0 до 1,2 км (п. 1)"),
        (FREE, 1850.0, 2500.0, "не действует: до зоны не ближе 1,8 км (п. 1)"),
    ],
)
def test_a_limit_is_told_with_its_clause(state: int, near: float, far: float, russian: str) -> None:
    assert limit_in_words(state, near, far, NORM, RU) == russian
    english = limit_in_words(state, near, far, NORM, EN)
    assert english.endswith("(para. 1)")
    assert not re.search("[а-яё]", english)
    assert "п. 1" not in limit_in_words(state, near, far, {**NORM, "clause": None}, RU)


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_every_contribution_is_a_clean_sentence(small: Findings, words: Words) -> None:
    for one in sites(small):
        told = [say(words) for say in contributions(small, one.judged, one.shape)]
        at_risk = [state for _, state, *_ in small.limit_states(one.shape) if state != FREE]
        assert len(told) == len(small.model.criteria) + len(small.model.requirements) + len(at_risk)
        for label, text in told:
            for said in (label, text):
                assert said == said.strip() != ""
                assert not re.search(r"\b(?:nan|inf|None)\b|[{}<>]", said), said
                assert "  " not in said


def test_every_clause_can_be_read_in_both_languages(small: Findings) -> None:
    cited = 0
    for id_ in small.store.records("norms").index:
        norm = small.store.record("norms", id_)
        russian, english = clause_in_words(norm, RU), clause_in_words(norm, EN)
        assert russian == (norm["clause"] or "")
        assert bool(russian) == bool(english)
        assert not re.search("[а-яё]", english, re.IGNORECASE), english
        cited += bool(russian)
    assert cited > 20


def test_limits_that_apply_come_first_and_those_that_do_not_may_be_left_out() -> None:
    found = golden()
    x, y = found.grid.axes()
    north_west, free = shapely.Point(x[0], y[0]), shapely.Point(x[2], y[0])
    ((label, text),) = (say(RU) for say in limits_told(found, north_west))
    assert label == found.store.record("norms", found.model.limits[0].norm)["name_ru"]
    assert text.startswith(RU("site.limit_restricted"))
    assert len(limits_told(found, free)) == 1
    assert limits_told(found, free, all_of_them=False) == []
    order = {"действует": 0, "судить": 1, "не де": 2}
    for one in sites(search()):
        told = [say(RU)[1] for say in limits_told(search(), one.shape)]
        ranks = [next(rank for start, rank in order.items() if text.startswith(start)) for text in told]
        assert ranks == sorted(ranks)


def test_names_hold_a_number_a_place_and_a_distance(small: Findings) -> None:
    names = site_names(small.store, small.store.metric("settlements")["tomsk"], "site.plot", 7)
    assert names == {"name_ru": "Участок 7: Томск, 1 км", "name_en": names["name_en"]}
    assert names["name_en"].startswith("Plot 7: Tomsk, 1 km")


@pytest.mark.parametrize("model", ["industrial-park", "timber-plant", PLAIN])
def test_the_sources_of_a_model_are_those_of_its_reasons_and_norms(model: str) -> None:
    found = search(model)
    cited = sources_of(found)
    assert len(set(cited)) == len(cited)
    assert set(cited) <= set(found.store.catalogue.sources)
    for limit in found.model.limits:
        assert set(split(found.store.record("norms", limit.norm)["source_id"])) <= set(cited)
