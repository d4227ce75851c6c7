"""Work on sheets that goes on behind a page: with its progress, to be stopped, forgotten when nobody asks.

A job belongs to the session that began it. Two jobs are under way at the same time on a server; the others
wait. What nobody has asked about for a while is stopped, since its reader has gone.
"""

import io
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event, Semaphore, Thread
from typing import BinaryIO

from layers.sheet.atlas import Atlas, Step
from layers.sheet.files import as_pdf, as_png, as_svg
from layers.sheet.sheet import Sheet

log = logging.getLogger(__name__)
AT_ONCE = 2
FORGOTTEN_S = 90.0
"""How long a job goes on of which nobody asks how far it is."""
_TURNS = Semaphore(AT_ONCE)
Work = Callable[[BinaryIO], Iterator[Step]]


@dataclass(eq=False)
class Job:
    """A file that is being made; `step` says how far it is."""

    name: str
    mime: str
    work: Work
    step: Step = field(default_factory=lambda: Step(0, 0))
    content: bytes | None = None
    notices: tuple[str, ...] = ()
    fault: Exception | None = None
    _stop: Event = field(default_factory=Event)
    _asked: float = field(default_factory=time.monotonic)
    _thread: Thread | None = None

    def start(self) -> "Job":
        """Begin it in a thread of its own."""
        self._thread = Thread(target=self._run, name="sheet", daemon=True)
        self._thread.start()
        return self

    @property
    def under_way(self) -> bool:
        """Whether it goes on; whoever asks keeps it going."""
        self._asked = time.monotonic()
        return self._thread is not None and self._thread.is_alive() and not self._stop.is_set()

    @property
    def stopped(self) -> bool:
        """Whether it was cancelled before it was done."""
        return self._stop.is_set() and self.content is None

    def cancel(self) -> None:
        """Stop it after the sheet that it is at; nothing of it is kept."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until it has come to an end."""
        if self._thread is not None:
            self._thread.join()

    def _left(self) -> bool:
        return self._stop.is_set() or time.monotonic() - self._asked > FORGOTTEN_S

    def _run(self) -> None:
        while not _TURNS.acquire(timeout=1):
            if self._left():
                self.cancel()
                return
        try:
            file = io.BytesIO()
            for step in self.work(file):
                self.step = step
                if self._left():
                    self.cancel()
                    return
            self.content = file.getvalue()
        except Exception as fault:  # noqa: BLE001 - it is told where the job is asked about
            log.warning("%s could not be made: %r", self.name, fault)
            self.fault = fault.with_traceback(None)
        finally:
            _TURNS.release()


def sheet_job(name: str, kind: str, make: Callable[[], Sheet], dpi: float) -> Job:
    """The making of one sheet as `pdf`, `png` or `svg`."""
    mimes = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}

    def work(file: BinaryIO) -> Iterator[Step]:
        yield Step(0, 2)
        sheet = make()
        job.notices = sheet.notices
        yield Step(1, 2)
        file.write(as_pdf(sheet) if kind == "pdf" else as_png(sheet, dpi) if kind == "png" else as_svg(sheet))
        yield Step(2, 2)

    job = Job(f"{name}.{kind}", mimes[kind], work)
    return job


def atlas_job(name: str, atlas: Callable[[], Atlas]) -> Job:
    """The binding of an atlas."""

    def work(file: BinaryIO) -> Iterator[Step]:
        yield from atlas().bound(file)

    return Job(f"{name}.pdf", "application/pdf", work)
