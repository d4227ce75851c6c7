"""Atlases: a sheet for each record, contents that lead there, sources at the end; work that is stopped."""

import io
import re

import pypdfium2
import pytest

from layers.paper.ink import MM
from layers.query import Condition, Query
from layers.records import split
from layers.sheet.atlas import KINDS, Atlas, Kind, NoRecords, Step, _Contents, entries
from layers.sheet.desk import Job, atlas_job, sheet_job
from layers.sheet.layout import Layout
from layers.sheet.sheet import draw
from layers.store import EmbeddedStore
from layers.text import Words
from layers.view import Placed, View
from tests.layers.paper.reading import texts


@pytest.fixture
def view(store: EmbeddedStore) -> View:
    return View(layers=(Placed(id="districts"), Placed(id="settlements")))


def bound(atlas: Atlas) -> tuple[bytes, list[Step]]:
    file = io.BytesIO()
    return (steps := list(atlas.bound(file))) and file.getvalue(), steps


def plain(text: str) -> str:
    return re.sub(r"[\s\u00a0-]+", "", text)


@pytest.mark.parametrize("layout", [Layout(paper="A4"), Layout(paper="A4", turn="portrait", block="gost")])
def test_each_record_has_its_sheet_where_the_contents_say(
    store: EmbeddedStore, view: View, layout: Layout
) -> None:
    atlas = Atlas(store, view, layout, "park_medical")
    pdf, steps = bound(atlas)
    count = len(atlas.entries)
    assert count == len(store.query("park_medical", view.query))
    assert [step.done for step in steps] == list(range(count + 1))
    assert {step.of for step in steps} == {count}
    pages = [plain(page) for page in texts(pdf)]
    assert plain(Words("ru").count("atlas.records", count)) in pages[0]
    for entry in atlas.entries:
        named = [n for n, page in enumerate(pages, start=1) if plain(entry.name) in page]
        (number,) = re.findall(rf"{re.escape(plain(entry.name))}(\d+)", pages[0])[:1]
        assert int(number[: len(str(named[1]))]) == named[1]
    document = pypdfium2.PdfDocument(pdf)
    outline = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    assert outline[0] == ("Содержание", 0)
    assert outline[-1][0] == "Источники"
    assert [title for title, _ in outline[1:-1]] == [entry.name for entry in atlas.entries]
    assert [at for _, at in outline[1:-1]] == list(range(1, count + 1))
    assert pdf.count(b"/Subtype /Link") == count
    document.close()


def test_the_first_sheet_of_an_atlas_has_the_main_inscription(store: EmbeddedStore, view: View) -> None:
    atlas = Atlas(
        store, view, Layout(paper="A4", turn="portrait", block="gost", author="Иванова"), "projects"
    )
    atlas.entries = atlas.entries[:1] * 2
    pdf, _ = bound(atlas)
    pages = texts(pdf)
    assert ["Иванова" in page for page in pages] == [True, True, True, *(False for _ in pages[3:])]
    assert str(len(pages)) in pages[0].split()


def test_contents_stand_above_the_inscription(store: EmbeddedStore, view: View) -> None:
    contents = _Contents(Atlas(store, view, Layout(paper="A4", turn="portrait", block="gost"), "parks"))
    assert len(contents.pages) > 1
    for rows, inscribed in zip(contents.pages, (55, *[15] * len(contents.pages)), strict=False):
        assert min(y for _, _, _, y, _ in rows) >= (inscribed + 5) * MM


def test_the_facts_of_a_record_stand_on_its_sheet_with_its_sources(store: EmbeddedStore, view: View) -> None:
    atlas = Atlas(store, view, Layout(paper="A4"), "park_medical")
    pdf, _ = bound(atlas)
    pages = [plain(page) for page in texts(pdf)]
    for number, entry in enumerate(atlas.entries, start=1):
        record = store.record("park_medical", entry.pick.partition("/")[2])
        assert plain(record["description_ru"]) in pages[number]
        for source in split(record["source_id"]):
            n = atlas.cites.ids.index(source) + 1
            assert f"[{n}]" in pages[number]
            assert plain(store.catalogue.sources[source].title["ru"]) in "".join(
                pages[len(atlas.entries) + 1 :]
            )


def test_filters_choose_the_sheets(store: EmbeddedStore, view: View) -> None:
    query = Query(conditions=(Condition(field="park", values=("medical",)),))
    found = list(entries(store, view.model_copy(update={"query": query}), "projects"))
    assert found
    assert {store.record("projects", e.pick.partition("/")[2])["park"] for e in found} == {"medical"}
    nothing = Query(
        conditions=(Condition(field="park", values=("medical",)), Condition(field="jobs", low=1e9))
    )
    with pytest.raises(NoRecords):
        Atlas(store, view.model_copy(update={"query": nothing}), Layout(), "projects")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("site")])
def test_every_kind_has_records(store: EmbeddedStore, view: View, kind: Kind) -> None:
    found = list(entries(store, view, kind))
    assert len(found) > 10
    assert len({entry.pick for entry in found}) == len(found)


def test_the_same_atlas_is_the_same_file(store: EmbeddedStore, view: View) -> None:
    conditions = (Condition(field="park", values=("sport",)), Condition(field="status", values=("built",)))
    query = Query(conditions=conditions)
    few = view.model_copy(update={"query": query})
    first, again = (bound(Atlas(store, few, Layout(paper="A4"), "projects"))[0] for _ in range(2))
    assert first == again


# --- behind the page --------------------------------------------------------------------------------------


def test_a_job_makes_its_file(store: EmbeddedStore, view: View) -> None:
    job = sheet_job("sheet", "svg", lambda: draw(store, view, Layout(paper="A4")), 100).start()
    job.wait()
    assert not job.under_way
    assert job.name == "sheet.svg"
    assert job.content is not None
    assert job.content.startswith(b"<svg")
    assert job.step == Step(2, 2)


def test_a_job_that_is_cancelled_leaves_nothing(store: EmbeddedStore, view: View) -> None:
    atlas = Atlas(store, view, Layout(paper="A4"), "projects")
    job = atlas_job("atlas", lambda: atlas)
    steps = []

    def work(file: object) -> object:
        for step in atlas.bound(io.BytesIO()):
            steps.append(step)
            job.cancel()
            yield step

    job.work = work  # type: ignore[assignment]
    job.start().wait()
    assert job.stopped
    assert job.content is None
    assert len(steps) == 1


def test_what_goes_wrong_is_told(store: EmbeddedStore, view: View) -> None:
    def broken() -> Atlas:
        raise NoRecords("projects")

    job: Job = atlas_job("atlas", broken).start()
    job.wait()
    assert isinstance(job.fault, NoRecords)
    assert not job.stopped
    assert job.content is None
