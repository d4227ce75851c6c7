"""The road network on which times are computed: the fold that chooses it, what is told of it, removing it."""

from contextlib import nullcontext
from functools import partial

import streamlit as st

from geo.errors import NetworkError
from geo.road_import import Figures, Note
from layers.comparison import HOME_NETWORK, Comparison
from layers.reach import networks
from layers.reach.base import UnknownNetwork, base, figure, is_ready
from layers.reach.scenarios import TODAY
from layers.reach.segments import SHOWN
from layers.text import Words
from layers.view import View
from pages import _shell
from pages._board import compared

LAYER = "reach_network"
_HOME_LAYERS = ("roads", "asino_road")
"""Roads of the embedded network: on another one they are beside the point."""
_GONE = "network_gone"
_FOLD, _OPEN = "fold_network", "open_network"
BRINGING = "network_bringing"
"""Whether the dialog that brings a network is open."""


def fold(view: View, words: Words) -> None:
    """Choose the network, read about it, bring one, remove one."""
    name = view.query.comparison.network
    try:
        kept, unread = {one.name: one for one in networks.kept()}, None
    except NetworkError as fault:
        kept, unread = {}, fault
    chosen, title = kept.get(name), words("network.title")
    # The label is part of a fold's identity: what the reader last made of it is given to the new one.
    opened = st.session_state.get(_FOLD, st.session_state.get(_OPEN, False))
    st.session_state[_FOLD] = st.session_state[_OPEN] = opened
    label = f"{title} · **{_shell.plain(chosen.about.title)}**" if chosen else title
    fold = st.expander(label, icon=":material/graph_1:", key=_FOLD, on_change="rerun")
    if not fold.open:
        return
    with fold:
        if unread:
            tell(unread, words)
        options = list(dict.fromkeys([HOME_NETWORK, *kept, name]))
        titles = {HOME_NETWORK: words("network.home")} | {id_: one.about.title for id_, one in kept.items()}
        key = _shell.held("network", name)
        st.selectbox(
            words("network.choose"), options, key=key, format_func=lambda id_: titles.get(id_, id_),
            on_change=_shell.changing(key, switched),
        )  # fmt: skip
        if chosen:
            _about(chosen, words)
        _restore(words)
        st.button(
            words("network.bring"), key="bring_network", icon=":material/upload_file:", width="stretch",
            on_click=_bring,
        )  # fmt: skip


def _bring() -> None:
    st.session_state[BRINGING] = True


def switched(view: View, name: str) -> View:
    """The view on another network: nothing is edited there yet, and its own roads are what is drawn."""
    home, catalogue = name == HOME_NETWORK, _shell.store().catalogue
    plain = Comparison()
    before, after = (plain.before, plain.after) if home else (TODAY, TODAY)
    view = compared(view, network=name, before=before, after=after, cost_mln_rub=None)
    for layer in _HOME_LAYERS:
        if not home or layer == _HOME_LAYERS[0]:
            view = view.switched(layer, home, catalogue)
    return view.switched(LAYER, not home, catalogue).model_copy(update={"selected": None})


# --- about a network ---------------------------------------------------------------------------------


def _about(kept: networks.Kept, words: Words) -> None:
    about = kept.about
    date = words.date(kept.changed[:10])
    st.caption(_shell.plain(words("network.about", origin=about.origin, date=date, crs=about.crs)))
    figures(kept.figures, words)
    if kept.figures.segments > SHOWN:
        shown, of = words.number(SHOWN), words.number(kept.figures.segments)
        st.caption(words("network.shown", shown=shown, of=of))
    if kept.notes:
        with st.popover(words("network.notes"), width="stretch"):
            notes(kept.notes, words)
    st.caption(words("network.only_home"))
    st.button(
        words("network.remove"), key="remove_network", icon=":material/delete:", type="tertiary",
        on_click=_remove, args=(kept,),
    )  # fmt: skip


