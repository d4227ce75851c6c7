"""The shelf: documents kept by title in one file, whole or not at all."""

import os
import shutil
import sqlite3
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from pathlib import Path
from threading import Timer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import shelf as module
from layers.shelf import (
    MOST_TEXT,
    MOST_TITLE,
    SETTING,
    Document,
    ShelfError,
    SqliteShelf,
    blank,
    data_folder,
    shelf,
)

KIND = "road-scenario:tomsk"


@pytest.fixture
def kept(tmp_path: Path) -> SqliteShelf:
    return SqliteShelf(tmp_path)


def titles(of: SqliteShelf, kind: str = KIND) -> list[str]:
    return [document.title for document in of.all(kind)]


def refused(code: str) -> AbstractContextManager[object]:
    return pytest.raises(ShelfError, check=lambda fault: fault.code == code)


# --- keeping ----------------------------------------------------------------------------------------


def test_a_shelf_that_nobody_has_used_is_empty_and_makes_no_file(kept: SqliteShelf) -> None:
    assert kept.all(KIND) == []
    assert not kept.path.exists()


def test_what_is_put_is_there(kept: SqliteShelf) -> None:
    document = kept.put(KIND, "Мост", "third-tom-bridge-link:open")
    assert kept.all(KIND) == [document]
    assert (document.kind, document.title, document.text) == (KIND, "Мост", "third-tom-bridge-link:open")
    assert document.changed.endswith("+00:00")


def test_the_folder_is_made(tmp_path: Path) -> None:
    deep = SqliteShelf(tmp_path / "a" / "b")
    deep.put(KIND, "one", "text")
    assert titles(SqliteShelf(tmp_path / "a" / "b")) == ["one"]


def test_documents_are_sorted_by_title_whatever_its_case(kept: SqliteShelf) -> None:
    for title in ("ярус", "Берег", "alpha", "Beta", "берёза", "10"):
        kept.put(KIND, title, "text")
    assert titles(kept) == sorted(titles(kept), key=str.casefold)
    assert titles(kept)[:3] == ["10", "alpha", "Beta"]


def test_a_title_is_trimmed(kept: SqliteShelf) -> None:
    assert kept.put(KIND, "  Мост \n через\t Томь ", "text").title == "Мост через Томь"
    assert titles(kept) == ["Мост через Томь"]


def test_a_title_is_used_once_in_a_kind(kept: SqliteShelf) -> None:
    kept.put(KIND, "Мост", "first")
    with refused("exists"):
        kept.put(KIND, " Мост ", "second")
    assert [d.text for d in kept.all(KIND)] == ["first"]
    kept.put("model", "Мост", "another kind")
    assert [d.text for d in kept.all("model")] == ["another kind"]


def test_a_document_is_replaced_when_told_to(kept: SqliteShelf) -> None:
    first = kept.put(KIND, "Мост", "first")
    second = kept.put(KIND, "Мост", "second", replace=True)
    assert second.id == first.id
    assert kept.all(KIND) == [second]
    assert kept.put(KIND, "New", "text", replace=True) in kept.all(KIND)


@pytest.mark.parametrize("title", ["", "   ", "\n\t", "\u200b", "\u200b \u3164", "я" * (MOST_TITLE + 1)])
def test_a_title_is_needed_and_not_too_long(kept: SqliteShelf, title: str) -> None:
    with refused("title"):
        kept.put(KIND, title, "text")
    assert kept.all(KIND) == []


def test_the_longest_title_and_text_fit(kept: SqliteShelf) -> None:
    kept.put(KIND, "я" * MOST_TITLE, "я" * MOST_TEXT)
    with refused("long"):
        kept.put(KIND, "more", "я" * (MOST_TEXT + 1))
    assert titles(kept) == ["я" * MOST_TITLE]


def test_a_full_shelf_takes_no_more_but_lets_what_is_there_change(
    kept: SqliteShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_DOCUMENTS", 3)
    made = [kept.put(KIND, f"{n}", "text") for n in range(3)]
    with refused("full"):
        kept.put(KIND, "more", "text")
    assert kept.put(KIND, "0", "changed", replace=True).text == "changed"
    kept.drop(made[1].id)
    kept.put(KIND, "more", "text")
    assert titles(kept) == ["0", "2", "more"]


@given(st.text(min_size=1, max_size=60), st.text(max_size=200))
def test_any_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, title: str, text: str
) -> None:
    there = SqliteShelf(tmp_path_factory.mktemp("shelf"))
    if blank(title):
        with refused("title"):
            there.put(KIND, title, text)
        return
    document = there.put(KIND, title, text)
    assert there.all(KIND) == [document]
    assert document.text == text


