"""The model beside the page "Find a site": choose a purpose, walk through four questions or edit everything.

What is edited is the model of the search, which the address holds as text: a link shares it, Back undoes it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import shapely
import streamlit as st
from shapely.geometry.base import BaseGeometry

from geo.errors import Fault, ModelError, ShapeError
from geo.shape import to_degrees
from geo.siting import Model
from layers.comparison import HOME_NETWORK
from layers.siting.editor import editor as editor_data
from layers.siting.measures import BY_ROAD, UnknownMeasure, measure
from layers.siting.models import REGISTER, UnknownModel, named, ready, shortest, written
from layers.siting.norms import all_norms
from layers.siting.results import grid_of
from layers.sought import CELLS_M, MOST_MINE, Sought
from layers.text import Words
from layers.view import HOME, View
from pages import _kept, _shell, _site_areas, _site_guide, _site_rasters
from pages._board import seeking
from pages._component import component
from pages._history import History

KIND = "siting-model"
MODES = ("guided", "expert")
BLANK = "c:distance.roads*10*lin~0~1~20000~0"
"""The least that is a model: who starts with nothing starts with a road."""
_KEY = "planner_model"
_MAY_GO = ("site_plots/", "site_areas/")


def _seeking(view: View, sought: Sought) -> View:
    changed = view.model_copy(update={"query": view.query.model_copy(update={"sought": sought})})
    return _choice_kept(changed)


HISTORY = History(name=lambda _: "site", of=lambda view: view.query.sought, into=_seeking)


def put(changed: View) -> None:
    """Show a view that seeks something else; it can be undone."""
    HISTORY.show(_choice_kept(changed))


def _choice_kept(changed: View) -> View:
    """The changed view without the chosen and compared sites that its search does not find."""
    sites = tuple(pick for pick in changed.sites if _found(changed, pick))
    chosen = changed.selected
    kept = chosen if chosen and _found(changed, chosen) else None
    return changed.model_copy(update={"selected": kept, "sites": sites})


def _found(view: View, pick: str) -> bool:
    """Whether what may be found is: that is called by its place."""
    return not pick.startswith(_MAY_GO) or _shell.known(pick, view.query)


def editor(view: View, words: Words) -> None:
    """Everything of the side bar that says what is sought."""
    _purpose(view, words)
    mode = st.segmented_control(
        words("site.mode"), MODES, key=_shell.held("site_mode", st.session_state.get("site_mode", MODES[0])),
        required=True, format_func=lambda name: words(f"site.mode_{name}"), label_visibility="collapsed",
    )  # fmt: skip
    model = _model(view)
    if model is None:
        return
    HISTORY.buttons(view, words)
    _site_guide.gone(model, edit, words)
    if mode == "guided":
        _site_guide.steps(model, edit, words)
    else:
        _component(view, words)
        _site_guide.needs(model, edit, words)
    _ground(view, words)
    _site_rasters.fold(words)
    _site_areas.fold(edit, words)
    _kept.fold(_work(view, model), words)


def anew(view: View) -> View:
    """The view that seeks what it does at first."""
    return _seeking(view, Sought())


def _model(view: View) -> Model | None:
    """The model that is edited; None where it cannot be read."""
    try:
        return written(_shell.store(), view.query.sought.model)
    except (ModelError, UnknownModel):
        return None


def edit(change: Callable[[Model], Model]) -> None:
    """Change the model; one that would make no sense is told, and nothing changes."""
    view = _shell.now()
    model = _model(view)
    if model is None:
        return
    try:
        changed = change(model)
    except ModelError as fault:
        st.toast(_told(fault.faults[0]), icon=":material/error:")
        return
    put(seeking(view, model=shortest(_shell.store(), changed)))


# --- the purpose ---------------------------------------------------------------------------------------


def _purpose(view: View, words: Words) -> None:
    """The ready models, by park and by cluster; one's own."""
    store, text = _shell.store(), view.query.sought.model
    names = {id_: str(store.record(REGISTER, id_)[f"name_{words.language}"]) for id_ in ready(store)}
    kept = {document.text: document.title for document in _kept.documents(KIND, _readable)}
    options = list(dict.fromkeys([*names, *kept, BLANK, text]))
    titles = {BLANK: words("site.blank")} | names | kept

    def title(option: str) -> str:
        if option in titles:
            return titles[option]
        try:
            return named(store, option, words.language, words("site.own_model")).title
        except (ModelError, UnknownModel):
            return words("site.own_model")

    key = _shell.held("purpose", text)
    st.selectbox(words("site.purpose"), options, key=key, format_func=title, on_change=_putting(key, _chosen))
    if text in names:
        description = store.record(REGISTER, text)[f"description_{words.language}"]
        st.caption(_shell.plain(str(description)))


