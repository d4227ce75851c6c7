"""The Explore page as Streamlit runs it: the address, the panel, the table, the report, the search."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from geo.shape import halo
from layers.query import Condition, Query
from layers.report import by_class, report
from layers.store import EmbeddedStore
from layers.text import Words
from layers.view import View

MAIN = Path(__file__).resolve().parents[2] / "pages" / "_main.py"
RU, EN = Words("ru"), Words("en")
CIRCLE = "circle~30000:84.95000,56.48000"


def opened(*folds: str, **params: str) -> AppTest:
    """The app as an address with these entries opens it, with these folds of the side bar opened by hand."""
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    for key, value in params.items():
        app.query_params[key.replace("__", ".")] = value
    app = sound(app.run())
    for fold in folds:
        app = unfold(app, fold)
    return app


def sound(app: AppTest) -> AppTest:
    assert not app.exception, [fault.value for fault in app.exception]
    return app


def fold(app: AppTest, name: str) -> Any:
    """A fold of the side bar."""
    return next(fold for fold in app.expander if fold.proto.id.endswith(f"-fold_{name}"))


def unfold(app: AppTest, name: str, *, wide: bool = True) -> AppTest:
    """Open (or close) a fold as a click does; AppTest has no handle for it."""
    return told(app, WidgetState(id=fold(app, name).proto.id, bool_value=wide))


def did(
    app: AppTest, *, on: str = "", pick: str = "", shape: str = "", open_: str = "", number: int = 1
) -> AppTest:
    """What the map's script says when the reader does something on the map; `on` is never empty there."""
    said = {"number": number, "on": on, "pick": pick, "shape": shape} | ({"open": open_} if open_ else {})
    return told(
        app,
        WidgetState(
            id=_make_trigger_id(map_proto(app).id, "events"),
            json_trigger_value=json.dumps([{"event": "did", "value": said}]),
        ),
    )


def told(app: AppTest, news: WidgetState) -> AppTest:
    """Run with the state of a widget that AppTest does not know."""
    states = app._tree.get_widget_states()
    states.widgets.append(news)
    return sound(app._run(states))


def address(app: AppTest) -> dict[str, str]:
    """The entries of the address bar."""
    return {key: value[0] if isinstance(value, list) else value for key, value in app.query_params.items()}


def map_proto(app: AppTest) -> Any:
    """The map component on the page."""
    for element in walk(app._tree):
        if element.type == "bidi_component":
            return element.proto
    raise AssertionError("there is no map on the page")


def map_spec(app: AppTest) -> dict[str, Any]:
    """What the map component was given."""
    spec: dict[str, Any] = json.loads(map_proto(app).json)
    return spec


def layers_of(app: AppTest) -> list[str]:
    """The layers that the map was told to show."""
    return [part["id"] for part in map_spec(app)["on"]]


def walk(node: Any) -> Any:
    yield node
    for child in getattr(node, "children", {}).values():
        yield from walk(child)


def captions(app: AppTest) -> str:
    return " | ".join(caption.value for caption in app.caption)


def change(widget: Any, value: Any) -> AppTest:
    return sound(widget.set_value(value).run())


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("panel", ["none", "table", "report"])
def test_the_page_opens(language: str, panel: str) -> None:
    words = Words(language)  # type: ignore[arg-type]
    app = opened(lang=language, show=panel)
    assert words("bottom.label") in [group.label for group in app.button_group]
    assert not app.toast
    assert not app.error


def test_the_bare_address_stays_bare() -> None:
    assert address(opened()) == {}


# --- what the reader does on the map ----------------------------------------------------------------


def test_the_map_is_told_what_is_on(store: EmbeddedStore) -> None:
    spec = map_spec(opened())
    assert spec["on"] == [{"id": on.id, "opacity": on.opacity} for on in View.default(store.catalogue).layers]
    recorded = set(store.catalogue.layers) & set(store.catalogue.recorded)
    assert set(spec["legend"]) == recorded  # what is computed only when it is on
    assert (spec["heard"], spec["goto"]) == (0, None)


