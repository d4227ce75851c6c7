"""What a chart draws, read out of its option into plain data that paper and slides understand.

The board's `option` speaks the language of ECharts; a `Plot` holds what is said in it: categories, series,
amounts and colours, without a size or a face. `layers.paper.charts` draws plots as vectors,
`layers.paper.slides` turns them into charts that an office edits. An amount that is None is unknown, which is
not zero.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from layers.chart import MAIN, Chart

Symbol = Literal["circle", "diamond", "tick"]
_SYMBOLS: dict[str, Symbol] = {"diamond": "diamond", "rect": "tick"}
_CLEAR = "transparent"
_CUT, _TICK = "…", "✓ "
_LEAST_OF_WEB = 3
Option: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Axis:
    """An axis of numbers: its title, its ends where they are set; logarithmic, or of years, where told so."""

    title: str = ""
    low: float | None = None
    high: float | None = None
    log: bool = False
    years: bool = False


@dataclass(frozen=True)
class Value:
    """An amount (None: unknown), in words where the chart has them; `colour` where it is not its series'."""

    amount: float | None
    text: str = ""
    colour: str = ""
    opacity: float = 1.0


@dataclass(frozen=True)
class Series:
    """Values by category, None where there is nothing to tell; a `hidden` one only carries the next."""

    name: str
    colour: str
    values: tuple[Value | None, ...]
    hidden: bool = False


@dataclass(frozen=True)
class Dot:
    """A point: (x, y), or an amount x at the category of number y; `words` tell it, its name first."""

    x: float
    y: float
    words: tuple[str, ...] = ()
    colour: str = ""


@dataclass(frozen=True)
class Dots:
    """Points of one kind."""

    name: str
    colour: str
    dots: tuple[Dot, ...]
    symbol: Symbol = "circle"
    opacity: float = 1.0


@dataclass(frozen=True)
class Level:
    """A line across a chart at an amount, with what it says."""

    amount: float
    text: str
    colour: str


@dataclass(frozen=True)
class Bars:
    """Horizontal bars, the first category at the top, side by side or `stacked`; points over them.

    `plain` bars tell their amounts themselves and need no axis.
    """

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    axis: Axis = Axis()
    stacked: bool = False
    plain: bool = False
    dots: tuple[Dots, ...] = ()


@dataclass(frozen=True)
class Course:
    """Amounts over labels in order, such as years: lines, or areas on each other; in steps if told so."""

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    axis: Axis = Axis()
    area: bool = False
    stepped: bool = False
    dots: tuple[Dots, ...] = ()
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True)
class Cloud:
    """Points on two axes of numbers."""

    dots: tuple[Dots, ...]
    across: Axis = Axis()
    upward: Axis = Axis()


@dataclass(frozen=True)
class Web:
    """A radar: each series has an amount from 0 to `high` on each axis."""

    axes: tuple[str, ...]
    series: tuple[Series, ...]
    high: float = 100.0


@dataclass(frozen=True)
class Leaf:
    """An area of a tree, its amount also in words."""

    name: str
    amount: float
    text: str = ""


@dataclass(frozen=True)
class Branch:
    """Areas of one colour that belong together."""

    name: str
    colour: str
    leaves: tuple[Leaf, ...]
    text: str = ""


@dataclass(frozen=True)
class Tree:
    """Amounts as areas (a treemap)."""

    branches: tuple[Branch, ...]


@dataclass(frozen=True)
class Node:
    """An end of a flow."""

    name: str
    colour: str
    text: str = ""


@dataclass(frozen=True)
class Flow:
    """Amounts from `sources` to `targets` (a Sankey diagram of two columns); `links` by their numbers."""

    sources: tuple[Node, ...]
    targets: tuple[Node, ...]
    links: tuple[tuple[int, int, float], ...]


Plot: TypeAlias = Bars | Course | Cloud | Web | Tree | Flow


def plot_of(chart: Chart) -> Plot | None:
    """What a chart draws; None where that is nothing, or nothing that paper knows: its table tells it."""
    option = chart.option
    series: list[Option] = option.get("series", [])
    kinds = {one["type"] for one in series}
    if kinds == {"sankey"}:
        return _flow(series[0])
    if kinds == {"treemap"}:
        return _tree(series[0])
    if kinds == {"radar"}:
        return _web(option)
    if kinds and kinds <= {"bar", "scatter"} and option.get("yAxis", {}).get("type") == "category":
        return _bars(option)
    if "line" in kinds and kinds <= {"line", "scatter"}:
        return _course(option)
    return _cloud(option) if kinds == {"scatter"} else None


