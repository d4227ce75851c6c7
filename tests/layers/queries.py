"""Arbitrary queries over the real fields, for properties that hold of every one of them."""

from hypothesis import strategies as st

from layers.query import YEARS, Condition, Query
from layers.store import embedded

CATALOGUE = embedded().catalogue
CHOICES = [field for field in CATALOGUE.filter_fields() if field.vocabulary]
RANGES = [field for field in CATALOGUE.filter_fields() if not field.vocabulary]
LAYERS = st.sampled_from(sorted(CATALOGUE.layers))


@st.composite
def choice_conditions(draw: st.DrawFn) -> Condition:
    field = draw(st.sampled_from(CHOICES))
    allowed = sorted(CATALOGUE.vocabularies[field.vocabulary or ""])
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