def test_the_link_holds_opacity_and_order() -> None:
    assert map_spec(opened(on="projects.60,rivers"))["on"] == [
        {"id": "projects", "opacity": 0.6},
        {"id": "rivers", "opacity": 1.0},
    ]


def test_layers_switched_on_the_map_come_into_the_address() -> None:
    app = did(opened(), on="rivers.40,bridges", number=3)
    assert address(app) == {"on": "rivers.40,bridges"}
    spec = map_spec(app)
    assert spec["on"] == [{"id": "rivers", "opacity": 0.4}, {"id": "bridges", "opacity": 1.0}]
    assert spec["heard"] == 3
    app = did(app, on="bridges,rivers", number=4)
    assert (address(app), map_spec(app)["heard"]) == ({"on": "bridges,rivers"}, 4)


def test_every_layer_may_be_switched_off() -> None:
    app = did(opened(on="rivers", show="table"), on="-")
    assert address(app) == {"on": "-", "show": "table"}
    assert layers_of(app) == []
    assert RU("bottom.no_layers") in [info.value for info in app.info]


def test_layers_as_they_were_at_first_leave_the_address_bare(store: EmbeddedStore) -> None:
    first = ",".join(on.id for on in View.default(store.catalogue).layers)
    assert address(did(opened(on="rivers.40"), on=first)) == {}


def test_a_record_chosen_on_the_map_comes_into_the_address_and_the_table() -> None:
    app = did(opened(on="rivers,bridges", show="table"), on="rivers,bridges", pick="bridges/shegarsky-bridge")
    assert address(app)["pick"] == "bridges/shegarsky-bridge"
    assert app.selectbox(key="table_layer").value == "bridges"
    assert app.dataframe[0].value[RU("table.name")].iloc[0] == "Шегарский мост"
    assert map_spec(app)["goto"] is None
    app = did(app, on="rivers,bridges", number=2)
    assert "pick" not in address(app)


def test_a_shape_drawn_on_the_map_opens_its_report_and_its_removal_closes_it() -> None:
    app = did(opened(on="rivers"), on="rivers", shape=CIRCLE)
    assert address(app) == {"on": "rivers", "shape": CIRCLE, "show": "report"}
    assert RU("report.area") in [metric.label for metric in app.metric]
    app = did(app, on="rivers", number=2)
    assert address(app) == {"on": "rivers"}


def test_what_the_map_says_of_layers_leaves_the_panel_below_as_it_is() -> None:
    app = did(opened(on="rivers", shape=CIRCLE, show="table"), on="bridges", shape=CIRCLE)
    assert address(app) == {"on": "bridges", "shape": CIRCLE, "show": "table"}


def test_what_is_done_on_the_map_keeps_the_rest_of_the_view() -> None:
    held = {"lang": "en", "map": "osm", "year": "2018", "f.park": "medical", "at": "56.50000,85.00000,11"}
    app = opened(**{key.replace(".", "__"): value for key, value in held.items()})
    assert address(did(app, on="projects")) == held | {"on": "projects"}


@pytest.mark.parametrize(
    ("said", "entry", "left"),
    [
        ({"on": "unheard"}, "on", {}),
        ({"on": "rivers", "pick": "rivers/unheard"}, "pick", {"on": "rivers"}),
        ({"on": "rivers", "pick": "unheard"}, "pick", {"on": "rivers"}),
        ({"on": "rivers", "shape": "star:1"}, "shape", {"on": "rivers"}),
    ],
)
def test_what_cannot_be_understood_of_the_map_is_told(
    said: dict[str, str], entry: str, left: dict[str, str]
) -> None:
    app = did(opened(on="bridges"), **said)
    assert address(app) == left
    assert any(RU.table("entry")[entry] in toast.value for toast in app.toast)


