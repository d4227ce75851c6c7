"""Finds Chromium for the browser tests, and installs it where there is none.

`find_browser()` is what tests ask. `python -m tools.browser` runs before them: it prints the browser's path;
where there is none it tries the package manager (as root on a Debian-like system), then playwright's own
download. When no browser can be had it says so in one line and succeeds, for the browser tests are then
skipped; with `CI=true` it fails, for there a skip is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PLAYWRIGHT_BUILDS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
START_S = 60
INSTALL_S = 900


@cache
def find_browser() -> Path | None:
    """A Chromium that starts: the one `CHROMIUM` names, otherwise the system's, otherwise playwright's."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*NAMES, *_playwright_builds()]
    for candidate in candidates:
        path = shutil.which(candidate)
        if path and _starts(path):
            return Path(path)
    return None


QUIET_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Flags with which Chromium asks nobody outside for anything of its own."""


def install_browser() -> Path | None:
    """Try the ways to get a browser, cheapest first; stop at the first that yields one."""
    for commands in _ways():
        for command in commands:
            _say(f"trying: {' '.join(command)}")
            try:
                subprocess.run(command, check=False, stdout=subprocess.DEVNULL, timeout=INSTALL_S)
            except subprocess.TimeoutExpired:
                _say("gave up waiting")
        find_browser.cache_clear()
        if browser := find_browser():
            return browser
    return None


def _ways() -> list[list[list[str]]]:
    root_apt = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None
    playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
    if not root_apt:
        return [[playwright]]
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    packages = [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
    return [packages, [[*playwright, "--with-deps"]]]


def _playwright_builds() -> list[str]:
    """Executables in playwright's cache, newest revision first."""
    default = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "ms-playwright"
    cache_dir = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or default)
    found = [path for pattern in PLAYWRIGHT_BUILDS for path in cache_dir.glob(pattern)]
    return [str(path) for path in sorted(found, key=lambda path: _revision(path, cache_dir), reverse=True)]


def _revision(path: Path, cache_dir: Path) -> int:
    number = path.relative_to(cache_dir).parts[0].removeprefix("chromium-")
    return int(number) if number.isdigit() else 0


def _starts(path: str) -> bool:
    """Whether the program runs at all: a stub or a build without its libraries does not."""
    try:
        result = subprocess.run(
            [path, "--version"], check=False, capture_output=True, stdin=subprocess.DEVNULL, timeout=START_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0


def _say(text: str) -> None:
    print(f"browser: {text}", file=sys.stderr, flush=True)


def main() -> int:
    """Print the browser's path, installing one first where that is needed and possible."""
    browser = find_browser()
    if browser is None and not os.environ.get("CHROMIUM"):
        browser = install_browser()
    if browser:
        print(f"browser: {browser}")
        return 0
    _say(
        "!!! NO CHROMIUM HERE AND NONE COULD BE INSTALLED: THE BROWSER TESTS DO NOT RUN (name one: CHROMIUM=)"
    )
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
