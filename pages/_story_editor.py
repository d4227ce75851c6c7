"""Writing a story: its chapters one by one, with what they show and what they say; seen as it is told."""

from collections.abc import Callable, Iterator
from typing import Any

import streamlit as st

from layers.catalog import LANGUAGES, Language
from layers.shelf import MOST_TITLE
from layers.story import offers
from layers.story.live import UnknownMark
from layers.story.model import (
    MOST_CHAPTERS,
    MOST_TEXT,
    SECONDS,
    Chapter,
    Story,
    Telling,
    Title,
    line,
    seen,
)
from layers.story.told import ToldChapter, tell, view_of
from layers.text import Words
from layers.view import View
from pages import _fields, _shell, _story_target
from pages._story_draft import Draft
from pages._story_player import player

_WIDTHS = (5, 7)
_TEXT_PX, _NOTES_PX = 300, 110
_WRITTEN_IN = "story_written_in"


def editor(draft: Draft, view: View, words: Words) -> None:
    """The page of a story of one's own while it is written."""
    draft.begin()
    _fields.begin()
    found = tell(_shell.store(), draft.story, view.language)
    with st.container(key="document_wide"):
        with st.container(horizontal=True, vertical_alignment="center", key="story_bar"):
            st.button(
                words("story.done"), icon=":material/check:", type="primary",
                on_click=_shell.doing(lambda v: v.model_copy(update={"writing": False})),
            )  # fmt: skip
            draft.buttons()
            st.caption(words("story.kept_at_once"))
        _parted(draft, view, words)
        writing, seen = st.columns(_WIDTHS)
        with writing:
            _about(draft, words)
            _chapters(draft, view, words)
            if number := _number(draft, view):
                _chapter(draft, number, found.chapters[number - 1], view, words)
        with seen, st.container(key="inset_story"):
            if found.chapters:
                player(found, view)
            else:
                st.info(words("story.no_chapters"), icon=":material/info:")
    _fields.end()


def _parted(draft: Draft, view: View, words: Words) -> None:
    """Tells, until it is read, that this was parted from a story that somebody else changed or deleted."""
    if not draft.apart:
        return
    why, first = draft.apart
    title = _shell.plain(draft.story.title[view.language])
    with st.container(key="story_parted"):
        st.warning(
            words("story.parted_gone" if why == "gone" else "story.parted_changed", title=title),
            icon=":material/call_split:",
        )
        with st.container(horizontal=True):
            st.button(words("story.parted_on"), icon=":material/check:", on_click=draft.told)
            if why == "changed":
                st.button(
                    words("story.parted_first"), icon=":material/arrow_back:",
                    on_click=_shell.doing(lambda v: v.model_copy(update={"story": first})),
                )  # fmt: skip


def _number(draft: Draft, view: View) -> int:
    """The chapter that is written; 0 where there is none."""
    count = len(draft.story.chapters)
    return min(max(view.chapter, 1), count) if count else 0


def _about(draft: Draft, words: Words) -> None:
    """Title and summary of the story, in both languages."""
    story = draft.story
    with st.expander(
        words("story.about"), icon=":material/title:", expanded=not story.chapters, key="story_about"
    ):
        for language in LANGUAGES:
            _line(draft, f"title_{language}", words(f"story.title_{language}"), story.title[language]
                  if not story.title.lacks(language) else "", _titled(language))  # fmt: skip
            _prose(draft, f"summary_{language}", words(f"story.summary_{language}"),
                   getattr(story.summary, language), _summed(language), _NOTES_PX)  # fmt: skip


def _titled(language: Language) -> Callable[[Story, str], Story]:
    return lambda story, text: story.model_copy(update={"title": _with(story.title, language, text)})


def _summed(language: Language) -> Callable[[Story, str], Story]:
    return lambda story, text: story.model_copy(update={"summary": _with(story.summary, language, text)})


def _with(said: Title | Telling, language: Language, text: str) -> Title | Telling:
    return said.model_copy(update={language: line(text) if isinstance(said, Title) else seen(text)})


# --- the list of chapters ---------------------------------------------------------------------------