def test_the_card_of_a_project_opens_its_page() -> None:
    """The place on the map is let go: the page of a project shows the project."""
    app = opened(on="projects", lang="en", year="2018", at="56.50000,85.00000,11")
    app = did(app, on="projects", pick="projects/asino-sawmill", open_="projects/asino-sawmill")
    assert address(app) == {
        "page": "project", "on": "projects", "lang": "en", "year": "2018", "pick": "projects/asino-sawmill"
    }  # fmt: skip


def test_a_page_of_no_project_is_told() -> None:
    app = did(opened(on="projects"), on="projects", open_="projects/unheard")
    assert any(RU.table("entry")["pick"] in toast.value for toast in app.toast)
    assert address(app) == {"page": "project", "on": "projects"}


def test_the_same_word_of_the_map_is_heard_once() -> None:
    """A trigger lasts one run: what the side bar changes afterwards is not undone by it."""
    app = did(opened(on="rivers", show="table"), on="bridges")
    app.run()
    assert address(app) == {"on": "bridges", "show": "table"}
    app = change(app.selectbox(key="table_layer"), "bridges")
    assert address(app) == {"on": "bridges", "show": "table"}


# --- side bar ---------------------------------------------------------------------------------------


def test_what_is_folded_is_not_made() -> None:
    app = opened()
    assert [fold_.label for fold_ in app.expander] == [
        RU(f"panel.{name}") for name in ("year", "filters", "beside", "basemap", "take")
    ]
    assert not any(fold_.proto.expanded for fold_ in app.expander)
    assert not [*app.multiselect, *app.number_input, *app.toggle, *app.slider, *app.radio]


@pytest.mark.parametrize(
    ("name", "kind"), [("year", "toggle"), ("filters", "multiselect"), ("basemap", "radio")]
)
def test_a_fold_is_made_when_it_is_opened_and_dropped_when_closed(name: str, kind: str) -> None:
    app = opened(name)
    assert app.get(kind)
    assert not unfold(app, name, wide=False).get(kind)


def test_saving_is_offered_when_opened() -> None:
    app = opened("take")
    assert RU("take.link") in captions(app)
    assert RU("take.html") in [element.proto.label for element in app.get("download_button")]


def test_a_link_with_a_year_or_filters_opens_their_folds() -> None:
    app = opened(year="2020", f__park="medical", f__jobs="5~")
    assert fold(app, "year").label == f"{RU('panel.year')} · **2020**"
    assert fold(app, "filters").label == f"{RU('panel.filters')} · **2**"
    assert app.slider(key="year").value == 2020
    assert app.multiselect(key="filter_park").value == ["medical"]
    assert not fold(app, "basemap").proto.expanded


@pytest.mark.parametrize("what", ["the last filter", "the year", "the language"])
def test_a_fold_stays_open_while_it_is_used(what: str) -> None:
    if what == "the last filter":
        app = change(opened("filters").multiselect(key="filter_park"), ["medical"])
        app = change(app.multiselect(key="filter_park"), [])
        assert fold(app, "filters").proto.expanded
    elif what == "the year":
        app = change(opened("year").toggle(key="by_year"), True)
        app = change(app.toggle(key="by_year"), False)
        assert fold(app, "year").proto.expanded
    else:
        app = change(next(g for g in opened("basemap").button_group if g.key == "language"), "en")
        assert fold(app, "basemap").proto.expanded


def test_a_fold_is_closed_at_the_first_click_whatever_its_label_has_become() -> None:
    app = change(opened("year").toggle(key="by_year"), True)
    app = unfold(app, "year", wide=False)
    assert not fold(app, "year").proto.expanded
    app.run()
    assert not fold(app, "year").proto.expanded
    assert fold(unfold(app, "year"), "year").proto.expanded


def test_a_fold_that_a_link_opened_can_be_closed() -> None:
    app = unfold(opened(year="2020", lang="en"), "year", wide=False)
    assert not fold(app, "year").proto.expanded
    app = change(next(g for g in app.button_group if g.key == "language"), "ru")
    assert not fold(app, "year").proto.expanded


