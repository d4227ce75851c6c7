"""Removing what readers left: files that no document names, a day after anybody last had to do with them.

A file that is taken away stays for that day, so that it can be brought back. Whoever keeps one writes it
first and its document after: a file is younger than a day then, so no other process takes it for left.
"""

import logging
import os
import re
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from layers.shelf import ShelfError, shelf

log = logging.getLogger(__name__)
AFTER_S = 24 * 3600.0
_NAME = r"[0-9a-f]{12}"


def leave(file: Path) -> None:
    """Let a file be swept a day from now."""
    try:
        os.utime(file)
    except OSError as fault:
        log.warning("%s cannot be marked as left: %s", file.name, fault)


def sweep(folder: Path, kind: str) -> None:
    """Remove the files of a folder that no document of a kind names, and parts of what was never finished.

    A document that cannot be read names whatever looks like a name in it. Where the shelf cannot be read
    nothing is removed.
    """
    files = list(folder.glob("*")) if folder.is_dir() else []
    try:
        named = {name for document in shelf().all(kind) for name in re.findall(_NAME, document.text)}
    except ShelfError as fault:
        log.warning("nothing is swept: %s", fault)
        return
    swept(file for file in files if file.stem not in named)


def parts(folder: Path) -> None:
    """Remove from a folder what a process that was ended had not finished writing."""
    swept(folder.glob(".writing-*"))


def swept(files: Iterable[Path], after_s: float = AFTER_S) -> int:
    """How many of some files are removed: those that nobody had to do with for so long."""
    return sum(_removed(file, after_s) for file in files)


def _removed(file: Path, after_s: float) -> bool:
    try:
        # Looked at last of all: another process may have brought it back a moment ago.
        if time.time() - file.stat().st_mtime < after_s:
            return False
        if file.is_dir():
            shutil.rmtree(file)
        else:
            file.unlink()
    except FileNotFoundError:
        return False  # another process sweeps, too
    except OSError as fault:
        log.warning("%s cannot be swept away: %s", file.name, fault)
        return False
    log.info("%s was left and is removed", file.name)
    return True
