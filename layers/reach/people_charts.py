"""Charts of who gains: the mean of each district, and the labour market of each place of work."""

import pandas as pd

from layers.chart import Chart, Mark, bars
from layers.reach.results import Results
from layers.text import Words

_SHOWN = 18
GAIN, LOSS = "#1b7837", "#c0392b"
"""The colours of what becomes better and worse."""
LABOUR_LIMITS = (50_000.0, 100_000.0, 250_000.0, 500_000.0)
"""The people within an hour from which a labour market is counted to the next size."""


def signed(words: Words, value: float, decimals: int) -> str:
    """A difference in words: with its sign, unless it rounds to nothing."""
    rounded = round(value, decimals)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + words.number(abs(rounded), decimals)


def crossed(before: float, after: float) -> list[float]:
    """The thresholds of the labour market that lie between the people within an hour before and after."""
    return [limit for limit in LABOUR_LIMITS if (before >= limit) != (after >= limit)]


class PeopleCharts:
    """The charts of a comparison in a language."""

    def __init__(self, found: Results, words: Words) -> None:
        self.found, self.words, self.store = found, words, found.store

    def districts(self) -> Chart:
        """The mean minutes saved by the people of each district."""
        words, frame = self.words, self.found.by_district
        names = self.store.features("districts")[f"name_{words.language}"]
        known = frame[frame["people"] > 0].sort_values("saved", ascending=False)
        marks = [
            Mark(
                name=str(names[id_]),
                value=round(float(row["saved"]), 1),
                text=words("reach.min", n=signed(words, row["saved"], 1)),
                tip=(
                    words.count("reach.people", int(row["people"])),
                    words(
                        "reach.came_out",
                        came=words.number(row["came"], 0),
                        out=words.number(row["fell_out"], 0),
                    ),
                ),
                colour=GAIN if row["saved"] > 0 else LOSS,
            )
            for id_, row in zip(map(str, known.index), known.to_dict("records"), strict=True)
            if abs(row["saved"]) >= 0.05
        ]
        chart = bars(
            "districts", words("reach.by_district"), marks, ("", ""), note=words("reach.by_district_note")
        )
        rows = frame.loc[[*known.index, *frame.index.difference(known.index)]]
        table = pd.DataFrame(
            {
                words("reach.district"): [str(names[id_]) for id_ in rows.index],
                words("reach.people_known"): rows["people"].where(rows["people"] > 0).to_numpy(),
                words("reach.col_mean"): rows["saved"].round(2).to_numpy(),
                words("reach.col_came"): rows["came"].to_numpy(),
                words("reach.col_out"): rows["fell_out"].to_numpy(),
            }
        )
        return chart.tabled(table)

    def sites(self) -> Chart:
        """Places of work whose labour market within an hour changes, and which thresholds it crosses."""
        words, sites = self.words, self.found.sites
        moved = sites[sites["more"].abs() >= 1].copy()
        moved = moved.reindex(moved["more"].abs().sort_values(ascending=False).index)
        names = {
            layer: self.store.features(layer)[f"name_{words.language}"] for layer in moved["layer"].unique()
        }
        titles = [str(names[row["layer"]][row["id"]]) for _, row in moved.iterrows()]
        acts = tuple(f"pick={row['layer']}/{row['id']}" for _, row in moved.iterrows())
        marks = [
            Mark(
                name=title,
                value=float(row["more"]),
                text=signed(words, row["more"], 0),
                tip=(f"{words.number(row['before'], 0)} → {words.number(row['after'], 0)}",),
                act=act,
                colour=GAIN if row["more"] > 0 else LOSS,
            )
            for title, act, (_, row) in zip(titles, acts, moved.iterrows(), strict=True)
        ][:_SHOWN]
        note = f"{words('reach.by_site_note')}. {self._thresholds(moved)}"
        chart = bars("sites", words("reach.by_site"), marks, ("", ""), note=note)
        return chart.tabled(self._of_sites(moved, titles), acts=acts)

    def _of_sites(self, moved: pd.DataFrame, titles: list[str]) -> pd.DataFrame:
        words, layers = self.words, self.store.catalogue.layers
        return pd.DataFrame(
            {
                words("table.name"): titles,
                words("report.layer"): [layers[layer].title[words.language] for layer in moved["layer"]],
                words("reach.labour_before"): moved["before"].to_numpy(),
                words("reach.labour_after"): moved["after"].to_numpy(),
                words("reach.labour_more"): moved["more"].to_numpy(),
                words("reach.labour_limit"): [
                    self._threshold(*pair) for pair in zip(moved["before"], moved["after"], strict=True)
                ],
            }
        )

    def _threshold(self, before: float, after: float) -> str:
        """The thresholds that a place of work crosses, in words; empty where there is none."""
        limits = [self.words.number(limit, 0) for limit in crossed(before, after)]
        key = "reach.labour_over" if after > before else "reach.labour_under"
        return self.words(key, limits="; ".join(limits)) if limits else ""

    def _thresholds(self, moved: pd.DataFrame) -> str:
        """How many places of work cross each threshold, in a sentence."""
        words, told = self.words, []
        for limit in LABOUR_LIMITS:
            was, is_ = moved["before"] >= limit, moved["after"] >= limit
            counts = {
                "reach.labour_rose": int((is_ & ~was).sum()),
                "reach.labour_fell": int((was & ~is_).sum()),
            }
            for key, count in counts.items():
                if count:
                    told.append(words.count(key, count, limit=words.number(limit, 0)))
        limits = ", ".join(words.number(limit, 0) for limit in LABOUR_LIMITS)
        text = "; ".join(told) or words("reach.labour_same", limits=limits)
        return f"{text[0].upper()}{text[1:]}."
