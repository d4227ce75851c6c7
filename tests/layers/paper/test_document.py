"""Blocks: links that lead somewhere safe, numbers of sources, widths of columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.paper.document import CONTENT_MM, Citations, Link, column_widths_mm, runs
from layers.store import EmbeddedStore


@pytest.mark.parametrize(
    ("href", "leads"),
    [
        ("https://example.org/a?b=1", True),
        ("http://example.org", True),
        ("mailto:a@example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//example.org", False),
        ("https://", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_safe_addresses_lead(href: str, leads: bool) -> None:
    assert Link("x", href).leads is leads


def test_sources_are_numbered_as_they_are_cited(store: EmbeddedStore) -> None:
    one, two, three = list(store.catalogue.sources)[:3]
    cited = Citations()
    assert cited([two]) == (1,)
    assert cited([three, two]) == (1, 2)
    assert cited([one, two]) == (1, 3)
    lines = cited.sources(store.catalogue, "en", "Sources").lines
    assert [line.title for line in lines] == [store.catalogue.sources[i].title.en for i in (two, three, one)]


def test_a_list_that_can_be_read_once_is_cited_too() -> None:
    assert Citations()(iter(["b", "a"])) == (1, 2)


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=5))
def test_columns_share_the_width(shares: list[float]) -> None:
    widths = column_widths_mm(tuple(shares))
    assert sum(widths) + 6 * (len(shares) - 1) == pytest.approx(CONTENT_MM)
    assert widths[0] / widths[-1] == pytest.approx(shares[0] / shares[-1])


@given(st.sets(st.integers(1, 60)))
def test_runs_tell_the_same_numbers(numbers: set[int]) -> None:
    told = runs(sorted(numbers))
    assert {n for first, last in told for n in range(first, last + 1)} == numbers
    assert all(last == first or last - first >= 2 for first, last in told)


def test_three_that_follow_each_other_are_a_run() -> None:
    assert runs([1, 2, 3, 5, 6, 9]) == [(1, 3), (5, 5), (6, 6), (9, 9)]
