"""Reading back a PDF that was written here: its streams, and its text through the maps to Unicode.

No-break spaces come back as blanks: ReportLab writes both with one glyph.
"""

import base64
import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_SHOWN = re.compile(rb"/(F\d+\+\d+) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\) Tj", re.DOTALL)
_ESCAPE = re.compile(rb"\\(\d{3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def objects(pdf: bytes) -> dict[int, bytes]:
    return {int(number): body for number, body in _OBJECT.findall(pdf)}


def stream(body: bytes) -> bytes:
    """The decoded stream of an object; empty where it has none."""
    found = re.search(rb"/Length (\d+).*?stream\r?\n", body, re.DOTALL)
    if not found:
        return b""
    data = body[found.end() : found.end() + int(found[1])].rstrip(
        b"\r\n" if b"ASCII85Decode" in body else b""
    )
    if b"ASCII85Decode" in body:
        data = base64.a85decode(data.removesuffix(b"~>"))
    return zlib.decompress(data) if b"FlateDecode" in body else data


def contents(pdf: bytes) -> list[bytes]:
    """The drawing operators of each page, in order."""
    held = objects(pdf)
    pages = [body for body in held.values() if re.search(rb"/Type /Page\b(?!s)", body)]
    return [stream(held[int(re.search(rb"/Contents (\d+) 0 R", page)[1])]) for page in pages]


def _unicode(held: dict[int, bytes]) -> dict[bytes, dict[int, str]]:
    """By name of a font: the character of each of its codes."""
    maps = {}
    for body in held.values():
        named = re.search(rb"/Name /(F\d+\+\d+).*?/ToUnicode (\d+) 0 R", body, re.DOTALL)
        if not named:
            continue
        text = stream(held[int(named[2])]).decode("latin-1")
        codes: dict[int, str] = {}
        for low, high, values in re.findall(r"<(\w+)> <(\w+)> \[([^\]]*)\]", text):
            characters = re.findall(r"<(\w+)>", values)
            codes |= {
                code: chr(int(ch, 16))
                for code, ch in zip(range(int(low, 16), int(high, 16) + 1), characters, strict=True)
            }
        codes |= {
            int(code, 16): chr(int(ch, 16)) for code, ch in re.findall(r"^<(\w+)> <(\w+)>$", text, re.M)
        }
        maps[named[1]] = codes
    return maps


def texts(pdf: bytes) -> list[str]:
    """The text of each page, piece by piece in the order of drawing."""
    maps = _unicode(objects(pdf))
    return ["\n".join(_shown(page, maps)) for page in contents(pdf)]


def _shown(page: bytes, maps: dict[bytes, dict[int, str]]) -> list[str]:
    font, found = b"", []
    for name, text in _SHOWN.findall(page):
        if name:
            font = name
            continue
        plain = _ESCAPE.sub(
            lambda m: bytes([int(m[1], 8)]) if m[1].isdigit() else _NAMED.get(m[1], m[1]), text
        )
        found.append("".join(maps[font][code] for code in plain))
    return found
