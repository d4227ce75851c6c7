"""Things that readers bring, on a page: which are kept, removing one, bringing it back, what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

import streamlit as st

from geo.errors import GeoError
from layers.siting.keepsakes import Keepsakes, T
from layers.text import Words
from pages import _shell


@dataclass(frozen=True)
class Shown(Generic[T]):
    """Things of a kind as a page shows them: `described` says of one what stands under its title.

    `about` is their name in keys; the section of texts that holds what may be wrong is called after it, too.
    """

    about: str
    held: Keepsakes[T]
    described: Callable[[T, Words], str]

    def rows(self, words: Words) -> None:
        """Those that are kept, each of which can be removed; what was removed last can be brought back."""
        try:
            for one in self.held.kept():
                self._row(one, words)
        except GeoError as fault:
            self.tell(fault, words)
        gone: T | None = st.session_state.get(self._gone)
        if gone is not None:
            st.button(
                words("kept.restore", title=_shell.plain(gone.title)), icon=":material/undo:",
                key=f"restore_{self.about}", on_click=self._restore, args=(gone,),
            )  # fmt: skip

    def tell(self, fault: GeoError, words: Words) -> None:
        """Say what is wrong, and what to do."""
        _shell.log.warning("%s", fault)
        st.error(self._told(fault, words), icon=":material/error:")

    @property
    def _gone(self) -> str:
        return f"{self.about}_gone"

    def _told(self, fault: GeoError, words: Words) -> str:
        known = words.table(f"{self.about}_fault")
        return known.get(fault.code, known["other"])

    def _row(self, one: T, words: Words) -> None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            told = _shell.plain(self.described(one, words))
            st.caption(f"{_shell.plain(one.title)}  \n{told}", width="stretch")
            st.button(
                "", icon=":material/delete:", key=f"drop_{self.about}_{one.number}",
                help=words("kept.delete"), on_click=self._remove, args=(one,), type="tertiary",
            )  # fmt: skip

    def _remove(self, one: T) -> None:
        self._changed(self.held.remove, one, one)

    def _restore(self, one: T) -> None:
        self._changed(self.held.restore, one, None)

    def _changed(self, change: Callable[[T], None], one: T, gone: T | None) -> None:
        """Remove one or bring it back; what is then gone can be brought back, also where that failed once."""
        try:
            change(one)
        except GeoError as fault:
            st.toast(self._told(fault, _shell.words()), icon=":material/error:")
            return
        st.session_state[self._gone] = gone
