"""The guided path to a model: what, how much, what must be, what would be good. Each answer works at once."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Literal, get_args

import numpy as np
import streamlit as st

from geo.siting import Criterion, Limit, Model, Requirement
from layers.siting.measures import Measure, UnknownMeasure, measure
from layers.siting.norms import all_norms
from layers.siting.telling import clause_in_words
from layers.text import Words
from pages import _shell

Edit = Callable[[Callable[[Model], Model]], None]
STEPS = ("amounts", "musts", "wishes")
LEVELS = {"none": 0.0, "low": 5.0, "middle": 15.0, "high": 30.0}
"""The weights that stand for how important a wish is."""
NEEDS = (
    ("power_kw", 1e6, 100.0),
    ("gas_m3h", 1e6, 50.0),
    ("water_m3h", 1e5, 5.0),
    ("heat_gcalh", 1e4, 1.0),
    ("wagons_day", 1e3, 1.0),
)
OFTEN = ("distance.roads", "distance.railways", "distance.substations", "minutes.tomsk")
"""What is often demanded of a site, whether a model asks about it or not."""
End = Literal["low", "high"]
ENDS: tuple[End, ...] = get_args(End)
_MOST_HA = 100_000.0
_MOST_BOUND = 1000.0


def steps(model: Model, edit: Edit, words: Words) -> None:
    """The steps after the purpose, with a way forward and back.

    All of them are always there, whichever is in sight: a field that came and went with its step could be
    heard, still empty, when a reader steps on quickly.
    """
    key, labels = "site_step", [words(f"site.step_{name}") for name in STEPS]
    if st.session_state.get(key) not in labels:
        st.session_state[key] = labels[0]
    drawn = {"amounts": _amounts, "musts": _musts, "wishes": _wishes}
    for place, (tab, name) in enumerate(zip(st.tabs(labels, key=key, on_change="rerun"), STEPS, strict=True)):
        with tab:
            st.markdown(f"**{words(f'site.ask_{name}')}**")
            drawn[name](model, edit, words)
            with st.container(horizontal=True, horizontal_alignment="distribute"):
                if place > 0:
                    st.button(
                        words("site.back"), icon=":material/arrow_back:", key=f"site_back_{name}",
                        on_click=_go, args=(key, labels[place - 1]),
                    )  # fmt: skip
                if place < len(STEPS) - 1:
                    st.button(
                        words("site.next"), icon=":material/arrow_forward:", key=f"site_next_{name}",
                        on_click=_go, args=(key, labels[place + 1]), type="primary",
                    )  # fmt: skip


def _go(key: str, label: str) -> None:
    st.session_state[key] = label


def gone(model: Model, edit: Edit, words: Words) -> None:
    """The measures and norms of a model that are not there, a removed raster perhaps; each can be let go."""
    known = {of.text for of in _known(model)}
    norms = {row["id"] for row in all_norms(_shell.store())}
    lost = [(text, "no_measure") for text in model.measures if text not in known]
    lost += [(limit.norm, "no_norm") for limit in model.limits if limit.norm not in norms]
    for text, fault in lost:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(f"{_shell.plain(text)}: {words(f'model_fault.{fault}')}", width="stretch")
            st.button(
                words("model.remove"), icon=":material/close:", key=f"gone_{text}", type="tertiary",
                on_click=edit, args=(partial(_without, text),),
            )  # fmt: skip


def _known(model: Model) -> list[Measure]:
    """What a model asks about, without what is not there."""
    found = []
    for text in model.measures:
        try:
            found.append(measure(text, _shell.store().catalogue))
        except UnknownMeasure:
            continue
    return found


def _without(text: str, model: Model) -> Model:
    """The model without a measure or a norm."""
    return replace(
        model,
        criteria=tuple(one for one in model.criteria if one.measure != text),
        limits=tuple(limit for limit in model.limits if limit.norm != text),
        requirements=tuple(must for must in model.requirements if must.measure != text),
    )


# --- how much ------------------------------------------------------------------------------------------


def _amounts(model: Model, edit: Edit, words: Words) -> None:
    key = _shell.held("site_least_ha", model.least_ha)
    st.number_input(
        words("site.least_ha"), 0.0, _MOST_HA, key=key, step=1.0, format="%g",
        help=words("site.least_ha_help"),
        on_change=lambda: edit(lambda m: replace(m, least_ha=float(st.session_state[key] or 0))),
    )  # fmt: skip
    needs(model, edit, words, folded=False)


def needs(model: Model, edit: Edit, words: Words, *, folded: bool = True) -> None:
    """What the site must supply: compared with the nearest known sources, not with every cell."""
    place = (
        st.expander(words("site.needs"), icon=":material/bolt:", key="site_needs")
        if folded
        else st.container()
    )
    with place:
        for name, most, step in NEEDS:
            key = _shell.held(f"need_{name}", getattr(model.needs, name))
            unit = words(f"need_unit.{name}")
            st.number_input(
                f"{words(f'need.{name}')}, {unit}", 0.0, most, None, key=key, step=step, format="%g",
                placeholder=words("site.not_said"), on_change=partial(_need, edit, name, key),
            )  # fmt: skip
        st.caption(words("site.needs_note"))


def _need(edit: Edit, name: str, key: str) -> None:
    value = st.session_state[key]
    edit(lambda m: replace(m, needs=replace(m.needs, **{name: None if value is None else float(value)})))


# --- what must be --------------------------------------------------------------------------------------


def _musts(model: Model, edit: Edit, words: Words) -> None:
    """The limits of norms, and how far what a site needs may be."""
    on = {limit.norm for limit in model.limits}
    catalogue = _shell.store().catalogue
    rows = all_norms(_shell.store())
    rows.sort(key=lambda row: (row["id"] not in on, row["effect"]))
    with st.container(height=260, key="site_limits"):
        for row in rows:
            effect = catalogue.vocabularies["effect"][row["effect"]][words.language]
            clause = clause_in_words(row, words)
            note = row[f"description_{words.language}"]
            key = _shell.held(f"limit_{row['id']}", row["id"] in on)
            st.checkbox(
                _shell.plain(str(row[f"name_{words.language}"])), key=key,
                help="  \n".join(_shell.plain(str(part)) for part in (effect, clause, note) if
                isinstance(part, str) and part), on_change=partial(_limit, edit, row["id"], key),
            )  # fmt: skip
    st.caption(words("site.musts_note"))
    for of, end in _bounds(model):
        must = next((one for one in model.requirements if one.measure == of.text), Requirement(of.text))
        bound = getattr(must, end)
        shown = None if bound is None else bound * of.factor
        key = _shell.held(f"{end}_{of.text}", shown)
        st.number_input(
            f"{_shell.plain(of.title(_shell.store(), words))}: {words(f'site.{end}')}, "
            f"{of.unit_in_words(words)}",
            min(0.0, shown or 0.0), max(_MOST_BOUND, shown or 0.0), None, key=key, step=1.0, format="%g",
            placeholder=words("site.any"), on_change=partial(_must, edit, of, end, key),
        )  # fmt: skip


def _bounds(model: Model) -> list[tuple[Measure, End]]:
    """What can be demanded, and at which end: of what the model asks about, then of what is often asked.

    Something is demanded to be near where near is better, and far where far is.
    """
    catalogue = _shell.store().catalogue
    asked = [of for of in _known(model) if of.kind in ("distance", "minutes")]
    names = {of.text for of in asked}
    often = [measure(text, catalogue) for text in OFTEN if text not in names]
    values = {criterion.measure: criterion.value for criterion in model.criteria}
    ends: list[tuple[Measure, End]] = []
    for of in (*asked, *often):
        must = next((one for one in model.requirements if one.measure == of.text), Requirement(of.text))
        here, away = values[of.text]((0.0, np.inf)) if of.text in values else (1.0, 0.0)
        better: End = "low" if away > here else "high"
        ends += [(of, end) for end in ENDS if end == better or getattr(must, end) is not None]
    return ends


def _limit(edit: Edit, norm: str, key: str) -> None:
    wanted = st.session_state[key]

    def change(model: Model) -> Model:
        kept = tuple(limit for limit in model.limits if limit.norm != norm)
        return replace(model, limits=(*kept, Limit(norm)) if wanted else kept)

    edit(change)


def _must(edit: Edit, of: Measure, end: End, key: str) -> None:
    shown = st.session_state[key]

    def change(model: Model) -> Model:
        old = next((must for must in model.requirements if must.measure == of.text), Requirement(of.text))
        kept = tuple(must for must in model.requirements if must.measure != of.text)
        bound = None if shown is None else float(shown) / of.factor
        new = replace(old, low=bound) if end == "low" else replace(old, high=bound)
        return replace(model, requirements=kept if new.low is None and new.high is None else (*kept, new))

    edit(change)


# --- what would be good --------------------------------------------------------------------------------


def _wishes(model: Model, edit: Edit, words: Words) -> None:
    """How important each criterion is, in four words."""
    known = {of.text: of for of in _known(model)}
    for criterion in model.criteria:
        if (of := known.get(criterion.measure)) is None:
            continue
        level = _level(criterion.weight)
        key = _shell.held(f"wish_{criterion.measure}", level)
        st.segmented_control(
            _shell.plain(of.title(_shell.store(), words)), tuple(LEVELS), key=key, required=True,
            format_func=lambda name: words(f"site.level_{name}"),
            on_change=partial(_wish, edit, criterion.measure, key),
        )  # fmt: skip
    st.caption(words("site.wishes_note"))


def _level(weight: float) -> str:
    """The word nearest to a weight; what counts at all is not called "none"."""
    words = [name for name, at in LEVELS.items() if bool(at) == bool(weight)]
    return min(words, key=lambda name: abs(LEVELS[name] - weight))


def _wish(edit: Edit, text: str, key: str) -> None:
    weight = LEVELS[st.session_state[key]]

    def weighed(criterion: Criterion) -> Criterion:
        return replace(criterion, weight=weight) if criterion.measure == text else criterion

    edit(lambda model: replace(model, criteria=tuple(map(weighed, model.criteria))))
