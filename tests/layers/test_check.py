"""The dataset check: faults between records, and the floors of the embedded data."""

import io
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from typing import Any

import pytest
import shapely

from geo.crs import WORKING
from geo.network import connected_parts
from layers import check
from layers.catalog import Catalogue
from layers.feature import placed
from layers.records import split
from layers.store import EmbeddedStore


@pytest.fixture(scope="module")
def whole(catalogue: Catalogue) -> check.Check:
    return check.Check(catalogue)


def test_the_real_data_have_no_fault(whole: check.Check) -> None:
    assert whole.faults == []
    assert sum(whole.counts.values()) > 1500


def test_every_file_of_layers_and_registers_is_counted(whole: check.Check, catalogue: Catalogue) -> None:
    assert set(whole.counts) == {table.records for table in catalogue.recorded.values()}
    assert all(count > 0 for count in whole.counts.values())


def run_main() -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = check.main()
    return status, out.getvalue(), err.getvalue()


def test_the_command_prints_a_short_report(monkeypatch: pytest.MonkeyPatch) -> None:
    # The stories were told with the other data above.
    monkeypatch.setattr(check, "untrue", lambda _: ())
    status, out, err = run_main()
    assert (status, err) == (0, "")
    assert out.splitlines()[-1] == "0 faults"
    lines = [line.split() for line in out.splitlines()]
    assert {"projects.csv", "documents.csv", "money.csv"} <= {line[-1] for line in lines}
    *files, total, _ = lines
    assert int(total[0]) == sum(int(count) for count, _ in files)
    held = Catalogue()
    assert " ".join(total[1:]) == (
        f"records, {len(held.sources)} sources, {len(held.layers)} layers, {len(held.registers)} registers"
    )