def figures(found: Figures, words: Words) -> None:
    """A network in numbers."""
    segments, nodes = (
        words.count("network.segments", found.segments),
        words.count("network.nodes", found.nodes),
    )
    km = words.number(found.km, 0 if found.km >= 100 else 1)
    lines = [words("network.figures", km=km, segments=segments, nodes=nodes)]
    if found.bans:
        lines[0] += f", {words.count('network.bans', found.bans)}"
    if found.parts == 1:
        lines.append(words("network.connected"))
    else:
        parts = words.count("network.parts", found.parts)
        lines.append(words("network.unconnected", parts=parts, share=percent(found.largest, words)))
    if found.no_speed:
        lines.append(words("network.no_speed", share=percent(found.no_speed, words)))
    if found.no_surface:
        lower = percent(1.0 - figure(_shell.store(), "speed-share-unknown"), words)
        lines.append(words("network.no_surface", share=percent(found.no_surface, words), lower=lower))
    st.caption("\n".join(f"- {_shell.plain(line)}" for line in lines))


def percent(share: float, words: Words) -> str:
    """A share in per cent; what is not quite none or all does not look like it."""
    value = share * 100
    return words.number(min(max(value, 0.1), 99.9) if 0 < share < 1 else value, 0 if 1 <= value <= 99 else 1)


def notes(told: tuple[Note, ...], words: Words) -> None:
    """What an import left out or assumed, in words."""
    if not told:
        st.caption(words("network.nothing_noted"))
        return
    st.caption(
        f"{words('network.notes')}:\n"
        + "\n".join(f"- {_shell.plain(note_text(note, words))}" for note in told)
    )


def note_text(note: Note, words: Words) -> str:
    """A note as a sentence; one of an unknown code is told by its code."""
    try:
        text = words.count(f"network_note.{note.code}", note.count)
    except KeyError:
        text = words.count("network_note.other", note.count, code=note.code)
    if not note.examples:
        return text
    return words("network.examples", text=text, examples=", ".join(note.examples))


def fault_text(fault: NetworkError, words: Words) -> str:
    """A fault as a sentence: what is wrong, what to do."""
    known = words.table("network_fault")
    return known.get(fault.code, known["other"])


def tell(fault: NetworkError, words: Words) -> None:
    """Say a fault on the page, and its details to the log."""
    _shell.log.warning("road network: %s (%s)", fault, fault.code)
    st.error(fault_text(fault, words), icon=":material/error:")


# --- removing and bringing back ----------------------------------------------------------------------


def _remove(kept: networks.Kept) -> None:
    words = _shell.words()
    try:
        networks.remove(kept)
    except NetworkError as fault:
        st.toast(fault_text(fault, words), icon=":material/error:")
        return
    st.session_state[_GONE] = kept
    _shell.show(switched(_shell.now(), HOME_NETWORK))
    st.toast(words("network.removed", title=_shell.plain(kept.about.title)), icon=":material/delete:")


def _restore(words: Words) -> None:
    """Bring back what was removed last."""
    gone = st.session_state.get(_GONE)
    if gone:
        st.button(
            words("network.restore", title=_shell.plain(gone.about.title)), key="restore_network",
            icon=":material/undo:", on_click=_bring_back, args=(gone,), width="stretch",
        )  # fmt: skip


def _bring_back(kept: networks.Kept) -> None:
    try:
        networks.restore(kept)
    except NetworkError as fault:
        st.toast(fault_text(fault, _shell.words()), icon=":material/error:")
        return
    finally:
        st.session_state[_GONE] = None
    _shell.show(switched(_shell.now(), kept.name))


# --- a network that is not there ---------------------------------------------------------------------


def usable(name: str, words: Words) -> bool:
    """Whether times can be computed on the network of that name; the first time it is made ready."""
    try:
        with nullcontext() if is_ready(_shell.store(), name) else st.spinner(words("network.loading")):
            base(_shell.store(), name)
    except UnknownNetwork:
        return False
    return True


def missing(view: View, words: Words) -> None:
    """Say that the network of the address is not there, and offer the embedded one."""
    name = _shell.plain(view.query.comparison.network)
    st.error(words("network.gone", name=name), icon=":material/error:")
    st.button(
        words("network.take_home"), key="take_home", type="primary",
        on_click=_shell.doing(partial(switched, name=HOME_NETWORK)),
    )  # fmt: skip
