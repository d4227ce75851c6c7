"""Arbitrary queries over the real fields, and priorities, for properties that hold of every one of them."""

from hypothesis import strategies as st

from layers.catalog import Field
from layers.priorities import EFFECTS, MOST_BUDGET, MOST_WEIGHT, Priorities, Weight
from layers.query import YEARS, Condition, Query
from layers.store import embedded

CATALOGUE = embedded().catalogue
FILTERS = CATALOGUE.filter_fields(CATALOGUE.tables.values())
CHOICES = [field for field in FILTERS if field.listed]
RANGES = [field for field in FILTERS if not field.listed]
LAYERS = st.sampled_from(sorted(CATALOGUE.layers))
TABLES = st.sampled_from(sorted(CATALOGUE.tables))


def allowed_values(field: Field) -> list[str]:
    """What a condition may name: the words of a closed list, or the records that the field may refer to."""
    if field.vocabulary:
        return sorted(CATALOGUE.vocabularies[field.vocabulary])
    return sorted(embedded().records(field.to or "").index)


@st.composite
def choice_conditions(draw: st.DrawFn) -> Condition:
    field = draw(st.sampled_from(CHOICES))
    allowed = allowed_values(field)
    values = draw(st.lists(st.sampled_from(allowed), min_size=1, max_size=4, unique=True))
    return Condition(field=field.id, values=tuple(values), unknown=draw(st.booleans()))


@st.composite
def range_conditions(draw: st.DrawFn, most: int = 99_999) -> Condition:
    """One end or both, the low one never above the high one."""
    field = draw(st.sampled_from(RANGES))
    ends = sorted(draw(st.lists(st.integers(0, most).map(float), min_size=1, max_size=2)))
    open_end = draw(st.sampled_from(("low", "high")))
    bounds = dict(zip(("low", "high"), ends, strict=True)) if len(ends) > 1 else {open_end: ends[0]}
    return Condition(field=field.id, unknown=draw(st.booleans()), **bounds)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    query = Query(year=draw(st.none() | st.integers(*YEARS)))
    for condition in draw(st.lists(choice_conditions() | range_conditions(), max_size=3)):
        query = query.with_condition(condition.field, condition)
    return query


@st.composite
def priorities(draw: st.DrawFn) -> Priorities:
    """Any weights in any order, a budget to the kopeck of a million, every way to read them."""
    effects = draw(st.lists(st.sampled_from(EFFECTS), unique=True))
    kopecks = draw(st.integers(0, int(MOST_BUDGET) * 100))
    return Priorities(
        weights=tuple(Weight(effect=e, weight=draw(st.integers(0, MOST_WEIGHT))) for e in effects),
        budget_mln_rub=kopecks / 100,
        paying=draw(st.sampled_from(["total", "public"])),
        order=draw(st.sampled_from(["effect", "per_rouble"])),
        unknown=draw(st.sampled_from(["low", "middle", "high"])),
    )
