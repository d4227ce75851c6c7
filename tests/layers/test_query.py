"""Conditions and years: their text, what they keep, and that every hand shows the same records."""

import math
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given

from layers.catalog import Catalogue
from layers.feature import drawn, placed
from layers.furniture import counts
from layers.query import PREFIX, Condition, Query, applied, select, states
from layers.report import table
from layers.store import EmbeddedStore, UnknownFeature, embedded
from tests.layers.queries import CATALOGUE, LAYERS, TABLES, choice_conditions, queries, range_conditions


@given(queries())
def test_text_is_read_back(query: Query) -> None:
    assert Query.parse(query.params(), CATALOGUE) == (query, [])


@pytest.mark.parametrize("bound", [1_234_567.0, 999_999.5, 12_345.678])
def test_a_bound_keeps_all_its_digits(bound: float) -> None:
    condition = Condition(field="cost_mln_rub", low=bound)
    assert Condition.parse(CATALOGUE.fields["cost_mln_rub"], condition.text(), CATALOGUE) == condition


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("f.park", ""),
        ("f.park", "theme"),
        ("f.park", "medical.theme"),
        ("f.park", "!"),
        ("f.cost_mln_rub", ""),
        ("f.cost_mln_rub", "100"),
        ("f.cost_mln_rub", "~"),
        ("f.cost_mln_rub", "~!"),
        ("f.cost_mln_rub", "a~b"),
        ("f.cost_mln_rub", "nan~"),
        ("f.cost_mln_rub", "~inf"),
        ("f.area_ha", "1~2"),
        ("f.unheard", "1~2"),
        ("f.bodies", ""),
        ("f.bodies", "!"),
        ("f.bodies", "Fano"),
        ("f.bodies", "фано"),
        ("f.bodies", "fano;nrmc"),
        ("f.bodies", "fano.-nrmc"),
        ("f.bodies", "1~2"),
        ("f.bodies", "fano\n"),
        ("f.documents", "rf-order-22-r-2015"),
        ("f.project", "asino-sawmill"),
        ("f.", "1~2"),
        ("year", "MMXX"),
        ("year", "1989"),
        ("year", "2041"),
        ("year", "-2020"),
        ("year", "2020.5"),
        ("year", "²"),
    ],
)
def test_what_cannot_be_read_is_named_and_left_out(key: str, text: str) -> None:
    assert Query.parse({key: text, "f.jobs": "5~"}, CATALOGUE) == (
        Query(conditions=(Condition(field="jobs", low=5.0),)),
        [key],
    )


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("fano", Condition(field="bodies", values=("fano",))),
        ("fano.nrmc!", Condition(field="bodies", values=("fano", "nrmc"), unknown=True)),
        ("nrmc..fano.nrmc", Condition(field="bodies", values=("nrmc", "fano"))),
        ("nobody-of-that-name", Condition(field="bodies", values=("nobody-of-that-name",))),
    ],
)
def test_a_condition_names_records_by_their_ids(text: str, condition: Condition) -> None:
    """The catalogue knows no records: whoever has a store tells which of the ids are there."""
    assert Query.parse({"f.bodies": text}, CATALOGUE) == (Query(conditions=(condition,)), [])


def test_a_range_upside_down_is_named() -> None:
    assert Query.parse({"f.jobs": "9~5"}, CATALOGUE)[1] == ["f.jobs"]


def test_conditions_are_replaced_and_dropped() -> None:
    park = Condition(field="park", values=("medical",))
    jobs = Condition(field="jobs", low=5)
    query = Query(year=2020).with_condition("park", park).with_condition("jobs", jobs)
    assert [c.field for c in query.conditions] == ["jobs", "park"]
    sport = Condition(field="park", values=("sport",))
    assert query.with_condition("park", sport).condition("park") == sport
    assert query.with_condition("park", None) == Query(conditions=(jobs,), year=2020)
    assert query.condition("cluster") is None


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        (Condition(field="jobs", low=10), [False, False, True, True]),
        (Condition(field="jobs", high=10), [False, True, True, False]),
        (Condition(field="jobs", low=10, high=10), [False, False, True, False]),
        (Condition(field="jobs", low=0), [False, True, True, True]),
        (Condition(field="jobs", low=10, unknown=True), [True, False, True, True]),
        (Condition(field="jobs", high=-1, unknown=True), [True, False, False, False]),
    ],
)
def test_a_range_keeps_the_unknown_only_when_told(condition: Condition, kept: list[bool]) -> None:
    assert condition.mask(pd.Series([math.nan, 0.0, 10.0, 11.0])).tolist() == kept


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        (Condition(field="cluster", values=("nuclear",)), [False, True, False, True]),
        (Condition(field="cluster", values=("nuclear", "timber")), [False, True, True, True]),
        (Condition(field="cluster", values=("timber",), unknown=True), [True, False, True, True]),
    ],
)
def test_a_choice_keeps_any_of_its_values(condition: Condition, kept: list[bool]) -> None:
    column = pd.Series([None, "nuclear", "timber", "timber;nuclear"], dtype=object)
    assert condition.mask(column).tolist() == kept


