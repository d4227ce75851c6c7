"""What office files share: fixed bytes whatever the hour, also of workbooks within; themes."""

import io
import re
import zipfile

from pptx import Presentation

from layers.paper.ink import ACCENT, INK
from layers.paper.office import FACE, day_of, repacked, themed

CORE = (
    '<x xmlns:dcterms="d"><dcterms:created t="w">{0}</dcterms:created>'
    "<dcterms:modified>{0}</dcterms:modified></x>"
)


def packed(parts: dict[str, bytes], hour: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        for name, part in parts.items():
            out.writestr(zipfile.ZipInfo(name, (2026, 1, 1, hour, 0, 0)), part)
    return file.getvalue()


def book(hour: int) -> bytes:
    core = CORE.format(f"2026-01-01T{hour:02}:00:00Z").encode()
    return packed({"docProps/core.xml": core, "xl/a.xml": b"<a/>"}, hour)


def whole(hour: int, turned: bool = False) -> bytes:
    parts = {"a.xml": b"<a/>", "embeddings/book.xlsx": book(hour), "[Content_Types].xml": b"<t/>"}
    return packed(dict(reversed(parts.items())) if turned else parts, hour)


def test_neither_hour_nor_order_matters() -> None:
    assert repacked(whole(3), "2026-11-26") == repacked(whole(17, turned=True), "2026-11-26")


def test_the_types_come_first_and_books_have_the_day() -> None:
    with zipfile.ZipFile(io.BytesIO(repacked(whole(3), "2026-11-26"))) as found:
        assert found.namelist()[0] == "[Content_Types].xml"
        with zipfile.ZipFile(io.BytesIO(found.read("embeddings/book.xlsx"))) as inner:
            core = inner.read("docProps/core.xml").decode()
    assert re.findall(r">([^<>]+)<", core) == ["2026-11-26T00:00:00Z"] * 2


def test_parts_are_changed_by_the_beginning_of_their_names() -> None:
    changed = repacked(whole(3), "", {"a": lambda part: part + b"!"})
    with zipfile.ZipFile(io.BytesIO(changed)) as found:
        assert found.read("a.xml") == b"<a/>!"
        assert found.read("[Content_Types].xml") == b"<t/>"


def test_a_document_without_a_day_has_one_nevertheless() -> None:
    assert day_of("").year == 2000
    assert str(day_of("2026-11-26").date()) == "2026-11-26"


def test_a_theme_takes_our_colours_and_face() -> None:
    file = io.BytesIO()
    Presentation().save(file)
    with zipfile.ZipFile(file) as made:
        part = themed(made.read("ppt/theme/theme1.xml")).decode()
    colours = re.search(r"<a:clrScheme.*?</a:clrScheme>", part, re.DOTALL)
    assert colours is not None
    assert INK[1:].upper() in colours[0]
    assert ACCENT[1:].upper() in colours[0]
    assert set(re.findall(r'<a:latin typeface="([^"]*)"', part)) == {FACE}
