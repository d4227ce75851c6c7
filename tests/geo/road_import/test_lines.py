"""Line layers, made here, read as networks. Figures are metres from a corner in EPSG:32645."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.crs import WORKING
from geo.errors import NetworkError
from geo.network import BACK, BOTH, THERE, Access, Network
from geo.road_import import FieldMap, Imported, Note, read_lines
from geo.road_import.pieces import cut, ordinals

ACCESS = Access(40.0, 1.3, 15_000.0)
CORNER = np.array([500_000.0, 6_260_000.0])

Line = Sequence[tuple[float, float]]


def shape(line: Line) -> Any:
    return shapely.LineString(np.asarray(line, float) + CORNER)


def layer(lines: Iterable[Any], crs: str | None = WORKING, **columns: Any) -> geopandas.GeoDataFrame:
    shapes = [line if line is None or isinstance(line, shapely.Geometry) else shape(line) for line in lines]
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs=crs)


def imported(lines: Iterable[Any], fields: FieldMap | None = None, **options: Any) -> Imported:
    return read_lines(layer(lines), fields or FieldMap(), "layer", ACCESS, **options)


def ends(network: Network) -> dict[str, tuple[tuple[float, ...], ...]]:
    """The ends of each segment from the corner."""
    places = np.round(network.nodes - CORNER, 3) + 0.0
    return {
        id_: (tuple(places[a].tolist()), tuple(places[b].tolist()))
        for id_, a, b in zip(network.ids, network.start, network.end, strict=True)
    }


def fault(lines: Iterable[Any], fields: FieldMap | None = None, **options: Any) -> str:
    with pytest.raises(NetworkError) as caught:
        imported(lines, fields, **options)
    assert str(caught.value).startswith("layer")
    return caught.value.code


def test_lines_that_share_an_end_meet() -> None:
    got = imported([[(0, 0), (100, 0)], [(100, 0), (200, 0)]])
    assert ends(got.network) == {"r1": ((0, 0), (100, 0)), "r2": ((100, 0), (200, 0))}
    assert got.notes == ()
    assert got.figures.km == pytest.approx(0.2)
    assert (got.figures.parts, got.figures.largest, got.figures.no_speed) == (1, 1.0, 1.0)


def test_ends_within_the_tolerance_become_one_node() -> None:
    lines = [[(0, 0), (100, 0)], [(100.8, 0), (200, 0)]]
    got = imported(lines)
    assert got.figures.parts == 1
    assert got.notes == (Note("ends-moved", 2, ("r1", "r2")),)
    assert ends(got.network)["r1"][1] == (100.4, 0)
    for line, start, end in zip(got.network.lines, got.network.start, got.network.end, strict=True):
        assert line.coords[0] == tuple(got.network.nodes[start])
        assert line.coords[-1] == tuple(got.network.nodes[end])
    assert imported(lines, tolerance_m=0.5).figures.parts == 2


def test_an_end_on_a_line_cuts_it() -> None:
    got = imported([[(0, 0), (100, 0), (200, 0)], [(60, 0.5), (60, 90)]])
    assert ends(got.network) == {
        "r1-1": ((0, 0), (60, 0)),
        "r1-2": ((60, 0), (200, 0)),
        "r2": ((60, 0), (60, 90)),
    }
    assert got.notes == (Note("lines-split", 1, ("r1",)), Note("ends-moved", 1, ("r2",)))
    assert [len(line.coords) for line in got.network.lines] == [2, 3, 2]


def test_two_ends_opposite_each_other_on_a_line_are_one_node() -> None:
    got = imported([[(0, 0), (200, 0)], [(60, 0.9), (60, 90)], [(60, -0.9), (60, -90)]])
    assert len(got.network) == 4
    assert got.figures.nodes == 5


def test_crossing_lines_meet_only_if_told() -> None:
    lines = [[(0, 0), (100, 0)], [(50, -50), (50, 50)]]
    assert imported(lines).figures.parts == 2
    got = imported(lines, cross=True)
    assert len(got.network) == 4
    assert got.figures.parts == 1
    assert got.figures.km == pytest.approx(0.2)


def test_lines_with_a_common_vertex_meet() -> None:
    got = imported([[(0, 0), (50, 0), (100, 0)], [(50, -50), (50, 0), (50, 50)]])
    assert len(got.network) == 4
    assert got.figures.parts == 1


def test_a_third_line_over_a_junction_is_a_bridge() -> None:
    got = imported([[(0, 0), (50, 0), (100, 0)], [(50, -50), (50, 0), (50, 50)], [(0, -50), (100, 50.5)]])
    assert got.figures.parts == 2


def test_lines_in_parts_and_heights() -> None:
    places = np.array([[(0, 0, 9), (100, 0, 9)], [(100, 0, 8), (200, 0, 8)]]) + np.r_[CORNER, 0]
    parts = shapely.MultiLineString(list(places))
    network = imported([parts]).network
    assert list(network.ids) == ["r1-1", "r1-2"]
    assert not shapely.has_z(network.lines).any()


def test_what_is_no_line_is_told() -> None:
    lines = [
        [(0, 0), (100, 0)],
        None,
        shapely.LineString(),
        shapely.Point(CORNER),
        [(5, 5), (5, 5)],
        shapely.LineString([(np.inf, 0), (1, 1)]),
        shapely.LineString([(1e9, 0), (1, 1)]),
        [(0, 0), (0.5, 0)],
    ]
    assert imported(lines).notes == (
        Note("empty", 2, ("r2", "r3")),
        Note("not-lines", 1, ("r4",)),
        Note("broken", 2, ("r6", "r7")),
        Note("zero-length", 1, ("r5",)),
        Note("ends-moved", 3, ("r1", "r8")),
        Note("short", 1, ("r8",)),
    )


def test_a_loop_stays_and_a_tiny_one_goes() -> None:
    got = imported([[(0, 0), (50, 50), (50, -50), (0, 0)], [(90, 90), (90.5, 90), (90, 90.5), (90, 90)]])
    assert list(got.network.ids) == ["r1"]
    assert got.network.start[0] == got.network.end[0]
    assert got.notes == (Note("short", 1, ("r2",)),)


def test_columns_are_read() -> None:
    frame = layer(
        [[(0, 100 * n), (100, 100 * n)] for n in range(5)],
        road=[11.0, 12.0, 13.0, 14.0, 15.0],
        v=["60", "62,5", None, "fast", 0],
        kind=["A", "B", "?", None, "A"],
        top=["асфальт", "gravel", "сыр", "", None],
        way=["FT", "TF", None, "sideways", "B"],
    )
    fields = FieldMap("road", "v", "kind", "top", "way", {"A": "main", "B": "side"}, {"асфальт": "asphalt"})
    got = read_lines(frame, fields, "layer", ACCESS)
    network = got.network
    assert list(network.ids) == ["11", "12", "13", "14", "15"]
    np.testing.assert_equal(network.speed_kmh, [60, 62.5, np.nan, np.nan, np.nan])
    assert list(network.category) == ["main", "side", "", "", "main"]
    assert list(network.surface) == ["asphalt", "gravel", "", "", ""]
    assert list(network.oneway) == [THERE, BACK, BOTH, BOTH, BOTH]
    assert network.there.all()
    assert np.isnan(network.before_kmh).all()
    assert got.notes == (
        Note("category-unread", 1, ("?",)),
        Note("surface-unread", 1, ("сыр",)),
        Note("speed-unread", 1, ("fast",)),
        Note("oneway-unread", 1, ("sideways",)),
    )
    assert (got.figures.no_speed, got.figures.no_surface) == (0.6, 0.6)


def test_categories_stay_as_they_are_where_none_is_named() -> None:
    frame = layer([[(0, 0), (100, 0)], [(0, 9), (100, 9)], [(0, 18), (99, 18)]], kind=["IV", 5, "x" * 99])
    got = read_lines(frame, FieldMap(category="kind"), "layer", ACCESS)
    assert list(got.network.category) == ["IV", "5", ""]
    assert got.notes == (Note("category-unread", 1, ("x" * 80,)),)


@pytest.mark.parametrize(
    ("values", "speeds"),
    [
        (np.array([60, 40]), [60, 40]),
        (np.array([60.5, np.nan]), [60.5, np.nan]),
        (pd.array([60, pd.NA], dtype="Int64"), [60, np.nan]),
        (np.array([np.inf, -60]), [np.nan, np.nan]),
        (pd.array(["60", None], dtype="string"), [60, np.nan]),
        ([[60], pd.NaT], [np.nan, np.nan]),
    ],
)
def test_speeds_of_any_kind_of_column(values: Any, speeds: list[float]) -> None:
    frame = layer([[(0, 0), (100, 0)], [(0, 9), (100, 9)]], v=values)
    network = read_lines(frame, FieldMap(speed="v"), "layer", ACCESS).network
    np.testing.assert_equal(network.speed_kmh, speeds)


def test_one_way_of_truth_values() -> None:
    frame = layer([[(0, 0), (100, 0)], [(0, 9), (100, 9)]], way=[True, False])
    assert list(read_lines(frame, FieldMap(oneway="way"), "layer", ACCESS).network.oneway) == [THERE, BOTH]


def test_pieces_of_a_line_have_its_values_and_direction() -> None:
    frame = layer([[(0, 0), (100, 0)], [(50, 0), (50, 50)]], v=[60, 40], way=["yes", "no"], name=["a", "a-1"])
    network = read_lines(frame, FieldMap(id="name", speed="v", oneway="way"), "layer", ACCESS).network
    assert list(network.ids) == ["a--1", "a--2", "a-1"]
    assert list(network.speed_kmh) == [60, 60, 40]
    assert list(network.oneway) == [THERE, THERE, BOTH]
    assert ends(network)["a--2"] == ((50, 0), (100, 0))


@pytest.mark.parametrize("ids", [["a", "a"], ["a", None], ["a", " "], ["a", "b\0c"], ["a", "b" * 81]])
def test_ids_must_be_fit(ids: list[Any]) -> None:
    frame = layer([[(0, 0), (100, 0)], [(0, 9), (100, 9)]], name=ids)
    with pytest.raises(NetworkError) as caught:
        read_lines(frame, FieldMap(id="name"), "layer", ACCESS)
    assert caught.value.code == "ids"


def test_any_coordinate_system_is_carried_over() -> None:
    frame = layer([[(0, 0), (100, 0)], [(100, 0), (100, 50)]])
    expected = read_lines(frame, FieldMap(), "layer", ACCESS).network
    for crs in ("EPSG:4326", "EPSG:3857", "EPSG:28415"):
        network = read_lines(frame.to_crs(crs), FieldMap(), "layer", ACCESS).network
        np.testing.assert_allclose(network.nodes, expected.nodes, atol=0.01)
        assert network.length_m == pytest.approx(expected.length_m, abs=0.01)


def test_faults_are_named() -> None:
    line: Line = [(0, 0), (100, 0)]
    assert fault([line], FieldMap(speed="v")) == "fields"
    assert fault([line], FieldMap(surfaces={"a": "cheese"})) == "fields"
    assert fault([line], tolerance_m=-1) == "tolerance"
    assert fault([line], tolerance_m=float("nan")) == "tolerance"
    assert fault([line], tolerance_m=1000) == "tolerance"
    assert fault([]) == "empty"
    assert fault([shapely.Point(CORNER)]) == "empty"
    assert fault([[(0, 0), (0.1, 0)]]) == "empty"
    assert fault([line, line], most_segments=1) == "many"
    assert fault([line, [(50, 0), (50, 9)]], most_segments=2) == "many"
    assert fault([[(9e6, 9e6), (9e6, 9e6 + 50)]]) == "outside"


def test_a_layer_must_say_its_coordinate_system() -> None:
    with pytest.raises(NetworkError, match=r"set_crs") as caught:
        read_lines(layer([[(0, 0), (100, 0)]], crs=None), FieldMap(), "layer", ACCESS)
    assert caught.value.code == "crs"
    with pytest.raises(NetworkError) as caught:
        read_lines(geopandas.GeoDataFrame({"a": [1]}), FieldMap(), "layer", ACCESS)
    assert caught.value.code == "empty"


def test_a_crowd_is_refused() -> None:
    """Thousands of ends within one tolerance: a layer in another unit than it says."""
    rng = np.random.default_rng(1)
    crowd = rng.random((3000, 2, 2)).tolist()
    assert fault(crowd, tolerance_m=10) == "crowded"
    across = [[(0, n), (10_000, 9_999 - n)] for n in range(0, 9_999, 20)]
    assert fault(across * 2, cross=True) == "crowded"


LATTICE = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(
    lambda place: (place[0] * 100.0, place[1] * 100.0)
)
STREETS = st.lists(st.lists(LATTICE, min_size=2, max_size=3, unique=True), min_size=1, max_size=7)


def groups(size: int, pairs: Iterable[tuple[int, int]]) -> set[frozenset[int]]:
    """What pairs join, as sets."""
    one, other = np.array([*pairs], int).reshape(-1, 2).T
    label = connected_components(
        coo_array((np.ones(len(one)), (one, other)), shape=(size, size)), directed=False
    )[1]
    found = defaultdict(set)
    for number, group in enumerate(label):
        found[group].add(number)
    return {frozenset(group) for group in found.values()}


def groups_of(network: Network, size: int) -> set[frozenset[int]]:
    """Which lines hang together in a network."""
    line = [int(id_.split("-")[0][1:]) - 1 for id_ in network.ids]
    at = defaultdict(list)
    for number, start, end in zip(line, network.start, network.end, strict=True):
        at[int(start)].append(number)
        at[int(end)].append(number)
    return groups(size, [(lines[0], other) for lines in at.values() for other in lines])


@given(STREETS, st.booleans())
def test_what_hangs_together_is_what_touches(lines: list[list[tuple[float, float]]], cross: bool) -> None:
    """Line by line: ends on lines and common vertices join, crossings where they are asked for."""
    shapes = [shape(line) for line in lines]

    def meet(one: int, other: int) -> bool:
        a, b = shapes[one], shapes[other]
        touching = any(
            shapely.Point(line.coords[end]).distance(other_) <= 1
            for line, other_ in ((a, b), (b, a))
            for end in (0, -1)
        )
        return touching or bool(set(a.coords) & set(b.coords)) or (cross and a.intersects(b))

    size = len(lines)
    expected = groups(size, [(i, j) for i in range(size) for j in range(size) if meet(i, j)])
    assert groups_of(imported(lines, cross=cross).network, size) == expected


@given(STREETS, st.booleans())
def test_nothing_is_lost_on_the_way(lines: list[list[tuple[float, float]]], cross: bool) -> None:
    network = imported(lines, cross=cross).network
    assert network.length_m.sum() == pytest.approx(sum(shape(line).length for line in lines), abs=0.01)
    assert len(set(network.ids)) == len(network)
    assert set(np.r_[network.start, network.end].tolist()) == set(range(len(network.nodes)))
    for line, start, end in zip(network.lines, network.start, network.end, strict=True):
        assert line.coords[0] == tuple(network.nodes[start])
        assert line.coords[-1] == tuple(network.nodes[end])


@given(STREETS, st.lists(st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3)), min_size=42, max_size=42))
def test_small_errors_change_nothing(
    lines: list[list[tuple[float, float]]], errors: list[tuple[float, float]]
) -> None:
    """Where every vertex of two-point streets is a little off, the network hangs together as before."""
    straight = [[line[0], line[-1]] for line in lines]
    spots = iter(errors)
    off = [[tuple(np.add(place, next(spots))) for place in line] for line in straight]
    size = len(lines)
    assert groups_of(imported(off).network, size) == groups_of(imported(straight).network, size)


@given(STREETS)
def test_an_import_of_the_result_changes_nothing(lines: list[list[tuple[float, float]]]) -> None:
    first = imported(lines).network
    frame = geopandas.GeoDataFrame({"id": first.ids}, geometry=first.lines, crs=WORKING)
    again = read_lines(frame, FieldMap(id="id"), "layer", ACCESS).network
    assert ends(again) == ends(first)


def test_cut_leaves_its_arguments_alone() -> None:
    xy = np.array([(0.0, 0), (5, 0), (5, 0.0004), (9, 0)])
    line, node = np.array([0, 0, 1, 1]), np.array([0, 1, 2, 3])
    before = xy.copy()
    pieces = cut(xy, line, node)
    assert (xy == before).all()
    assert len(pieces) == 2
    assert len(pieces.nodes) == 4


def test_ordinals_count_within_groups() -> None:
    assert ordinals(np.array([5, 2, 5, 5, 2])).tolist() == [1, 1, 2, 3, 2]
    assert ordinals(np.array([], np.intp)).tolist() == []
