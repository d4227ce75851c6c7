"""The outside addresses that plain folium loads its scripts from, answered out of npm packages.

Outside addresses cannot be relied upon while measuring. Served from this machine they cost the baseline
less than they would in use.
"""

import mimetypes
import re
import subprocess
import tarfile
from functools import cache
from pathlib import Path

from tools.web import MODULES, find_node

NPM_S = 60
_NPM = re.compile(r"https://cdn\.jsdelivr\.net/npm/((?:@[\w.-]+/)?[\w.-]+)@([\d.]+)/([^?]+)")
_JQUERY = re.compile(r"https://code\.jquery\.com/jquery-([\d.]+?)((?:\.min)?\.js)")
_INSTALLED = {"leaflet"}
"""Packages that the web bundle has put in place: a near version where npm's registry cannot be reached."""


class Cdn:
    """Answers outside addresses; remembers those for which it had nothing but an empty body."""

    def __init__(self, folder: Path) -> None:
        """`folder` takes the packages and is the caller's to remove."""
        self.folder = folder
        self.empty: set[str] = set()
        self.answer = cache(self._answer)

    def _answer(self, url: str) -> tuple[str, bytes]:
        """Content type and body of an address."""
        file = self._file(url)
        kind = mimetypes.guess_type(url)[0] or "text/plain"
        if file is None or not file.is_file():
            self.empty.add(url)
            return kind, b""
        return kind, file.read_bytes()

    def _file(self, url: str) -> Path | None:
        if found := _NPM.match(url):
            name, version, path = found.groups()
        elif found := _JQUERY.match(url):
            name, version, path = "jquery", found[1], f"dist/jquery{found[2]}"
        else:
            return None
        package = self._package(name, version)
        return package / path if package else None

    def _package(self, name: str, version: str) -> Path | None:
        """The unpacked files of an npm package."""
        target = self.folder / f"{name}@{version}"
        if target.exists():
            return target / "package"
        target.mkdir(parents=True)
        command = [
            *find_node().npm,
            "pack",
            "--silent",
            "--pack-destination",
            str(target),
            f"{name}@{version}",
        ]
        result = subprocess.run(command, cwd=target, capture_output=True, timeout=NPM_S, check=False)
        packed = next(target.glob("*.tgz"), None)
        if result.returncode or packed is None:
            return MODULES / name if name in _INSTALLED else None
        with tarfile.open(packed) as archive:
            archive.extractall(target, filter="data")
        return target / "package"

    def note(self) -> str:
        """How the outside addresses were answered, for whoever reads the figures."""
        said = "outside scripts served from npm packages on this machine, their bytes not counted"
        return f"{said}; empty: {', '.join(sorted(self.empty))}" if self.empty else said
