"""Suitability models: both forms there and back, one canonical form, every fault told and nothing else."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError, ModelError
from geo.siting import (
    LEAST_ATTITUDE,
    MOST_ATTITUDE,
    MOST_CRITERIA,
    MOST_LIMITS,
    MOST_NAME,
    MOST_REQUIREMENTS,
    MOST_WEIGHT,
    NEEDS,
    Criterion,
    Limit,
    Model,
    Need,
    Requirement,
)
from geo.value import ValueFunction
from tests.geo.models import MODELS

NEAR = ValueFunction.parse("lin~0~1~20000~0")
STATION = Criterion("distance.stations", 20.0, NEAR)
PLAIN = "c:distance.stations*20*lin~0~1~20000~0"
TEXT = (
    f"{PLAIN};c:slope.dem*5*trap~0~0~3~8;x:airport;x:water-code-65*50;r:minutes.tomsk**60;r:slope.dem*0*8;"
    "u:power*5000;u:area*12.5;o:2;t:0.6;a:25;n:%D0%9B%D0%B5%D1%81"
)
VALUE = {"kind": "linear", "points": [[0, 1], [20000, 0]]}
DOCUMENT: dict[str, Any] = {
    "kind": "siting-model",
    "version": 1,
    "criteria": [{"measure": "distance.stations", "weight": 20, "value": VALUE}],
}


def faults_of(read: Any, *given: Any, **named: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(ModelError) as caught:
        read(*given, **named)
    assert caught.value.code == "model"
    return [(fault.code, fault.where, fault.value) for fault in caught.value.faults]


def load(**content: Any) -> Model:
    return Model.load(json.dumps({**DOCUMENT, **content}))


# --- the two forms ----------------------------------------------------------------------------------------


def test_the_text_says_everything() -> None:
    model = Model.parse(TEXT)
    assert model == Model(
        (STATION, Criterion("slope.dem", 5.0, ValueFunction.parse("trap~0~0~3~8"))),
        (Limit("airport"), Limit("water-code-65", 50.0)),
        (Requirement("minutes.tomsk", None, 60.0), Requirement("slope.dem", 0.0, 8.0)),
        Need(power_kw=5000.0, area_ha=12.5),
        attitude=2.0,
        threshold=0.6,
        least_ha=25.0,
        name="Лес",
    )
    assert model.text() == TEXT
    assert Model.parse(PLAIN) == Model((STATION,))
    assert Model((STATION,)).text() == PLAIN


@given(MODELS)
def test_both_forms_are_read_back(model: Model) -> None:
    assert Model.parse(model.text()) == model
    assert Model.load(model.dump()) == model
    assert model.text().isascii()


def test_the_order_of_criteria_is_kept_and_that_of_the_rest_is_not() -> None:
    one, two = PLAIN, "c:slope.dem*5*lin~0~1~8~0"
    assert Model.parse(f"{two};{one}").text() == f"{two};{one}"
    assert Model.parse(f"r:b*1*;x:b;{one};x:a;r:a**2").text() == f"{one};x:a;x:b;r:a**2;r:b*1*"
    assert Model((STATION,), (Limit("b"), Limit("a"))) == Model((STATION,), (Limit("a"), Limit("b")))


def test_a_document_may_leave_out_and_may_quote() -> None:
    assert load() == Model((STATION,))
    quoted = {"measure": "distance.stations", "weight": "20", "value": "lin~0~1~20000~0"}
    assert load(criteria=[quoted]) == Model((STATION,))
    assert load(needs={"power_kw": None, "gas_m3h": 3}).needs == Need(gas_m3h=3.0)
    assert load(requirements=[{"measure": "a", "low": None, "high": 5}]).requirements[0].low is None


def test_a_zero_that_is_said_is_not_unsaid() -> None:
    model = Model.parse(f"{PLAIN};u:power*0;r:slope.dem*0*;t:0;a:0")
    assert model.needs.power_kw == 0
    assert model.needs.gas_m3h is None
    assert (model.requirements[0].low, model.requirements[0].high) == (0, None)
    assert model.text().endswith("r:slope.dem*0*;u:power*0;t:0;a:0")


def test_numbers_of_another_spelling_become_canonical() -> None:
    text = "c:a*2e1*lin~0~1~2e4~0.0;t:.70;a:+10.0;o:1.00"
    assert Model.parse(text).text() == "c:a*20*lin~0~1~20000~0"


# --- what follows from it ---------------------------------------------------------------------------------


def test_shares_are_proportions() -> None:
    model = Model(tuple(Criterion(name, weight, NEAR) for name, weight in (("a", 1), ("b", 0), ("c", 3))))
    assert model.shares == (0.25, 0, 0.75)


def test_measures_are_named_once() -> None:
    text = "c:b*1*lin~0~1~2~0;c:a*1*lin~0~1~2~0;r:z**1;r:a**1"
    assert Model.parse(text).measures == ("b", "a", "z")


def test_the_digest_changes_with_anything_but_the_name() -> None:
    model = Model.parse(TEXT)
    assert replace(model, name="other").digest == model.digest
    assert len(model.digest) == 12
    parts = TEXT.split(";")[:-1]
    changed = {Model.parse(";".join(parts[:at] + parts[at + 1 :])).digest for at in range(len(parts))}
    assert len(changed | {model.digest}) == len(parts) + 1


# --- faults -----------------------------------------------------------------------------------------------

MANY = [f"x:n{number}" for number in range(MOST_LIMITS + 1)]
ALIKE = [f"c:m.{number}*1*lin~0~1~2~0" for number in range(MOST_CRITERIA + 1)]
MUSTS = [f"r:m.{number}**1" for number in range(MOST_REQUIREMENTS + 1)]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [("empty", "criteria", "")]),
        ("x:airport", [("empty", "criteria", "")]),
        ("c:a*0*lin~0~1~2~0;c:b*0*lin~0~1~2~0", [("weightless", "criteria", "")]),
        ("c:a*1e-9*lin~0~1~2~0", [("weightless", "criteria", "")]),
        (f"{PLAIN};{PLAIN}", [("double", "criteria", "distance.stations")]),
        (f"{PLAIN};x:a;x:b*5;x:a*5", [("double", "limits", "a")]),
        (f"{PLAIN};r:a**1;r:a*0*", [("double", "requirements", "a")]),
        (f"{PLAIN};u:power*1;u:power*1", [("double", "needs", "power_kw")]),
        (f"{PLAIN};t:0.5;t:0.5", [("double", "", "threshold")]),
        (";".join(ALIKE), [("many", "criteria", str(len(ALIKE)))]),
        (";".join([PLAIN, *MANY]), [("many", "limits", str(len(MANY)))]),
        (";".join([PLAIN, *MUSTS]), [("many", "requirements", str(len(MUSTS)))]),
        ("c:A*1*lin~0~1~2~0", [("measure", "A", "A")]),
        ("c:a.*1*lin~0~1~2~0", [("measure", "a.", "a.")]),
        ("c:a\n*1*lin~0~1~2~0", [("measure", "a\n", "a\n")]),
        (f"c:{'a' * (MOST_NAME + 1)}*1*lin~0~1~2~0", [("measure", "a" * 40, "a" * 40)]),
        ("c:a*-1*lin~0~1~2~0", [("weight", "a", "-1")]),
        (f"c:a*{MOST_WEIGHT + 1}*lin~0~1~2~0", [("weight", "a", "101.0")]),
        ("c:a*nan*lin~0~1~2~0", [("weight", "a", "nan")]),
        ("c:a", [("weight", "a", "None"), ("value_kind", "a", "None")]),
        ("c:a*1*bell~1", [("value_kind", "a", "bell")]),
        ("c:a*1*lin~0~1~0~2", [("value_value", "a", "2"), ("value_order", "a", "0")]),
        ("c:a*1*lin~0~1~2~0*5", [("entry", "a", "*5")]),
        (f"{PLAIN};x:", [("norm", "", "")]),
        (f"{PLAIN};x:Water", [("norm", "Water", "Water")]),
        (f"{PLAIN};x:a*-5", [("extra", "a", "-5")]),
        (f"{PLAIN};x:a*", [("extra", "a", "")]),
        (f"{PLAIN};x:a*1*2", [("entry", "a", "*2")]),
        (f"{PLAIN};r:a", [("open", "a", "")]),
        (f"{PLAIN};r:a**", [("open", "a", "")]),
        (f"{PLAIN};r:a*5*4", [("order", "a", "4")]),
        (f"{PLAIN};r:a*x*y", [("low", "a", "x"), ("high", "a", "y")]),
        (f"{PLAIN};r:a*1*2*3", [("entry", "a", "*3")]),
        (f"{PLAIN};u:coal*5", [("need", "coal", "5")]),
        (f"{PLAIN};u:power", [("amount", "power_kw", "")]),
        (f"{PLAIN};u:power*5*6", [("amount", "power_kw", "5*6")]),
        (f"{PLAIN};u:gas*-1", [("amount", "gas_m3h", "-1")]),
        (f"{PLAIN};o:0", [("attitude", "", "0")]),
        (f"{PLAIN};o:21", [("attitude", "", "21")]),
        (f"{PLAIN};t:1.01", [("threshold", "", "1.01")]),
        (f"{PLAIN};t:", [("threshold", "", "")]),
        (f"{PLAIN};a:-1", [("least_ha", "", "-1")]),
        (f"{PLAIN};z:1", [("entry", "", "z:1")]),
        (f"{PLAIN};junk", [("entry", "", "junk")]),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_cannot_be_read_is_told(text: str, faults: list[tuple[str, str, str]]) -> None:
    assert faults_of(Model.parse, text) == faults


def test_all_faults_are_told_at_once() -> None:
    text = f"c:A*x*bell;{PLAIN};x:B;r:a;u:coal*1;t:2;junk"
    codes = [code for code, _, _ in faults_of(Model.parse, text)]
    assert codes == ["measure", "weight", "value_kind", "norm", "open", "need", "threshold", "entry"]
    with pytest.raises(GeoError, match="A: weight x; A: value_kind bell; B: norm B"):
        Model.parse(text)


def test_the_bounds_themselves_are_allowed() -> None:
    assert len(Model.parse(";".join(ALIKE[:-1])).criteria) == MOST_CRITERIA
    assert len(Model.parse(";".join([*ALIKE[:-1], *MANY[:-1], *MUSTS[:-1]])).limits) == MOST_LIMITS
    for attitude in (LEAST_ATTITUDE, MOST_ATTITUDE):
        assert Model.parse(f"{PLAIN};o:{attitude:g}").attitude == attitude
    assert Model.parse(f"c:a*{MOST_WEIGHT}*lin~0~1~2~0").criteria[0].weight == MOST_WEIGHT


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"criteria": ()}, "empty"),
        ({"criteria": (replace(STATION, weight=0.0),)}, "weightless"),
        ({"criteria": (STATION, STATION)}, "double"),
        ({"criteria": (replace(STATION, measure="A"),)}, "measure"),
        ({"criteria": (replace(STATION, weight=float("nan")),)}, "weight"),
        ({"limits": (Limit("a", -1),)}, "extra"),
        ({"requirements": (Requirement("a"),)}, "open"),
        ({"needs": Need(power_kw=-1)}, "amount"),
        ({"attitude": 0.0}, "attitude"),
        ({"threshold": 1.5}, "threshold"),
        ({"least_ha": float("inf")}, "least_ha"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_no_model_is_made_of_what_cannot_be_read(given: dict[str, Any], code: str) -> None:
    assert [found for found, _, _ in faults_of(Model, **{"criteria": (STATION,), **given})] == [code]


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ({"kind": "road-scenario"}, [("kind", "", "")]),
        ({"version": 2}, [("version", "", "2")]),
        ({"criteria": []}, [("empty", "criteria", "")]),
        ({"criteria": None}, [("entry", "criteria", "None")]),
        ({"criteria": {"a": 1}}, [("entry", "criteria", "{'a': 1}")]),
        ({"criteria": [{}]}, [(code, "criteria 1", "None") for code in ("measure", "weight", "value_kind")]),
        ({"limits": [{"norm": "a"}, {"norm": 5}]}, [("norm", "limits 2", "5")]),
        ({"limits": ["a"]}, [("entry", "limits 1", ""), ("norm", "limits 1", "None")]),
        ({"limits": [{"norm": "a", "extra_m": True}]}, [("extra", "limits 1", "True")]),
        ({"limits": [{"norm": "a", "width": 1}]}, [("entry", "limits 1", "width")]),
        ({"requirements": [{"measure": "a", "low": float("nan")}]}, [("low", "requirements 1", "nan")]),
        ({"needs": {"coal": 1}}, [("entry", "needs", "coal")]),
        ({"needs": [1]}, [("entry", "needs", "[1]")]),
        ({"needs": {"power_kw": 10**400}}, [("amount", "power_kw", "10000000000000000000")]),
        ({"attitude": None}, [("attitude", "", "None")]),
        ({"threshold": [0.5]}, [("threshold", "", "[0.5]")]),
        ({"name": 5}, [("name", "", "5")]),
        ({"colour": "red"}, [("entry", "", "colour")]),
    ],
    ids=lambda value: repr(value)[:50],
)
def test_a_document_that_cannot_be_used_is_told(
    content: dict[str, Any], faults: list[tuple[str, str, str]]
) -> None:
    assert faults_of(load, **content) == faults


def test_the_value_function_of_a_document_is_told() -> None:
    value = {"kind": "linear", "points": [[0, 1], [0, 2]], "colour": 1}
    given = {"measure": "a", "weight": 1, "value": value}
    assert faults_of(load, criteria=[given]) == [
        ("entry", "criteria 1", "colour"),
        ("value_value", "criteria 1", "2"),
        ("value_order", "criteria 1", "0"),
    ]


@pytest.mark.parametrize(
    "document",
    ["", "{", "nothing", "\ufeff{}", "[" * 100_000, '{"a":' * 100_000, "9" * 5000, "\x00"],
    ids=lambda text: repr(text)[:20],
)
def test_what_is_no_json_is_no_document(document: str) -> None:
    assert faults_of(Model.load, document) == [("document", "", "")]


@pytest.mark.parametrize("content", [None, True, 5, "siting-model", [], [DOCUMENT], {}], ids=repr)
def test_what_is_no_model_is_told(content: Any) -> None:
    assert faults_of(Model.load, json.dumps(content)) == [("kind", "", "")]


def test_names_are_cut_and_may_hold_anything() -> None:
    assert Model.parse(f"{PLAIN};n:{'я' * 500}").name == "я" * MOST_NAME
    assert Model.parse(f"{PLAIN};n:%ff%3B").name == "\ufffd;"
    assert load(name="\ud800").dump().encode()
    assert load(name=None).name == ""


# --- hostile input ----------------------------------------------------------------------------------------

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | st.floats()
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
    | st.sampled_from(["distance.stations", "linear", "lin~0~1~2~0", 5, 0.5, VALUE]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["measure", "weight", "value", "norm", "kind", "x"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


def mostly(*keys: str) -> st.SearchStrategy[Any]:
    return st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(keys, JUNK)) | JUNK, max_size=4) | JUNK


def holds(model: Model) -> None:
    """Whatever was read can be told in both forms."""
    assert Model.parse(model.text()) == model
    assert Model.load(model.dump()) == model


@settings(max_examples=200)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "version": st.just(1) | JUNK,
            "name": JUNK,
            "criteria": mostly("measure", "weight", "value"),
            "limits": mostly("norm", "extra_m"),
            "requirements": mostly("measure", "low", "high"),
            "needs": st.fixed_dictionaries({}, optional=dict.fromkeys(NEEDS.values(), JUNK)) | JUNK,
            "attitude": JUNK,
            "threshold": JUNK,
            "more": JUNK,
        },
    )
)
def test_of_any_document_only_model_errors_are_raised(content: dict[str, Any]) -> None:
    try:
        model = load(**content)
    except ModelError as error:
        assert error.faults  # noqa: PT017 - either outcome is right
        return
    holds(model)


@settings(max_examples=200)
@given(
    st.lists(
        st.text(st.sampled_from("cxruotan:*~.;-+e0159 линя"), max_size=20)
        | st.text(max_size=20)
        | st.sampled_from([*TEXT.split(";"), "n:%ff%00", "c:", "c:***", ":"]),
        max_size=6,
    ).map(";".join)
)
def test_of_any_text_only_model_errors_are_raised(text: str) -> None:
    try:
        model = Model.parse(text)
    except ModelError as error:
        assert error.faults  # noqa: PT017 - either outcome is right
        return
    holds(model)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        ":" * 1_000_000,
        "x:a;" * 200_000,
        "c:a*1*pw" + "~1" * 500_000,
        "c:a*" + "9" * 1_000_000,
        "c:" + "*" * 500_000,
        "u:" + "*" * 500_000,
        f"{PLAIN};n:" + "%" * 1_000_000,
    ],
    ids=lambda text: text[:8],
)
def test_a_huge_text_is_read_or_refused(text: str) -> None:
    said = ""
    try:
        said = Model.parse(text).text()
    except ModelError as error:
        said = str(error)
    assert len(said) < 1000