def test_folds_are_as_they_were_after_a_visit_to_another_page() -> None:
    app = opened("basemap")
    for page in ("sources", "explore"):
        app = change(next(group for group in app.button_group if group.key == "page"), page)
    assert fold(app, "basemap").proto.expanded
    assert not fold(app, "year").proto.expanded


def test_a_filter_narrows_map_table_and_counts(store: EmbeddedStore) -> None:
    app = opened("filters", on="projects", show="table")
    assert RU.count("bottom.shown", len(store.features("projects"))) in captions(app)
    app = change(app.multiselect(key="filter_park"), ["medical"])
    assert address(app)["f.park"] == "medical"
    kept = store.query("projects", Query(conditions=(Condition(field="park", values=("medical",)),)))
    assert 0 < len(kept) < len(store.features("projects"))
    assert RU.count("bottom.shown", len(kept)) in captions(app)
    assert len(app.dataframe[0].value) == len(kept)
    spec = map_spec(app)
    assert spec["legend"]["projects"]["n"] == len(kept)
    assert "f.park=medical" in spec["features"]
    app = change(app.multiselect(key="filter_park"), [])
    assert "f.park" not in address(app)
    assert RU.count("bottom.shown", len(store.features("projects"))) in captions(app)


def test_a_filter_by_what_records_refer_to(store: EmbeddedStore) -> None:
    """Bodies are offered by their names, only those that are named, and linked by their ids."""
    app = opened("filters", on="projects", show="table")
    box = app.multiselect(key="filter_bodies")
    frame, names = store.features("projects"), store.records("participants")["name_ru"]
    used = {id_ for ids in frame["bodies"].dropna() for id_ in ids.split(";")}
    assert box.options == sorted((names[id_] for id_ in used), key=str.lower)
    assert len(used) < len(names)
    app = change(box, ["oblast-administration"])
    assert address(app)["f.bodies"] == "oblast-administration"
    query = Query(conditions=(Condition(field="bodies", values=("oblast-administration",)),))
    kept = store.query("projects", query)
    assert 0 < len(kept) < len(frame)
    assert RU.count("bottom.shown", len(kept)) in captions(app)
    assert map_spec(app)["legend"]["projects"]["n"] == len(kept)
    assert "f.bodies=oblast-administration" in map_spec(app)["features"]
    app = change(app.checkbox(key="unknown_bodies"), True)
    assert address(app)["f.bodies"] == "oblast-administration!"


def test_a_filter_by_reference_outlives_the_language(store: EmbeddedStore) -> None:
    app = opened("filters", on="projects", f__bodies="oblast-administration")
    app = change(next(group for group in app.button_group if group.key == "language"), "en")
    assert address(app) == {"lang": "en", "on": "projects", "f.bodies": "oblast-administration"}
    box = app.multiselect(key="filter_bodies")
    assert box.value == ["oblast-administration"]
    assert store.records("participants")["name_en"]["oblast-administration"] in box.options


def test_the_filters_are_those_of_the_layers(store: EmbeddedStore) -> None:
    """What only a register has is not asked for beside the map."""
    app = opened("filters")
    offered = {box.key.removeprefix("filter_") for box in app.multiselect}
    fields = store.catalogue.filter_fields(store.catalogue.layers.values())
    assert offered == {field.id for field in fields if field.listed}
    assert {"bodies", "instruments", "funding", "project_type"} <= offered
    assert not {"performer", "measure_state"} & offered


def test_a_range_filter_and_its_unknown(store: EmbeddedStore) -> None:
    app = change(opened("filters", on="projects").number_input(key="filter_jobs_low"), 100.0)
    assert address(app)["f.jobs"] == "100~"
    app = change(app.number_input(key="filter_jobs_high"), 500.0)
    assert address(app)["f.jobs"] == "100~500"
    app = change(app.checkbox(key="unknown_jobs"), True)
    assert address(app)["f.jobs"] == "100~500!"
    kept = store.query(
        "projects", Query(conditions=(Condition(field="jobs", low=100, high=500, unknown=True),))
    )
    assert RU.count("bottom.shown", len(kept)) in captions(app)