def test_hostile_text_is_only_text(kept: SqliteShelf) -> None:
    hostile = "'); drop table document; --"
    kept.put(KIND, hostile, hostile)
    kept.put(hostile, "title", "text")
    assert titles(kept) == [hostile]
    assert titles(kept, hostile) == ["title"]


# --- taking away and bringing back ------------------------------------------------------------------


def test_what_is_dropped_can_be_brought_back(kept: SqliteShelf) -> None:
    document = kept.put(KIND, "Мост", "text")
    kept.drop(document.id)
    assert kept.all(KIND) == []
    kept.restore(document.id)
    assert kept.all(KIND) == [document]


def test_nothing_is_brought_back_onto_a_title_in_use(kept: SqliteShelf) -> None:
    old = kept.put(KIND, "Мост", "old")
    kept.drop(old.id)
    new = kept.put(KIND, "Мост", "new")
    with refused("exists"):
        kept.restore(old.id)
    assert kept.all(KIND) == [new]
    kept.drop(new.id)
    kept.restore(old.id)
    assert kept.all(KIND) == [old]


def test_the_same_title_may_be_dropped_again_and_again(kept: SqliteShelf) -> None:
    for text in ("one", "two", "three"):
        kept.drop(kept.put(KIND, "Мост", text).id)
    assert kept.all(KIND) == []


def test_dropping_what_is_not_there_changes_nothing(kept: SqliteShelf) -> None:
    document = kept.put(KIND, "Мост", "text")
    kept.drop(document.id + 1)
    with refused("gone"):
        kept.restore(document.id + 1)
    kept.restore(document.id)
    assert kept.all(KIND) == [document]


def test_what_was_dropped_is_kept_as_it_was_for_a_month_and_then_removed(
    kept: SqliteShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, now = 24 * 3600, 1_800_000_000
    monkeypatch.setattr(module, "_unix", lambda: now)
    first = kept.put(KIND, "Мост", "text")
    kept.drop(first.id)
    now += 20 * day
    kept.drop(first.id)
    second = kept.put(KIND, "Дорога", "text")
    kept.drop(second.id)
    now += 11 * day
    kept.put(KIND, "Третий", "text")
    with refused("gone"):
        kept.restore(first.id)
    kept.restore(second.id)
    assert titles(kept) == ["Дорога", "Третий"]
    assert second in kept.all(KIND)


def test_there_is_an_end_to_how_much_of_what_was_dropped_is_kept(
    kept: SqliteShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_GONE", 2)
    made = [kept.put(KIND, f"{n}", "text") for n in range(4)]
    for document in made:
        kept.drop(document.id)
    kept.put(KIND, "more", "text")
    for document in made[:2]:
        with refused("gone"):
            kept.restore(document.id)
    for document in made[2:]:
        kept.restore(document.id)
    with closing(sqlite3.connect(kept.path)) as base:
        assert base.execute("select count(*) from document").fetchone() == (3,)


# --- others -----------------------------------------------------------------------------------------


def test_what_another_process_writes_is_seen(tmp_path: Path) -> None:
    here, there = SqliteShelf(tmp_path), SqliteShelf(tmp_path)
    document = here.put(KIND, "Мост", "text")
    assert there.all(KIND) == [document]
    there.put(KIND, "Мост", "changed", replace=True)
    assert [d.text for d in here.all(KIND)] == ["changed"]
    here.drop(document.id)
    assert there.all(KIND) == []


def test_threads_may_write_at_once(tmp_path: Path) -> None:
    names = [f"scenario {n:02}" for n in range(24)]

    def put(name: str) -> Document:
        return SqliteShelf(tmp_path).put(KIND, name, name * 50)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(put, names))
    assert titles(SqliteShelf(tmp_path)) == names
    assert len({document.id for document in made}) == len(names)


def test_of_two_who_want_a_title_one_has_it(tmp_path: Path) -> None:
    def put(text: str) -> str:
        try:
            return SqliteShelf(tmp_path).put(KIND, "Мост", text).text
        except ShelfError as fault:
            return fault.code

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(put, "abcdefgh"))
    won = [document.text for document in SqliteShelf(tmp_path).all(KIND)]
    assert sorted(told) == sorted([*won, *["exists"] * 7])


