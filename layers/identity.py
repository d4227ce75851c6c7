"""The identity of the agency that runs the planner: its name, logo, colours and faces, in one file.

The setting `PLANNER_IDENTITY` names a TOML file with its logo and faces beside it; without one the planner
looks as it is built. The colours of maps and charts, by which records are told apart, stay as they are.
"""

import io
import re
import tomllib
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont, TTLibError
from PIL import Image, UnidentifiedImageError

from layers.catalog import Language, Text
from layers.paper.emblem import UnreadableEmblem, emblem
from layers.settings import SettingError, setting
from layers.style import Frozen

SETTING = "PLANNER_IDENTITY"
ACCENT, TINT, MAIN = "#0b5c7a", "#eef4f6", "#0b7a9b"
"""The colours of the planner itself: of headings and buttons, of grounds, of marks without a class."""
_INK = "#1b2a33"
_KEYS = {"name": {"ru", "en"}, "colours": {"accent", "tint"}, "logo": {"file", "paper"},
         "fonts": {"regular", "bold"}}  # fmt: skip
_CONTRAST = 4.5
"""WCAG 2.1, 1.4.3."""
_LONGEST_NAME = 90
_MOST_BYTES, _MOST_FONT_BYTES = 300_000, 5_000_000
_SIDES_PX = (64, 4000)
_SHAPES = (0.5, 8.0)
"""The least and the most that a logo may be wide, in its heights."""
_TINT_SHARE = 0.07
_NEEDED = "".join(map(chr, [*range(0x21, 0x7F), *range(0x410, 0x450)])) + "Ёё«»–—№…·×°"
"""What a face must have; what else figures need is lent by the built-in one."""
_NO_EMBEDDING = 0x0002


class Logo(Frozen):
    """A logo: the file for screens, and for paper its SVG or a PNG. `wide` is its width in heights."""

    media: str
    screen: bytes
    svg: str = ""
    png: bytes = b""
    wide: float

    @property
    def address(self) -> str:
        """It as the address of a picture, in which no script of an SVG runs."""
        return f"data:{self.media};base64,{b64encode(self.screen).decode()}"


class Faces(Frozen):
    """The faces of paper, as TrueType files."""

    regular: bytes
    bold: bytes


class Identity(Frozen):
    """Whose planner it is. `main` is the colour of the marks of charts that stand for no class."""

    name: Text | None = None
    accent: str = ACCENT
    tint: str = TINT
    main: str = MAIN
    logo: Logo | None = None
    faces: Faces | None = None

    def called(self, language: Language) -> str:
        """The name of the agency; empty where there is none."""
        return self.name[language] if self.name else ""


@cache
def identity() -> Identity:
    """The identity of this planner. Raises `SettingError`."""
    named = setting(SETTING)
    return read(Path(named).expanduser()) if named else Identity()