@pytest.mark.parametrize(
    ("values", "unknown", "kept"),
    [
        (("fano",), False, [False, True, False, True, False]),
        (("fano", "nrmc"), False, [False, True, True, True, False]),
        (("fano",), True, [True, True, False, True, False]),
        (("unheard",), False, [False] * 5),
        (("unheard",), True, [True, False, False, False, False]),
    ],
)
def test_a_reference_keeps_whatever_names_its_record(
    values: tuple[str, ...], unknown: bool, kept: list[bool]
) -> None:
    column = pd.Series([None, "fano", "nrmc", "nrmc;fano", "fanoza"], dtype=object)
    assert Condition(field="bodies", values=values, unknown=unknown).mask(column).tolist() == kept


# --- the real layers and registers ------------------------------------------------------------------


@given(TABLES, queries())
def test_a_query_keeps_what_a_naive_reading_keeps(name: str, query: Query) -> None:
    store = embedded()
    of, frame = store.catalogue.tables[name], store.records(name)
    state = states(of, frame, query.year)
    expected = []
    for (id_, record), now in zip(frame.iterrows(), state, strict=True):
        keep = now != ""
        for condition in query.conditions:
            if not getattr(of, "filters", True) or of.field(condition.field) is None:
                continue
            value = record[condition.field]
            if condition.field == "status":
                value = None if now == "standing" else now
            if pd.isna(value):
                keep &= condition.unknown
            elif condition.values:  # noqa: PD011
                keep &= bool(set(condition.values) & set(value.split(";")))
            else:
                keep &= (condition.low is None or value >= condition.low) and (
                    condition.high is None or value <= condition.high
                )
        if keep:
            expected.append(id_)
    assert list(store.query(name, query).index) == expected


@given(LAYERS, queries())
def test_map_table_and_legend_show_the_same_records(name: str, query: Query) -> None:
    store = embedded()
    layer, frame = store.catalogue.layers[name], store.query(name, query)
    told, on_map = counts(store, name, query), drawn(store, layer, query, "ru")["features"]
    assert told["n"] == len(frame) == len(table(store, name, frame, "ru"))
    assert list(table(store, name, frame, "en").index) == list(frame.index)
    assert [feature["id"] for feature in on_map] == list(placed(frame).index)
    assert told["n"] - told.get("unplaced", 0) == len(on_map)


@given(TABLES, queries(), choice_conditions() | range_conditions())
def test_another_condition_never_adds_records(name: str, query: Query, condition: Condition) -> None:
    if query.condition(condition.field):
        return
    store = embedded()
    narrower = query.with_condition(condition.field, condition)
    assert set(store.query(name, narrower).index) <= set(store.query(name, query).index)


@given(TABLES, choice_conditions() | range_conditions())
def test_to_keep_the_unknown_never_removes_records(name: str, condition: Condition) -> None:
    store = embedded()
    with_, without = (
        set(store.query(name, Query(conditions=(condition.model_copy(update={"unknown": told}),))).index)
        for told in (True, False)
    )
    assert without <= with_


def test_a_condition_works_on_every_layer_that_has_its_field(store: EmbeddedStore) -> None:
    query = Query(conditions=(Condition(field="park", values=("medical",)),))
    for name, layer in store.catalogue.layers.items():
        frame = store.query(name, query)
        if layer.field("park"):
            assert set(frame["park"]) <= {"medical"}
        else:
            assert len(frame) == len(store.features(name))


