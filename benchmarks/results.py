"""What a benchmark yields, and the file that keeps it: `benchmarks/results.json`."""

import json
import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("results.json")
PACKAGES = ("streamlit", "folium", "streamlit-folium", "geopandas", "shapely", "numpy", "playwright")


@dataclass(frozen=True)
class Goal:
    """What a figure should be, in words, and whether it is."""

    text: str
    met: bool


@dataclass(frozen=True)
class Result:
    """One figure; `note` says what it is made of."""

    id: str
    value: float
    unit: str
    baseline: "Result | None" = None
    goal: Goal | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The value as a share of the baseline's."""
        return self.value / self.baseline.value if self.baseline and self.baseline.value else None

    def record(self) -> dict[str, Any]:
        """This figure as it stands in the file."""
        return {
            "id": self.id,
            "value": _short(self.value),
            "unit": self.unit,
            "baseline": self.baseline.id if self.baseline else None,
            "baseline_value": _short(self.baseline.value) if self.baseline else None,
            "ratio": None if self.ratio is None else _short(self.ratio),
            "goal": {"text": self.goal.text, "met": self.goal.met} if self.goal else None,
            "note": self.note,
        }


def median(
    id_: str,
    samples: Sequence[float],
    unit: str,
    *,
    baseline: Result | None = None,
    note: str = "",
) -> Result:
    """The median of samples, with their number and range in the note."""
    spread = f"median of {len(samples)}, {min(samples):.4g} to {max(samples):.4g}"
    if len(samples) == 1:
        spread = "one sample"
    said = f"{spread}; {note}" if note else spread
    return Result(id_, statistics.median(samples), unit, baseline, note=said)


def _short(value: float) -> float:
    """Three decimals, or three digits where it is small, are more than any figure here is good for."""
    if float(value).is_integer():
        return int(value)
    return round(value, 3) if abs(value) >= 0.1 else float(f"{value:.3g}")


def machine() -> dict[str, Any]:
    """What the figures were measured on; nothing that names the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30, 1),
        "cpu": _cpu(),
        "os": _os(),
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _os() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return f"{platform.system()} {platform.release()}"


def versions() -> dict[str, str]:
    """Versions of what takes part."""
    return {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}


def save(group: str, results: Sequence[Result], extra_versions: dict[str, str], file: Path = FILE) -> None:
    """Put the figures of a group in place of its former ones; those of other groups stay."""
    held = json.loads(file.read_bytes()) if file.exists() else {"results": []}
    own = {group, *(result.id.partition(".")[0] for result in results)}
    others = [record for record in held["results"] if record["id"].partition(".")[0] not in own]
    used = held.get("versions", {}) | versions() | extra_versions
    here = {"machine": machine(), "versions": used}
    if others and held["machine"] != here["machine"]:
        print(
            "benchmarks: the other groups were measured on another machine; run them again", file=sys.stderr
        )
    whole = {**here, "results": [*others, *(result.record() for result in results)]}
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    fresh.replace(file)