def test_the_command_fails_on_a_fault(data_folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    data_folder.change("bridges.csv", "communal-bridge", status="gone")
    monkeypatch.setattr(check, "Catalogue", partial(Catalogue, data_folder.folder))
    status, out, err = run_main()
    assert status == 1
    assert "FAULT  bridges.csv, communal-bridge, status" in err
    assert int(out.splitlines()[-1].removesuffix(" faults")) == len(err.splitlines())


def test_the_command_says_when_the_catalogue_is_unusable(
    data_folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_folder.edit("layers/bridges.toml", lambda text: text.replace('"length_m"', '"lenght_m"'))
    monkeypatch.setattr(check, "Catalogue", partial(Catalogue, data_folder.folder))
    status, _, err = run_main()
    assert status == 1
    assert "bridges.toml" in err
    assert "Traceback" not in err


DAMAGES: list[tuple[str, str, dict[str, Any], str]] = [
    ("bridges.csv", "communal-bridge", {"lon": "90.5"}, "outside tomsk"),
    ("settlements.csv", "tomsk", {"lat": "58.9"}, "outside tomsk"),
    ("bridges.csv", "communal-bridge", {"district": "narymsky"}, "district names 'narymsky'"),
    ("projects.csv", "asino-sawmill", {"part_of": "unheard"}, "part_of names 'unheard'"),
    ("projects.csv", "asino-sawmill", {"bodies": "fano;unheard"}, "bodies names 'unheard'"),
    ("projects.csv", "asino-sawmill", {"documents": "unheard"}, "documents names 'unheard'"),
    ("projects.csv", "asino-sawmill", {"instruments": "fano"}, "instruments names 'fano'"),
    ("issues.csv", "nrmc-creation", {"agencies": "nobody"}, "agencies names 'nobody'"),
    ("issues.csv", "nrmc-creation", {"projects": "asino-sawmill;no-project"}, "projects names 'no-project'"),
    ("events.csv", "asino-timber-complex-built-plan-2020", {"project": "nothing"}, "project names 'nothing'"),
    ("roads.geojson", "kap-stage-1-1", {"works": "no-works"}, "works names 'no-works'"),
    ("roads.geojson", "kap-stage-1-1", {"from_node": None}, "from_node is not named"),
    ("roads.geojson", "kap-stage-1-1", {"to_node": "yagodnoye"}, "node yagodnoye does not lie"),
    ("roads.geojson", "kap-stage-1-1", {"length_km": 3.0}, "length 3.0 km"),
    ("roads.geojson", "kap-stage-1-1", {"length_km": None}, "length"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "id_", "cells", "told"), DAMAGES, ids=[told for *_, told in DAMAGES])
def test_a_fault_between_records_is_found(
    data_folder: Any, name: str, id_: str, cells: dict[str, Any], told: str
) -> None:
    data_folder.change(name, id_, **cells)
    faults = data_folder.faults()
    assert any(told in fault and name in fault for fault in faults), faults


def test_each_record_that_is_not_there_is_told_once(data_folder: Any) -> None:
    data_folder.change("issues.csv", "nrmc-creation", agencies="one;fano;other;one")
    assert sorted(data_folder.faults()) == [
        f"issues.csv, nrmc-creation: agencies names '{name}', which is not there" for name in ("one", "other")
    ]


def test_what_refers_to_a_record_that_is_gone_is_told(data_folder: Any) -> None:
    rows = data_folder.rows("participants.csv")
    data_folder.write("participants.csv", [row for row in rows if row["id"] != "fano"])
    faults = [fault for fault in data_folder.faults() if "'fano', which is not there" in fault]
    assert {fault.partition(",")[0] for fault in faults} >= {"issues.csv"}


def test_a_road_that_hangs_apart_is_found(data_folder: Any) -> None:
    line = {"type": "LineString", "coordinates": [[88.0, 58.0], [88.1, 58.0]]}
    data_folder.change(
        "roads.geojson", "kap-stage-1-1", geometry=line, from_node="here", to_node="there", length_km=50
    )
    assert any("here, there cannot be reached" in fault for fault in data_folder.faults())


def test_a_file_that_no_layer_shows_is_found(data_folder: Any) -> None:
    (data_folder.folder / "records" / "spare.csv").write_text("id\n", encoding="utf-8")
    assert data_folder.faults() == ["spare.csv: no layer and no register shows these records"]


def test_extents_that_no_layer_names_are_found(data_folder: Any) -> None:
    data_folder.edit("layers/projects.toml", lambda text: text.replace('extents = "project_', '# "'))
    faults = data_folder.faults()
    assert "project_extents.geojson: no layer and no register shows these records" in faults


def test_the_sources_of_an_extent_are_cited(data_folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "untrue", lambda _: ())

    def cite(text: str) -> str:
        return text.replace('"source_id": "', '"source_id": "spare;', 1)

    data_folder.edit("sources.csv", lambda text: text + "spare,Запас,Spare,Nobody,,,public-domain,,,\n")
    data_folder.edit("records/project_extents.geojson", cite)
    assert data_folder.faults() == []


def test_an_extent_of_no_project_is_found(data_folder: Any) -> None:
    data_folder.change("project_extents.geojson", "rail-second-track", id="unheard")
    assert "project_extents.geojson, unheard: projects.csv has no such record" in data_folder.faults()


def test_a_register_without_records_is_found(data_folder: Any) -> None:
    data_folder.edit("records/statements.csv", lambda text: text.splitlines()[0] + "\n")
    assert "statements.toml: no record of statements.csv belongs to it" in data_folder.faults()


def test_a_fault_of_a_register_is_found(data_folder: Any) -> None:
    data_folder.change("measures.csv", data_folder.rows("measures.csv")[0]["id"], measure_state="forgotten")
    assert any(f.startswith("measures.csv") and "forgotten" in f for f in data_folder.faults())


def test_a_layer_without_records_is_found(data_folder: Any) -> None:
    rows = [row for row in data_folder.rows("park_members.csv") if row["park"] != "sport"]
    data_folder.write("park_members.csv", rows)
    assert any("park_sport.toml" in fault for fault in data_folder.faults())


def test_a_source_that_nothing_cites_is_found(data_folder: Any) -> None:
    data_folder.edit("sources.csv", lambda text: text + "spare,Запас,Spare,Nobody,,,public-domain,,,\n")
    assert data_folder.faults() == ["sources.csv, spare: no record and no story cites it"]


@pytest.mark.parametrize("name", ["districts.geojson", "roads.geojson", "bridges.csv", "documents.csv"])
def test_a_file_that_cannot_be_read_does_not_stop_the_check(data_folder: Any, name: str) -> None:
    (data_folder.folder / "records" / name).write_bytes(b"\xff{")
    assert any(fault.startswith(f"{name}: cannot be read") for fault in data_folder.faults())


def test_a_line_of_several_parts_is_told(data_folder: Any) -> None:
    parts = {
        "type": "MultiLineString",
        "coordinates": [[[86.1, 57.0], [86.2, 57.0]], [[86.3, 57], [86.4, 57]]],
    }
    data_folder.change("roads.geojson", "kap-stage-1-1", geometry=parts, length_km=500)
    assert any("kap-stage-1-1" in fault or "asino" in fault for fault in data_folder.faults())


# --- the floors of issue 2 --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "park", ["industrial", "innovation", "research_educational", "historical_cultural", "medical", "sport"]
)
def test_every_park_has_members_with_a_place(store: EmbeddedStore, park: str) -> None:
    members = [
        placed(store.features(name))
        for name, layer in store.catalogue.layers.items()
        if layer.where.get("park") == park
    ]
    assert sum(len(frame) for frame in members) >= 5


def test_enough_project_sites_have_a_place(store: EmbeddedStore) -> None:
    assert len(placed(store.features("projects"))) >= 40


def test_settlements_have_their_census(store: EmbeddedStore) -> None:
    frame = store.features("settlements")
    assert len(placed(frame)) >= 150
    known = frame[frame["population"].notna()]
    assert len(known) >= 30
    assert known["population_year"].notna().all()
    assert frame.loc[frame["population"].isna(), "population_year"].isna().all()


def test_the_road_to_asino_has_its_three_stages(store: EmbeddedStore) -> None:
    frame = store.features("asino_road")
    staged, beyond = frame[frame["stage"].notna()], frame[frame["stage"].isna()]
    assert set(staged["stage"]) == {1, 2, 3}
    assert staged[["planned_year", "start_year", "end_year"]].notna().all().all()
    assert list(beyond.index) == ["asino-to-pervomayskoye"]
    for id_, stage in staged["stage"].items():
        assert frame.loc[id_, "name_ru"].startswith(f"Дорога на Асино, этап {stage:.0f}: "), id_
    ends = set(frame["from_node"]) | set(frame["to_node"])
    assert {"asino", "kamayevka", "pervomayskoye"} <= ends
    assert len(connected_parts(list(frame["from_node"]), list(frame["to_node"]))) == 1


def test_the_road_goes_on_to_pervomayskoye(store: EmbeddedStore) -> None:
    names = " ".join(store.features("roads")["name_ru"])
    assert "Первомайское" in names
    assert "Камаевка" in names


def test_the_road_network_is_one(store: EmbeddedStore) -> None:
    frame = store.features("roads")
    assert len(connected_parts(list(frame["from_node"]), list(frame["to_node"]))) == 1
    assert len(frame) >= 50


def test_a_network_can_be_routed(store: EmbeddedStore) -> None:
    frame = store.features("roads")
    for column in ("length_km", "speed_kmh", "road_class", "length_basis"):
        assert frame[column].notna().all(), column


def test_the_agglomeration_has_its_core_and_its_wider_outline(store: EmbeddedStore) -> None:
    metric = store.metric("agglomeration")
    core, wide = metric["agglomeration-core-2013"], metric["agglomeration-scheme-2011"]
    assert core.area < wide.area
    districts = store.metric("districts")
    for name in ("tomsk", "seversk", "tomsky"):
        inside = shapely.intersection(core, districts[name]).area
        assert inside / districts[name].area > 0.97, name


@pytest.mark.parametrize(
    ("layer", "least"),
    [
        ("districts", 20),
        ("railways", 5),
        ("stations", 20),
        ("airports", 1),
        ("bridges", 5),
        ("power_plants", 5),
        ("rivers", 3),
        ("heritage", 30),
        ("substations", 10),
    ],
)
def test_every_theme_is_there(store: EmbeddedStore, layer: str, least: int) -> None:
    assert len(store.features(layer)) >= least


def test_districts_have_population_and_together_the_oblast(store: EmbeddedStore) -> None:
    """Census of 2021: 1,062,666 people in Tomsk oblast."""
    population = store.features("districts")["population"]
    assert population.notna().all()
    assert population.sum() == pytest.approx(1_062_666, rel=0.001)


@pytest.mark.parametrize(
    ("register", "least"),
    [
        ("documents", 60),
        ("participants", 120),
        ("instruments", 40),
        ("measures", 40),
        ("issues", 25),
        ("events", 300),
        ("figures", 80),
        ("money", 50),
        ("indicators", 15),
        ("indicator_values", 50),
        ("statements", 30),
        ("funding", 30),
        ("assumptions", 100),
        ("scenarios", 10),
        ("norms", 30),
        ("models", 11),
        ("model_criteria", 66),
        ("utility_contacts", 12),
    ],
)
def test_every_register_is_filled(store: EmbeddedStore, register: str, least: int) -> None:
    assert set(store.catalogue.registers) == {
        "documents", "participants", "instruments", "measures", "issues", "events", "figures", "money",
        "indicators", "indicator_values", "statements", "funding", "assumptions", "scenarios",
        "norms", "models", "model_criteria", "utility_contacts",
    }  # fmt: skip
    assert len(store.records(register)) >= least


def test_every_record_of_a_register_has_source_and_date(store: EmbeddedStore) -> None:
    for name in store.catalogue.registers:
        frame = store.records(name)
        assert frame[["source_id", "as_of"]].notna().all().all(), name
        assert all(split(ids) for ids in frame["source_id"]), name


def test_a_range_of_figures_runs_upwards(store: EmbeddedStore) -> None:
    for name in ("figures", "statements", "indicator_values"):
        frame = store.records(name)
        assert not (frame["value_high"] < frame["value"]).any(), name


def test_every_record_has_source_status_and_date(store: EmbeddedStore) -> None:
    for name in store.catalogue.layers:
        frame = store.features(name)
        assert frame[["source_id", "position_status", "as_of"]].notna().all().all(), name
        assert all(split(ids) for ids in frame["source_id"])
        assert placed(frame)["accuracy_m"].notna().all(), name


def test_what_is_unverified_says_so_by_its_accuracy(store: EmbeddedStore) -> None:
    """A surveyed place is known better than an unverified one."""
    for name in store.catalogue.layers:
        frame = placed(store.features(name))
        surveyed = frame.loc[frame["position_status"] == "surveyed", "accuracy_m"]
        assert (surveyed <= 100).all(), name


def test_railways_are_as_long_as_they_are_drawn(store: EmbeddedStore) -> None:
    frame = store.features("railways")
    drawn = frame.geometry.to_crs(WORKING).length / 1000
    ratio = (frame["length_km"] / drawn).dropna()
    assert ((ratio > 0.9) & (ratio < 1.1)).all(), ratio.to_dict()
