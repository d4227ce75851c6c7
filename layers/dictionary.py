"""`python -m layers.dictionary`: writes `docs/data.md`, the data dictionary, from the catalogue itself.

A test keeps the written page equal to what this makes, so that the dictionary cannot fall behind the data.
"""

from collections.abc import Iterator
from pathlib import Path

from layers.catalog import Catalogue, Field

PAGE = Path(__file__).resolve().parent.parent / "docs" / "data.md"
_INTRO = """# Data dictionary

Made from `data/` by `python -m layers.dictionary`; do not edit by hand.

Records lie in `data/records/`: points as CSV (UTF-8, decimal points, WGS 84 degrees in `lon` and `lat`),
lines and areas as GeoJSON (EPSG:4326), registers as CSV without a place. A list inside a cell is separated
by `;`. An empty cell is an unknown value: it is shown as "no data", never as zero. `make data-check`
reads every record against what stands here.

Every record has `id` (lower-case Latin letters, digits and hyphens), `name_ru` and `name_en` (not so single
figures and dates), and the common fields below. A bilingual field is two columns, `_ru` and `_en`, both
filled or both empty.
"""
_KINDS = {
    "sources": "ids of the source register (`data/sources.csv`)",
    "reference": "id of a record of",
    "references": "ids of records of",
    "month": "date: year, year-month or year-month-day",
    "bilingual": "text in both languages",
    "url": "web address",
    "flag": "true or false",
}


def page(catalogue: Catalogue) -> str:
    """The whole page as Markdown."""
    return (
        "\n".join(
            [
                _INTRO,
                *_fields(catalogue),
                *_layers(catalogue),
                *_registers(catalogue),
                *_vocabularies(catalogue),
            ]
        )
        + "\n"
    )


def _fields(catalogue: Catalogue) -> Iterator[str]:
    head = "| field | Russian | English | kind | unit | range |\n|---|---|---|---|---|---|"
    for title, fields in (("Common fields", catalogue.common), ("Fields", tuple(catalogue.fields.values()))):
        yield f"## {title}\n\n{head}"
        yield from (_field(field) for field in fields)
        yield ""


def _field(field: Field) -> str:
    kind = _KINDS.get(field.kind, field.kind)
    if field.vocabulary:
        kind = f"one of [{field.vocabulary}](#{field.vocabulary})"
    if field.to:
        kind = f"{kind} `{field.to}`"
    bounds = "" if field.min is None else f"{field.min:,.0f} to {field.max:,.0f}"
    name = f"**`{field.id}`**" if field.required else f"`{field.id}`"
    unit = field.unit.en if field.unit else ""
    return f"| {name} | {field.title.ru} | {field.title.en} | {kind} | {unit} | {bounds} |"


def _layers(catalogue: Catalogue) -> Iterator[str]:
    yield "## Layers\n\n| layer | Russian | English | records | fields of its own |\n|---|---|---|---|---|"
    for layer in catalogue.layers.values():
        own = ", ".join(f"`{field.id}`" for field in layer.fields if field not in catalogue.common)
        where = [(name, "given" if value == "*" else f"`{value}`") for name, value in layer.where.items()]
        only = "".join(f", `{name}` is {value}" for name, value in where)
        held = f"`{layer.records}`{only}" if layer.records else "computed from what is compared"
        yield f"| `{layer.id}` | {layer.title.ru} | {layer.title.en} | {held} | {own} |"
    yield ""


def _registers(catalogue: Catalogue) -> Iterator[str]:
    yield "## Registers\n\n| register | Russian | English | records | fields of its own |"
    yield "|---|---|---|---|---|"
    for register in catalogue.registers.values():
        own = ", ".join(f"`{field.id}`" for field in register.fields if field not in catalogue.common)
        title = register.title
        yield f"| `{register.id}` | {title.ru} | {title.en} | `{register.records}` | {own} |"
    yield ""


def _vocabularies(catalogue: Catalogue) -> Iterator[str]:
    yield "## Closed lists\n"
    for name, values in catalogue.vocabularies.items():
        yield f"### {name}\n\n| value | Russian | English |\n|---|---|---|"
        yield from (f"| `{value}` | {text.ru} | {text.en} |" for value, text in values.items())
        yield ""


if __name__ == "__main__":
    PAGE.write_text(page(Catalogue()), encoding="utf-8")