@pytest.mark.parametrize(
    ("table", "field"),
    [("projects", "bodies"), ("projects", "instruments"), ("measures", "performer")],
)
def test_references_select_what_names_them(store: EmbeddedStore, table: str, field: str) -> None:
    frame = store.records(table)
    named = frame[field].dropna()
    values = {id_ for ids in named for id_ in ids.split(";")}
    assert len(values) > 5
    for value in sorted(values)[:10]:
        condition = Condition(field=field, values=(value,))
        naive = [id_ for id_, ids in named.items() if value in ids.split(";")]
        assert list(store.query(table, Query(conditions=(condition,))).index) == naive != []
        kept = store.query(table, Query(conditions=(condition.model_copy(update={"unknown": True}),)))
        assert len(kept) == len(naive) + int(frame[field].isna().sum())


def test_a_register_is_queried_as_a_layer_is(store: EmbeddedStore) -> None:
    planned = Condition(field="measure_state", values=("planned",))
    direction = Condition(field="direction", values=("technology_business",))
    kept = store.query("measures", Query(conditions=(direction, planned)))
    frame = store.records("measures")
    naive = (frame["measure_state"] == "planned") & (frame["direction"] == "technology_business")
    assert 0 < len(kept) < len(frame)
    assert list(kept.index) == list(frame.index[naive])
    assert set(kept["state"]) == {"standing"}
    assert "geometry" not in kept


@given(queries())
def test_no_year_hides_a_record_of_a_register(query: Query) -> None:
    """What stands in a register has no lifecycle on the map: an order of 2015 is told in 1995 too."""
    store = embedded()
    for name in store.catalogue.registers:
        now = store.query(name, query.model_copy(update={"year": None}))
        assert list(store.query(name, query).index) == list(now.index), name


def test_a_condition_on_a_field_that_a_register_has_not_hides_nothing(store: EmbeddedStore) -> None:
    query = Query(conditions=(Condition(field="cost_mln_rub", low=1e6),))
    for name in store.catalogue.registers:
        assert len(store.query(name, query)) == len(store.records(name))


def test_the_states_of_a_register_are_those_it_records(store: EmbeddedStore) -> None:
    register, frame = store.catalogue.registers["events"], store.records("events")
    recorded = frame["status"].fillna("standing")
    for year in (None, 1995, 2015, 2039):
        assert (states(register, frame, year) == recorded).all()
    built = Query(conditions=(Condition(field="status", values=("built",)),), year=2015)
    assert set(store.query("events", built)["status"]) == {"built"}
    assert len(store.query("events", built)) == (frame["status"] == "built").sum()
    assert set(states(store.catalogue.registers["documents"], store.records("documents"), 2015)) == {
        "standing"
    }


def test_the_road_network_is_never_hidden_by_filters(store: EmbeddedStore) -> None:
    query = Query(conditions=(Condition(field="cost_mln_rub", low=1e6),))
    assert len(store.query("roads", query)) == len(store.features("roads"))


def test_the_year_shows_what_was_planned_under_way_and_built(store: EmbeddedStore) -> None:
    def stage(year: int) -> set[str]:
        frame = store.query("asino_road", Query(year=year))
        assert len(frame) == 8
        assert set(frame.loc[frame["stage"].isna(), "state"]) == {"built"}
        return set(frame.loc[frame["stage"].notna(), "state"])

    assert stage(2010) == {"standing"}
    assert stage(2015) == {"planned"}
    assert stage(2019) == {"built", "planned"}
    assert stage(2021) == {"built", "under_way"}
    assert stage(2030) == {"built"}


def opened_things(layer: str, **columns: list[Any]) -> Any:
    """Records of a layer with these years alone."""
    store = embedded()
    frame: Any = gpd.GeoDataFrame(store.features(layer).head(len(columns["opened_year"])).copy())
    for name in {"planned_year", "start_year", "end_year", "status"} & set(frame.columns):
        frame[name] = None if name == "status" else math.nan
    for name, values in columns.items():
        frame[name] = pd.Series(values, index=frame.index, dtype=object if name == "status" else float)
    return frame


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2010, ["", "", "standing", "built"]),
        (2012, ["built", "", "standing", "built"]),
        (2015, ["built", "built", "standing", "built"]),
        (None, ["built", "standing", "standing", "built"]),
    ],
)
def test_a_thing_is_there_from_the_year_it_was_opened(
    store: EmbeddedStore, year: int | None, expected: list[str]
) -> None:
    """Without a year of opening it stands at every year, or keeps its recorded status."""
    frame = opened_things(
        "park_sport",
        opened_year=[2012, 2015, math.nan, math.nan],
        status=["built", None, None, "built"],
    )
    assert states(store.catalogue.layers["park_sport"], frame, year).tolist() == expected


