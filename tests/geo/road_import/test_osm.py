"""Extracts of OpenStreetMap, written here as XML, read as networks."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
import osmium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import WGS84, WORKING, transform
from geo.errors import NetworkError
from geo.network import BACK, BOTH, THERE, Access, Network
from geo.road_import import Imported, Note, read_osm
from geo.road_import.osm import MOTOR_ROADS
from geo.road_import.values import kmh

ACCESS = Access(40.0, 1.3, 15_000.0)
CROSS = {1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (1, 1), 5: (1, -1)}
"""A node amid four others; a step is 0.01 degrees."""
STREET = {"highway": "residential"}

Way = tuple[int, list[int], Mapping[str, str]]
Relation = tuple[int, Mapping[str, str], list[tuple[str, str, int]]]


def written(
    path: Path, nodes: Mapping[int, tuple[float, float]], ways: Iterable[Way], rules: Iterable[Relation] = ()
) -> Path:
    """An extract as a file; x and y of a node are steps from 84.9 E, 56.5 N."""

    def tagged(kind: str, id_: int, inner: str, tags: Mapping[str, str]) -> str:
        own = "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
        return f'<{kind} id="{id_}" version="1">{inner}{own}</{kind}>'

    lines = [
        f'<node id="{id_}" version="1" lon="{84.9 + x / 100:.7f}" lat="{56.5 + y / 100:.7f}"/>'
        for id_, (x, y) in nodes.items()
    ]
    lines += [
        tagged("way", id_, "".join(f'<nd ref="{ref}"/>' for ref in refs), tags) for id_, refs, tags in ways
    ]
    lines += [
        tagged(
            "relation",
            id_,
            "".join(f'<member role="{role}" type="{kind}" ref="{ref}"/>' for role, kind, ref in members),
            tags,
        )
        for id_, tags, members in rules
    ]
    path.write_text(f'<?xml version="1.0"?>\n<osm version="0.6">{"".join(lines)}</osm>', encoding="utf-8")
    return path


def imported(
    folder: Path,
    nodes: Mapping[int, tuple[float, float]],
    ways: Iterable[Way],
    rules: Iterable[Relation] = (),
    **options: Any,
) -> Imported:
    return read_osm(written(folder / "a.osm", nodes, ways, rules), "extract", ACCESS, **options)


def one(folder: Path, **tags: str) -> tuple[Network, tuple[Note, ...]]:
    """A single road of some tags."""
    got = imported(folder, {1: (0, 0), 2: (1, 0)}, [(7, [1, 2], {"highway": "primary"} | tags)])
    return got.network, got.notes


def found(network: Network) -> dict[str, tuple[tuple[float, float], tuple[float, float]]]:
    """The ends of each segment in steps."""
    lon, lat = transform(network.nodes[:, 0], network.nodes[:, 1], WORKING, WGS84)
    steps = [
        (round((x - 84.9) * 100, 3) + 0.0, round((y - 56.5) * 100, 3) + 0.0)
        for x, y in zip(lon, lat, strict=True)
    ]
    return {
        id_: (steps[a], steps[b]) for id_, a, b in zip(network.ids, network.start, network.end, strict=True)
    }


def banned(network: Network) -> set[tuple[str, str]]:
    """The bans by names: > is a segment from start to end, < back."""
    return {
        tuple(str(network.ids[link // 2]) + "><"[link % 2] for link in pair) for pair in network.bans.tolist()
    }  # type: ignore[misc]


def codes(notes: Iterable[Note]) -> dict[str, int]:
    return {note.code: note.count for note in notes}


def test_ways_are_cut_where_they_meet(tmp_path: Path) -> None:
    got = imported(tmp_path, CROSS, [(7, [1, 2, 3], STREET), (8, [4, 2], STREET)])
    assert found(got.network) == {
        "w7-1": ((0, 0), (1, 0)),
        "w7-2": ((1, 0), (2, 0)),
        "w8-1": ((1, 1), (1, 0)),
    }
    assert got.notes == ()
    assert (got.figures.segments, got.figures.nodes, got.figures.parts) == (3, 4, 1)
    assert (got.figures.largest, got.figures.no_speed, got.figures.no_surface) == (1.0, 1.0, 1.0)


def test_ways_that_only_cross_do_not_meet(tmp_path: Path) -> None:
    got = imported(tmp_path, CROSS, [(7, [1, 3], STREET), (8, [4, 5], STREET)])
    assert len(got.network) == 2
    assert got.figures.parts == 2
    assert got.figures.largest < 1


def test_inner_nodes_stay_in_the_line(tmp_path: Path) -> None:
    network = imported(tmp_path, CROSS, [(7, [1, 4, 3], STREET)]).network
    assert len(network) == 1
    assert len(network.lines[0].coords) == 3
    assert network.length_m[0] == pytest.approx(network.lines[0].length)
    assert network.lines[0].coords[0] == tuple(network.nodes[network.start[0]])


def test_order_of_objects_does_not_matter(tmp_path: Path) -> None:
    path = written(tmp_path / "a.osm", CROSS, [(7, [1, 2, 3], STREET)])
    text = path.read_text("utf-8")
    start, stop = text.index("<way"), text.index("</way>") + len("</way>")
    moved = text[:start] + text[stop:]
    path.write_text(moved.replace('<osm version="0.6">', '<osm version="0.6">' + text[start:stop]), "utf-8")
    assert found(read_osm(path, "x", ACCESS).network) == {"w7-1": ((0, 0), (2, 0))}


def test_ids_below_zero_are_those_of_an_editor(tmp_path: Path) -> None:
    got = imported(tmp_path, {-1: (0, 0), -2: (1, 0), 3: (2, 0)}, [(-7, [-1, -2, 3], STREET)])
    assert found(got.network) == {"w-7-1": ((0, 0), (2, 0))}


def test_pbf_gives_the_same(tmp_path: Path) -> None:
    ways = [(7, [1, 2, 3], STREET | {"maxspeed": "60"}), (8, [4, 2, 5], {"highway": "primary"})]
    rules: list[Relation] = [
        (
            1,
            {"type": "restriction", "restriction": "no_left_turn"},
            [("from", "way", 7), ("via", "node", 2), ("to", "way", 8)],
        )
    ]
    text = written(tmp_path / "a.osm", CROSS, ways, rules)
    binary = tmp_path / "a.pbf"
    with osmium.SimpleWriter(str(binary)) as writer:
        for thing in osmium.FileProcessor(str(text)):
            writer.add(thing)
    disguised = binary.rename(tmp_path / "b.osm.gz")
    one, other = read_osm(text, "x", ACCESS), read_osm(disguised, "x", ACCESS)
    assert found(one.network) == found(other.network)
    assert one.figures == other.figures
    assert one.notes == other.notes


def test_only_motor_roads(tmp_path: Path) -> None:
    ways: list[Way] = [
        (number, [1, 2], {"highway": road})
        for number, road in enumerate(
            [*sorted(MOTOR_ROADS), "service", "footway", "footway", "primary_link"], 1
        )
    ]
    ways += [(90, [1, 2], {"building": "yes"}), (91, [1, 2], {"route": "bus"})]
    got = imported(tmp_path, CROSS, ways)
    assert Counter(got.network.category) == Counter([*MOTOR_ROADS, "primary"])
    assert got.notes == (Note("other-class", 3, ("footway", "service")),)
    got = imported(tmp_path, CROSS, ways, classes={"service"})
    assert list(got.network.category) == ["service"]


def test_ferries_come_with_the_roads(tmp_path: Path) -> None:
    ways: list[Way] = [(7, [1, 2], STREET), (8, [2, 3], {"route": "ferry", "surface": "asphalt"})]
    ways += [(9, [2, 4], {"route": "ferry", "motor_vehicle": "no"})]
    got = imported(tmp_path, CROSS, ways)
    assert list(got.network.category) == ["residential", "ferry"]
    assert list(got.network.surface) == ["", "ferry"]
    assert got.notes == (Note("closed", 1, ("w9",)),)


@pytest.mark.parametrize(
    ("tags", "taken"),
    [
        ({"access": "private"}, False),
        ({"access": "no"}, False),
        ({"access": "no", "motor_vehicle": "yes"}, True),
        ({"access": "yes", "motorcar": "no"}, False),
        ({"vehicle": "forestry"}, False),
        ({"access": "destination"}, True),
        ({"area": "yes"}, False),
        ({"bicycle": "no"}, True),
    ],
)
def test_closed_roads_are_left_out(tmp_path: Path, tags: dict[str, str], taken: bool) -> None:
    got = imported(tmp_path, CROSS, [(1, [1, 2], STREET), (7, [1, 2], STREET | tags)])
    assert ("w7-1" in got.network.index) == taken
    assert codes(got.notes) == ({} if taken else {"area" if "area" in tags else "closed": 1})


@pytest.mark.parametrize(
    ("text", "speed"),
    [
        ("60", 60),
        ("60 km/h", 60),
        ("62,5", 62.5),
        ("40 км/ч", 40),
        ("30 mph", 48.28032),
        ("RU:urban", 60),
        ("RU:rural", 90),
        ("RU:motorway", 110),
        ("ru:living_street", 20),
    ],
)
def test_speeds_are_read(tmp_path: Path, text: str, speed: float) -> None:
    network, notes = one(tmp_path, maxspeed=text)
    assert network.speed_kmh[0] == pytest.approx(speed)
    assert notes == ()


@pytest.mark.parametrize(
    "text", ["signals", "none", "60;40", "900", "1", "-60", "6e1", "٦٠", "nan", "1" * 400]
)
def test_other_speeds_are_told(tmp_path: Path, text: str) -> None:
    network, notes = one(tmp_path, maxspeed=text)
    assert np.isnan(network.speed_kmh[0])
    assert notes == (Note("speed-unread", 1, (text[:80],)),)


@given(st.text(max_size=20))
def test_any_text_is_a_speed_or_none(text: str) -> None:
    speed = kmh(text)
    assert speed is None or np.isnan(speed) or 3 <= speed <= 150


@pytest.mark.parametrize(
    ("tags", "surface"),
    [
        ({"surface": "asphalt"}, "asphalt"),
        ({"surface": "concrete:plates"}, "asphalt"),
        ({"surface": "Compacted "}, "gravel"),
        ({"surface": "unpaved"}, "earth"),
        ({"surface": "asphalt", "winter_road": "yes"}, "winter"),
        ({"ice_road": "yes"}, "winter"),
        ({"ice_road": "no"}, ""),
        ({"surface": "ice"}, "winter"),
        ({}, ""),
    ],
)
def test_surfaces_become_ours(tmp_path: Path, tags: dict[str, str], surface: str) -> None:
    network, notes = one(tmp_path, **tags)
    assert network.surface[0] == surface
    assert notes == ()


def test_an_unknown_surface_is_told(tmp_path: Path) -> None:
    network, notes = one(tmp_path, surface="cheese")
    assert network.surface[0] == ""
    assert notes == (Note("surface-unread", 1, ("cheese",)),)


@pytest.mark.parametrize(
    ("tags", "way", "unread"),
    [
        ({"oneway": "yes"}, THERE, 0),
        ({"oneway": "1"}, THERE, 0),
        ({"oneway": "true"}, THERE, 0),
        ({"oneway": "-1"}, BACK, 0),
        ({"oneway": "no"}, BOTH, 0),
        ({"oneway": "reversible"}, BOTH, 1),
        ({"junction": "roundabout"}, THERE, 0),
        ({"junction": "roundabout", "oneway": "no"}, BOTH, 0),
        ({"highway": "motorway"}, THERE, 0),
        ({"highway": "motorway_link"}, BOTH, 0),
        ({"highway": "motorway", "oneway": "-1"}, BACK, 0),
        ({}, BOTH, 0),
    ],
)
def test_directions(tmp_path: Path, tags: dict[str, str], way: int, unread: int) -> None:
    network, notes = one(tmp_path, **tags)
    assert network.oneway[0] == way
    assert codes(notes).get("oneway-unread", 0) == unread


def test_a_roundabout_is_cut_and_closed(tmp_path: Path) -> None:
    ways: list[Way] = [
        (7, [1, 4, 3, 5, 1], {"highway": "primary", "junction": "roundabout"}),
        (8, [3, 2], STREET),
    ]
    assert found(imported(tmp_path, CROSS, ways).network) == {
        "w7-1": ((0, 0), (2, 0)),
        "w7-2": ((2, 0), (0, 0)),
        "w8-1": ((2, 0), (1, 0)),
    }


def test_a_loop_alone_stays_a_loop(tmp_path: Path) -> None:
    got = imported(tmp_path, CROSS, [(7, [1, 4, 3, 1], STREET)])
    assert got.network.start[0] == got.network.end[0]
    assert len(got.network.turns.graph.tail) == 2


def test_nodes_that_are_not_in_the_extract_end_a_way(tmp_path: Path) -> None:
    ways: list[Way] = [(7, [99, 1, 2, 98, 3, 4, 97], STREET), (8, [96, 2, 95], STREET), (9, [94, 93], STREET)]
    got = imported(tmp_path, CROSS, ways)
    assert found(got.network) == {"w7-1": ((0, 0), (1, 0)), "w7-2": ((2, 0), (1, 1))}
    assert got.notes == (Note("incomplete", 3, ("w7", "w8", "w9")),)


def test_nodes_in_one_place_are_one(tmp_path: Path) -> None:
    nodes = CROSS | {6: CROSS[2]}
    got = imported(tmp_path, nodes, [(7, [1, 2], STREET), (8, [2, 6], STREET), (9, [6, 3], STREET)])
    assert sorted(got.network.ids) == ["w7-1", "w9-1"]
    assert got.network.end[0] == got.network.start[1]
    assert got.notes == (Note("short", 1, ("w8",)),)


def test_a_node_named_twice_running_cuts_nothing(tmp_path: Path) -> None:
    got = imported(tmp_path, CROSS, [(7, [1, 2, 2, 3], STREET), (8, [4], STREET), (9, [4, 4], STREET)])
    assert found(got.network) == {"w7-1": ((0, 0), (2, 0))}
    assert got.notes == (Note("short", 2, ("w8", "w9")),)


def test_the_last_of_a_repeated_way_counts(tmp_path: Path) -> None:
    got = imported(tmp_path, CROSS, [(7, [1, 2], STREET), (7, [1, 3], {"highway": "primary"})])
    assert found(got.network) == {"w7-1": ((0, 0), (2, 0))}
    assert list(got.network.category) == ["primary"]
    assert got.notes == (Note("repeated", 1, ("w7",)),)


def test_impossible_positions_are_no_positions(tmp_path: Path) -> None:
    got = imported(tmp_path, CROSS | {3: (0, 3500)}, [(7, [1, 2, 3], STREET)])
    assert found(got.network) == {"w7-1": ((0, 0), (1, 0))}


def test_roads_outside_the_region_are_told(tmp_path: Path) -> None:
    far = CROSS | {6: (2000, 0), 7: (2001, 0)}
    got = imported(tmp_path, far, [(7, [1, 2], STREET), (8, [6, 7], STREET)])
    assert got.notes == (Note("outside", 1, ("w8-1",)),)
    with pytest.raises(NetworkError) as caught:
        imported(tmp_path, far, [(8, [6, 7], STREET)])
    assert caught.value.code == "outside"


WAYS: list[Way] = [(7, [1, 2], STREET), (8, [2, 3], STREET), (9, [2, 4], STREET), (10, [5, 2], STREET)]
FOUR = {"7": "w7-1>", "8": "w8-1>", "9": "w9-1>", "10": "w10-1<"}


def rule(value: str, *members: tuple[str, str, int], **tags: str) -> Relation:
    given = members or (("from", "way", 7), ("via", "node", 2), ("to", "way", 8))
    return 1, {"type": "restriction", "restriction": value} | tags, list(given)


@pytest.mark.parametrize(
    ("value", "members", "expected"),
    [
        ("no_straight_on", (), {("w7-1>", "w8-1>")}),
        ("only_straight_on", (), {("w7-1>", "w9-1>"), ("w7-1>", "w10-1<"), ("w7-1>", "w7-1<")}),
        ("no_u_turn", (("from", "way", 7), ("via", "node", 2), ("to", "way", 7)), {("w7-1>", "w7-1<")}),
        ("no_left_turn", (("from", "way", 10), ("via", "node", 2), ("to", "way", 7)), {("w10-1>", "w7-1<")}),
        (
            "no_entry",
            (("from", "way", 7), ("from", "way", 9), ("via", "node", 2), ("to", "way", 8)),
            {("w7-1>", "w8-1>"), ("w9-1<", "w8-1>")},
        ),
        (
            "no_exit",
            (("from", "way", 7), ("via", "node", 2), ("to", "way", 8), ("to", "way", 9)),
            {("w7-1>", "w8-1>"), ("w7-1>", "w9-1>")},
        ),
    ],
)
def test_restrictions_become_bans(
    tmp_path: Path, value: str, members: tuple[tuple[str, str, int], ...], expected: set[tuple[str, str]]
) -> None:
    got = imported(tmp_path, CROSS, WAYS, [rule(value, *members)])
    assert banned(got.network) == expected
    assert got.figures.bans == len(expected)
    assert got.notes == ()
    assert got.network.turns.free > 0


@pytest.mark.parametrize(
    ("relation", "code"),
    [
        (rule("no_u_turn", ("from", "way", 7), ("via", "way", 8), ("to", "way", 9)), "ban-over-way"),
        (rule("no_u_turn", ("from", "way", 7), ("to", "way", 9)), "ban-unclear"),
        (rule("no_u_turn", ("from", "way", 7), ("via", "node", 2)), "ban-unclear"),
        (rule("sometimes"), "ban-unclear"),
        (rule("no_u_turn", hour_on="07:00"), "ban-conditional"),
        (rule("no_u_turn", **{"except": "psv; motorcar"}), "ban-other-vehicles"),
        ((1, {"type": "restriction:hgv", "restriction:hgv": "no_u_turn"}, []), "ban-other-vehicles"),
        ((1, {"type": "restriction", "restriction:conditional": "no_u_turn @ (Mo)"}, []), "ban-conditional"),
        (rule("no_u_turn", ("from", "way", 77), ("via", "node", 2), ("to", "way", 8)), "ban-elsewhere"),
        (rule("no_u_turn", ("from", "way", 7), ("via", "node", 1), ("to", "way", 8)), "ban-elsewhere"),
        (rule("no_u_turn", ("from", "way", 7), ("via", "node", 999), ("to", "way", 8)), "ban-elsewhere"),
    ],
)
def test_restrictions_that_are_not_taken_over_are_told(tmp_path: Path, relation: Relation, code: str) -> None:
    got = imported(tmp_path, CROSS, WAYS, [relation])
    assert banned(got.network) == set()
    assert got.notes == (Note(code, 1, ("r1",)),)


def test_a_rule_amid_a_way_is_clear_only_if_it_is_one_way(tmp_path: Path) -> None:
    relation = rule("no_left_turn", ("from", "way", 7), ("via", "node", 2), ("to", "way", 9))
    both = imported(tmp_path, CROSS, [(7, [1, 2, 3], STREET), (9, [2, 4], STREET)], [relation])
    assert codes(both.notes) == {"ban-unclear": 1}
    there = imported(
        tmp_path, CROSS, [(7, [1, 2, 3], STREET | {"oneway": "yes"}), (9, [2, 4], STREET)], [relation]
    )
    assert banned(there.network) == {("w7-1>", "w9-1>")}


def test_relations_of_other_kinds_are_passed_over(tmp_path: Path) -> None:
    rules: list[Relation] = [(1, {"type": "route", "route": "bus"}, []), (2, {"highway": "x"}, [])]
    assert imported(tmp_path, CROSS, WAYS, rules).notes == ()


STEPS = st.lists(st.lists(st.integers(0, 15), min_size=1, max_size=6), min_size=1, max_size=6)


@given(STEPS)
def test_cutting_agrees_with_a_plain_way_to_do_it(tmp_path: Path, walks: list[list[int]]) -> None:
    """Ways over sixteen places, cut one by one."""
    nodes = {place + 1: (float(place % 4), float(place // 4)) for place in range(16)}
    refs = [[a + 1 for a, b in zip(walk, [None, *walk], strict=False) if a != b] for walk in walks]
    refs = [walk for walk in refs if len(walk) > 1]
    uses = Counter(ref for walk in refs for ref in walk)
    expected = {}
    for number, walk in enumerate(refs, 1):
        cuts = [i for i, ref in enumerate(walk) if uses[ref] > 1 or i in {0, len(walk) - 1}]
        for n, (a, b) in enumerate(pairwise(cuts), 1):
            expected[f"w{number}-{n}"] = [nodes[ref] for ref in walk[a : b + 1]]
    ways: list[Way] = [(number, walk, STREET) for number, walk in enumerate(refs, 1)]
    if not ways:
        with pytest.raises(NetworkError, match="no motor road"):
            imported(tmp_path, nodes, ways)
        return
    network = imported(tmp_path, nodes, ways).network
    assert found(network) == {id_: (line[0], line[-1]) for id_, line in expected.items()}
    assert [len(line.coords) for line in network.lines] == [len(line) for line in expected.values()]


BROKEN = {
    "empty": (b"", "kind"),
    "text": (b"roads of Tomsk", "kind"),
    "vrt": (b"<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>", "kind"),
    "cut xml": (b'<osm version="0.6"><node id="1" lat="56.5"', "unreadable"),
    "entities": (b'<!DOCTYPE osm [<!ENTITY a "aa">]><osm><node id="1" lat="5" lon="8"/></osm>', "unreadable"),
    "outer entity": (b'<!DOCTYPE osm [<!ENTITY a SYSTEM "file:///etc/passwd">]><osm>&a;</osm>', "unreadable"),
    "bad id": (b'<osm version="0.6"><way id="x"/></osm>', "unreadable"),
    "huge id": (
        b'<osm><way id="1"><nd ref="99999999999999999999"/><tag k="highway" v="primary"/></way></osm>',
        "unreadable",
    ),
    "huge latitude": (
        b'<osm version="0.6"><node id="1" lat="9056.5" lon="84"/><way id="1"><nd ref="1"/><nd ref="1"/>'
        b'<tag k="highway" v="primary"/></way></osm>',
        "unreadable",
    ),
    "cut pbf": (b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\x99\x01broken", "unreadable"),
    "no roads": (b'<osm version="0.6"/>', "empty"),
    "no nodes": (
        b'<osm version="0.6"><way id="1"><nd ref="1"/><tag k="highway" v="primary"/></way></osm>',
        "empty",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_extract_is_refused(tmp_path: Path, case: str) -> None:
    content, code = BROKEN[case]
    path = tmp_path / "a.pbf"
    path.write_bytes(content)
    with pytest.raises(NetworkError) as caught:
        read_osm(path, "extract", ACCESS)
    assert caught.value.code == code


def test_a_pbf_cut_short_is_refused(tmp_path: Path) -> None:
    text = written(tmp_path / "a.osm", CROSS, WAYS)
    binary = tmp_path / "a.pbf"
    with osmium.SimpleWriter(str(binary)) as writer:
        for thing in osmium.FileProcessor(str(text)):
            writer.add(thing)
    whole = binary.read_bytes()
    for size in range(20, len(whole) - 1, 7):
        binary.write_bytes(whole[:size])
        with pytest.raises(NetworkError) as caught:
            read_osm(binary, "extract", ACCESS)
        assert caught.value.code in {"unreadable", "empty"}


def test_limits(tmp_path: Path) -> None:
    for options, code in (({"most_bytes": 10}, "large"), ({"most_segments": 3}, "many")):
        with pytest.raises(NetworkError) as caught:
            imported(tmp_path, CROSS, WAYS, **options)
        assert caught.value.code == code
    with pytest.raises(NetworkError, match="no such file"):
        read_osm(tmp_path / "none.osm", "extract", ACCESS)


def test_cutting_counts_against_the_limit(tmp_path: Path) -> None:
    ways: list[Way] = [(7, [1, 2, 3], STREET), (8, [4, 2, 5], STREET)]
    with pytest.raises(NetworkError) as caught:
        imported(tmp_path, CROSS, ways, most_segments=3)
    assert caught.value.code == "many"