def _chosen(view: View, text: str) -> View:
    return seeking(view, model=text).model_copy(update={"selected": None, "sites": ()})


def _putting(key: str, change: Callable[[View, Any], View]) -> Callable[[], None]:
    return lambda: put(change(_shell.now(), st.session_state[key]))


# --- everything of the model ---------------------------------------------------------------------------


def _component(view: View, words: Words) -> None:
    """The editor in the browser: it shows a change on the map at once, and tells it when it has settled."""
    store = _shell.store()
    held = named(store, view.query.sought.model, words.language, words("site.own_model"))
    data = {
        **editor_data(store, held, view.query, words),
        "strings": words.table("model"),
        "heard": st.session_state.get("heard_model", 0),
    }
    component("planner_model", "model", "model-host")(key=_KEY, data=data, on_did_change=_heard)


def _heard() -> None:
    did = getattr(st.session_state.get(_KEY), "did", None)
    if not did:
        return
    st.session_state["heard_model"] = did["number"]
    try:
        model = Model.parse(str(did["model"]))
    except ModelError as fault:
        _shell.log.warning("the editor made a model that cannot be read: %s", fault)
        st.toast(_told(fault.faults[0]), icon=":material/error:")
        return
    put(seeking(_shell.now(), model=shortest(_shell.store(), model)))


# --- where and how finely --------------------------------------------------------------------------------


def _ground(view: View, words: Words) -> None:
    """The size of cells, the area, the roads that are there."""
    sought = view.query.sought
    with st.expander(words("site.ground"), icon=":material/grid_on:", key="site_ground"):
        key = _shell.held("site_cell", sought.cell_m)
        st.selectbox(
            words("site.cell_size"), CELLS_M, key=key, help=words("site.cell_help"),
            format_func=lambda m: words("site.metres", n=m),
            on_change=_putting(key, lambda v, m: seeking(v, cell_m=m)),
        )  # fmt: skip
        roads = _road_choices(words)
        key = _shell.held("site_roads", sought.roads)
        st.selectbox(
            words("site.roads"), list(dict.fromkeys([*roads, sought.roads])), key=key,
            help=words("site.roads_help"), format_func=lambda id_: roads.get(id_, words("reach.own")),
            on_change=_putting(key, lambda v, id_: seeking(v, roads=id_)),
        )  # fmt: skip
        if not any(text.startswith(BY_ROAD) for text in written(_shell.store(), sought.model).measures):
            st.caption(words("site.roads_idle"))
        if sought.area:
            st.caption(words("site.area_set"))
            st.button(
                words("site.area_all"), icon=":material/zoom_out_map:", width="stretch",
                on_click=lambda: put(seeking(_shell.now(), area=None)),
            )  # fmt: skip
        elif view.shape is None:
            st.caption(words("site.area_hint"))
        for at, shape in enumerate(sought.mine):
            st.button(
                words("site.drop_mine", n=at + 1), icon=":material/close:", key=f"drop_mine_{at}",
                on_click=_drop_mine, args=(shape,), width="stretch",
            )  # fmt: skip
        if view.query.comparison.network != HOME_NETWORK:
            st.caption(words("site.other_network"))


def _drop_mine(shape: str) -> None:
    view = _shell.now()
    mine = tuple(one for one in view.query.sought.mine if one != shape)
    gone = {"selected": None} if (view.selected or "").startswith("site_mine/") else {}
    kept = tuple(pick for pick in view.sites if not pick.startswith("site_mine/"))
    put(seeking(view, mine=mine).model_copy(update={**gone, "sites": kept}))


