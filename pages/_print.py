"""The dialog of the printed sheet and the atlas: choices at the left, a picture of the sheet at the right.

What takes long is made behind (`layers.sheet.desk`): the dialog shows how far it is, and offers the file.
"""

from functools import partial
from typing import Any, get_args

import streamlit as st

from geo.errors import CoordinateError
from layers.beside import apart
from layers.furniture import AssetsMissing
from layers.identity import identity
from layers.paper.graticule import Grid
from layers.paper.raster import as_png
from layers.sheet.arrange import NoRoom
from layers.sheet.atlas import KINDS, MOST, OF_SEARCH, Atlas, Kind, NoRecords, entries, kind_in_words
from layers.sheet.desk import Job, atlas_job, sheet_job
from layers.sheet.files import TooManyPixels
from layers.sheet.layout import LONGEST, MOST_TABLES, READY_SCALES, Base, Block, Layout, Paper, Turn
from layers.sheet.sheet import Sheet, draw, draw_pair
from layers.store import Store
from layers.text import Words
from layers.view import View
from pages import _shell

_OPEN, _LAYOUT, _JOB, _PAIR, _TOLD = "printing", "print_layout", "print_job", "print_pair", "print_told"
_WHAT = "print_what"
_WIDTHS = (5, 6)
_PREVIEW_DPI = {"A4": 92, "A3": 66, "A2": 46, "A1": 33}
_DPI = (150, 200, 300)
_POLL_S = 0.7
_FIT = 0.0
"""Stands for the scale at which the sheet shows what the screen does."""
_FORMATS = ("pdf", "png", "svg")
_WRITTEN = ("title", "organisation", "author")


def offer(words: Words) -> None:
    """The button that opens the dialog."""
    st.button(
        words("print.open"), key="print_open", icon=":material/print:", width="stretch",
        help=words("print.open_help"), on_click=_open,
    )  # fmt: skip


def shown(view: View, words: Words) -> None:
    """The dialog, while it is open."""
    if st.session_state.get(_OPEN):
        st.dialog(words("print.open"), width="large", on_dismiss=_close)(partial(_content, view, words))()


def _open() -> None:
    st.session_state[_OPEN] = True


def _close() -> None:
    """Close the dialog; what is being made is stopped."""
    st.session_state.pop(_OPEN, None)
    _forget()


def _forget() -> None:
    job: Job | None = st.session_state.pop(_JOB, None)
    if job is not None:
        job.cancel()


def _content(view: View, words: Words) -> None:
    choices, sheet = st.columns(_WIDTHS, gap="medium")
    with choices:
        layout = _layout(view, words)
        pair = _pair(view, words)
    st.session_state[_LAYOUT] = layout
    with sheet:
        if _preview(view, layout, words, pair=pair):
            _make(view, layout, words, pair=pair)


# --- choices ----------------------------------------------------------------------------------------


def _layout(view: View, words: Words) -> Layout:
    """The layout that the widgets of the dialog say; they begin with the one that was last chosen."""
    held: Layout = st.session_state.get(_LAYOUT, Layout(organisation=identity().called(words.language)))
    with st.container(horizontal=True, gap="small"):
        paper = _segments("paper", get_args(Paper), held.paper, words)
        turn = _segments("turn", get_args(Turn), held.turn, words)
    block = _segments("block", get_args(Block), held.block, words)
    grid = _segments("grid", get_args(Grid), held.grid, words)
    with st.container(horizontal=True, gap="small", key="print_selects"):
        scale = _chosen("scale", (_FIT, *READY_SCALES), held.scale or _FIT, words, partial(_scale, words))
        base = _chosen("base", get_args(Base), held.base, words, partial(_base, words))
    if base != "embedded":
        st.caption(words("basemap.online_note"))
    written = {
        name: _written(name, getattr(held, name), words) for name in ("title", "organisation", "author")
    }
    written["code"] = _written("code", held.code, words) if block == "gost" else held.code
    with st.container(horizontal=True, gap="small"):
        legend = st.toggle(words("print.legend"), held.legend, key="print_legend")
        inset = st.toggle(words("print.inset"), held.inset, key="print_inset")
    return Layout(
        paper=paper, turn=turn, block=block, grid=grid, scale=scale or None, base=base, legend=legend,
        inset=inset, tables=_tables(view, held, words), **written,
    )  # fmt: skip


