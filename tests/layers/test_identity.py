"""The identity of an agency: read, checked, and shown on paper and screen."""

import io
import os
import subprocess
import sys
from ast import literal_eval
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from fontTools import subset
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from layers import identity as identities
from layers.identity import ACCENT, SETTING, Identity, contrast, identity, mixed, read
from layers.paper.ink import MM
from layers.paper.logo import logo
from layers.settings import SettingError

ROOT = Path(__file__).resolve().parents[2]
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
    '<path fill="#7a1f3d" d="M0 0H40V20H0Z"/></svg>'
)
WHOLE = """
[name]
ru = "Агентство развития"
en = "Development Agency"

[colours]
accent = "#7A1F3D"

[logo]
file = "logo.svg"

[fonts]
regular = "regular.ttf"
bold = "bold.ttf"
"""
COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def serif(name: str) -> bytes:
    """A face with Cyrillic that is not the built-in one; matplotlib brings it."""
    found = find_spec("matplotlib")
    assert found
    assert found.origin
    return (Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / name).read_bytes()


def png(wide: int, high: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", (wide, high), (122, 31, 61, 255)).save(file, format="PNG")
    return file.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "logo.svg").write_text(SVG, encoding="utf-8")
    (tmp_path / "logo.png").write_bytes(png(400, 100))
    (tmp_path / "regular.ttf").write_bytes(serif("DejaVuSerif.ttf"))
    (tmp_path / "bold.ttf").write_bytes(serif("DejaVuSerif-Bold.ttf"))
    return tmp_path


def given_(folder: Path, text: str) -> Identity:
    file = folder / "identity.toml"
    file.write_text(text, encoding="utf-8")
    return read(file)


def test_without_a_file_the_planner_is_as_it_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    identity.cache_clear()
    assert identity() == Identity()
    assert identity().called("ru") == ""
    assert logo(10, 40) is None


def test_a_whole_file_is_read(folder: Path) -> None:
    found = given_(folder, WHOLE)
    assert (found.called("ru"), found.called("en")) == ("Агентство развития", "Development Agency")
    assert found.accent == found.main == "#7a1f3d"
    assert contrast(found.tint, found.accent) >= 4.5
    assert found.logo
    assert found.logo.wide == 2
    assert found.logo.address.startswith("data:image/svg+xml;base64,")
    assert found.faces
    assert found.faces.bold == serif("DejaVuSerif-Bold.ttf")


def test_every_part_may_be_left_out(folder: Path) -> None:
    assert given_(folder, "") == Identity()
    assert given_(folder, '[colours]\ntint = "#f4f4f4"').accent == ACCENT
    named = given_(folder, '[name]\nru = "А"\nen = "A"')
    assert named.model_copy(update={"name": None}) == Identity()


@pytest.mark.parametrize(
    ("text", "key", "why"),
    [
        ("[colours", "TOML", ""),
        ("[color]", "color", "not known"),
        ("name = 3", "name", "section"),
        ('[colours]\nprimary = "#000000"', "colours.primary", "accent, tint"),
        ("[colours]\naccent = 7", "colours.accent", "text in quotes"),
        ('[colours]\naccent = "red"', "colours.accent", "no colour"),
        ('[colours]\naccent = "#ff9900"', "colours.accent", "white"),
        ('[colours]\ntint = "#444444"', "colours.tint", "text of"),
        ('[name]\nru = "А"', "name.en", "missing"),
        (f'[name]\nru = "{"А" * 91}"\nen = "A"', "name.ru", "90"),
        ('[logo]\npaper = "logo.png"', "logo.file", "missing"),
        ('[logo]\nfile = "gone.svg"', "logo.file", "gone.svg"),
        ('[logo]\nfile = "../logo.svg"', "logo.file", "beside"),
        ('[logo]\nfile = "identity.toml"', "logo.file", "neither"),
        ('[logo]\nfile = "large.png"', "logo.file", "bytes"),
        ('[logo]\nfile = "small.png"', "logo.file", "px"),
        ('[logo]\nfile = "long.png"', "logo.file", "times as wide"),
        ('[logo]\nfile = "false.png"', "logo.file", "no sound PNG"),
        ('[logo]\nfile = "text.svg"', "logo.file", "logo.paper"),
        ('[fonts]\nregular = "regular.ttf"', "fonts.bold", "missing"),
        ('[fonts]\nregular = "logo.svg"\nbold = "bold.ttf"', "fonts.regular", "no sound TrueType"),
        ('[fonts]\nregular = "latin.ttf"\nbold = "bold.ttf"', "fonts.regular", "Cyrillic"),
        ('[fonts]\nregular = "closed.ttf"\nbold = "bold.ttf"', "fonts.regular", "licence"),
    ],
)
def test_a_fault_names_the_file_the_key_and_the_reason(folder: Path, text: str, key: str, why: str) -> None:
    (folder / "large.png").write_bytes(b"\x89PNG" + bytes(400_000))
    (folder / "small.png").write_bytes(png(60, 30))
    (folder / "long.png").write_bytes(png(900, 100))
    (folder / "false.png").write_bytes(b"GIF89a")
    (folder / "text.svg").write_text(SVG.replace("<path", "<text>А</text><path"), encoding="utf-8")
    (folder / "latin.ttf").write_bytes(without_cyrillic())
    (folder / "closed.ttf").write_bytes(without_leave())
    with pytest.raises(SettingError) as told:
        given_(folder, text)
    message = str(told.value)
    assert message.startswith(f"{SETTING}: {folder / 'identity.toml'}")
    assert key in message
    assert why in message