def test_a_range_upside_down_is_told_and_not_applied() -> None:
    app = opened(on="projects", f__jobs="100~500")
    app = change(app.number_input(key="filter_jobs_low"), 900.0)
    assert RU("panel.bad_range") in [toast.value for toast in app.toast]
    assert address(app)["f.jobs"] == "100~500"


def test_filters_are_dropped_together() -> None:
    app = opened(f__park="medical", f__jobs="5~", year="2020")
    button = next(button for button in app.button if button.label == RU("panel.reset_filters"))
    assert address(button.click().run()) == {"year": "2020"}


def test_the_year_is_switched_and_slid(store: EmbeddedStore) -> None:
    app = change(opened("year", on="asino_road").toggle(key="by_year"), True)
    assert app.slider(key="year").value == int(address(app)["year"])
    app = change(app.slider(key="year"), 2019)
    assert address(app)["year"] == "2019"
    assert map_spec(app)["legend"]["asino_road"]["states"] == ["built", "planned"]
    app = change(app.toggle(key="by_year"), False)
    assert "year" not in address(app)


def test_a_year_outside_the_usual_can_be_linked() -> None:
    assert opened(year="1995").slider(key="year").value == 1995


def test_the_language_is_switched_and_the_rest_stays() -> None:
    app = opened(on="projects", f__park="medical", show="table")
    group = next(group for group in app.button_group if group.key == "language")
    app = group.set_value(["en"]).run() if isinstance(group.value, list) else group.set_value("en").run()
    assert not app.exception
    assert address(app) == {"lang": "en", "on": "projects", "f.park": "medical", "show": "table"}
    assert "lang=en" in map_spec(app)["furniture"]
    assert EN("table.name") in app.dataframe[0].value.columns


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("on", "unheard"),
        ("year", "1066"),
        ("pick", "projects/unheard"),
        ("shape", "star:1"),
        ("f__park", "theme"),
        ("f__bodies", "Fano"),
        ("f__bodies", "unheard"),
        ("f__bodies", "oblast-administration.unheard"),
        ("f__performer", "unheard"),
        ("f__project", "asino-sawmill"),
        ("fund", "jobs"),
        *((key, "x") for key in ("at", "show", "map", "page", "own", "lang")),
    ],
)
def test_a_bad_link_is_told_once_and_put_right(key: str, value: str) -> None:
    app = opened(**{key: value})
    fields = {"park": "Парк", "bodies": "Ответственные", "performer": "Исполнители", "project": "Проект"}
    names = RU.table("entry") | {f"f__{field}": name for field, name in fields.items()}
    told = [toast.value for toast in app.toast]
    assert len(told) == 1
    assert names[key] in told[0]
    assert address(app) == {}
    app.run()
    assert not app.toast


def test_a_bad_link_cannot_write_markup() -> None:
    app = opened(**{"[a](http://x)`<b>": "1"})
    told = [toast.value for toast in app.toast]
    assert len(told) == 1
    assert "[a](" not in told[0]
    assert "`" not in told[0]


def test_the_table_shows_the_topmost_layer_and_another_when_asked(store: EmbeddedStore) -> None:
    app = opened(on="rivers,bridges,projects", show="table")
    assert app.selectbox(key="table_layer").value == "projects"
    assert len(app.dataframe[0].value) == len(store.features("projects"))
    app = change(app.selectbox(key="table_layer"), "bridges")
    assert list(app.dataframe[0].value[RU("table.name")]) == list(store.features("bridges")["name_ru"])


def test_the_table_follows_the_map(store: EmbeddedStore) -> None:
    app = opened(on="rivers,bridges,projects", show="table", pick="bridges/shegarsky-bridge")
    assert app.selectbox(key="table_layer").value == "bridges"
    assert app.dataframe[0].value[RU("table.name")].iloc[0] == "Шегарский мост"
    assert map_spec(app)["pick"] == "bridges/shegarsky-bridge"


