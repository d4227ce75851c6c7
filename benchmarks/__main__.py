"""Runs the benchmarks: `python -m benchmarks [group]`; writes `benchmarks/results.json`."""

import sys
from importlib import import_module

from benchmarks.results import FILE, Result, save

GROUPS = ("explorer", "programme", "roads", "locator", "presenting")
"""Each a module with `run()`; imported when its turn comes, as what it measures must not weigh on others."""


def main(arguments: list[str]) -> int:
    """Run one group or all; print a line for each figure."""
    unknown = [name for name in arguments if name not in GROUPS]
    if unknown:
        print(f"benchmarks: no group {', '.join(unknown)}; there are: {', '.join(GROUPS)}", file=sys.stderr)
        return 2
    for group in arguments or GROUPS:
        results, used = import_module(f"benchmarks.{group}").run()
        save(group, results, used)
        for result in results:
            print(_line(result))
    print(f"written: {FILE.relative_to(FILE.parent.parent)}")
    return 0


def _line(result: Result) -> str:
    figure = f"{result.id:48}{result.value:>14,.6g} {result.unit:3}"
    ratio = f"{result.ratio:9,.4g} of {result.baseline.id}" if result.baseline and result.ratio else ""
    goal = f"   {'met' if result.goal.met else 'NOT MET'}: {result.goal.text}" if result.goal else ""
    return figure + ratio + goal


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
