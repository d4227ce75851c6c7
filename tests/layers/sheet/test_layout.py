"""The layout: its text form is read back as it was, and what cannot be read is told and left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.catalog import Catalogue
from layers.sheet.layout import LONGEST, Layout
from layers.store import embedded

CATALOGUE = embedded().catalogue
WORDS = st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=LONGEST).map(str.strip)
LAYOUTS = st.builds(
    Layout,
    scale=st.none() | st.floats(500, 5_000_000).map(lambda n: float(f"{n:.15g}")),
    title=WORDS.filter(str.isprintable),
    organisation=WORDS.filter(str.isprintable),
    author=st.just(""),
    code=st.just("ТА-1"),
    tables=st.lists(st.sampled_from(["projects", "districts", "roads"]), unique=True, max_size=3).map(tuple),
)


@given(LAYOUTS)
def test_the_text_form_is_read_back(layout: Layout) -> None:
    found, problems = Layout.parse(layout.text(), CATALOGUE)
    assert problems == []
    assert found == layout


def test_the_default_is_an_empty_text(catalogue: Catalogue) -> None:
    assert Layout().text() == ""
    assert Layout.parse("", catalogue) == (Layout(), [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("paper=A0", "paper"),
        ("turn=round", "turn"),
        ("grid=msk", "grid"),
        ("block=eskd", "block"),
        ("base=own", "base"),
        ("scale=12", "scale"),
        ("scale=nan", "scale"),
        ("scale=inf", "scale"),
        ("scale=x", "scale"),
        ("tables=nothing", "tables"),
        ("tables=site_score", "tables"),
        ("tables=roads,rivers,districts,projects", "tables"),
        ("legend=maybe", "legend"),
        (f"title={'я' * (LONGEST + 1)}", "title"),
        ("title=a%0Ab", "title"),
        ("colour=red", "colour"),
    ],
)
def test_what_cannot_be_read_is_told_and_left_out(catalogue: Catalogue, text: str, problem: str) -> None:
    found, problems = Layout.parse(f"{text}&author=Иванов", catalogue)
    assert problems == [problem]
    assert found == Layout(author="Иванов")


def test_a_sheet_lies_or_stands() -> None:
    assert Layout(paper="A1").size_mm == (841, 594)
    assert Layout(paper="A4", turn="portrait").size_mm == (210, 297)


def test_the_stamp_leaves_out_what_is_written_on_the_sheet() -> None:
    layout = Layout(title="Т", organisation="О", author="А", code="К", paper="A2")
    assert layout.unsigned == Layout(paper="A2")
