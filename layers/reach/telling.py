"""What a comparison found in plain sentences, with the assumptions on which it rests."""

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.sweeps import CLOSED
from layers.comparison import GOAL, HOME_NETWORK, READERS_NETWORK
from layers.feature import source_lines, value_in_words
from layers.reach import networks
from layers.reach.base import ACCESS, CORE, JUNCTION, SETTLEMENTS
from layers.reach.results import LIMITS, NOTICED, Results
from layers.reach.scenarios import REGISTER, TODAY, named
from layers.records import split
from layers.text import Words

_MOST_NAMED = 3
FIGURES = (
    "ferry-wait",
    *("trips-to-centre", "time-value-person"),
)
"""The assumptions of the register that every comparison rests on."""
_SHARE = "speed-share-of-limit"
_OF_SEASON = ("asphalt", "gravel", "earth")


class Telling:
    """The words of a comparison in a language."""

    def __init__(self, found: Results, words: Words) -> None:
        self.found, self.words, self.store = found, words, found.store
        compared = found.comparison
        self.before, self.after = (
            named(self.store, text, compared.network, words.language, words("reach.own"))
            for text in (compared.before, compared.after)
        )

    @property
    def title(self) -> str:
        """What is compared with what."""
        return self.words("reach.compared", before=self.before.title, after=self.after.title)

    def goal(self, goal: str | None = None) -> str:
        """The goal, as the end of "minutes to ..."."""
        return self.words(f"reach_goal.{goal or self.found.comparison.goal}")

    def sentences(self) -> list[str]:
        """The finding: who comes nearer and by how much, who comes within the limits, who loses."""
        told = [self._nearer(), *self._limits(), self._farther(), *self._ways(), self._worth(), self._blind()]
        return [text for text in told if text]

    def _blind(self) -> str:
        """What this reckoning cannot see: ways within the core, and congestion."""
        return self.words("reach.blind") if self.found.comparison.goal == GOAL else ""

    def _nearer(self) -> str:
        words, times = self.words, self.found.times
        near, far = times[times["saved"] >= NOTICED], times[times["saved"] <= -NOTICED]
        if near.empty:
            return words("reach.nobody_nearer", goal=self.goal()) if far.empty else ""
        first = words(
            "reach.nearer",
            goal=self.goal(),
            settlements=words.count("reach.settlements", len(near)),
            people=self._people(near["people"]),
            mean=self._mean(near),
        )
        return " ".join([first, *self._largest(near)])

    def _mean(self, near: pd.DataFrame) -> str:
        """By how much the way of some settlements is shorter: over their people, where any are known."""
        people = near["people"].fillna(0.0)
        if len(near) == 1:
            key, mean = "reach.mean_one", near["saved"].iloc[0]
        elif people.sum() > 0:
            key, mean = "reach.mean_people", np.average(near["saved"], weights=people)
        else:
            key, mean = "reach.mean_places", near["saved"].mean()
        return self.words(key, mean=self._min(float(mean)))

    def _largest(self, near: pd.DataFrame) -> list[str]:
        """The most peopled of some settlements, with its minutes before and after; none of unknown ones."""
        if len(near) > 1 and near["people"].isna().all():
            return []
        row = near.sort_values(["people", "saved"], ascending=False, na_position="last").iloc[0]
        name = str(self.found.settlements.loc[str(row.name), f"name_{self.words.language}"])
        key = "reach.most" if len(near) > 1 else "reach.only"
        return [self.words(key, name=name, before=self._min(row["before"]), after=self._min(row["after"]))]

    def _limits(self) -> list[str]:
        goal = self.found.comparison.goal
        told, gains = [], self.found.gains(goal)
        for gain in gains:
            if gain.came:
                key = "reach.came_within"
                told.append(
                    self.words(key, n=self._count(gain.came), limit=int(gain.limit), goal=self.goal())
                )
            if gain.fell_out:
                key = "reach.fell_out"
                told.append(
                    self.words(key, n=self._count(gain.fell_out), limit=int(gain.limit), goal=self.goal())
                )
        if not told:
            limits = ", ".join(str(int(limit)) for limit in LIMITS)
            unknown = any(gain.unknown for gain in gains)
            key = "reach.no_limit_known" if unknown else "reach.no_limit"
            told.append(self.words(key, limits=limits, goal=self.goal()))
        return told

    def _farther(self) -> str:
        times = self.found.times
        far = times[times["saved"] <= -NOTICED]
        if far.empty:
            return ""
        count = self.words.count("reach.settlements", len(far))
        people, mean = self._people(far["people"]), self._mean(far.assign(saved=-far["saved"]))
        first = self.words("reach.farther", goal=self.goal(), settlements=count, people=people, mean=mean)
        return " ".join([first, *self._largest(far), self.words("reach.no_bypass")])

    def _ways(self) -> list[str]:
        """To whom a way has appeared, and for whom none is left."""
        names, told = self.found.settlements[f"name_{self.words.language}"], []
        gone, closed = self.found.cut_off, self._on_closed_roads()
        groups = {
            "reach.opened": self.found.opened,
            "reach.cut_off_closed": gone & closed,
            "reach.cut_off": gone & ~closed,
        }
        for key, those in groups.items():
            found = [str(name) for name in names[those]]
            if found:
                more = len(found) - _MOST_NAMED
                rest = " " + self.words("reach.and_more", n=more) if more > 0 else ""
                told.append(self.words(key, names=", ".join(found[:_MOST_NAMED]) + rest))
        return told

    def _on_closed_roads(self) -> npt.NDArray[np.bool_]:
        """Which settlements join the network after the edits by segments alone that nobody may drive."""
        after, taps = self.found.after, self.found.taps(self.found.after, SETTLEMENTS)
        link_open = after.travel.links < CLOSED
        on_open = link_open[2 * taps.segment] | link_open[2 * taps.segment + 1]
        return taps.connected & ~np.isin(np.arange(taps.places), taps.place[on_open])

    def _worth(self) -> str:
        found = self.found
        if not found.worth_told or abs(found.saved_mln_rub_year) < 0.05:
            return ""
        key = "reach.worth" if found.saved_mln_rub_year > 0 else "reach.worth_lost"
        worth = self.words(key, money=self.words.money(abs(found.saved_mln_rub_year)))
        return " ".join([worth, *self.left_out()])

    def left_out(self) -> list[str]:
        """Whom the worth of time leaves out: no minutes are known of a way that appears or vanishes."""
        some = self.found.cut_off.any() or self.found.opened.any()
        return [self.words("reach.worth_without")] if some else []

    def _people(self, people: pd.Series) -> str:
        """The known people of some settlements, and of how many nobody is known."""
        if people.isna().all():
            return self.words("reach.none_known")
        text = self._count(float(people.sum()))
        unknown = int(people.isna().sum())
        return f"{text} ({self.words.count('reach.unknown_people', unknown)})" if unknown else text

    def _count(self, n: float) -> str:
        return self.words.count("reach.people", round(n))

    def _min(self, minutes: float) -> str:
        return self.words("reach.min", n=self.words.number(minutes, 0 if abs(minutes) >= 10 else 1))

    def assumptions(self) -> list[dict[str, object]]:
        """What the comparison rests on, row by row, with sources: network, scenarios, then figures."""
        rows = self._network()
        for side, scenario in (("before", self.before), ("after", self.after)):
            text = self.words("reach.own_edits", n=len(scenario.scenario)) if scenario.ready is None else ""
            links: list[dict[str, str]] = []
            if scenario.ready == TODAY and self.kept is not None:
                text = self.words("network.as_brought")
            elif scenario.ready is not None:
                record = self.store.record(REGISTER, scenario.ready)
                parts = [record[f"{column}_{self.words.language}"] for column in ("assumed", "note")]
                text = ". ".join(str(part).rstrip(".") for part in parts if part) or "—"
                links = self._links(record["source_id"])
            label = f"{self.words(f'reach.{side}')}: {scenario.title}"
            rows.append({"label": label, "text": text, "known": True, "links": links})
        return rows + [self._figure(id_) for id_ in self._figures()]

    @cached_property
    def kept(self) -> networks.Kept | None:
        """The reader's own network on which the comparison is made; None for the embedded one."""
        name = self.found.comparison.network
        return None if name == HOME_NETWORK else networks.get(name)

    def _network(self) -> list[dict[str, object]]:
        """The network that a reader has brought."""
        if self.kept is None:
            return []
        about, words = self.kept.about, self.words
        text = words("network.brought", title=about.title, origin=about.origin, crs=about.crs)
        when = words.date(self.kept.changed[:10])
        label = f"{words('network.title')} ({when})"
        return [{"label": label, "text": text, "known": True, "links": self._links(READERS_NETWORK)}]

    def _figures(self) -> list[str]:
        seasons = {side.scenario.season for side in self.found.sides} - {"summer"}
        joined = ACCESS[self.kept.about.joined if self.kept else "roads"]
        share = [_SHARE] if self.kept and self.kept.about.limits else []
        return [
            *joined,
            *share,
            *([JUNCTION] if self.kept else []),
            *FIGURES,
            *(f"season-factor-{s}-{name}" for s in sorted(seasons) for name in _OF_SEASON),
        ]

    def _figure(self, id_: str) -> dict[str, object]:
        words, record = self.words, self.store.record("assumptions", id_)
        own = {"trips-to-centre": self.found.trips_year, "time-value-person": self.found.hour_rub}
        value = own.get(id_, float(record["value"]))
        field = self.store.catalogue.fields["assumption_basis"]
        basis = value_in_words(field, record, words, self.store) or ""
        if value != float(record["value"]):
            basis = words("reach.by_reader")
        figure = f"{words.number(value, 2)} {record[f'unit_{words.language}'] or ''}".strip()
        return {
            "label": record[f"name_{words.language}"],
            "text": f"{figure} · {basis.lower()}",
            "known": True,
            "note": record[f"note_{words.language}"],
            "links": self._links(record["source_id"]),
        }

    def _links(self, ids: str) -> list[dict[str, str]]:
        return source_lines(self.store.catalogue, split(ids), self.words)


def outside_core(times: pd.DataFrame) -> pd.DataFrame:
    """The settlements but the core itself."""
    return times.drop(CORE, errors="ignore")