def extent(bars: Bars) -> tuple[float, float]:
    """The least and the greatest amount that bars reach, with zero; what is set for the axis goes before."""
    amounts = [dot.x for dots in bars.dots for dot in dots.dots]
    for at in range(len(bars.categories)):
        held = [one.values[at] for one in bars.series]
        known = [value.amount for value in held if value and value.amount is not None]
        amounts += [sum(known)] if bars.stacked else known
    low = bars.axis.low if bars.axis.low is not None else min([0.0, *amounts])
    high = bars.axis.high if bars.axis.high is not None else max([0.0, *amounts])
    return low, high if high > low else low + 1.0


def parted(bars: Bars, most: int) -> list[Bars]:
    """Bars in parts of at most so many categories, all on the scale of the whole."""
    count = max(-(-len(bars.categories) // most), 1)
    if count == 1:
        return [bars]
    each = -(-len(bars.categories) // count)
    low, high = extent(bars)
    axis = replace(bars.axis, low=low, high=high)
    return [
        replace(
            bars,
            categories=bars.categories[start : start + each],
            series=tuple(replace(one, values=one.values[start : start + each]) for one in bars.series),
            axis=axis,
            dots=tuple(
                replace(
                    one,
                    dots=tuple(
                        replace(dot, y=dot.y - start) for dot in one.dots if start <= dot.y < start + each
                    ),
                )
                for one in bars.dots
            ),
        )
        for start in range(0, len(bars.categories), each)
    ]


# --- parts of an option -------------------------------------------------------------------------------


def _amount(given: Any) -> float | None:
    known = isinstance(given, int | float) and math.isfinite(given)
    return float(given) if known else None


def _axis(given: Option) -> Axis:
    low, high = _amount(given.get("min")), _amount(given.get("max"))
    return Axis(given.get("name", ""), low, high, given.get("type") == "log", given.get("figures") == "year")


def _tinted(one: Option, default: str = MAIN) -> str:
    found = one.get("itemStyle", {}).get("color", default)
    return str(found) if str(found).startswith("#") or found == _CLEAR else default


def _value(given: Any) -> Value | None:
    """A value of a series: a number, nothing, or an item with a look of its own."""
    if not isinstance(given, dict):
        return None if given is None else Value(_amount(given))
    look = given.get("itemStyle", {})
    text = str(given.get("label", {}).get("formatter", ""))
    return Value(_amount(given["value"]), text, look.get("color", ""), look.get("opacity", 1.0))


def _series(one: Option, values: Iterable[Any]) -> Series:
    colour = _tinted(one)
    found = tuple(_value(given) for given in values)
    return Series(one.get("name", ""), MAIN if colour == _CLEAR else colour, found, colour == _CLEAR)


def _points(one: Option, where: Sequence[str] = ()) -> Dots:
    """The points of a series; `where` names the labels that their first part may be one of."""
    found = []
    for given in one["data"]:
        item: Option = given if isinstance(given, dict) else {"value": given}
        x, y = item["value"]
        across = float(where.index(x)) if x in where else float(x)
        look = item.get("itemStyle", {})
        found.append(Dot(across, float(y), tuple(item.get("tip", ())), look.get("color", "")))
    symbol = _SYMBOLS.get(one.get("symbol", ""), "circle")
    opacity = one.get("itemStyle", {}).get("opacity", 1.0)
    return Dots(one.get("name", ""), _tinted(one), tuple(found), symbol, opacity)


# --- kinds of plots -----------------------------------------------------------------------------------


def _bars(option: Option) -> Bars | None:
    given: list[str] = list(option["yAxis"]["data"])
    if not given:
        return None
    bars = [one for one in option["series"] if one["type"] == "bar"]
    points = tuple(_points(one) for one in option["series"] if one["type"] == "scatter")
    categories = tuple(_whole(name, option["series"], at) for at, name in enumerate(given))
    series = tuple(_series(one, one["data"]) for one in bars)
    axis, stacked = _axis(option.get("xAxis", {})), any("stack" in one for one in bars)
    plain = option.get("xAxis", {}).get("show") is False
    made = Bars(categories, series, axis, stacked, plain, tuple(dots for dots in points if dots.dots))
    return made if option["yAxis"].get("inverse") else _upside_down(made)


def _upside_down(bars: Bars) -> Bars:
    """The same bars with their last category at the top."""
    last = len(bars.categories) - 1
    series = tuple(replace(one, values=one.values[::-1]) for one in bars.series)
    dots = tuple(
        replace(one, dots=tuple(replace(dot, y=last - dot.y) for dot in one.dots)) for one in bars.dots
    )
    return replace(bars, categories=bars.categories[::-1], series=series, dots=dots)


def _whole(name: str, series: Iterable[Option], at: int) -> str:
    """A name that the board cuts off, as whole as the tips of its marks tell it."""
    if _CUT not in name:
        return name
    tick = _TICK if name.startswith(_TICK) else ""
    start = name.removeprefix(tick).partition(_CUT)[0]
    for one in series:
        item = one["data"][at] if one["type"] == "bar" and at < len(one["data"]) else None
        told = str(item["tip"][0]) if isinstance(item, dict) and item.get("tip") else ""
        if told.removeprefix(tick).startswith(start) and _CUT not in told:
            return f"{tick}{told.removeprefix(tick)}"
    return name


def _course(option: Option) -> Course | None:
    lines = [one for one in option["series"] if one["type"] == "line"]
    labels = tuple(str(label) for label in option.get("xAxis", {}).get("data", ()))
    if not labels or not any(one["data"] for one in lines):
        return None
    dots = tuple(_points(one, labels) for one in option["series"] if one["type"] == "scatter")
    levels = tuple(
        Level(
            float(line["yAxis"]),
            str(one["markLine"].get("label", {}).get("formatter", "")),
            one["markLine"].get("lineStyle", {}).get("color", MAIN),
        )
        for one in lines
        for line in one.get("markLine", {}).get("data", ())
    )
    area, stepped = any("areaStyle" in one for one in lines), any(one.get("step") for one in lines)
    series = tuple(_series(one, one["data"]) for one in lines)
    axis = _axis(option.get("yAxis", {}))
    return Course(labels, series, axis, area, stepped, tuple(one for one in dots if one.dots), levels)


def _cloud(option: Option) -> Cloud | None:
    dots = tuple(one for one in map(_points, option["series"]) if one.dots)
    return Cloud(dots, _axis(option["xAxis"]), _axis(option["yAxis"])) if dots else None


def _web(option: Option) -> Web | Bars | None:
    """A radar; of two axes there is no web, so they are bars."""
    axes = option["radar"]["indicator"]
    series = tuple(_series(one, one["value"]) for one in option["series"][0]["data"])
    high = max((_amount(one.get("max")) or 100.0 for one in axes), default=100.0)
    names = tuple(str(one["name"]) for one in axes)
    if not names or not series:
        return None
    return Web(names, series, high) if len(names) >= _LEAST_OF_WEB else Bars(names, series, Axis(high=high))


def _second(item: Option) -> str:
    """What the tip of an item says after its name."""
    tip = item.get("tip", ())
    return str(tip[1]) if len(tip) > 1 else ""


def _tree(series: Option) -> Tree | None:
    branches = tuple(
        Branch(
            branch["name"],
            _tinted(branch),
            tuple(
                Leaf(leaf["name"], float(leaf["value"]), _second(leaf))
                for leaf in branch["children"]
                if (_amount(leaf["value"]) or 0) > 0
            ),
            _second(branch),
        )
        for branch in series["data"]
    )
    branches = tuple(branch for branch in branches if branch.leaves)
    return Tree(branches) if branches else None


def _flow(series: Option) -> Flow | None:
    """The flow of a Sankey diagram, if it goes from one column to the next and no further."""
    links = [one for one in series["links"] if (_amount(one["value"]) or 0) > 0]
    starts, ends = {one["source"] for one in links}, {one["target"] for one in links}
    if not links or starts & ends:
        return None
    nodes = [Node(one["name"], _tinted(one), _second(one)) for one in series["data"]]
    sources = tuple(node for node in nodes if node.name in starts)
    targets = tuple(node for node in nodes if node.name in ends)
    number = {node.name: at for side in (sources, targets) for at, node in enumerate(side)}
    found = tuple((number[one["source"]], number[one["target"]], float(one["value"])) for one in links)
    return Flow(sources, targets, found)
