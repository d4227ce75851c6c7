"""The finding in words: sentences in both languages, with the figures of the results and the right forms."""

import re
from copy import copy
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from geo.access import Gain
from layers.catalog import LANGUAGES, Language
from layers.comparison import GOALS, Comparison
from layers.reach.results import NOTICED, Results, results
from layers.reach.telling import FIGURES, Telling, outside_core
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from tests.layers.reach.test_results import SUBURB, figure

CUT = "asino-to-pervomayskoye:closed;kap-stage-3-2:closed;kap-stage-3-1:closed"
PAIRS: dict[str, dict[str, Any]] = {
    "asino": {},
    "stage-1": {"after": "stage-1"},
    "closed": {"before": "today", "after": "closed-bridge"},
    "bridge": {"before": "today", "after": "third-bridge"},
    "ring": {"before": "today", "after": "small-ring"},
    "thaw": {"before": "today", "after": "thaw"},
    "back": {"before": "winter", "after": "today"},
    "same": {"before": "today", "after": "today"},
    "new": {"before": "today", "after": SUBURB},
    "cut": {"before": "today", "after": CUT},
    "named": {"before": "today", "after": "season:winter;name:%D0%97%D0%B8%D0%BC%D0%B0%20%3Cb%3E"},
    "ice": {"before": "today", "after": "winter", "goal": "hospitals"},
    **{goal: {"goal": goal} for goal in GOALS[1:]},
}
NOUNS = {
    "населённый пункт": ("населённый пункт", "населённых пункта", "населённых пунктов"),
    "человек": ("человек", "человека", "человек"),
}


def telling(name: str, language: Language = "ru") -> Telling:
    return Telling(results(embedded(), Comparison(**PAIRS[name])), Words(language))


def russian_form(number: int) -> int:
    """Which of three forms a Russian noun has beside a number."""
    if number % 100 in range(11, 15):
        return 2
    return {1: 0, 2: 1, 3: 1, 4: 1}.get(number % 10, 2)


def text(name: str, language: Language) -> str:
    return " ".join(telling(name, language).sentences())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAIRS)
def test_sentences_are_whole(name: str, language: Language) -> None:
    told = telling(name, language)
    assert told.sentences()
    for sentence in [told.title, *told.sentences()]:
        assert not re.search(r"None|\bnan\b|NaN|\binf\b|[{}]|∞|  ", sentence), sentence
        assert "--" not in sentence
        assert not re.search(r"\d-\d", sentence), "a minus is not a hyphen"
    for sentence in told.sentences():
        assert sentence.endswith(".")
        assert sentence[0].isupper() or sentence[0].isdigit()
        cyrillic = bool(re.search("[а-яё]", sentence, re.IGNORECASE))
        assert cyrillic == (language == "ru"), sentence


@pytest.mark.parametrize("name", PAIRS)
def test_russian_nouns_agree_with_their_numbers(name: str) -> None:
    """The first form is sought as the longest: the nouns of a number are counted by the rule itself."""
    seen = 0
    for sentence in telling(name).sentences():
        for number, noun in re.findall(
            r"(\d[\d\u00a0]*) (населённы[йх] пункт(?:а|ов)?|человека?)\b", sentence
        ):
            forms = NOUNS["человек" if noun.startswith("чел") else "населённый пункт"]
            assert noun == forms[russian_form(int(re.sub(r"\D", "", number)))], sentence
            seen += 1
    assert seen or name in ("same", "ring") or all("человек" not in s for s in telling(name).sentences())


@pytest.mark.parametrize(
    ("count", "russian", "english"),
    [
        (0, "0 населённых пунктов", "0 settlements"),
        (1, "1 населённый пункт", "1 settlement"),
        (2, "2 населённых пункта", "2 settlements"),
        (5, "5 населённых пунктов", "5 settlements"),
        (11, "11 населённых пунктов", "11 settlements"),
        (21, "21 населённый пункт", "21 settlements"),
        (112, "112 населённых пунктов", "112 settlements"),
    ],
)
def test_counts_have_their_forms(count: int, russian: str, english: str) -> None:
    assert Words("ru").count("reach.settlements", count) == russian
    assert Words("en").count("reach.settlements", count) == english


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAIRS)
def test_sentences_hold_the_figures_of_the_results(name: str, language: Language) -> None:
    found, words, told = telling(name).found, Words(language), text(name, language)
    near = found.times[found.times["saved"] >= NOTICED]
    far = found.times[found.times["saved"] <= -NOTICED]
    for moved in (near, far):
        if len(moved):
            assert words.count("reach.settlements", len(moved)) in told
            known = moved["people"].notna().any()
            people = words.count("reach.people", round(moved["people"].sum()))
            assert (people if known else words("reach.none_known")) in told
    for gain in found.gains(found.comparison.goal):
        for people in (gain.came, gain.fell_out):
            assert not people or words.count("reach.people", round(people)) in told