def test_a_layer_without_a_status_is_dated_by_its_openings(store: EmbeddedStore) -> None:
    layer = store.catalogue.layers["power_plants"]
    assert layer.field("status") is None
    frame = opened_things("power_plants", opened_year=[1945, 2002, math.nan])
    assert states(layer, frame, 1990).tolist() == ["built", "", "standing"]
    assert states(layer, frame, None).tolist() == ["standing"] * 3
    known = store.features("power_plants")["opened_year"]
    for year in (1990, 2001, 2002):
        assert list(store.query("power_plants", Query(year=year)).index) == list(known[~(known > year)].index)


def test_the_end_of_works_goes_before_the_opening(store: EmbeddedStore) -> None:
    frame = opened_things(
        "bridges",
        opened_year=[2015, 2015, 2015],
        start_year=[2010, 2010, math.nan],
        end_year=[2018, math.nan, math.nan],
    )
    layer = store.catalogue.layers["bridges"]
    assert states(layer, frame, 2016).tolist() == ["under_way", "built", "built"]
    assert states(layer, frame, 2014).tolist() == ["under_way", "under_way", ""]
    assert states(layer, frame, 2018).tolist() == ["built"] * 3


def test_a_status_is_asked_of_the_chosen_year(store: EmbeddedStore) -> None:
    under_way = Condition(field="status", values=("under_way",))
    then = store.query("asino_road", Query(conditions=(under_way,), year=2021))
    assert set(then["stage"]) == {2, 3}
    assert store.query("asino_road", Query(conditions=(under_way,), year=2030)).empty


def test_without_a_year_the_recorded_status_holds(store: EmbeddedStore) -> None:
    for name, layer in store.catalogue.layers.items():
        frame = store.query(name, Query())
        assert len(frame) == len(store.features(name))
        recorded = frame["status"].fillna("standing") if layer.field("status") else "standing"
        assert (frame["state"] == recorded).all()


def test_an_unknown_status_is_kept_when_told(store: EmbeddedStore) -> None:
    layer = store.catalogue.layers["park_sport"]
    frame: Any = gpd.GeoDataFrame(store.features("park_sport").head(3).copy())
    frame["status"] = pd.Series([None, "built", "planned"], index=frame.index, dtype=object)
    told = Query(conditions=(Condition(field="status", values=("built",), unknown=True),))
    assert list(select(layer, frame, told).index) == list(frame.index[:2])


def test_a_query_changes_no_record(store: EmbeddedStore) -> None:
    before = store.features("projects").copy()
    store.query("projects", Query(year=2012, conditions=(Condition(field="park", values=("sport",)),)))
    pd.testing.assert_frame_equal(pd.DataFrame(before), pd.DataFrame(store.features("projects")))


def test_every_filter_has_the_prefix(catalogue: Catalogue) -> None:
    query = Query(conditions=(Condition(field="park", values=("sport",)),), year=2020)
    assert query.params() == {f"{PREFIX}park": "sport", "year": "2020"}


@given(queries())
def test_what_concerns_a_table_keeps_the_same_of_it(query: Query) -> None:
    for held in CATALOGUE.tables.values():
        part, records = applied(held, query), embedded().records(held.id)
        assert select(held, records, part).equals(select(held, records, query))
        assert applied(held, part) == part
        assert all(held.field(condition.field) for condition in part.conditions)


def test_tables_that_a_query_does_not_concern_answer_from_memory() -> None:
    store, query = embedded(), Query(conditions=(Condition(field="performer", values=("tsu",)),))
    assert store.query("bridges", query) is store.query("bridges", Query())
    with pytest.raises(UnknownFeature):
        store.query("nothing", query)
