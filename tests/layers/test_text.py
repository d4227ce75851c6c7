"""Texts: both languages complete, every key used, every used key there; figures and plural forms."""

import ast
import re
from datetime import date
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ModelError
from geo.impedance import SEASONS
from geo.programme import STANDINGS
from geo.scenario import STATES
from geo.selection import Verdict
from geo.shape import Shape
from geo.siting import NEEDS, Model
from geo.vector_files import AREAS
from geo.weighing import EXCLUDED, UNKNOWN
from layers.catalog import LANGUAGES, Field, Language, Text
from layers.comparison import GOALS, POINT, Comparison
from layers.paper.graticule import Grid
from layers.priorities import EFFECTS, Order, Paying, Priorities, Unknown
from layers.programme.dossier import TIES
from layers.programme.lanes import ISSUE_COLOURS
from layers.query import Query
from layers.reach.base import ACCESS
from layers.reach.measure_charts import COLUMNS
from layers.reach.uploads import ROLES
from layers.sheet.layout import Base, Block, Turn
from layers.siting.measures import KINDS, Measure
from layers.siting.results import STATES as STATES_OF_CELLS
from layers.sought import Sought
from layers.store import embedded
from layers.story.exports import KINDS as KINDS_OF_STORIES
from layers.text import Words, differing_keys, messages, sentences
from layers.view import Basemap, OwnMap, Page, Panel, Sight, Split, View

