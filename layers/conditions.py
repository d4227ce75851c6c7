"""Conditions as a reader says them, and the values by which a field can be filtered."""

from layers.catalog import Field, Language
from layers.query import Condition
from layers.records import split
from layers.store import Store
from layers.text import Words


def choices(store: Store, field: Field, language: Language) -> dict[str, str]:
    """The values by which a field can be filtered, with names: a closed list, or what records refer to."""
    catalogue = store.catalogue
    if field.vocabulary:
        return {value: text[language] for value, text in catalogue.vocabularies[field.vocabulary].items()}
    used = {
        id_
        for table in catalogue.recorded.values()
        if table.field(field.id)
        for ids in store.records(table.id)[field.id].dropna()
        for id_ in split(ids)
    }
    names = store.records(field.to or "")[f"name_{language}"]
    return dict(sorted(((id_, str(names[id_])) for id_ in used), key=lambda pair: pair[1].lower()))


def told(store: Store, condition: Condition, words: Words) -> str:
    """A condition in words."""
    field = store.catalogue.fields[condition.field]
    names = choices(store, field, words.language) if field.listed else {}
    if condition.values:
        what = ", ".join(names.get(value, value) for value in condition.values)
    else:
        ends = [(words("panel.from"), condition.low), (words("panel.to"), condition.high)]
        what = " ".join(f"{mark} {words.number(end)}" for mark, end in ends if end is not None)
    return f"{field.title[words.language]}: {what}"
