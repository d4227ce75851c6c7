"""How exact the amounts of sites are: the record nearest to each decides, and what nobody knows is named."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from geo.distance import HALF_DIAGONAL
from geo.grid import Window
from geo.ranking import DRAWS
from layers.siting import site_charts
from layers.siting.accuracy import ERROR_SHARE, Places, error, errors, untold
from layers.siting.measures import LABOUR_MINUTES, Measure, counted, measure
from layers.siting.results import Findings
from layers.siting.site_charts import SiteCharts
from layers.store import EmbeddedStore
from layers.text import Words
from tests.layers.siting.searches import PLAIN, search

ANY = "lin~0~1~1000000~0"


def found_by(*measures: str) -> Findings:
    return search(";".join(f"c:{text}*1*{ANY}" for text in measures))


def at(found: Findings, *points: tuple[float, float], loose_m: float = 0.0) -> Places:
    """Places so many metres east and south of the north-western corner of the grid."""
    shapes = [shapely.Point(found.grid.west + x, found.grid.north - y) for x, y in points]
    return Places(shapes, np.full(len(shapes), loose_m))


def raw_at(found: Findings, places: Places) -> Any:
    """The amounts of the cells that hold the places."""
    rows = []
    for point in places.points:
        cell = found.grid.cell_at(point.x, point.y)
        assert cell is not None
        rows.append(found.basis.amounts(0, Window(*cell, 1, 1))[:, 0, 0])
    return np.array(rows, float)


def told(found: Findings, places: Places) -> Any:
    return errors(found, places, raw_at(found, places))


# --- distances ---------------------------------------------------------------------------------------


def test_the_record_nearest_to_a_site_says_how_exact_its_distance_is(store: EmbeddedStore) -> None:
    """Two places whose nearest substations are known to 600 m and to 5 km are not as uncertain."""
    found = found_by("distance.substations")
    frame, metric = store.features("substations"), store.metric("substations")
    places = at(found, (500, 500), (6000, 2500), (11_500, 10_500))
    nearest = [metric.distance(shape).idxmin() for shape in places.shapes]
    assert len(set(frame.loc[nearest, "accuracy_m"])) > 1
    wanted = frame.loc[nearest, "accuracy_m"].to_numpy() + HALF_DIAGONAL * found.grid.cell_m
    np.testing.assert_allclose(told(found, places)[:, 0], wanted)


def test_what_is_planned_says_nothing_of_how_exact_a_distance_is(store: EmbeddedStore) -> None:
    found = found_by("distance.roads")
    planned = store.metric("roads")["third-tom-bridge-link"]
    place = Places([planned.interpolate(0.5, normalized=True)], np.zeros(1))
    counts = counted(store, found.measures[0])["roads"]
    nearest = store.metric("roads")[counts.index].distance(place.shapes[0]).idxmin()
    assert nearest != "third-tom-bridge-link"
    right = counts.loc[nearest, "accuracy_m"] + HALF_DIAGONAL * found.grid.cell_m
    assert errors(found, place, np.ones((1, 1)))[0, 0] == pytest.approx(right)


def test_of_equals_the_least_exact_counts(store: EmbeddedStore) -> None:
    """Several companies stand at the point of one site, each as exact as its own source."""
    found = found_by("distance.park_industrial")
    frame, metric = store.features("park_industrial"), store.metric("park_industrial")
    spot = metric["tomskneftekhim"]
    there = metric.index[metric.distance(spot) == 0]
    assert frame.loc[there, "accuracy_m"].nunique() > 1
    off = errors(found, Places([spot], np.zeros(1)), np.zeros((1, 1)))[0, 0]
    assert off == pytest.approx(frame.loc[there, "accuracy_m"].max() + HALF_DIAGONAL * found.grid.cell_m)


def test_a_site_that_may_lie_elsewhere_adds_to_it() -> None:
    found = found_by("distance.railways")
    exact, loose = (told(found, at(found, (3000, 3000), loose_m=m)) for m in (0.0, 1500.0))
    assert loose - exact == pytest.approx(1500)


# --- densities ---------------------------------------------------------------------------------------


def test_a_density_may_hold_what_lies_about_its_edge(store: EmbeddedStore) -> None:
    found = found_by("density.heritage.2000")
    places = at(found, (2000, 2000), (6000, 1000), (9000, 4000))
    points = shapely.point_on_surface(store.metric("heritage").to_numpy())
    accuracy = store.features("heritage")["accuracy_m"].to_numpy()
    for place, off in zip(places.points, told(found, places)[:, 0], strict=True):
        away = shapely.distance(place, points)
        now, surely, maybe = (int((away + m <= 2000).sum()) for m in (0.0, accuracy, -accuracy))
        assert off == pytest.approx(max(maybe - now, now - surely) / (np.pi * 4))


def test_companies_alike_are_no_surer_than_their_positions(store: EmbeddedStore) -> None:
    found = found_by("similar.pharma_medtech_it")
    places = at(found, (500, 500), (6000, 6000))
    off = told(found, places)[:, 0]
    assert off.any()
    assert (told(found, replace(places, loose_m=np.full(2, 3000.0)))[:, 0] >= off).all()


# --- along roads -------------------------------------------------------------------------------------


def test_minutes_are_as_exact_as_the_goal_that_is_nearest_by_road(store: EmbeddedStore) -> None:
    found = found_by("minutes.hospitals")
    places = at(found, (3000, 3000), (9000, 9000))
    raw, off = raw_at(found, places), told(found, places)
    accuracy, access = store.features("hospitals")["accuracy_m"], found.ground.ways.base.network.access
    extra = off[:, 0] - ERROR_SHARE["minutes"] * raw[:, 0]
    worth = access.minutes(accuracy.to_numpy())
    for part in extra:
        assert np.isclose(part, worth).any()
    assert (extra > 0).all()


def test_people_come_and_go_with_the_positions_of_their_settlements(store: EmbeddedStore) -> None:
    found = found_by(*(f"people.{limit}" for limit in LABOUR_MINUTES), "workforce.60")
    places = at(found, (3000, 9000))
    raw, off = raw_at(found, places)[0], told(found, places)[0]
    compared = found.ground.ways
    accuracy = store.features("settlements")["accuracy_m"].to_numpy(dtype=float)
    slack = compared.base.network.access.minutes(accuracy)
    from layers.siting.accuracy import _taps

    taps = compared.taps(compared.after, "settlements")
    minutes = compared.after.travel.minutes(taps, _taps(found, places))[:, 0]
    people = np.nan_to_num(compared.people)
    for at_limit, limit in enumerate(LABOUR_MINUTES):
        now, surely, maybe = (people[minutes + m <= limit].sum() for m in (0.0, slack, -slack))
        wanted = ERROR_SHARE["people"] * raw[at_limit] + max(maybe - now, now - surely)
        assert off[at_limit] == pytest.approx(wanted)
    share = float(store.record("assumptions", "workforce-share")["value"])
    own = ERROR_SHARE["people"] * raw[1], ERROR_SHARE["workforce"] * raw[3]
    assert off[3] - own[1] == pytest.approx(share * (off[1] - own[0]))


def test_where_no_road_leads_to_there_is_no_error() -> None:
    found = found_by("minutes.tomsk", "distance.railways")
    places = at(found, (3000, 3000))
    off = errors(found, places, np.array([[np.inf, np.nan]]))
    assert off.tolist() == [[0.0, 0.0]]


# --- rasters of readers, and sites that may lie elsewhere -----------------------------------------------


class Sloped:
    """Findings on a slope to the east, a per cent more with every cell."""

    def __init__(self, found: Findings) -> None:
        self._found = found
        self.measures = (Measure("slope.x", "slope", "x"), Measure("classes.x", "classes", "x"))
        self.basis = self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._found, name)

    def amounts(self, level: int, window: Window) -> Any:
        columns = np.arange(window.column, window.column + window.columns, dtype=np.float32)
        return np.broadcast_to(columns, (2, *window.shape))


def test_how_exact_a_readers_raster_is_nobody_says() -> None:
    found: Any = Sloped(found_by("distance.railways", "minutes.tomsk"))
    places = at(found, (5250, 5250))
    raw = np.array([[10.0, 10.0]])
    assert errors(found, places, raw).tolist() == [[0.0, 0.0]]
    assert [of.text for of in untold(found)] == ["slope.x", "classes.x"]
    assert untold(found_by("distance.railways", "minutes.tomsk")) == ()


def test_it_is_said_beside_how_firm_the_order_is(monkeypatch: pytest.MonkeyPatch) -> None:
    charts = SiteCharts(search(PLAIN), Words("en"))
    assert "is not known" not in charts.order().note
    monkeypatch.setattr(site_charts, "untold", lambda found: found.measures[:1])
    note = charts.order().note
    assert note.endswith("Distance: railways.")
    assert f"{DRAWS:,}".replace(",", "") in note.replace("\u00a0", "").replace(",", "")


def test_a_site_that_may_lie_elsewhere_has_what_is_found_there() -> None:
    """Three cells to either side the slope is by three per cent another; a class is no amount."""
    found: Any = Sloped(found_by("distance.railways", "minutes.tomsk"))
    places = at(found, (5250, 5250), loose_m=3.2 * found.grid.cell_m)
    assert errors(found, places, np.array([[10.0, 10.0]])).tolist() == [[3.0, 0.0]]
    # What may lie beyond the grid has what is known of it.
    assert errors(found, at(found, (-90_000, 0), loose_m=10.0), np.array([[10.0, 10.0]])).sum() == 0


def test_one_amount_is_as_far_off_as_it_is_among_all(store: EmbeddedStore) -> None:
    """Where a place is approximate, too; of what the model does not ask about the way counts."""
    found = search("c:minutes.tomsk*1*lin~0~1~60~0;c:workforce.60*1*lin~0~0~9~1")
    shape = shapely.box(*found.grid.bounds).centroid
    judged = found.judge(shape)
    assert judged is not None
    for loose in (0.0, 1500.0):
        places = Places([shape], np.array([loose]))
        together = errors(found, places, judged.raw[np.newaxis, :2])[0]
        for at, of in enumerate(found.measures[:2]):
            assert error(found, of, places, float(judged.raw[at])) == pytest.approx(together[at])
    other = measure("minutes.airports", store.catalogue)
    firm, loose_too = (error(found, other, Places([shape], np.array([m])), 40.0) for m in (0.0, 1500.0))
    assert loose_too > firm > 0