ROOT = Path(__file__).resolve().parents[2]
PYTHON = [*sorted((ROOT / "layers").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py")), ROOT / "app.py"]
WEB = ROOT / "layers" / "web"
SCRIPTS = {
    "map": sorted(WEB.glob("*.js")),
    **{name: sorted((WEB / name).glob("*.js")) for name in ("board", "model")},
    "story_web": sorted((WEB / "story").glob("*.js")),
}
"""The scripts by the section of texts that they are given as `strings`."""
RU, EN = Words("ru"), Words("en")
NB = "\u00a0"
FILES = ("toml", "csv", "xlsx", "geojson", "html", "json", "js", "css")
"""What follows the point in the name of a file."""


SPEAKS = r"(^|\.)(words|text)$|^Words\(|(^|\.)words\.count$"
"""What is called with a key."""


def passed(callee: str, module: str) -> list[str]:
    """The words that a module gives to one of its functions as the first argument."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) == callee]
    given = [call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)]
    assert len(given) > 1, f"{module} has no {callee}"
    return [str(value) for value in given]


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
                elif re.search(SPEAKS, callee):
                    keys.add(first.value)
            own = path.name == "text.py" and callee == "self"
            if isinstance(first, ast.JoinedStr) and (own or re.search(SPEAKS, callee)):
                parts = [
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_0-9]+"
                    for part in first.values
                ]
                patterns.append(re.compile("".join(parts)))
    return keys, patterns, tables


KEYS, PATTERNS, TABLES = used()
SHARED = ("suitable", "maybe", "low", *(STATES_OF_CELLS[state] for state in (EXCLUDED, UNKNOWN)))
PUT_TOGETHER = {
    *(f"app.{page}" for page in get_args(Page)),
    *(f"basemap.{kind}" for kind in get_args(Basemap)),
    *(f"basemap.bad_{fault}" for fault in ("address", "template", "layer")),
    *(f"bottom.{panel}" for panel in get_args(Panel)),
    *(f"print.turn_{turn}" for turn in get_args(Turn)),
    *(f"print.block_{block}" for block in get_args(Block)),
    *(f"print.grid_{grid}" for grid in get_args(Grid)),
    *(f"print.{name}" for name in (*passed("_segments", "pages/_print.py"), "sheet", "atlas")),
    *(f"print.{name}" for name in (*passed("_chosen", "pages/_print.py"), "code")),
    *(f"print.{name}" for name in ("title", "organisation", "author")),
    *(f"print.{fault}" for fault in ("no_room", "too_far", "no_records", "too_many_pixels", "failed")),
    *(f"sheet.title_{page}" for page in ("explore", "reach", "site")),
    *(f"sheet.credit_{base}" for base in get_args(Base) if base != "embedded"),
    *(f"block.{name}" for name in ("inventory", "signed", "replaces", "author", "checked", "control")),
    *(f"block.{name}" for name in ("approved", "rev", "count", "sheet", "doc", "sign", "date")),
    *(f"block.{name}" for name in ("stage", "sheets")),
    *(f"bottom.{kind}" for kind in ("csv", "xlsx", "geojson")),
    *(f"panel.{fold}" for fold in ("year", "filters", "beside", "basemap", "take")),
    *(f"panel.{end}" for end in ("from", "to")),
    *(f"verdict.{verdict.name.lower()}" for verdict in Verdict),
    *(f"standing.{standing}{note}" for standing in STANDINGS for note in ("", "_note")),
    *(f"effect.{effect}{note}" for effect in EFFECTS for note in ("", "_help")),
    *(f"funding.{name}{note}" for name in passed("_choice", "pages/funding.py") for note in ("", "_help")),
    *(f"funding.paying_{value}" for value in get_args(Paying)),
    *(f"funding.{name}_{value}" for value in get_args(Order) for name in ("order", "ranking")),
    *(f"funding.unknown_{value}" for value in get_args(Unknown)),
    *(
        f"tile.{name}{note}"
        for name in passed("self._total", "layers/programme/tiles.py")
        for note in ("", "_method")
    ),
    *(f"dossier.{name}" for name in passed("self._list", "layers/programme/dossier.py")),
    *(f"dossier.{column}" for column, _ in TIES),
    *(f"dossier.{end}" for end in ("promised", "outcome", "done")),
    *(f"programme.{basis}" for basis in ("actual", "target")),
    *(f"programme.{column}" for column in ("year", "scope", "money_source", "basis", "amount")),
    *(f"issue.{state or 'unknown'}" for state in ISSUE_COLOURS),
    *(f"reach_goal{title}.{goal}" for goal in (*GOALS, POINT) for title in ("", "_title")),
    *(f"reach_measure.{name}" for name in COLUMNS),
    *(f"reach.{name}" for name in ("before", "after", "median", "tenth", "surface", "category")),
    *(f"reach.{way}{over}" for way in ("saves", "costs") for over in ("", "_over")),
    *(f"reach.size_{ends}" for ends in ("under", "between", "over")),
    *(f"reach.state_{state}" for state in ("as_is", *STATES)),
    *(f"reach.season_{season}" for season in SEASONS),
    *(f"beside.{name}" for name in ("swap", "again", "end")),
    *(f"reach.split_{split}" for split in get_args(Split)),
    *(f"reach.{name}" for name in ("cost_mln_rub", "trips_year", "hour_rub")),
    *(f"money.{power}" for power in ("mln", "bn", "trn")),
    *(f"network.column_{role}" for role in ROLES),
    *(f"network.joining_{joined}" for joined in ACCESS),
    *(f"network.{key}" for key in ("segments", "nodes")),
    *("network.numbered", "network.none"),
    *(f"kept.{way}" for way in ("undo", "redo")),
    *(f"{about}.{said}" for about in ("scenario", "site_model") for said in ("imported", "bad_file")),
    *(f"measure.{kind}" for kind in KINDS),
    *(f"measure_unit.{unit}" for kind in KINDS if (unit := Measure("", kind, "").unit)),
    *(
        f"measure_group.{group}"
        for group in ("distance", "minutes", "labour", "density", "similar", "raster")
    ),
    *(f"site.{found}" for found in ("plot", "area")),
    *(f"site.share_{share}{note}" for share in SHARED for note in ("", "_note")),
    *(f"site.{end}" for end in ("low", "high")),
    *(f"site.state_{state}" for state in ("excluded", "unknown")),
    *(f"site.{part}" for part in ("won", "lost", "top", "first")),
    *(f"site.mode_{mode}" for mode in ("guided", "expert")),
    *(f"site.{said}_{step}" for step in ("amounts", "musts", "wishes") for said in ("step", "ask")),
    *(f"site.level_{level}" for level in ("none", "low", "middle", "high")),
    *(f"supply.{resource}" for resource in ("power", "gas", "water", "heat", "rail")),
    *(f"need.{name}" for name in NEEDS.values() if name != "area_ha"),
    *(f"need_unit.{name}" for name in NEEDS.values()),
    *(f"story.{kind.id}{note}" for kind in KINDS_OF_STORIES for note in ("", "_help")),
    *(f"story.{part}_{language}" for part in ("title", "summary") for language in LANGUAGES),
    *(f"story.{way}" for way in ("earlier", "later")),
    *(f"story.insert_{kind}" for kind in ("figure", "chart", "record")),
    *(f"passport.{kind}" for kind in ("pdf", "html", "gpkg", "people", "workforce")),
}
"""The keys that the code puts together, by the values that it puts into them."""
NAMED_BY_OTHERS = {
    "entry",
    "shape_fault",
    "scenario_fault",
    "shelf_fault",
    "network_fault",
    "network_note",
    "raster_fault",
    "areas_fault",
    "model_fault",
    "mark_fault",
    "story_fault",
    "story_unsaved",
}
"""Sections whose keys are names that the code gives elsewhere: tests below compare them one by one."""


def script_keys(section: str) -> tuple[set[str], list[re.Pattern[str]]]:
    """The keys of a section that the scripts read, and patterns of those put together."""
    keys: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for path in SCRIPTS[section]:
        text = path.read_text(encoding="utf-8")
        keys |= set(re.findall(r"\bstrings\.([a-z_0-9]+)", text))
        if re.search(r"\bs = (?:this\.)?strings\b|\bstrings: s\b", text):
            keys |= set(re.findall(r"(?<![\w.])s\.([a-z_0-9]+)", text))
        for taken_out in re.findall(r"\{([^{}:]*)\}\s*=\s*(?:\w+\.)*strings\b", text):
            keys |= set(re.findall(r"[a-z_0-9]+", taken_out))
        for literal, template in re.findall(
            r"\bstrings\[(?:[\"']([a-z_0-9]+)[\"']|`([^`]*\$\{[^`]*)`)\]", text
        ):
            if literal:
                keys.add(literal)
            else:
                patterns.append(re.compile(re.sub(r"\$\{.*?\}", "[a-z_0-9]+", template)))
    return keys, patterns


SCRIPT_KEYS, SCRIPT_PATTERNS = script_keys("map")
BOARD_KEYS, BOARD_PATTERNS = script_keys("board")
BY_SECTION = {
    "map": (SCRIPT_KEYS, SCRIPT_PATTERNS),
    "board": (BOARD_KEYS, BOARD_PATTERNS),
    "model": script_keys("model"),
    "story_web": script_keys("story_web"),
}


def test_the_scan_sees_the_code() -> None:
    """Guards the tests below against a scan that finds nothing."""
    assert {"app.title", "no_data", "bottom.records", "report.unknown", "app.bad_link"} <= KEYS
    assert len(KEYS) > 80
    assert len(PATTERNS) > 4
    assert {"map", "board", "entry"} <= TABLES
    assert {"programme.range", "roadmap.gaps", "span.years", "money.in_mln", "board.chip_all"} <= KEYS
    assert {"layers", "close", "home", "north", "km2", "zoom_in", "finish", "tune"} <= SCRIPT_KEYS
    assert any(pattern.fullmatch("hint_circle") for pattern in SCRIPT_PATTERNS)
    assert {"sources", "table", "as_chart", "save", "empty", "failed"} <= BOARD_KEYS
    assert {"criteria", "weight", "no_weight", "search", "full"} <= BY_SECTION["model"][0]


@pytest.mark.parametrize(
    "path",
    [path for paths in SCRIPTS.values() for path in paths],
    ids=lambda path: str(path.relative_to(WEB)),
)
def test_a_script_calls_the_texts_by_the_names_that_the_scan_knows(path: Path) -> None:
    """`strings`, or `s` for short: another alias, or a name taken out under another, would hide keys."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\bstrings\s*:\s*(?!s\b)\w", text), "an alias in a destructuring"
    assert not re.search(r"\b(?!(?:s|strings)\b)\w+\s*=\s*(?:\w+\.)*strings\b(?![.\[])", text), (
        "an alias by assignment"
    )
    assert not re.search(r"\{[^{}]*[:=][^{}]*\}\s*=\s*(?:\w+\.)*strings\b", text), "names taken out"


def test_languages_have_the_same_keys() -> None:
    assert differing_keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_code_has_its_text(language: Language) -> None:
    texts = set(messages(language))
    assert (KEYS | PUT_TOGETHER) - texts == set()
    named = PUT_TOGETHER | {key for key in texts if key.partition(".")[0] in NAMED_BY_OTHERS}
    for pattern in PATTERNS:
        assert any(pattern.fullmatch(key) for key in named), pattern.pattern


@pytest.mark.parametrize("section", BY_SECTION)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_scripts_has_its_text(language: Language, section: str) -> None:
    texts = set(Words(language).table(section))
    keys, patterns = BY_SECTION[section]
    assert keys - texts == set()
    for pattern in patterns:
        assert any(pattern.fullmatch(key) for key in texts), pattern.pattern
    if section == "map":
        assert {"hint_line", "hint_polygon", "hint_circle"} <= texts


def test_every_text_is_shown_somewhere() -> None:
    """Keys that nothing uses: a text without a reader is to be taken out, in both languages."""
    dead = set()
    for key in messages("ru"):
        section, _, name = key.partition(".")
        used = key in KEYS or key in PUT_TOGETHER
        if section in BY_SECTION:
            keys, patterns = BY_SECTION[section]
            used |= name in keys or any(pattern.fullmatch(name) for pattern in patterns)
        if not used and section not in NAMED_BY_OTHERS:
            dead.add(key)
    assert dead == set()


COMPARED = Comparison(
    before="today",
    after="thaw",
    goal=POINT,
    point=(85.0, 56.5),
    network="other",
    cost_mln_rub=1,
    trips_year=2,
    hour_rub=3,
)


SOUGHT = Sought(
    model="timber-plant",
    roads="winter",
    cell_m=500,
    area=(84.9, 56.4, 85.1, 56.5),
    mine=("circle~500:84.95000,56.48000",),
)


def test_every_entry_of_an_address_has_its_name() -> None:
    view = View(
        page="sources",
        language="en",
        basemap="own",
        own_map=OwnMap(kind="xyz", url="https://t.example/{z}/{x}/{y}"),
        at=(85.0, 56.5, 11.0),
        layers=(),
        query=Query(year=2020, comparison=COMPARED, sought=SOUGHT),
        split="swipe",
        selected="projects/asino-sawmill",
        shape=Shape("circle", ((84.95, 56.48),), 5000.0),
        panel="table",
        priorities=Priorities(unknown="high"),
        sites=("site_plots/plot-1",),
        story="six-parks",
        chapter=2,
        writing=True,
        beside=Sight(layers=()),
    )
    for language in LANGUAGES:
        assert set(Words(language).table("entry")) == set(view.params(embedded().catalogue))


def test_every_fault_of_a_shape_has_its_sentence() -> None:
    """The codes that geo/shape.py gives are the keys of section `shape_fault`."""
    codes = {"geo"}
    for node in ast.walk(ast.parse((ROOT / "geo" / "shape.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "ShapeError" and len(node.args) == 2:
            codes.add(ast.literal_eval(node.args[1]))
    assert len(codes) > 5
    for language in LANGUAGES:
        assert set(Words(language).table("shape_fault")) == codes


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
    ("n", "russian", "english"),
    [
        (1, "1 проект", "1 project"),
        (3, "3 проекта", "3 projects"),
        (12, "12 проектов", "12 projects"),
        (125, "125 проектов", "125 projects"),
    ],
)
def test_projects_are_declined(n: int, russian: str, english: str) -> None:
    assert RU.count("programme.projects", n) == russian
    assert EN.count("programme.projects", n) == english


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
    assert (RU.percent(0.1234), EN.percent(0.1234, 0)) == (f"12,3{NB}%", f"12{NB}%")


@pytest.mark.parametrize(
    ("mln_rub", "russian", "english"),
    [
        (0, "0 млн ₽", "RUB 0 m"),
        (0.5, "0,5 млн ₽", "RUB 0.5 m"),
        (7, "7 млн ₽", "RUB 7 m"),
        (99.94, "99,9 млн ₽", "RUB 99.9 m"),
        (302.4, "302 млн ₽", "RUB 302 m"),
        (999.4, "999 млн ₽", "RUB 999 m"),
        (1_000, "1 млрд ₽", "RUB 1 bn"),
        (13_400, "13,4 млрд ₽", "RUB 13.4 bn"),
        (150_000, "150 млрд ₽", "RUB 150 bn"),
        (999_400, "999 млрд ₽", "RUB 999 bn"),
        (1_000_000, "1 трлн ₽", "RUB 1 trn"),
        (1_240_000, "1,2 трлн ₽", "RUB 1.2 trn"),
        (999.6, "1 млрд ₽", "RUB 1 bn"),
        (999_960, "1 трлн ₽", "RUB 1 trn"),
    ],
)
def test_money_is_said_in_three_digits_or_so(mln_rub: float, russian: str, english: str) -> None:
    """Figure and unit are held together."""
    assert RU.money(mln_rub) == russian.replace(" ", NB)
    assert EN.money(mln_rub) == english.replace(" ", NB)


@given(st.floats(0, 900_000_000))
def test_any_sum_is_said_to_a_twentieth(mln_rub: float) -> None:
    """What is said, read back, is the sum but for its rounding to a tenth or to a whole."""
    said = re.fullmatch(f"([\\d{NB}]+(?:,\\d)?){NB}(млн|млрд|трлн){NB}₽", RU.money(mln_rub))
    assert said
    figure = float(said[1].replace(NB, "").replace(",", "."))
    power = {"млн": 0, "млрд": 3, "трлн": 6}[said[2]]
    assert figure * 10**power == pytest.approx(mln_rub, rel=0.05, abs=0.0501)


@pytest.mark.parametrize(
    ("years", "russian", "english"),
    [
        (0, "0 лет", "0 years"),
        (1, "1 год", "1 year"),
        (1.0, "1 год", "1 year"),
        (1.04, "1 год", "1 year"),
        (0.96, "1 год", "1 year"),
        (2, "2 года", "2 years"),
        (4.0, "4 года", "4 years"),
        (5, "5 лет", "5 years"),
        (11, "11 лет", "11 years"),
        (21, "21 год", "21 years"),
        (0.5, "0,5 года", "0.5 years"),
        (1.5, "1,5 года", "1.5 years"),
        (5.25, "5,2 года", "5.2 years"),
        (7.75, "7,8 года", "7.8 years"),
    ],
)
def test_years_are_declined(years: float, russian: str, english: str) -> None:
    assert RU.years(years) == russian
    assert EN.years(years) == english


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
    with pytest.raises(KeyError, match="count"):
        RU("programme.projects")
    with pytest.raises(KeyError, match="count"):
        RU("span.years")


def test_the_unit_stands_with_the_title() -> None:
    field = Field(id="x", title=Text(ru="Длина", en="Length"), kind="number", unit=Text(ru="м", en="m"))
    assert (RU.unit(field), EN.unit(field)) == ("Длина, м", "Length, m")
    assert EN.unit(field.model_copy(update={"unit": None})) == "Length"


def test_a_table_holds_one_section() -> None:
    assert set(RU.table("verdict")) == {"inside", "partly", "unsure", "outside"}
    assert all(isinstance(text, str) for text in RU.table("bottom").values())


def codes_of(module: str, call: str, at: int) -> set[str]:
    """The codes that a module gives to one of its errors or faults as the argument `at`."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == call and len(node.args) > at:
            found |= {value.value for value in ast.walk(node.args[at]) if isinstance(value, ast.Constant)}
        if isinstance(node, ast.Return | ast.Yield) and isinstance(node.value, ast.Constant | ast.IfExp):
            found |= {value.value for value in ast.walk(node.value) if isinstance(value, ast.Constant)}
    return {code for code in found if isinstance(code, str)}


def test_every_fault_of_a_scenario_and_of_the_shelf_has_its_sentence() -> None:
    scenario = codes_of("geo/scenario.py", "Fault", 0) | codes_of("geo/edits.py", "Fault", 0)
    scenario |= {"surface", "category"}
    shelf = codes_of("layers/shelf.py", "ShelfError", 1)
    assert len(scenario) > 12
    assert len(shelf) > 3
    for language in LANGUAGES:
        assert scenario - set(Words(language).table("scenario_fault")) == set()
        assert shelf - set(Words(language).table("shelf_fault")) == set()
        assert set(Words(language).table("story_unsaved")) == shelf - {"changed", "gone"}


# Each has the fault it is named by, and no other.
BAD_MODELS = {
    "many": "".join(f"c:distance.a{n}*1*lin~0~0~1~1;" for n in range(25)),
    "entry": "z:1",
    "empty": "t:0.5",
    "weightless": "c:minutes.tomsk*0*lin~0~0~1~1",
    "double": "c:minutes.tomsk*1*lin~0~0~1~1;c:minutes.tomsk*2*lin~0~0~1~1",
    "measure": "c:Минуты*1*lin~0~0~1~1",
    "weight": "c:minutes.tomsk*101*lin~0~0~1~1",
    "norm": "c:minutes.tomsk*1*lin~0~0~1~1;x:",
    "extra": "c:minutes.tomsk*1*lin~0~0~1~1;x:floodplain*-1",
    "low": "c:minutes.tomsk*1*lin~0~0~1~1;r:minutes.tomsk*a*",
    "high": "c:minutes.tomsk*1*lin~0~0~1~1;r:minutes.tomsk**nan",
    "open": "c:minutes.tomsk*1*lin~0~0~1~1;r:minutes.tomsk**",
    "order": "c:minutes.tomsk*1*lin~0~0~1~1;r:minutes.tomsk*2*1",
    "need": "c:minutes.tomsk*1*lin~0~0~1~1;u:love*1",
    "amount": "c:minutes.tomsk*1*lin~0~0~1~1;u:gas*-1",
    "attitude": "c:minutes.tomsk*1*lin~0~0~1~1;o:0",
    "threshold": "c:minutes.tomsk*1*lin~0~0~1~1;t:1.1",
    "least_ha": "c:minutes.tomsk*1*lin~0~0~1~1;a:-1",
    "value_class": "c:minutes.tomsk*1*cat~0.5~1",
    "value_double": "c:minutes.tomsk*1*cat~1~0~1~1",
    "value_kind": "c:minutes.tomsk*1*parabola~1",
    "value_knots": "c:minutes.tomsk*1*lin~0~0",
    "value_number": "c:minutes.tomsk*1*lin~0~0~inf~1",
    "value_order": "c:minutes.tomsk*1*lin~1~0~0~1",
    "value_value": "c:minutes.tomsk*1*lin~0~0~1~2",
}
BAD_FILES = {
    "document": "{",
    "kind": "[]",
    "version": '{"kind": "siting-model", "version": 2}',
    "name": '{"kind": "siting-model", "version": 1, "name": 7, "criteria": [{"measure": "minutes.tomsk", '
    '"weight": 1, "value": "lin~0~0~1~1"}]}',
}
NAMES_NOTHING = {"no_measure", "no_norm"}
"""What the page itself says of the model of a file."""


def test_every_fault_of_a_model_has_its_sentence() -> None:
    """The keys of section `model_fault` are the codes that can occur, each shown by a model that has it."""
    for read, bad in ((Model.parse, BAD_MODELS), (Model.load, BAD_FILES)):
        for code, text in bad.items():
            with pytest.raises(ModelError) as told:
                read(text)
            assert {fault.code for fault in told.value.faults} == {code}, code
    occurring = {*BAD_MODELS, *BAD_FILES}
    assert codes_given("geo/siting.py", "Fault") <= occurring
    assert {f"value_{code}" for code in codes_given("geo/value.py", "Fault")} <= occurring
    assert codes_given("pages/_site_model.py", "Fault") == NAMES_NOTHING
    for language in LANGUAGES:
        assert set(Words(language).table("model_fault")) == occurring | NAMES_NOTHING


def test_every_fault_of_a_raster_has_its_sentence() -> None:
    """The codes of reading and keeping a raster, the shelf's among them, and a sentence for any other."""
    own = codes_given("layers/siting/uploads.py") | codes_given("layers/siting/keepsakes.py", "self.fault")
    # A band and finer cells than can be read are never asked for; the text of a document is never long, and
    # is never written anew.
    read = (codes_given("geo/raster_import.py") | {"unreadable"}) - {"band", "fine"}
    shelf = codes_of("layers/shelf.py", "ShelfError", 1) - {"long", "changed"}
    for language in LANGUAGES:
        assert set(Words(language).table("raster_fault")) == own | read | shelf | {"other"}


def test_every_fault_of_areas_has_its_sentence() -> None:
    """The codes of reading and keeping areas, the shelf's among them, and a sentence for any other."""
    modules = ("geo/vector_files.py", "geo/area_import.py")
    modules += ("layers/siting/own_limits.py", "layers/siting/area_uploads.py")
    given = {code for module in modules for code in codes_given(module, "VectorError")} | {AREAS.none}
    given |= codes_given("layers/siting/keepsakes.py", "self.fault")
    # A limit whose file is broken is an unknown one; the text of a document is never long or written anew.
    own = given - {"kept"}
    shelf = codes_of("layers/shelf.py", "ShelfError", 1) - {"long", "changed"}
    for language in LANGUAGES:
        assert set(Words(language).table("areas_fault")) == own | shelf | {"other"}


def codes_given(module: str, call: str = "RasterError") -> set[str]:
    """The codes that a module writes out in its errors (the last argument) or faults (the first)."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == call:
            code = node.args[0 if call == "Fault" else -1]
            found |= {code.value} if isinstance(code, ast.Constant) else set()
    assert found, f"{module} has no {call}"
    return found


def test_notes_become_sentences() -> None:
    assert sentences(["неизвестно у 61 проекта", "Заявлено: 53 млрд ₽.", "ещё"]) == (
        "Неизвестно у 61 проекта. Заявлено: 53 млрд ₽. Ещё"
    )
    assert sentences([]) == ""