def test_the_asino_road_in_words() -> None:
    """Golden: from the records, the naive Dijkstra of test_results and the rule of rounding."""
    told = telling("asino", "en").sentences()
    assert told[0].startswith("Shorter way to Tomsk: 44 settlements, 50,389 people")
    assert "Asino: 92 min before, 76 min after" in told[0]
    assert told[1] == "Newly within 90 minutes of travel to Tomsk: 37,576 people."
    assert telling("asino").title == "До реконструкции дороги на Асино → После 3-го этапа дороги на Асино"


@pytest.mark.parametrize("language", LANGUAGES)
def test_losers_are_told(language: Language) -> None:
    words, found, told = Words(language), telling("closed").found, telling("closed", language).sentences()
    far = found.times[found.times["saved"] <= -NOTICED]
    count = words.count("reach.settlements", len(far))
    assert sum(count in sentence for sentence in told) == 1
    nobody = words("reach.nobody_nearer", goal=words("reach_goal.tomsk"))
    assert nobody not in told
    money = words.money(abs(found.saved_mln_rub_year))
    assert words("reach.worth_lost", money=money) in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["same", "ring"])
def test_where_nobody_comes_nearer_that_is_told(name: str, language: Language) -> None:
    words, told = Words(language), telling(name, language).sentences()
    goal = words("reach_goal.tomsk")
    assert told == [
        words("reach.nobody_nearer", goal=goal),
        words("reach.no_limit", limits="30, 60, 90", goal=goal),
        words("reach.blind"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_cut_off_is_named(store: EmbeddedStore, language: Language) -> None:
    found, told = telling("cut").found, text("cut", language)
    closed = on_closed_roads(found)
    gone = [id_ for id_ in found.settlements.index[found.cut_off] if id_ not in closed]
    assert len(gone) > 3
    names = store.features("settlements")[f"name_{language}"]
    assert sum(str(names[id_]) in told for id_ in gone) >= 3
    assert Words(language)("reach.and_more", n=len(gone) - 3) in told


def on_closed_roads(found: Results) -> set[str]:
    """By the records of the edits: whose every tapped segment is one that CUT closes."""
    shut = {edit.partition(":")[0] for edit in CUT.split(";")}
    taps, ids = found.taps(found.after, "settlements"), found.settlements.index
    tapped: dict[str, set[str]] = {}
    for place, segment in zip(taps.place, taps.segment, strict=True):
        tapped.setdefault(str(ids[place]), set()).add(str(found.after.change.network.ids[segment]))
    return {id_ for id_, segments in tapped.items() if segments <= shut}


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_tied_to_a_closed_road_is_told_so(language: Language) -> None:
    """That a place lies beside a closed road does not say that no other road leads there."""
    words, found, told = Words(language), telling("cut").found, telling("cut", language).sentences()
    own = [id_ for id_ in found.settlements.index[found.cut_off] if id_ in on_closed_roads(found)]
    assert 0 < len(own) <= 3
    names = ", ".join(str(found.settlements.loc[id_, f"name_{language}"]) for id_ in own)
    assert words("reach.cut_off_closed", names=names) in told
    others = next(s for s in told if s.startswith(words("reach.cut_off", names="|").partition("|")[0]))
    assert names not in others
    closed = words("reach.cut_off_closed", names="|").partition("|")[0]
    assert not any(s.startswith(closed) for s in telling("closed", language).sentences())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_worth_says_whom_it_leaves_out(language: Language) -> None:
    without = Words(language)("reach.worth_without")
    assert telling("cut", language).sentences()[-2].endswith(without)
    back = Telling(results(embedded(), Comparison(before=CUT, after="today")), Words(language))
    assert back.sentences()[-2].endswith(without)
    for name in ("asino", "closed", "same"):
        assert without not in text(name, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_a_way_at_last_is_told(language: Language) -> None:
    """What is closed before and open after brings a way to some: that is the greatest gain of all."""
    found = results(embedded(), Comparison(before=CUT, after="today"))
    assert found.opened.sum() > 3
    told = " ".join(Telling(found, Words(language)).sentences())
    nobody = Words(language)("reach.nobody_nearer", goal=Words(language)("reach_goal.tomsk"))
    assert nobody not in told
    names = found.settlements[f"name_{language}"][found.opened]
    assert any(str(name) in told for name in names)


def test_the_largest_is_named(store: EmbeddedStore) -> None:
    for name in ("asino", "bridge", "back", "hospitals"):
        found = telling(name).found
        near = found.times[found.times["saved"] >= NOTICED]
        if len(near) > 1 and near["people"].notna().any():
            largest = str(found.settlements["name_en"][near["people"].idxmax()])
            assert f"The largest of them is {largest}:" in text(name, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_population_is_known_that_is_told(language: Language) -> None:
    """Winter brings a few places nearer to hospitals, and of none of them is it known how many live there."""
    words, found, told = Words(language), telling("ice").found, telling("ice", language).sentences()
    near = found.times[found.times["saved"] >= NOTICED]
    assert len(near) > 1
    assert near["people"].isna().all()
    mean = words("reach.min", n=words.number(near["saved"].mean(), 0))
    assert told[0] == words(
        "reach.nearer",
        goal=words("reach_goal.hospitals"),
        settlements=words.count("reach.settlements", len(near)),
        people=words("reach.none_known"),
        mean=words("reach.mean_places", mean=mean),
    )
    assert words.count("reach.people", 0) not in told[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mean_is_over_people_where_any_are_known(language: Language) -> None:
    words, found = Words(language), telling("asino").found
    near = found.times[found.times["saved"] >= NOTICED]
    known = near[near["people"].notna()]
    assert 0 < len(known) < len(near)
    mean = (known["saved"] * known["people"]).sum() / known["people"].sum()
    told = words("reach.mean_people", mean=words("reach.min", n=words.number(mean, 0)))
    assert told in telling("asino", language).sentences()[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_one_settlement_there_is_no_mean_and_no_largest(language: Language) -> None:
    words, told = Words(language), telling("asino", language)
    one = told.found.times.loc[["asino"]]
    assert told._mean(one) == words("reach.mean_one", mean=words("reach.min", n="16"))
    assert told._largest(one) == [
        words(
            "reach.only",
            name=told.found.settlements.loc["asino", f"name_{language}"],
            before=words("reach.min", n="92"),
            after=words("reach.min", n="76"),
        )
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_known_is_not_nobody(language: Language) -> None:
    """Where none but places of unknown population cross a limit, that is no "nobody crosses"."""
    words, told = Words(language), telling("asino", language)
    given = {"limits": "30, 60, 90", "goal": words("reach_goal.tomsk")}
    moved = Gain(limit=30.0, before=5.0, after=5.0, came=0.0, fell_out=0.0, unknown=1)
    still = replace(moved, unknown=0)
    for gains, key in (([moved, still], "reach.no_limit_known"), ([still, still], "reach.no_limit")):
        found = SimpleNamespace(comparison=told.found.comparison, gains=lambda _, told=gains: told)
        alike = copy(told)
        alike.found = cast(Results, found)
        assert alike._limits() == [words(key, **given)]


@pytest.mark.parametrize(
    ("count", "places", "people"),
    [
        (1, "1 населённый пункт", "1 человек"),
        (2, "2 населённых пункта", "2 человека"),
        (5, "5 населённых пунктов", "5 человек"),
        (21, "21 населённый пункт", "21 человек"),
    ],
)
def test_russian_sentences_fit_any_number(count: int, places: str, people: str) -> None:
    words = Words("ru")
    given = {
        "goal": words("reach_goal.tomsk"),
        "settlements": words.count("reach.settlements", count),
        "people": words.count("reach.people", count),
        "n": words.count("reach.people", count),
        "limit": 60,
        "mean": "на 5 мин",
    }
    assert [words(f"reach.{key}", **given) for key in ("nearer", "farther", "came_within", "fell_out")] == [
        f"Короче путь до Томска: {places}, {people}; на 5 мин.",
        f"Длиннее путь до Томска: {places}, {people}; на 5 мин.",
        f"В пределы 60 минут пути до Томска попадает {people}.",
        f"Из пределов 60 минут пути до Томска выпадает {people}.",
    ]


@pytest.mark.parametrize(
    ("count", "places", "people"),
    [(1, "1 settlement", "1 person"), (2, "2 settlements", "2 people"), (21, "21 settlements", "21 people")],
)
def test_english_sentences_fit_any_number(count: int, places: str, people: str) -> None:
    words = Words("en")
    given = {
        "goal": words("reach_goal.hospitals"),
        "settlements": words.count("reach.settlements", count),
        "people": words.count("reach.people", count),
        "n": words.count("reach.people", count),
        "limit": 60,
        "mean": "by 5 min",
    }
    assert [words(f"reach.{key}", **given) for key in ("nearer", "farther", "came_within", "fell_out")] == [
        f"Shorter way to a hospital: {places}, {people}; by 5 min.",
        f"Longer way to a hospital: {places}, {people}; by 5 min.",
        f"Newly within 60 minutes of travel to a hospital: {people}.",
        f"No longer within 60 minutes of travel to a hospital: {people}.",
    ]


def test_a_scenario_of_ones_own_has_its_name() -> None:
    assert telling("named").title == "Сегодняшняя сеть → Зима <b>"
    assert telling("new").title.endswith(Words("ru")("reach.own"))


def test_the_worth_is_told_of_ways_to_the_core_in_one_season_only() -> None:
    words = Words("en")
    for name in PAIRS:
        found, told = telling(name).found, text(name, "en")
        money = words.money(abs(found.saved_mln_rub_year))
        seasons = {side.scenario.season for side in found.sides}
        core = found.comparison.goal == "tomsk" and len(seasons) == 1
        worth = core and abs(found.saved_mln_rub_year) >= 0.05
        assert (f"worth {money} a year" in told) == worth


# --- assumptions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAIRS)
def test_every_assumption_has_its_sources(store: EmbeddedStore, name: str, language: Language) -> None:
    told = telling(name, language).assumptions()
    assert len(told) >= 2 + len(FIGURES)
    labels = [str(row["label"]) for row in told]
    assert len(set(labels)) == len(labels)
    titles = {source.title[language] for source in store.catalogue.sources.values()}
    for number, row in enumerate(told):
        assert row["label"]
        assert row["text"]
        assert not re.search(r"None|\bnan\b|[{}]", f"{row['label']} {row['text']}"), row
        links = row["links"]
        assert isinstance(links, list)
        ready = (telling(name).before, telling(name).after)[number].ready if number < 2 else "a figure"
        assert bool(links) == bool(ready), row
        assert {link["title"] for link in links} <= titles


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_factors_of_a_season_are_assumptions(language: Language) -> None:
    def labels(name: str) -> set[str]:
        return {str(row["label"]) for row in telling(name, language).assumptions()[2:]}

    names = {
        id_: embedded().record("assumptions", id_)[f"name_{language}"]
        for id_ in embedded().records("assumptions").index
    }
    for season, other in (("thaw", "winter"), ("winter", "thaw")):
        pair = "thaw" if season == "thaw" else "back"
        for surface in ("asphalt", "gravel", "earth"):
            assert names[f"season-factor-{season}-{surface}"] in labels(pair)
            assert names[f"season-factor-{other}-{surface}"] not in labels(pair)
    assert not any(names[f"season-factor-{s}-asphalt"] in labels("asino") for s in ("winter", "thaw"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_winter_says_how_the_river_is_crossed(language: Language) -> None:
    """The figures of the sentence are those of the records and of the register."""
    words, rows = Words(language), telling("back", language).assumptions()
    wait = words.number(figure("ferry-wait"), 0)
    ferry = embedded().record("roads", "kolpashevo-left-pier-to-kolpashevo")
    assert ferry["surface"] == "ferry"
    speed = words("reach.kmh", n=words.number(ferry["speed_kmh"], 0))
    assert any(speed in str(row["text"]) and f"{wait} " in str(row["text"]) for row in rows[:2])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_access_is_that_to_a_segment(language: Language) -> None:
    told = str(embedded().record("assumptions", "access-speed")[f"name_{language}"])
    assert ("участка" if language == "ru" else "segment") in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_of_the_reader_is_told_as_his(language: Language) -> None:
    words = Words(language)
    found = results(embedded(), Comparison(trips_year=48.5, hour_rub=figure("time-value-person")))
    rows = {row["label"]: row["text"] for row in Telling(found, words).assumptions()}
    name = embedded().record("assumptions", "trips-to-centre")[f"name_{language}"]
    assert words.number(48.5, 2) in rows[name]
    assert words("reach.by_reader").lower() in rows[name]
    same = embedded().record("assumptions", "time-value-person")[f"name_{language}"]
    assert words("reach.by_reader").lower() not in rows[same]


def test_the_core_is_left_out() -> None:
    found: Results = telling("asino").found
    outside = outside_core(found.times)
    assert "tomsk" not in outside.index
    assert len(outside) == len(found.times) - 1
    assert outside_core(outside).equals(outside)
