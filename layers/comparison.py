"""What the analyses of reach compare: a network before and after, what is to be reached, what time is worth.

A scenario is named by a ready one (`stage-1`) or written out in the compact form of `geo.scenario`, told
apart by its colons. The whole is a few entries of an address; which networks and ready scenarios there are,
and what they mean, is known to `layers.reach`.
"""

import math
import re
from collections.abc import Mapping
from typing import Self

from geo.crs import REGION
from geo.errors import ScenarioError
from geo.scenario import Scenario
from layers.records import SLUG
from layers.style import Frozen

HOME_NETWORK = "tomsk"
READERS_NETWORK = "readers-network"
"""The source that is cited for what rests on a network of the reader's own."""
GOAL = "tomsk"
POINT = "point"
"""The goals that are no layer: the core, and a point of the reader."""
PARKS = ("park_industrial", "park_innovation", "park_research", "park_heritage", "park_medical", "park_sport")
GOALS = (GOAL, "stations", "hospitals", "universities", "airports", *PARKS)
"""What can be reached: the core, or the nearest record of a layer."""
ENTRIES = ("before", "after", "goal", "to", "net", "cost", "trips", "hour")
"""The entries of an address that hold a comparison."""
_NUMBERS = {"cost": "cost_mln_rub", "trips": "trips_year", "hour": "hour_rub"}
_MOST = 1e7


class Comparison(Frozen):
    """Two scenarios of a network, the goal of the ways, and figures that a reader may put in place of ours.

    `point` (lon, lat) is the goal "point".
    `cost_mln_rub` is the cost of what differs, `trips_year` round trips to the centre a year by each person
    outside it, `hour_rub` the worth of an hour; None: as the records say.
    """

    before: str = "before-works"
    after: str = "stage-3"
    goal: str = GOAL
    point: tuple[float, float] | None = None
    network: str = HOME_NETWORK
    cost_mln_rub: float | None = None
    trips_year: float | None = None
    hour_rub: float | None = None

    def params(self) -> dict[str, str]:
        """The entries of an address; what is the default is left out."""
        plain = Comparison()
        texts = {"before": self.before, "after": self.after, "goal": self.goal, "net": self.network}
        defaults = {"before": plain.before, "after": plain.after, "goal": plain.goal, "net": plain.network}
        if self.point is not None:
            texts["to"], defaults["to"] = f"{self.point[1]:.5f},{self.point[0]:.5f}", ""
        numbers = {key: getattr(self, name) for key, name in _NUMBERS.items()}
        return {key: text for key, text in texts.items() if text != defaults[key]} | {
            key: f"{number:.15g}" for key, number in numbers.items() if number is not None
        }

    @classmethod
    def parse(cls, params: Mapping[str, str]) -> tuple[Self, list[str]]:
        """The comparison that an address holds, and the names of the entries that could not be read."""
        found: dict[str, object] = {}
        problems = []
        network = params.get("net") or HOME_NETWORK
        for key, name in (("net", "network"), ("goal", "goal"), ("before", "before"), ("after", "after")):
            text = params.get(key, "")
            if not text:
                continue
            scenario = key in ("before", "after")
            if key == "goal":
                fits = text in (*GOALS, POINT)
            else:
                fits = bool(re.fullmatch(SLUG, text)) or (scenario and _written(text, network))
            if fits:
                found[name] = text
            else:
                problems.append(key)
        if text := params.get("to", ""):
            found["point"] = _point(text)
        if (found.get("goal") == POINT or "point" in found) and not found.get("point"):
            problems.append("to")
            found |= {"point": None} | ({"goal": GOAL} if found.get("goal") == POINT else {})
        for key, name in _NUMBERS.items():
            if text := params.get(key, ""):
                number = _number(text)
                if number is None:
                    problems.append(key)
                else:
                    found[name] = number
        return cls.model_validate(found), problems


def _written(text: str, network: str) -> bool:
    """Whether a text is a scenario written out."""
    try:
        Scenario.parse(text, network)
    except ScenarioError:
        return False
    return ":" in text


def _point(text: str) -> tuple[float, float] | None:
    """`lat,lon` within the region, or None."""
    lat, _, lon = text.partition(",")
    try:
        west, south, east, north = REGION
        place = (float(lon), float(lat))
    except ValueError:
        return None
    return place if west <= place[0] <= east and south <= place[1] <= north else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 <= number <= _MOST else None