def read(path: Path) -> Identity:
    """The identity that a file describes. Raises `SettingError`, which names the file and the key."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise SettingError(f"{SETTING}: {path} cannot be read ({fault.strerror})") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingError(f"{SETTING}: {path} is no TOML: {fault}") from fault
    return _File(path).identity(given)


def luminance(colour: str) -> float:
    """How light a colour `#rrggbb` is, 0 to 1 (WCAG 2.1)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.1)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """A share of one colour in another."""
    pairs = ((int(one[n : n + 2], 16), int(other[n : n + 2], 16)) for n in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


class _File:
    """Reads one file of identity, and says of every fault where it is."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def identity(self, given: Mapping[str, Any]) -> Identity:
        for section, values in given.items():
            if section not in _KEYS:
                raise self._fault(section, f"is not known; there are {', '.join(_KEYS)}")
            if not isinstance(values, dict):
                raise self._fault(section, "is a section with keys of its own")
            for key, value in values.items():
                if key not in _KEYS[section]:
                    raise self._fault(f"{section}.{key}", f"is not known; there are {_listed(section)}")
                if not isinstance(value, str) or not value.strip():
                    raise self._fault(f"{section}.{key}", "is a text in quotes")
        return Identity(
            name=self._name(given.get("name")), logo=self._logo(given.get("logo")),
            faces=self._faces(given.get("fonts")), **self._colours(given.get("colours", {})),
        )  # fmt: skip

    def _fault(self, key: str, what: str) -> SettingError:
        return SettingError(f"{SETTING}: {self._path}: {key}: {what}")

    def _whole(self, section: str, values: Mapping[str, str]) -> None:
        for key in sorted(_KEYS[section] - set(values)):
            raise self._fault(f"{section}.{key}", "is missing")

    def _name(self, values: Mapping[str, str] | None) -> Text | None:
        if values is None:
            return None
        self._whole("name", values)
        for key, text in values.items():
            if len(text.strip()) > _LONGEST_NAME:
                raise self._fault(f"name.{key}", f"has more than {_LONGEST_NAME} characters")
        return Text(ru=values["ru"].strip(), en=values["en"].strip())

    def _colours(self, values: Mapping[str, str]) -> dict[str, str]:
        for key, text in values.items():
            if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
                raise self._fault(f"colours.{key}", f"{text!r} is no colour; write for example {ACCENT}")
        if not values:
            return {}
        accent = values.get("accent", ACCENT).lower()
        tint = values.get("tint", mixed(accent, "#ffffff", _TINT_SHARE)).lower()
        self._legible("accent", accent, "#ffffff", "white")
        self._legible("tint", tint, _INK, f"text of {_INK}")
        self._legible("tint", tint, accent, f"links of {accent}")
        return {"accent": accent, "tint": tint, "main": accent if "accent" in values else MAIN}

    def _legible(self, key: str, one: str, other: str, on: str) -> None:
        found = contrast(one, other)
        if found < _CONTRAST:
            told = f"{one} has a contrast of {found:.1f} : 1 with {on}"
            raise self._fault(f"colours.{key}", f"{told}; {_CONTRAST} : 1 is the least that can be read")

    def _beside(self, key: str, name: str, most: int) -> bytes:
        """A file that lies beside this one."""
        if Path(name).name != name or name.startswith("."):
            raise self._fault(key, f"{name!r} must lie beside the file itself")
        try:
            content = (self._path.parent / name).read_bytes()
        except OSError as fault:
            raise self._fault(key, f"{name} cannot be read ({fault.strerror})") from fault
        if len(content) > most:
            raise self._fault(key, f"{name} has more than {most:,} bytes")
        return content

    def _logo(self, values: Mapping[str, str] | None) -> Logo | None:
        if values is None:
            return None
        if "file" not in values:
            raise self._fault("logo.file", "is missing")
        name, paper = values["file"], values.get("paper")
        content = self._beside("logo.file", name, _MOST_BYTES)
        png = self._beside("logo.paper", paper, _MOST_BYTES) if paper else b""
        wide = self._png("logo.paper", paper or "", png) if paper else 0.0
        if name.lower().endswith(".png"):
            wide = self._png("logo.file", name, content)
            return Logo(media="image/png", screen=content, png=png or content, wide=wide)
        if not name.lower().endswith(".svg"):
            raise self._fault("logo.file", f"{name} is neither .svg nor .png")
        svg = ""
        if not paper:
            svg = content.decode("utf-8-sig", errors="replace")
            wide = self._svg(name, svg)
        return Logo(media="image/svg+xml", screen=content, svg=svg, png=png, wide=wide)

    def _svg(self, name: str, text: str) -> float:
        try:
            drawing = emblem(text)
        except UnreadableEmblem as fault:
            way_out = "keep to filled outlines, or name a PNG for paper as logo.paper"
            raise self._fault("logo.file", f"{name} cannot be set on paper: {fault}; {way_out}") from fault
        return self._shape("logo.file", name, drawing.width / drawing.height)

    def _png(self, key: str, name: str, content: bytes) -> float:
        try:
            with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
                wide, high = picture.size
                if not _SIDES_PX[0] <= high <= _SIDES_PX[1] or wide > _SIDES_PX[1]:
                    least, most = _SIDES_PX
                    raise self._fault(key, f"{name} is {wide} x {high} px; {least} to {most} px are usable")
                picture.load()
        except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as fault:
            raise self._fault(key, f"{name} is no sound PNG") from fault
        return self._shape(key, name, wide / high)

    def _shape(self, key: str, name: str, wide: float) -> float:
        if not _SHAPES[0] <= wide <= _SHAPES[1]:
            usable = f"{_SHAPES[0]} to {_SHAPES[1]:g} are usable"
            raise self._fault(key, f"{name} is {wide:.1f} times as wide as high; {usable}")
        return wide

    def _faces(self, values: Mapping[str, str] | None) -> Faces | None:
        if values is None:
            return None
        self._whole("fonts", values)
        return Faces(**{key: self._face(f"fonts.{key}", name) for key, name in values.items()})

    def _face(self, key: str, name: str) -> bytes:
        content = self._beside(key, name, _MOST_FONT_BYTES)
        try:
            font = TTFont(io.BytesIO(content))
            known = set(font.getBestCmap() or {})
            outlines, rights = "glyf" in font, font["OS/2"].fsType
        except (TTLibError, KeyError, AssertionError, ValueError, OSError) as fault:
            raise self._fault(key, f"{name} is no sound TrueType font") from fault
        if not outlines:
            raise self._fault(key, f"{name} has no TrueType outlines")
        if "fvar" in font:
            raise self._fault(key, f"{name} is a variable font: give its regular and bold faces as files")
        if rights & _NO_EMBEDDING:
            raise self._fault(key, f"the licence of {name} forbids embedding it in documents")
        if lacking := [ch for ch in _NEEDED if ord(ch) not in known]:
            raise self._fault(key, f"{name} lacks {' '.join(lacking[:12])}: Cyrillic and Latin are needed")
        return content


def _listed(section: str) -> str:
    return ", ".join(sorted(_KEYS[section]))