def _segments(name: str, options: tuple[str, ...], now: str, words: Words) -> Any:
    names = {option: words(f"print.{name}_{option}") if name != "paper" else option for option in options}
    return st.segmented_control(
        words(f"print.{name}"),
        options,
        default=now,
        key=f"print_{name}",
        required=True,
        format_func=names.get,
    )


def _chosen(name: str, options: tuple[Any, ...], now: Any, words: Words, told: Any) -> Any:
    index = options.index(now) if now in options else 0
    return st.selectbox(words(f"print.{name}"), options, index, key=f"print_{name}", format_func=told)


def _scale(words: Words, scale: float) -> str:
    return words("print.scale_fit") if scale == _FIT else f"1 : {words.number(scale, 0)}"


def _base(words: Words, base: str) -> str:
    return words("basemap.plain" if base == "embedded" else f"basemap.{base}")


def _written(name: str, now: str, words: Words) -> str:
    text = st.text_input(
        words(f"print.{name}"), now, key=f"print_{name}", max_chars=LONGEST,
        placeholder=words("print.by_view") if name == "title" else None,
    )  # fmt: skip
    return "".join(ch for ch in text or "" if ch.isprintable()).strip()


def _tables(view: View, held: Layout, words: Words) -> tuple[str, ...]:
    catalogue = _shell.store().catalogue
    names = [
        placed.id for placed in reversed(view.layers) if catalogue.layers[placed.id].geometry != "raster"
    ]
    found = st.pills(
        words("print.tables"), names, selection_mode="multi", wrap=True, key="print_tables",
        default=[name for name in held.tables if name in names],
        format_func=lambda name: catalogue.layers[name].title[words.language],
    )  # fmt: skip
    if len(found) > MOST_TABLES:
        st.caption(words("print.most_tables", n=MOST_TABLES))
    return tuple(found[:MOST_TABLES])


def _pair(view: View, words: Words) -> bool:
    """Whether both sides stand beside each other, where a view or a page compares two."""
    if view.page != "reach" and view.beside is None:
        return False
    label = words("print.pair" if view.beside is None else "print.pair_views")
    on = st.toggle(label, st.session_state.get(_PAIR, view.split != "one"), key="print_two")
    st.session_state[_PAIR] = on
    return on


# --- the sheet ----------------------------------------------------------------------------------------


def _sheet(store: Store, view: View, layout: Layout, *, pair: bool) -> Sheet:
    if not pair:
        return draw(store, view, layout)
    left, right = apart(store, view)
    return draw_pair(store, left[0], right[0], layout, names=(left[1], right[1]))


@st.cache_data(max_entries=24, show_spinner=False)
def _picture(
    _store: Store, _view: View, _layout: Layout, key: tuple[object, ...]
) -> tuple[bytes, float, int]:
    """A small picture of a sheet without its online base, its scale, and how many sheets there are."""
    made = _sheet(_store, _view, _layout.model_copy(update={"base": "embedded"}), pair=bool(key[-1]))
    return as_png(made.pages[0], _PREVIEW_DPI[_layout.paper]), made.maps[0].frame.scale, len(made.pages)


def _preview(view: View, layout: Layout, words: Words, *, pair: bool) -> bool:
    """Show what the sheet looks like; False, and why, where it cannot be made."""
    store = _shell.store()
    key = (store.digest, view.text(store.catalogue), layout.text(), pair)
    try:
        with st.spinner(words("print.drawing")):
            picture, scale, pages = _picture(store, view, layout, key)
    except (NoRoom, CoordinateError) as fault:
        st.error(_wrong(fault, words), icon=":material/error:")
        return False
    except AssetsMissing:
        st.error(words("app.no_assets"), icon=":material/build:")
        return False
    with st.container(key="print_preview"):
        st.image(picture, width="stretch")
    if st.session_state.get(_WHAT) == "atlas":
        said = [_look(layout, words)]
    else:
        said = [f"1 : {words.number(scale, 0)}", words.count("atlas.sheets", pages)]
    if layout.base != "embedded":
        said.append(words("print.base_later"))
    st.caption(" · ".join(said))
    return True


def _look(layout: Layout, words: Words) -> str:
    """What of the picture holds for the sheets of an atlas."""
    if layout.scale is None:
        return words("print.atlas_look")
    return words("print.atlas_look_scale", scale=_scale(words, layout.scale))


# --- making it ----------------------------------------------------------------------------------------


