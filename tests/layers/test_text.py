"""Texts: both languages complete, every key used, every used key there; figures and plural forms."""

import ast
import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.catalog import LANGUAGES, Field, Language, Text
from layers.text import Words, differing_keys, messages

ROOT = Path(__file__).resolve().parents[2]
PYTHON = [*sorted((ROOT / "layers").glob("*.py")), *sorted((ROOT / "pages").glob("*.py")), ROOT / "app.py"]
SCRIPTS = sorted((ROOT / "layers" / "web").glob("*.js"))
RU, EN = Words("ru"), Words("en")
NB = "\u00a0"
FILES = ("toml", "csv", "xlsx", "geojson", "html")
"""What follows the point in the name of a file."""


def used() -> tuple[set[str], list[re.Pattern[str]], set[str]]:
    """Keys written out in the code, patterns of those put together, sections taken whole."""
    sections = {key.partition(".")[0] for key in messages("ru") if "." in key}
    keys, patterns, tables = set(), [], set()
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                head, dot, tail = node.value.partition(".")
                if (
                    dot
                    and head in sections
                    and re.fullmatch(r"[a-z_0-9]*[a-z0-9]", tail)
                    and tail not in FILES
                ):
                    keys.add(node.value)
            if not isinstance(node, ast.Call) or not node.args:
                continue
            first = node.args[0]
            callee = ast.unparse(node.func)
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                if callee.endswith(".table") and "words" in callee.lower():
                    tables.add(first.value)
                elif re.search(r"(^|\.)(words|text)$|^Words\(|^words\.count$", callee):
                    keys.add(first.value)
            if isinstance(first, ast.JoinedStr) and re.search(
                r"^(words|text)$|^Words\(|words\.count$", callee
            ):
                parts = [
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_0-9]+"
                    for part in first.values
                ]
                patterns.append(re.compile("".join(parts)))
    return keys, patterns, tables


KEYS, PATTERNS, TABLES = used()


def script_keys() -> set[str]:
    """The keys of section `map` that the scripts read."""
    keys: set[str] = set()
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        keys |= set(re.findall(r"\bstrings\.([a-z_0-9]+)", text))
        if re.search(r"\bs = (?:this\.)?strings\b", text):
            keys |= set(re.findall(r"\bs\.([a-z_0-9]+)", text))
    return keys


def test_the_scan_sees_the_code() -> None:
    """Guards the tests below against a scan that finds nothing."""
    assert {"app.title", "no_data", "bottom.records", "report.unknown", "app.bad_link"} <= KEYS
    assert len(KEYS) > 80
    assert len(PATTERNS) > 4
    assert {"map", "entry"} <= TABLES
    assert {"legend", "close", "home", "north", "km2"} <= script_keys()


def test_languages_have_the_same_keys() -> None:
    assert differing_keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_code_has_its_text(language: Language) -> None:
    assert KEYS - set(messages(language)) == set()
    for pattern in PATTERNS:
        assert any(pattern.fullmatch(key) for key in messages(language)), pattern.pattern


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_scripts_has_its_text(language: Language) -> None:
    assert script_keys() - set(Words(language).table("map")) == set()
    hints = Words(language).table("map")
    assert {"hint_line", "hint_polygon", "hint_circle"} <= set(hints)


def test_every_text_is_shown_somewhere() -> None:
    shown_by_scripts = {f"map.{key}" for key in script_keys()} | {
        "map.hint_line", "map.hint_polygon", "map.hint_circle"
    }  # fmt: skip
    dead = {
        key
        for key in messages("ru")
        if key not in KEYS
        and key not in shown_by_scripts
        and not key.startswith("entry.")
        and not any(pattern.fullmatch(key) for pattern in PATTERNS)
    }
    assert dead == set()