def _chapters(draft: Draft, view: View, words: Words) -> None:
    story, number, unnamed = draft.story, _number(draft, view), words("story.untitled_chapter")
    # A text that is not kept yet belongs to the chapter of that number.
    still = any(name.startswith("story_chapter") for name in draft.unsaved)
    if number:
        st.selectbox(
            words("story.chapter"), range(1, len(story.chapters) + 1), index=number - 1,
            key=_fields.field("story_chapter", number),
            format_func=lambda n: f"{n}. {story.chapters[n - 1].title[view.language] or unnamed}",
            on_change=_fields.changing("story_chapter", _go),
        )  # fmt: skip
    with st.container(horizontal=True, key="story_chapters"):
        st.button(
            words("story.add"), icon=":material/add:", on_click=_add, args=(draft, number),
            disabled=still or len(story.chapters) >= MOST_CHAPTERS,
        )  # fmt: skip
        for name, steps, icon in (("earlier", -1, "arrow_upward"), ("later", 1, "arrow_downward")):
            there = number and 1 <= number + steps <= len(story.chapters)
            st.button(
                words(f"story.{name}"), icon=f":material/{icon}:", key=f"chapter_{name}", on_click=_move,
                args=(draft, number, steps), disabled=still or not there,
            )  # fmt: skip
        st.button(
            words("story.remove"), icon=":material/delete:", on_click=_remove, args=(draft, number),
            disabled=still or not number,
        )  # fmt: skip


def _go(number: int) -> None:
    _shell.show(_shell.now().model_copy(update={"chapter": number}))


def _add(draft: Draft, after: int) -> None:
    title = Title(**{_shell.words().language: _shell.words()("story.new_chapter")})
    if draft.change(lambda story: story.having(Chapter(title=title), after)):
        _go(after + 1)


def _move(draft: Draft, number: int, steps: int) -> None:
    if draft.change(lambda story: story.moved(number, steps)):
        _go(number + steps)


def _remove(draft: Draft, number: int) -> None:
    if draft.change(lambda story: story.without(number)):
        _go(max(1, number - 1))


# --- one chapter ------------------------------------------------------------------------------------


def _chapter(draft: Draft, number: int, told: ToldChapter, view: View, words: Words) -> None:
    chapter = draft.story.chapters[number - 1]
    language = _written_in(view, words)
    own = f"{number}_{language}"
    _line(draft, f"chapter_title_{own}", words("story.chapter_title"), getattr(chapter.title, language),
          _part(number, "title", language))  # fmt: skip
    _prose(draft, f"chapter_text_{own}", words("story.text"), getattr(chapter.text, language),
           _part(number, "text", language), _TEXT_PX, words("story.text_help"))  # fmt: skip
    _insert(draft, number, language, view, words)
    _faults(told, words)
    _seen(draft, number, chapter, view, words)
    with st.expander(words("story.playing"), icon=":material/timer:", key="story_playing"):
        _prose(draft, f"chapter_notes_{own}", words("story.notes"), getattr(chapter.notes, language),
               _part(number, "notes", language), _NOTES_PX, words("story.notes_help"))  # fmt: skip
        name = f"seconds_{number}"
        st.number_input(
            words("story.seconds"), *SECONDS, value=chapter.seconds, key=_fields.field(name, chapter.seconds),
            step=5, placeholder=words("story.by_hand"),
            on_change=_changing(draft, name, lambda story, value: _put(story, number, seconds=value)),
        )  # fmt: skip


def _written_in(view: View, words: Words) -> Language:
    """The language of the texts that are written, chosen here."""
    language: Language = st.session_state.get(_WRITTEN_IN, view.language)
    st.segmented_control(
        words("story.text_in"), LANGUAGES, key=_fields.field("story_language", language), default=language,
        required=True, format_func=str.upper,
        on_change=_fields.changing("story_language", lambda chosen: _write_in(chosen or language)),
    )  # fmt: skip
    return language


def _write_in(language: Language) -> None:
    st.session_state[_WRITTEN_IN] = language


def _part(number: int, name: str, language: Language) -> Callable[[Story, str], Story]:
    def change(story: Story, text: str) -> Story:
        said = getattr(story.chapters[number - 1], name)
        return _put(story, number, **{name: _with(said, language, text)})

    return change


def _put(story: Story, number: int, **changes: object) -> Story:
    return story.with_chapter(number, story.chapters[number - 1].model_copy(update=changes))


def _changing(draft: Draft, name: str, change: Callable[[Story, Any], Story]) -> Callable[[], None]:
    """A callback that brings what a field now holds into the story."""
    return _fields.changing(name, lambda value: draft.change(lambda story: change(story, value)))


def _typing(draft: Draft, name: str, change: Callable[[Story, str], Story]) -> Callable[[], None]:
    return _fields.changing(name, lambda text: draft.put_text(name, text, change))


def _line(draft: Draft, name: str, label: str, text: str, change: Callable[[Story, str], Story]) -> None:
    name = f"story_{name}"
    text, fault = draft.unsaved.get(name, (text, ""))
    st.text_input(
        label, text, key=_fields.field(name, text), max_chars=MOST_TITLE,
        on_change=_typing(draft, name, change),
    )  # fmt: skip
    _unsaved(fault)


