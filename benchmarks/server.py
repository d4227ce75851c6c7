"""A Streamlit server of its own for every page that is measured, with the production settings."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_S = 60
STOP_S = 10


@contextmanager
def serving(script: str) -> Iterator[str]:
    """Serve a script of this repository; yields its address once it answers."""
    address = f"http://localhost:{_free_port()}"
    port = address.rpartition(":")[2]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", port]
    with tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=log, stderr=log
        )
        try:
            if not _answers(f"{address}/_stcore/health", server):
                log.seek(0)
                raise RuntimeError(f"{script} could not be served:\n{log.read()}")
            yield address
        finally:
            _stop(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
    return port


def _answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + START_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=START_S):
                return True
        except urllib.error.URLError:
            time.sleep(0.1)
    return False


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