def test_every_fault_of_a_shape_has_its_sentence() -> None:
    """The codes that geo/shape.py gives are the keys of section `shape_fault`."""
    codes = {"geo"}
    for node in ast.walk(ast.parse((ROOT / "geo" / "shape.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "ShapeError" and len(node.args) == 2:
            codes.add(ast.literal_eval(node.args[1]))
    assert len(codes) > 5
    for language in LANGUAGES:
        assert codes - set(Words(language).table("shape_fault")) == set()


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


LITERAL_BRACES = {"basemap.url_help", "basemap.bad_template"}
"""Shown as they are: the braces belong to an address."""


def test_placeholders_agree_between_the_languages() -> None:
    russian, english = messages("ru"), messages("en")
    for key, text in russian.items():
        other = english[key]
        if isinstance(text, dict):
            assert isinstance(other, dict), key
            names = {frozenset(placeholders(form)) for form in (*text.values(), *other.values())}
            assert len(names) == 1, key
            assert "n" in next(iter(names)), key
        else:
            assert isinstance(other, str), key
            assert placeholders(text) == placeholders(other), key


def test_plain_texts_without_values_have_no_placeholders_left() -> None:
    """A key that the code calls without values must not show braces to a reader."""
    calls: dict[str, set[str]] = {}
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and node.args[0].value in KEYS
                and node.args[0].value in messages("ru")
                and not ast.unparse(node.func).endswith(("table", "held"))
            ):
                calls.setdefault(str(node.args[0].value), set()).update(k.arg or "" for k in node.keywords)
    assert len(calls) > 60
    for key, given_values in calls.items():
        text = messages("ru")[key]
        needed = placeholders(text) if isinstance(text, str) else placeholders(text["other"]) - {"n"}
        if key not in LITERAL_BRACES:
            assert needed == given_values, key


def test_plural_forms_are_complete() -> None:
    counted = [key for key, text in messages("ru").items() if isinstance(text, dict)]
    assert len(counted) >= 3
    for key in counted:
        assert set(messages("ru")[key]) == {"one", "few", "many", "other"}, key
        assert set(messages("en")[key]) == {"one", "other"}, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_clean(language: Language) -> None:
    for key, text in messages(language).items():
        for form in text.values() if isinstance(text, dict) else [text]:
            assert form == form.strip() != "", key
            assert not re.search(r"<[a-zA-Z/!]", form), key
            assert "  " not in form, key
    russian = [t for t in messages("en").values() if isinstance(t, str) and re.search("[а-яё]", t)]
    assert all("МСК" in text or "°" in text for text in russian), russian


@pytest.mark.parametrize(
    ("n", "russian", "english"),
    [
        (0, "0 записей", "0 records"),
        (1, "1 запись", "1 record"),
        (2, "2 записи", "2 records"),
        (5, "5 записей", "5 records"),
        (11, "11 записей", "11 records"),
        (21, "21 запись", "21 records"),
        (104, "104 записи", "104 records"),
        (112, "112 записей", "112 records"),
        (1001, f"1{NB}001 запись", "1,001 records"),
    ],
)
def test_counts_are_declined(n: int, russian: str, english: str) -> None:
    assert RU.count("bottom.records", n) == russian
    assert EN.count("bottom.records", n) == english


@pytest.mark.parametrize(
    ("value", "decimals", "russian", "english"),
    [
        (0, 1, "0", "0"),
        (1234.5, 1, f"1{NB}234,5", "1,234.5"),
        (1234.0, 1, f"1{NB}234", "1,234"),
        (1234.56, 0, f"1{NB}235", "1,235"),
        (-3.25, 2, "-3,25", "-3.25"),
        (1e6, 0, f"1{NB}000{NB}000", "1,000,000"),
        (0.04, 1, "0", "0"),
    ],
)
def test_numbers(value: float, decimals: int, russian: str, english: str) -> None:
    assert RU.number(value, decimals) == russian
    assert EN.number(value, decimals) == english


def test_a_quantity_is_held_together() -> None:
    unit = Text(ru="км", en="km")
    assert RU.quantity(1234.5, unit) == f"1{NB}234,5{NB}км"
    assert EN.quantity(1234.5, unit) == f"1,234.5{NB}km"
    assert EN.quantity(7, None) == "7"


@pytest.mark.parametrize(
    ("text", "russian", "english"),
    [
        ("2016-04-27", "27 апреля 2016", "April 27, 2016"),
        ("2016-04", "апрель 2016", "April 2016"),
        ("2016", "2016", "2016"),
        ("", "", ""),
    ],
)
def test_dates(text: str, russian: str, english: str) -> None:
    assert RU.date(text).startswith(russian)
    assert EN.date(text) == english


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_any_day_is_said_with_its_year(day: date) -> None:
    for words in (RU, EN):
        assert str(day.year) in words.date(day.isoformat())
        assert str(day.year) in words.date(day.isoformat()[:7])


def test_values_are_filled_in() -> None:
    assert "2020" in RU("panel.year_chosen", year=2020)


def test_wrong_use_is_a_fault() -> None:
    with pytest.raises(KeyError):
        RU("no.such.key")
    with pytest.raises(KeyError, match="count"):
        RU("bottom.records")
    with pytest.raises(KeyError, match="plural"):
        RU.count("app.title", 3)


def test_the_unit_stands_with_the_title() -> None:
    field = Field(id="x", title=Text(ru="Длина", en="Length"), kind="number", unit=Text(ru="м", en="m"))
    assert (RU.unit(field), EN.unit(field)) == ("Длина, м", "Length, m")
    assert EN.unit(field.model_copy(update={"unit": None})) == "Length"


def test_a_table_holds_one_section() -> None:
    assert set(RU.table("verdict")) == {"inside", "unsure", "outside"}
    assert all(isinstance(text, str) for text in RU.table("bottom").values())