def _make(view: View, layout: Layout, words: Words, *, pair: bool) -> None:
    """What is to be made of it: a sheet in a format, or an atlas; the job that makes it."""
    what = st.segmented_control(
        words("print.what"), ("sheet", "atlas"), default="sheet", key=_WHAT, required=True,
        format_func=lambda name: words(f"print.{name}"), label_visibility="collapsed",
    )  # fmt: skip
    if what == "sheet":
        _make_sheet(view, layout, words, pair=pair)
    else:
        _make_atlas(view, layout, words)
    job: Job | None = st.session_state.get(_JOB)
    if job is not None:
        st.fragment(_progress, run_every=_POLL_S if job.under_way else None)(words)


def _make_sheet(view: View, layout: Layout, words: Words, *, pair: bool) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        kind = st.segmented_control(
            words("print.format"), _FORMATS, default="pdf", key="print_format", required=True,
            format_func=str.upper,
        )  # fmt: skip
        dpi = _DPI[1]
        if kind == "png":
            dpi = st.selectbox(words("print.dpi"), _DPI, 1, key="print_dpi", width=110)
        make = partial(_sheet, _shell.store(), view, layout, pair=pair)
        job = sheet_job("tomsk-sheet", kind or "pdf", make, dpi)
        _button(job, (view, layout, pair, kind, dpi), words)


def _make_atlas(view: View, layout: Layout, words: Words) -> None:
    store = _shell.store()
    kinds = [kind for kind in KINDS if kind not in OF_SEARCH or view.page == "site"]
    counts = {kind: len(list(entries(store, view, kind))) for kind in kinds}

    def told(kind: Kind) -> str:
        return (
            f"{kind_in_words(store, kind, words)} · {words.count('atlas.records', min(counts[kind], MOST))}"
        )

    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        kind = st.selectbox(
            words("print.atlas_of"), kinds, kinds.index("parks"), key="print_kind", format_func=told
        )
        job = atlas_job(f"tomsk-atlas-{kind}".replace("_", "-"), partial(Atlas, store, view, layout, kind))
        _button(job, (view, layout, kind), words)
    if counts[kind] > MOST:
        st.caption(words("print.atlas_most", n=MOST))


def _button(job: Job, of: tuple[object, ...], words: Words) -> None:
    """Begin the job; what was made of other choices is no longer offered."""
    if st.session_state.get("print_of") != of:
        _forget()
    st.session_state["print_of"] = of
    st.button(
        words("print.make"), type="primary", icon=":material/print:", key="print_make",
        on_click=_begin, args=(job,),
    )  # fmt: skip


def _begin(job: Job) -> None:
    _forget()
    st.session_state[_JOB] = job.start()


def _progress(words: Words) -> None:
    """How far the job is; then the file, or why there is none."""
    job: Job | None = st.session_state.get(_JOB)
    if job is None:
        return
    if job.under_way:
        step = job.step
        share = step.done / step.of if step.of else 0.0
        told = (
            words("print.step", n=step.done + 1, of=step.of, name=step.name)
            if step.name
            else words("print.making")
        )
        with st.container(key="print_progress"):
            st.progress(share, text=_shell.plain(told))
            st.button(words("print.cancel"), icon=":material/stop:", key="print_cancel", on_click=job.cancel)
        return
    if st.session_state.get(_TOLD) is not job:
        # Drawn once more without being asked again and again.
        st.session_state[_TOLD] = job
        st.rerun()
    if job.stopped:
        st.caption(words("print.stopped"))
        return
    if job.fault is not None:
        st.error(_wrong(job.fault, words), icon=":material/error:")
        return
    for notice in job.notices:
        st.warning(_shell.plain(notice), icon=":material/info:")
    size = words.number(len(job.content or b"") / 2**20, 1)
    st.download_button(
        words("print.take", name=job.name, size=size), data=job.content or b"", file_name=job.name,
        mime=job.mime, icon=":material/download:", type="primary", key="print_take",
        on_click="ignore", width="stretch",
    )  # fmt: skip


def _wrong(fault: Exception, words: Words) -> str:
    """What went wrong with a job, and what to do."""
    known = (
        (NoRoom, "no_room"),
        (CoordinateError, "too_far"),
        (NoRecords, "no_records"),
        (TooManyPixels, "too_many_pixels"),
    )
    found = next((key for kind, key in known if isinstance(fault, kind)), "failed")
    return words(f"print.{found}")