def test_filters_that_hide_all_say_so() -> None:
    app = opened(on="projects", show="table", f__cost_mln_rub="9999999~")
    assert RU("bottom.empty") in [info.value for info in app.info]
    assert not app.dataframe


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_report_of_a_linked_shape(store: EmbeddedStore, language: str) -> None:
    words = Words(language)  # type: ignore[arg-type]
    app = opened(lang=language, shape=CIRCLE, show="report")
    metrics = {metric.label: metric.value for metric in app.metric}
    assert set(metrics) == {words("report.area"), words("report.outline"), words("report.people")}
    assert metrics[words("report.area")].startswith(words.number(2822, 0)[:4])
    totals = app.dataframe[0].value
    assert {words(f"report.{key}") for key in ("layer", "inside", "partly", "unsure")} <= set(totals.columns)
    shape, problems = View.parse({"shape": CIRCLE}, store.catalogue)[0].shape, app.error
    assert shape is not None
    assert not problems
    told = report(store, shape, Query())
    parks = by_class(store, told, "projects")
    assert len(app.dataframe) == 1 + len(told.findings)
    assert len(totals) == len(told.findings) + len(parks)
    rows = totals.set_index(words("report.layer"))
    field = store.catalogue.fields["park"]
    for value, inside, partly, unsure in parks:
        other = words("legend.other", field=field.title[words.language].lower())
        said = store.catalogue.word(field, value, words.language) if value else other
        row = rows.loc[f"\u2003{said}"]
        said = tuple(row[words(f"report.{key}")] for key in ("inside", "partly", "unsure"))
        assert said == (inside, partly, unsure)
    for finding in told.findings:
        row = rows.loc[store.catalogue.layers[finding.layer].title[words.language]]
        assert row[words("report.partly")] == finding.partly
    assert map_spec(app)["shape"] == CIRCLE


def test_the_corridor_of_a_line_is_changed() -> None:
    app = opened(shape="line~500:84.95000,56.48000;86.15000,56.99000", show="report")
    before = {metric.label: metric.value for metric in app.metric}
    app = change(app.number_input(key="corridor"), 2000)
    assert address(app)["shape"].startswith("line~2000:")
    after = {metric.label: metric.value for metric in app.metric}
    assert after[RU("report.length")] == before[RU("report.length")]
    assert after[RU("report.area")] != before[RU("report.area")]


@pytest.mark.parametrize(
    "shape", ["line:84.95000,56.48000;86.15000,56.99000", "line~5:84.95,56.48;86.15,56.99"]
)
def test_a_line_with_a_narrow_corridor_can_be_reported(shape: str) -> None:
    """The corridor field begins at ten metres; a link may hold less."""
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params["shape"] = shape
    app.query_params["show"] = "report"
    app.run()
    assert not app.exception, [fault.value for fault in app.exception]


def test_a_report_without_a_shape_says_what_to_do() -> None:
    assert RU("report.empty") in [info.value for info in opened(show="report").info]


def test_a_report_of_nothing_says_so() -> None:
    app = opened(shape="circle~100:94.50000,63.50000", show="report")
    assert RU("report.nothing") in [info.value for info in app.info]


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        ("polygon:84,56;85,57;85,56;84,57", "crossing"),
        ("polygon:70,52;95,52;95,64;70,64", "large"),
    ],
)
def test_a_shape_that_cannot_be_measured_is_told(shape: str, code: str) -> None:
    app = opened(shape=shape, show="report")
    assert RU(f"shape_fault.{code}") in [error.value for error in app.error]


@pytest.mark.parametrize("shape", ["polygon:0,0;1,0;1,1", "circle~1000:0,0", "circle~0.5:84.95,56.48"])
def test_a_shape_that_cannot_be_used_is_told_and_dropped(shape: str) -> None:
    app = opened(shape=shape, show="report")
    assert RU.table("entry")["shape"] in app.toast[0].value
    assert address(app) == {"show": "report"}
    assert RU("report.empty") in [info.value for info in app.info]