def _unsaved(fault: str) -> None:
    """Why what a field holds is not in the story."""
    if fault:
        st.warning(_shell.words()(f"story_unsaved.{fault}", most=MOST_TITLE), icon=":material/warning:")


def _prose(
    draft: Draft,
    name: str,
    label: str,
    text: str,
    change: Callable[[Story, str], Story],
    high: int,
    hint: str = "",
) -> None:
    name = f"story_{name}"
    text, fault = draft.unsaved.get(name, (text, ""))
    st.text_area(
        label, text, key=_fields.field(name, text), height=high, max_chars=MOST_TEXT, help=hint or None,
        on_change=_typing(draft, name, change),
    )  # fmt: skip
    _unsaved(fault)


def _faults(told: ToldChapter, words: Words) -> None:
    """What of the chapter names nothing, each with what to do."""
    lines = [_fault(fault, words) for fault in told.faults]
    if told.strange:
        names = words.table("entry")
        lines.append(words("story.strange", what=", ".join(names.get(key, key) for key in told.strange)))
    if lines:
        st.warning("\n".join(f"- {line}" for line in lines), icon=":material/warning:")


def _fault(fault: UnknownMark, words: Words) -> str:
    return words(f"mark_fault.{fault.code}", mark=_shell.plain(fault.mark))


# --- what it shows ----------------------------------------------------------------------------------


def _seen(draft: Draft, number: int, chapter: Chapter, view: View, words: Words) -> None:
    """The view of the chapter: none, or one that is set up on the page it belongs to."""
    with st.container(horizontal=True, vertical_alignment="center"):
        name, mapped = f"with_map_{number}", chapter.view is not None
        st.toggle(
            words("story.with_map"), mapped, key=_fields.field(name, mapped),
            on_change=_changing(draft, name, lambda story, on: _put(story, number, view="" if on else None)),
        )  # fmt: skip
        if chapter.view is not None:
            title = chapter.title[view.language]
            st.button(
                words("story.set_view"), icon=":material/map:", help=words("story.set_view_help"),
                on_click=_story_target.aim, args=(draft.name, number, title, _view(chapter, view)),
            )  # fmt: skip


def _view(chapter: Chapter, view: View) -> View:
    shown, _ = view_of(_shell.store(), chapter.view or "", view.language)
    return shown


# --- live marks -------------------------------------------------------------------------------------


def _insert(draft: Draft, number: int, language: Language, view: View, words: Words) -> None:
    """Figures, charts and records of the data, put at the end of the text."""
    with st.popover(words("story.insert"), icon=":material/data_usage:"):
        kinds = ("figure", "chart", "record")
        kind = st.segmented_control(
            words("story.insert_kind"), kinds, default="figure", required=True, key="insert_kind",
            format_func=lambda one: words(f"story.insert_{one}"), label_visibility="collapsed",
        )  # fmt: skip
        shown = _view(draft.story.chapters[number - 1], view)
        found = list(_offered(kind, shown, words))
        chosen = st.selectbox(
            words("story.insert_what"), found, key="insert_what", index=None,
            placeholder=words("story.insert_choose"),
            format_func=lambda offer: f"{offer.title} · {offer.now}" if offer.now else offer.title,
        )  # fmt: skip
        if chosen is not None:
            st.code(chosen.written, language=None)
            st.button(
                words("story.insert_end"), icon=":material/add:", on_click=_append,
                args=(draft, number, language, chosen.written),
            )  # fmt: skip


def _offered(kind: str | None, shown: View, words: Words) -> Iterator[offers.Offer]:
    store = _shell.store()
    if kind == "chart":
        yield from offers.charts(store, shown)
    elif kind == "record":
        tables = store.catalogue.recorded
        named = [name for name, held in tables.items() if held.named]
        table = st.selectbox(
            words("story.insert_table"), named, key="insert_table",
            format_func=lambda name: tables[name].title[shown.language],
        )  # fmt: skip
        names = store.records(table)[f"name_{shown.language}"].sort_values()
        id_ = st.selectbox(
            words("story.record"),
            list(names.index),
            key="insert_record",
            format_func=lambda one: str(names[one]),
        )
        if id_:
            yield from offers.fields(store, table, id_, shown)
    else:
        yield from offers.figures(store, shown)


def _append(draft: Draft, number: int, language: Language, written: str) -> None:
    def change(story: Story) -> Story:
        text = getattr(story.chapters[number - 1].text, language).rstrip()
        gap = "\n\n" if written.startswith("!") else " "
        return _part(number, "text", language)(story, f"{text}{gap if text else ''}{written}")

    draft.change(change)