def without_cyrillic() -> bytes:
    font = TTFont(io.BytesIO(serif("DejaVuSerif.ttf")))
    cut = subset.Subsetter()
    cut.populate(unicodes=range(0x20, 0x7F))
    cut.subset(font)
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


def without_leave() -> bytes:
    font = TTFont(io.BytesIO(serif("DejaVuSerif.ttf")))
    font["OS/2"].fsType = 0x0002
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


def test_a_file_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, str(tmp_path / "gone.toml"))
    identity.cache_clear()
    with pytest.raises(SettingError, match=r"gone\.toml"):
        identity()
    monkeypatch.undo()
    identity.cache_clear()


def test_a_picture_takes_the_place_of_an_svg_that_paper_cannot_set(folder: Path) -> None:
    (folder / "text.svg").write_text(SVG.replace("<path", "<text>А</text><path"), encoding="utf-8")
    found = given_(folder, '[logo]\nfile = "text.svg"\npaper = "logo.png"').logo
    assert found
    assert found.media == "image/svg+xml"
    assert (found.svg, found.png, found.wide) == ("", png(400, 100), 4)


@pytest.mark.parametrize("file", ["logo.svg", "logo.png"])
@pytest.mark.parametrize("room", [(10.0, 100.0), (30.0, 12.0)])
def test_the_logo_keeps_its_shape_within_its_room(folder: Path, file: str, room: tuple[float, float]) -> None:
    whose = given_(folder, f'[logo]\nfile = "{file}"')
    drawing = logo(*room, whose)
    assert drawing
    assert whose.logo
    assert drawing.width / drawing.height == pytest.approx(whose.logo.wide)
    assert drawing.height <= room[0] * MM + 1e-6
    assert drawing.width <= room[1] * MM + 1e-6


@given(COLOURS, COLOURS, st.floats(0, 1))
def test_contrast_is_that_of_wcag(one: str, other: str, share: float) -> None:
    assert 1 <= contrast(one, other) == contrast(other, one) <= 21.001
    assert contrast(one, one) == 1
    for part in (slice(1, 3), slice(3, 5), slice(5, 7)):
        low, high = sorted(int(colour[part], 16) for colour in (one, other))
        assert low <= int(mixed(one, other, share)[part], 16) <= high
    assert mixed(one, other, 1) == one
    assert mixed(one, other, 0) == other


def test_known_contrasts() -> None:
    """White on black, and the greys that are quoted as the least on white."""
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


_ASKED = """
import sys
import geo
from layers.chart import MAIN
from layers.paper import fonts
from layers.paper.document import Document, Link, Notice, Paragraph
from layers.paper.hypertext import as_html
from layers.paper.ink import ACCENT, TINT
from layers.paper.pdf import as_pdf
from layers.store import embedded
from layers.view import View
from layers.webmap import build
text = "Площадь ≥ 5 га → 7 ′ ₽"
told = Paragraph((text, Link("ссылка", "https://example.org")))
document = Document("Заголовок", "", "ru", (told, Notice(text)), "", "2026-01-01")
one, other = as_pdf(document), as_pdf(document)
assert one == other
sys.stdout.buffer.write(repr({"ink": (ACCENT, TINT, MAIN), "html": as_html(document), "pdf": one,
    "missing": sorted(fonts.missing(text)), "wide": fonts.width("Томск", 10),
    "map": ":root { --st-primary-color: #7a1f3d" in build(embedded(), View(layers=()), inline=True).page(),
    }).encode())
"""


def asked(**settings: str) -> dict[str, Any]:
    """What a planner of its own makes."""
    command = [sys.executable, "-c", _ASKED]
    made = subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, check=True)
    found: dict[str, Any] = literal_eval(made.stdout.decode())
    return found


def test_paper_charts_and_saved_maps_wear_it(folder: Path) -> None:
    (folder / "identity.toml").write_text(WHOLE, encoding="utf-8")
    theirs, ours = asked(**{SETTING: str(folder / "identity.toml")}), asked(**{SETTING: ""})
    assert theirs["ink"] == ("#7a1f3d", given_(folder, WHOLE).tint, "#7a1f3d")
    assert ours["ink"] == (ACCENT, identities.TINT, identities.MAIN)
    assert "--accent: #7a1f3d" in theirs["html"]
    assert 'alt="Агентство развития"' in theirs["html"]
    assert "<img" not in ours["html"]
    assert theirs["map"]
    assert not ours["map"]
    # Other letters, and no sign of ours is lost with them.
    assert theirs["wide"] != ours["wide"]
    assert theirs["missing"] == ours["missing"] == []
    assert len(theirs["pdf"]) != len(ours["pdf"])