def test_a_place_is_searched_and_chosen(store: EmbeddedStore) -> None:
    app = change(opened().text_input(key="question"), "Комаевка")
    hits = [button for button in app.button if (button.key or "").startswith("hit_")]
    assert hits
    pick = next(h.key.removeprefix("hit_") for h in hits if "settlements/" in h.key)
    app = next(h for h in hits if h.key == f"hit_{pick}").click().run()
    assert not app.exception
    assert address(app)["pick"] == pick
    assert app.text_input(key="question").value == ""
    bounds = map_spec(app)["goto"]["bounds"]
    record = store.record("settlements", pick.partition("/")[2])
    assert record["accuracy_m"] > 600
    assert bounds == pytest.approx(halo(record["geometry"], record["accuracy_m"]).bounds)


def test_what_is_known_exactly_is_shown_with_its_surroundings(store: EmbeddedStore) -> None:
    record = store.record("heritage", store.features("heritage")["accuracy_m"].idxmin())
    assert record["accuracy_m"] < 600
    app = change(opened().text_input(key="question"), record["name_ru"])
    app = sound(next(b for b in app.button if b.key == f"hit_heritage/{record['id']}").click().run())
    assert map_spec(app)["goto"]["bounds"] == pytest.approx(halo(record["geometry"], 600.0).bounds)


def test_a_record_without_a_place_is_chosen_and_the_map_stays(store: EmbeddedStore) -> None:
    frame = store.features("projects")
    id_ = frame.index[frame.geometry.isna()][0]
    app = opened(on="projects", show="table")
    row = list(app.dataframe[0].value[RU("table.name")]).index(frame.loc[id_, "name_ru"])
    chosen = json.dumps({"selection": {"rows": [row], "columns": [], "cells": []}})
    app = told(app, WidgetState(id=app.dataframe[0].proto.id, string_value=chosen))
    assert address(app)["pick"] == f"projects/{id_}"
    assert map_spec(app)["goto"] is None


def test_a_found_record_switches_its_layer_on() -> None:
    app = change(opened(on="rivers").text_input(key="question"), "Шегарский мост")
    app = next(b for b in app.button if b.key == "hit_bridges/shegarsky-bridge").click().run()
    assert address(app)["on"] == "rivers,bridges"


@pytest.mark.parametrize("question", ["56,48; 84,95", "56°28′48″ с. ш. 84°57′ в. д.", "349810 4324999"])
def test_coordinates_are_gone_to(question: str) -> None:
    app = change(opened().text_input(key="question"), question)
    button = next(b for b in app.button if b.label == RU("search.go_to", lat="56,48", lon="84,95"))
    app = button.click().run()
    assert map_spec(app)["goto"]["at"] == pytest.approx([84.95, 56.48], abs=1e-4)


@pytest.mark.parametrize(
    ("question", "key"), [("щщщщщщщ", "search.nothing"), ("10, 20", "search.bad_position")]
)
def test_a_search_that_fails_says_what_to_do(question: str, key: str) -> None:
    assert RU(key) in captions(change(opened().text_input(key="question"), question))


def test_an_empty_search_shows_nothing() -> None:
    app = change(opened().text_input(key="question"), "   ")
    assert not [button for button in app.button if (button.key or "").startswith("hit_")]


def test_the_basemap_is_chosen_and_linked() -> None:
    app = change(opened("basemap").radio(key="basemap"), "osm")
    assert address(app) == {"map": "osm"}
    assert map_spec(app)["base"]["url"].startswith("https://tile.openstreetmap.org/")
    assert RU("basemap.online_note") in captions(app)
    assert address(change(app.radio(key="basemap"), "plain")) == {}