def test_the_first_writer_waits_for_another_who_has_just_made_the_file(kept: SqliteShelf) -> None:
    """Two processes start on an empty folder: the file is there, of the plain kind, and held by the other."""
    other = sqlite3.connect(kept.path, isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    other.execute("create table elsewhere (a)")
    timer = Timer(0.3, lambda: other.execute("commit"))
    timer.start()
    try:
        document = kept.put(KIND, "Мост", "text")
    finally:
        timer.join()
        other.close()
    assert kept.all(KIND) == [document]


def test_who_waits_too_long_is_told(kept: SqliteShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAIT_S", 0.05)
    document = kept.put(KIND, "Мост", "text")
    other = sqlite3.connect(kept.path, isolation_level=None)
    other.execute("begin exclusive")
    with refused("unusable"):
        kept.put(KIND, "Другой", "text")
    other.execute("rollback")
    other.close()
    assert kept.all(KIND) == [document]


def test_a_reader_waits_for_no_writer(kept: SqliteShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAIT_S", 0.05)
    document = kept.put(KIND, "Мост", "text")
    with closing(sqlite3.connect(kept.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        other.execute("update document set text = 'half'")
        assert kept.all(KIND) == [document]
        other.execute("rollback")


def test_reading_makes_nothing(kept: SqliteShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the table where it is missing nor a file that has gone in the meantime."""
    kept.path.write_bytes(b"")
    assert kept.all(KIND) == []
    assert kept.path.read_bytes() == b""
    kept.path.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "exists", lambda _: True)
        with refused("unusable"):
            kept.all(KIND)
    assert not list(kept.path.parent.iterdir())


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="another user of the system is needed")
def test_a_shelf_is_read_where_nothing_may_be_written(kept: SqliteShelf, tmp_path: Path) -> None:
    """As another user, since root may write anywhere."""
    document = kept.put(KIND, "Мост", "text")
    away = Path(tempfile.mkdtemp(prefix="a shelf #?%"))
    try:
        shutil.copy(kept.path, away)
        (away / kept.path.name).chmod(0o444)
        away.chmod(0o555)
        if os.geteuid() == 0:
            os.seteuid(65534)
        try:
            assert SqliteShelf(away).all(KIND) == [document]
            with refused("unusable"):
                SqliteShelf(away).drop(document.id)
        finally:
            if os.getuid() == 0:
                os.seteuid(0)
    finally:
        away.chmod(0o755)
        shutil.rmtree(away)


def test_a_writer_that_was_killed_is_undone_by_the_next_reader(kept: SqliteShelf, tmp_path: Path) -> None:
    """The file and its journal as they lie on the disk amid a change of many pages."""
    documents = [kept.put(KIND, f"{n:03}", "x" * 5000) for n in range(30)]
    killed = SqliteShelf(tmp_path / "killed")
    killed.path.parent.mkdir()
    with closing(sqlite3.connect(kept.path, isolation_level=None)) as other:
        other.execute("pragma cache_size = 2")
        other.execute("begin immediate")
        other.execute("update document set text = upper(text), title = title || '!'")
        for end in ("", "-journal"):
            shutil.copy(f"{kept.path}{end}", killed.path.parent)
        other.execute("rollback")
    assert killed.path.read_bytes() != kept.path.read_bytes()
    assert killed.all(KIND) == documents


# --- faults -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"no database at all" * 200, b"\x00" * 8192, b"SQLite format 3\x00" * 300]
)
def test_a_file_that_is_no_database_is_told_and_left_alone(kept: SqliteShelf, content: bytes) -> None:
    kept.path.write_bytes(content)
    acts = (
        lambda: kept.all(KIND),
        lambda: kept.put(KIND, "a", "b"),
        lambda: kept.drop(1),
        lambda: kept.restore(1),
    )
    for act in acts:
        with refused("unusable"):
            act()
    assert kept.path.read_bytes() == content


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file", encoding="utf-8")
    with refused("unusable"):
        SqliteShelf(tmp_path / "var").put(KIND, "a", "b")
    assert (tmp_path / "var").read_text(encoding="utf-8") == "a file"


def test_a_shelf_that_may_not_be_written_is_told(kept: SqliteShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened as the operating system opens a file that may only be read (root may write all others)."""
    document = kept.put(KIND, "Мост", "text")
    connect = sqlite3.connect
    with monkeypatch.context() as patch:
        patch.setattr(
            module.sqlite3, "connect", lambda path, **k: connect(f"file:{path}?mode=ro", uri=True, **k)
        )
        for act in (lambda: kept.put(KIND, "more", "text"), lambda: kept.drop(document.id)):
            with refused("unusable"):
                act()
    assert kept.all(KIND) == [document]


def test_a_file_of_another_make_is_told(kept: SqliteShelf) -> None:
    with sqlite3.connect(kept.path) as base:
        base.execute("create table document (id integer primary key, kind text)")
    base.close()
    with refused("unusable"):
        kept.all(KIND)


class Breaking:
    """A connection that breaks before a statement that starts in some way."""

    def __init__(self, base: sqlite3.Connection, start: str) -> None:
        self.base, self.start = base, start

    def __enter__(self) -> "Breaking":
        self.base.__enter__()
        return self

    def __exit__(self, *fault: object) -> None:
        self.base.__exit__(*fault)  # type: ignore[arg-type]

    def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        done = self.base.execute(statement, *values)  # type: ignore[arg-type]
        if statement.startswith(self.start):
            raise sqlite3.OperationalError("disk I/O error")
        return done

    def executescript(self, script: str) -> sqlite3.Cursor:
        return self.base.executescript(script)

    def close(self) -> None:
        self.base.close()


@pytest.mark.parametrize("start", ["insert", "update"])
def test_a_fault_in_the_middle_leaves_what_was_there(
    kept: SqliteShelf, monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    """The statement is carried out, then the disk fails before the end of the transaction."""
    document = kept.put(KIND, "Мост", "text")
    connect = sqlite3.connect
    with monkeypatch.context() as patch:
        patch.setattr(module.sqlite3, "connect", lambda *a, **k: Breaking(connect(*a, **k), start))
        acts = {
            "insert": [lambda: kept.put(KIND, "Новый", "text")],
            "update": [
                lambda: kept.put(KIND, "Мост", "changed", replace=True),
                lambda: kept.drop(document.id),
            ],
        }
        for act in acts[start]:
            with refused("unusable"):
                act()
    assert kept.all(KIND) == [document]


def test_a_connection_is_always_closed(kept: SqliteShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def watched(*args: object, **more: object) -> sqlite3.Connection:
        opened.append(connect(*args, **more))  # type: ignore[arg-type, call-overload]
        return opened[-1]

    monkeypatch.setattr(module.sqlite3, "connect", watched)
    kept.put(KIND, "Мост", "text")
    with refused("exists"):
        kept.put(KIND, "Мост", "again")
    kept.all(KIND)
    assert len(opened) == 3
    for base in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            base.execute("select 1")


# --- where it is ------------------------------------------------------------------------------------


def test_the_setting_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, str(tmp_path / "kept"))
    assert data_folder() == tmp_path / "kept"
    shelf.cache_clear()
    try:
        shelf().put(KIND, "Мост", "text")
        assert shelf() is shelf()
        assert titles(SqliteShelf(tmp_path / "kept")) == ["Мост"]
    finally:
        shelf.cache_clear()


@pytest.mark.parametrize("value", [None, ""])
def test_without_the_setting_it_lies_beside_the_program(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv(SETTING, raising=False) if value is None else monkeypatch.setenv(SETTING, value)
    assert data_folder() == Path(module.__file__).resolve().parents[1] / "var"


def test_a_home_folder_is_understood(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(SETTING, "~/planner")
    assert data_folder() == tmp_path / "planner"


# --- writing anew -------------------------------------------------------------------------------------


def test_a_document_is_found_by_its_number(kept: SqliteShelf) -> None:
    assert kept.get(1) is None
    document = kept.put(KIND, "Мост", "a:open")
    assert kept.get(document.id) == document
    kept.drop(document.id)
    assert kept.get(document.id) is None


def test_a_document_is_written_anew_under_another_title(kept: SqliteShelf) -> None:
    document = kept.put(KIND, "Мост", "a:open")
    changed = kept.rewrite(document, "  Третий   мост ", "b:open")
    assert kept.all(KIND) == [changed]
    assert (changed.id, changed.title, changed.text) == (document.id, "Третий мост", "b:open")


def test_what_somebody_else_has_changed_is_not_overwritten(kept: SqliteShelf) -> None:
    document = kept.put(KIND, "Мост", "a:open")
    changed = kept.rewrite(document, "Мост", "b:open")
    with refused("changed"):
        kept.rewrite(document, "Мост", "c:open")
    assert kept.all(KIND) == [changed]


def test_nothing_is_written_into_what_is_gone_or_under_a_title_in_use(kept: SqliteShelf) -> None:
    document, other = kept.put(KIND, "Мост", "a:open"), kept.put(KIND, "Дорога", "b:open")
    with refused("exists"):
        kept.rewrite(document, "Дорога", "c:open")
    with refused("title"):
        kept.rewrite(document, " ", "c:open")
    with refused("long"):
        kept.rewrite(document, "Мост", "x" * (MOST_TEXT + 1))
    kept.drop(document.id)
    with refused("gone"):
        kept.rewrite(document, "Мост", "c:open")
    assert kept.all(KIND) == [other]
