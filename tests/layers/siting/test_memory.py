"""What is kept in memory: within its bytes, the last used ones, each let go of once."""

from concurrent.futures import ThreadPoolExecutor

from layers.siting.memory import Memory


def test_what_was_not_used_longest_is_let_go() -> None:
    gone: list[str] = []
    memory: Memory[str] = Memory(10, len, gone.append)
    for key in ("aaaa", "bbbb", "aaaa", "cccc"):
        assert memory.get(key, lambda key=key: key) == key  # type: ignore[misc]
    assert gone == ["bbbb"]
    assert (memory.bytes, len(memory)) == (8, 2)


def test_a_value_is_made_once_and_one_that_is_nothing_is_a_value() -> None:
    made: list[int] = []
    memory: Memory[None] = Memory(10, lambda _: 1)
    for _ in range(3):
        assert memory.get("a", lambda: made.append(1)) is None
    assert made == [1]


def test_the_last_is_kept_however_large_it_is() -> None:
    memory: Memory[str] = Memory(3, len)
    memory.get("a", lambda: "a")
    memory.get("b", lambda: "b" * 100)
    assert (memory.bytes, len(memory)) == (100, 1)
    memory.get("c", lambda: "c")
    assert (memory.bytes, len(memory)) == (1, 1)


def test_what_is_forgotten_is_made_again() -> None:
    gone: list[str] = []
    memory: Memory[str] = Memory(10, len, gone.append)
    memory.get("a", lambda: "old")
    memory.forget("a")
    memory.forget("unheard")
    assert memory.get("a", lambda: "new") == "new"
    memory.clear()
    assert gone == ["old", "new"]
    assert memory.bytes == 0


def test_threads_that_ask_at_once_are_given_the_same() -> None:
    memory: Memory[object] = Memory(10, lambda _: 1)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: memory.get("a", object), range(64)))
    assert len(set(map(id, found))) == 1
    assert memory.bytes == 1