def _road_choices(words: Words) -> dict[str, str]:
    """The ready scenarios of roads."""
    records = _shell.store().records("scenarios")
    return {str(id_): str(name) for id_, name in records[f"name_{words.language}"].items()}


# --- what is drawn ---------------------------------------------------------------------------------------


def drawn(view: View, words: Words) -> None:
    """What becomes of a shape that is drawn on the map: a site of the reader's, or the area of the search."""
    if view.shape is None or view.shape.kind == "line":
        st.caption(words("site.draw_hint"))
        return
    full = len(view.query.sought.mine) >= MOST_MINE
    st.button(
        words("site.judge_drawn"), icon=":material/add_location_alt:", disabled=full, on_click=_judge,
        help=words("site.mine_full", n=MOST_MINE) if full else None,
    )  # fmt: skip
    st.button(words("site.search_drawn"), icon=":material/crop:", on_click=_search)


def _judge() -> None:
    view = _shell.now()
    if view.shape is None:
        return
    try:
        outline = view.shape.area_metric()
    except ShapeError as fault:
        st.toast(_shell.words()(f"shape_fault.{fault.code}"), icon=":material/error:")
        return
    if not _searched(view).intersects(outline):
        st.toast(_shell.words()("site.area_outside"), icon=":material/error:")
        return
    mine = tuple(dict.fromkeys((*view.query.sought.mine, view.shape.text())))
    changed = seeking(view, mine=mine)
    pick = f"site_mine/mine-{mine.index(view.shape.text()) + 1}"
    put(changed.model_copy(update={"shape": None, "panel": "none", "selected": pick}))


def _searched(view: View) -> BaseGeometry:
    """The land that a view searches (EPSG:32645)."""
    return shapely.box(*grid_of(view.query.sought).bounds)


def _search() -> None:
    view = _shell.now()
    if view.shape is None:
        return
    try:
        west, south, east, north = to_degrees(view.shape.area_metric()).bounds
    except ShapeError as fault:
        st.toast(_shell.words()(f"shape_fault.{fault.code}"), icon=":material/error:")
        return
    inside = max(west, HOME[0] - 2), max(south, HOME[1] - 1), min(east, HOME[2] + 2), min(north, HOME[3] + 1)
    if inside[0] >= inside[2] or inside[1] >= inside[3]:
        st.toast(_shell.words()("site.area_outside"), icon=":material/error:")
        return
    area = tuple(round(side, 3) for side in inside)
    put(seeking(view, area=area).model_copy(update={"shape": None, "panel": "none"}))


# --- keeping -------------------------------------------------------------------------------------------


def _work(view: View, model: Model) -> _kept.Work:
    """The model as a document that is kept and exchanged."""
    title = model.name or _shell.words()("site.own_model")
    if view.query.sought.model in ready(_shell.store()):
        title = named(_shell.store(), view.query.sought.model, view.language, title).title
    return _kept.Work(
        kind=KIND,
        about="site_model",
        name=title,
        renamed=lambda name: replace(model, name=name).text(),
        dump=replace(model, name=title).dump,
        loaded=_loaded,
        readable=_readable,
        told=_told,
        opened=lambda text: put(_chosen(_shell.now(), text)),
        saved=lambda text: put(seeking(_shell.now(), model=text)),
    )


def _loaded(content: str) -> str:
    """The model of a file. Raises `ModelError`, also for one whose measures or norms are not there."""
    model, store = Model.load(content), _shell.store()
    faults = []
    for text in model.measures:
        try:
            measure(text, store.catalogue)
        except UnknownMeasure:
            faults.append(Fault("no_measure", text))
    norms = {row["id"] for row in all_norms(store)}
    faults += [Fault("no_norm", limit.norm) for limit in model.limits if limit.norm not in norms]
    if faults:
        raise ModelError("the model names what is not there", tuple(faults))
    return shortest(store, model)


def _readable(text: str) -> bool:
    try:
        Model.parse(text)
    except ModelError:
        return False
    return True


def _told(fault: Fault) -> str:
    """A fault of a model as a sentence."""
    words = _shell.words()
    where = f"{_shell.plain(fault.where)}: " if fault.where else ""
    return where + words(f"model_fault.{fault.code}", value=_shell.plain(fault.value))
