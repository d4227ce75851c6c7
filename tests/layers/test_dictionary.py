"""The data dictionary is what the catalogue says."""

from layers.catalog import Catalogue
from layers.dictionary import PAGE, page


def test_the_written_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(Catalogue()), "run `python -m layers.dictionary`"


def test_every_layer_register_field_and_list_stands_in_it() -> None:
    catalogue, text = Catalogue(), PAGE.read_text(encoding="utf-8")
    for name in (*catalogue.tables, *catalogue.fields, *catalogue.vocabularies):
        assert f"`{name}`" in text or f"### {name}" in text


def test_every_register_stands_in_its_own_table() -> None:
    catalogue, text = Catalogue(), PAGE.read_text(encoding="utf-8")
    _, _, section = text.partition("## Registers\n")
    section = section.partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines() if "| `" in line
    ]
    assert [row[0].strip("`") for row in rows] == list(catalogue.registers)
    for row, register in zip(rows, catalogue.registers.values(), strict=True):
        own = [field.id for field in register.fields if field not in catalogue.common]
        assert row[1:] == [
            register.title.ru,
            register.title.en,
            f"`{register.records}`",
            ", ".join(f"`{name}`" for name in own),
        ]


def test_a_reference_says_where_it_leads() -> None:
    catalogue, text = Catalogue(), PAGE.read_text(encoding="utf-8")
    led = {"reference": "id of a record of", "references": "ids of records of"}
    fields = [field for field in catalogue.fields.values() if field.to]
    assert {field.kind for field in fields} == set(led)
    for field in fields:
        name = f"**`{field.id}`**" if field.required else f"`{field.id}`"
        line = next(line for line in text.splitlines() if line.startswith(f"| {name} |"))
        assert f"| {led[field.kind]} `{field.to}` |" in line