@pytest.mark.parametrize(
    ("url", "fault"),
    [("ftp://t.example/{z}/{x}/{y}", "address"), ("https://t.example/tiles", "template"), (None, None)],
)
def test_an_own_basemap(url: str | None, fault: str | None) -> None:
    app = change(opened("basemap").radio(key="basemap"), "own")
    field = next(field for field in app.text_input if field.label == RU("basemap.url"))
    field.set_value(url or "https://t.example/{z}/{x}/{y}.png")
    app = next(button for button in app.button if button.label == RU("basemap.apply")).click().run()
    assert not app.exception
    if fault:
        assert RU(f"basemap.bad_{fault}") in [error.value for error in app.error]
        assert "own" not in address(app)
    else:
        assert address(app) == {"map": "own", "own": "xyz||https://t.example/{z}/{x}/{y}.png"}
        assert map_spec(app)["base"]["url"] == "https://t.example/{z}/{x}/{y}.png"


# --- quick acts -------------------------------------------------------------------------------------


def stale(app: AppTest, before: dict[str, str]) -> AppTest:
    """The next act reaches the server with the address as it was before the last one."""
    app.query_params.clear()
    for key, value in before.items():
        app.query_params[key] = value
    return app


def test_the_second_of_two_quick_acts_keeps_the_first() -> None:
    app = opened("filters", on="projects")
    before = address(app)
    app = stale(change(app.multiselect(key="filter_park"), ["medical"]), before)
    app = change(app.multiselect(key="filter_status"), ["built"])
    assert address(app) == {"on": "projects", "f.park": "medical", "f.status": "built"}


def test_a_quick_act_that_takes_the_first_back_is_written() -> None:
    """The address is then already as the second act wants it, but the browser has been told of the first."""
    app = opened("filters", on="projects")
    before = address(app)
    app = stale(change(app.multiselect(key="filter_park"), ["medical"]), before)
    app = change(app.multiselect(key="filter_park"), [])
    assert address(app) == before
    assert app.multiselect(key="filter_park").value == []


def test_a_quick_act_on_the_map_keeps_what_the_panel_did() -> None:
    app = opened(on="projects", show="table")
    before = address(app)
    app = change(next(group for group in app.button_group if group.key == "panel"), "none")
    assert address(app) == {"on": "projects"}
    assert address(did(stale(app, before), on="rivers"))["on"] == "rivers"


def test_where_the_map_looks_is_taken_from_the_address() -> None:
    app = opened("filters", on="projects", at="56.50000,85.00000,11")
    app = stale(app, {"on": "projects", "at": "57.00000,86.00000,12"})
    app = change(app.multiselect(key="filter_park"), ["medical"])
    assert address(app)["at"] == "57.00000,86.00000,12"
    app = change(stale(app, {"on": "projects"}).multiselect(key="filter_status"), ["built"])
    assert address(app) == {"on": "projects", "f.park": "medical", "f.status": "built"}


def test_an_address_that_a_person_changed_is_followed() -> None:
    """Back, forward and a typed address run the script without an act: they are the truth again."""
    app = change(opened("filters", on="projects").multiselect(key="filter_park"), ["medical"])
    app = sound(stale(app, {"on": "rivers"}).run())
    assert address(app) == {"on": "rivers"}
    app = change(next(group for group in app.button_group if group.key == "panel"), "table")
    assert address(app) == {"on": "rivers", "show": "table"}


def test_the_page_changes_and_comes_back() -> None:
    app = opened(on="rivers")
    group = next(group for group in app.button_group if group.key == "page")
    app = group.set_value(["sources"] if isinstance(group.value, list) else "sources").run()
    assert address(app) == {"page": "sources", "on": "rivers"}
    assert [title.value for title in app.title] == [RU("sources.title")]


def test_the_whole_view_of_a_link_survives_a_run() -> None:
    params = {
        "lang": "en",
        "map": "osm",
        "at": "56.50000,85.00000,11",
        "on": "rivers,projects.60",
        "year": "2018",
        "pick": "projects/asino-sawmill",
        "shape": CIRCLE,
        "show": "table",
        "f__bodies": "oblast-administration.fano!",
        "f__park": "industrial",
        "fund": "jobs:40,people_60:20;30000;public;effect;low",
    }
    app = opened(**params)
    expected = {key.replace("__", "."): value for key, value in params.items()}
    assert address(app) == expected
    app.run()
    assert address(app) == expected
