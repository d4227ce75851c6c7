"""The catalogue: what it holds, and that a file that does not fit is named."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from layers.catalog import LANGUAGES, Catalogue, CatalogueError, Field, Layer, Register, Text


def test_the_six_parks_have_a_layer_each(catalogue: Catalogue) -> None:
    parks = {layer.where["park"] for layer in catalogue.layers.values() if "park" in layer.where}
    assert parks == set(catalogue.vocabularies["park"])
    assert len(parks) == 6


def test_every_layer_is_in_the_panel_and_in_a_group(catalogue: Catalogue) -> None:
    assert sorted(catalogue.panel_order) == sorted(catalogue.layers)
    assert {layer.group for layer in catalogue.layers.values()} == set(catalogue.groups)


def test_rasters_are_drawn_below_areas_areas_below_lines_and_lines_below_points(catalogue: Catalogue) -> None:
    kinds = [layer.geometry for layer in catalogue.layers.values() if layer.id != "settlements"]
    rank = {"raster": 0, "area": 1, "line": 2, "point": 3, "mixed": 3}
    assert [rank[kind] for kind in kinds] == sorted(rank[kind] for kind in kinds)


def test_what_a_layer_refers_to_exists(catalogue: Catalogue) -> None:
    for layer in catalogue.layers.values():
        style = layer.style
        for name in (style.field, style.state, style.size_by, layer.existed, *layer.where):
            assert name is None or layer.field(name), f"{layer.id}: {name}"
        if style.field and layer.field(style.field).vocabulary:  # type: ignore[union-attr]
            vocabulary = layer.field(style.field).vocabulary  # type: ignore[union-attr]
            assert set(style.classes) <= set(catalogue.vocabularies[vocabulary])


def test_what_a_field_refers_to_exists(catalogue: Catalogue) -> None:
    for table in catalogue.tables.values():
        for field in table.fields:
            choice, reference = (field.kind in (kind, f"{kind}s") for kind in ("choice", "reference"))
            assert (field.vocabulary in catalogue.vocabularies) == choice, f"{table.id}: {field.id}"
            assert (field.to in catalogue.tables) == reference, f"{table.id}: {field.id}"
            assert field.listed == (choice or reference)
            assert choice or field.vocabulary is None
            assert reference or field.to is None


def test_what_is_referred_to_has_names(catalogue: Catalogue) -> None:
    """A reference is said by the name of its record."""
    for field in catalogue.fields.values():
        assert not field.to or catalogue.tables[field.to].named, field.id


def test_registers_are_read(catalogue: Catalogue) -> None:
    files = {path.stem for path in (catalogue.folder / "registers").glob("*.toml")}
    assert set(catalogue.registers) == files
    assert {"documents", "measures", "participants", "instruments", "issues", "money"} <= files
    assert set(catalogue.tables) == files | set(catalogue.layers)
    assert len(catalogue.tables) == len(files) + len(catalogue.layers)
    for name, register in catalogue.registers.items():
        assert register.id == name
        assert not isinstance(register, Layer)
        assert (catalogue.folder / "records" / register.records).is_file()
    assert {name for name, register in catalogue.registers.items() if not register.named} == {
        "events", "figures", "funding", "indicator_values", "model_criteria", "money", "statements"
    }  # fmt: skip
    assert all(layer.named for layer in catalogue.layers.values())


def test_only_layers_have_what_needs_a_place(catalogue: Catalogue) -> None:
    placed = {field.id for field in catalogue.common if field.place}
    assert placed == {"accuracy_m", "position_status"}
    common = {field.id for field in catalogue.common}
    for name, table in catalogue.tables.items():
        has = {field.id for field in table.fields} & common
        assert has == (common if name in catalogue.layers else common - placed), name


def test_what_a_layer_spreads_out_is_mixed(catalogue: Catalogue) -> None:
    """Lines and areas among recorded points: the layer that names a file of them, and no other."""
    recorded = {name: layer for name, layer in catalogue.layers.items() if not layer.computed}
    mixed = {name for name, layer in recorded.items() if layer.geometry == "mixed"}
    assert mixed == {name for name, layer in catalogue.layers.items() if layer.extents} == {"projects"}
    extents = catalogue.layers["projects"].extents
    assert extents is not None
    assert (catalogue.folder / "records" / extents).is_file()


def test_every_title_is_in_both_languages(catalogue: Catalogue) -> None:
    titled = [
        *catalogue.groups.values(),
        *(table.title for table in catalogue.tables.values()),
        *(table.description for table in catalogue.tables.values() if table.description),
        *(field.title for field in (*catalogue.common, *catalogue.fields.values())),
        *(source.title for source in catalogue.sources.values()),
        *(text for words in catalogue.vocabularies.values() for text in words.values()),
    ]
    assert all(text[language].strip() == text[language] != "" for text in titled for language in LANGUAGES)


def test_titles_of_fields_do_not_collide_in_a_table(catalogue: Catalogue) -> None:
    """A table has a column a title: two fields of one title would be one column."""
    for table in catalogue.tables.values():
        for language in LANGUAGES:
            titles = [field.title[language] for field in table.fields]
            assert len(titles) == len(set(titles)), table.id


def test_publishers_that_are_named_anew_are_those_of_sources(catalogue: Catalogue) -> None:
    assert set(catalogue.vocabularies["publisher"]) <= {
        source.publisher for source in catalogue.sources.values()
    }


def test_every_source_says_who_and_under_what_licence(catalogue: Catalogue) -> None:
    for source in catalogue.sources.values():
        assert source.publisher.strip(), source.id
        for language in LANGUAGES:
            assert (
                catalogue.licence(source, language)
                == catalogue.vocabularies["licence"][source.licence][language]
            )
        if not source.bare:
            assert not re.search("[А-яё]", catalogue.publisher(source, "en")), source.id
        assert source.url == "" or source.url.startswith(("http://", "https://")), source.id


def test_filters_of_the_issue_are_offered(catalogue: Catalogue) -> None:
    offered = {field.id for field in catalogue.filter_fields(catalogue.layers.values())}
    assert {"park", "cluster", "status", "cost_mln_rub", "jobs"} <= offered
    assert {"direction", "project_type", "funding", "bodies", "instruments"} <= offered


def test_filters_are_those_of_what_is_filtered(catalogue: Catalogue) -> None:
    def offered(*names: str) -> list[str]:
        return [field.id for field in catalogue.filter_fields(catalogue.tables[name] for name in names)]

    assert offered() == offered("documents") == []
    assert offered("measures") == ["direction", "performer", "measure_state"]
    assert offered("bridges", "rivers") == ["status", "cost_mln_rub"]
    assert set(offered("measures", "projects")) == {*offered("measures"), *offered("projects")}
    every = offered(*catalogue.tables)
    assert every == [field.id for field in catalogue.fields.values() if field.filter]
    assert offered(*reversed(catalogue.tables)) == every


def test_a_word_is_said_in_the_readers_language(catalogue: Catalogue) -> None:
    park = catalogue.fields["park"]
    assert catalogue.word(park, "medical", "ru") == "Медицинский парк"
    assert catalogue.word(park, "medical", "en") == "Medical park"
    assert catalogue.word(park, "unheard", "en") == "unheard"
    assert catalogue.word(catalogue.fields["ref"], "69К-3", "ru") == "69К-3"


def test_a_member_of_a_family_has_its_colour(catalogue: Catalogue) -> None:
    for family in ("status", "money_source", "standing"):
        members = catalogue._symbols[family]
        assert len({catalogue.colour(family, member, "#000000") for member in members}) == len(members) > 3
        assert catalogue.colour(family, "unheard", "#123456") == "#123456"
    assert catalogue.colour("unheard", "built", "#123456") == "#123456"
    for family in ("status", "money_source"):
        assert set(catalogue.vocabularies[family]) <= set(catalogue._symbols[family])


def test_a_bilingual_field_has_two_columns() -> None:
    text = Text(ru="а", en="a")
    assert Field(id="note", title=text, kind="bilingual").columns == ("note_ru", "note_en")
    assert Field(id="jobs", title=text, kind="integer").columns == ("jobs",)


def test_a_layer_with_years_is_dated(catalogue: Catalogue) -> None:
    """Parks and power plants know the year of their opening alone."""
    parks = {name for name, layer in catalogue.layers.items() if "park" in layer.where}
    assert {name for name, layer in catalogue.layers.items() if layer.dated} == {
        "projects", "roads", "asino_road", "bridges", "power_plants", *parks
    }  # fmt: skip


def test_what_serves_the_machine_is_hidden(catalogue: Catalogue) -> None:
    assert {"from_node", "to_node"} <= {name for name, field in catalogue.fields.items() if field.hidden}
    assert not any(field.hidden for field in catalogue.common)


@pytest.mark.parametrize("change", [{"id": "x"}, {"title": Text(ru="а", en="a")}, {"visible": True}])
def test_a_layer_cannot_be_changed(catalogue: Catalogue, change: dict[str, Any]) -> None:
    layer: Layer = next(iter(catalogue.layers.values()))
    ((name, value),) = change.items()
    with pytest.raises(ValidationError):
        setattr(layer, name, value)


@pytest.mark.parametrize("change", [{"id": "x"}, {"named": False}, {"records": "other.csv"}])
def test_a_register_cannot_be_changed(catalogue: Catalogue, change: dict[str, Any]) -> None:
    register: Register = next(iter(catalogue.registers.values()))
    ((name, value),) = change.items()
    with pytest.raises(ValidationError):
        setattr(register, name, value)


def test_the_digest_changes_with_any_byte_and_with_nothing_else(data_folder: Any) -> None:
    before = Catalogue(data_folder.folder).digest
    assert Catalogue(data_folder.folder).digest == before
    (data_folder.folder / ".DS_Store").write_text("a note of the file manager")
    assert Catalogue(data_folder.folder).digest == before
    data_folder.edit("records/airports.csv", lambda text: text.replace("2", "3", 1))
    after = Catalogue(data_folder.folder).digest
    assert after != before
    (data_folder.folder / "records" / "airports.csv").rename(data_folder.folder / "records" / "a.csv")
    assert Catalogue(data_folder.folder).digest not in (before, after)


FAULTY = [
    ("layers/bridges.toml", ('"length_m"', '"lenght_m"'), "bridges.toml", "lenght_m"),
    ("layers/bridges.toml", ('"point"', '"dot"'), "bridges.toml", "geometry"),
    ("layers/bridges.toml", ('group = "infra', 'group = "infru'), "bridges.toml", "infrustructure"),
    ("layers/bridges.toml", ("object.bridge", "object.brigde"), "bridges.toml", "brigde"),
    ("layers/bridges.toml", ("title =", "tilte ="), "bridges.toml", "title"),
    ("layers/bridges.toml", (', en = "Bridges"', ""), "bridges.toml", "en"),
    ("layers/projects.toml", ("size = 27", "size = 270"), "projects.toml", "size"),
    ("layers/bridges.toml", ('records = "', 'records = '), "bridges.toml", "line"),
    ("layers/bridges.toml", ("records =", "named = false\ncolour = 1\nrecords ="), "bridges.toml", "colour"),
    ("registers/measures.toml", ('"term"', '"trem"'), "measures.toml", "trem"),
    ("registers/measures.toml", ("title =", "tilte ="), "measures.toml", "title"),
    ("registers/measures.toml", (', en = "Roadmap measures"', ""), "measures.toml", "en"),
    ("registers/measures.toml", ('records = "', 'records = '), "measures.toml", "line"),
    ("registers/measures.toml", ('records = "measures.csv"', ""), "measures.toml", "records"),
    ("registers/measures.toml", ("records =", 'geometry = "point"\nrecords ='), "measures.toml", "geometry"),
    ("registers/events.toml", ("named = false", 'named = "seldom"'), "events.toml", "named"),
    ("registers/events.toml", ('fields = ["project"', 'fields = ["project", 3'), "events.toml", "3"),
    ("layers.toml", ('"airports",\n', "\n"), "layers.toml", "panel"),
    ("layers.toml", ('"airports", "bridges"', '"bridges"'), "layers.toml", "panel"),
    ("sources.csv", ("2gis-guide,", "3dtomsk-tsuab,"), "sources.csv", "twice"),
    ("sources.csv", (",Guide to Tomsk: wooden lace,", ",,"), "sources.csv", "line 2"),
    ("sources.csv", ("id,title_ru", "id,title_rus"), "sources.csv", "line 2"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "damage", "file", "key"), FAULTY, ids=[f"{f}-{k}" for _, _, f, k in FAULTY])
def test_a_file_that_does_not_fit_is_named(
    data_folder: Any, name: str, damage: tuple[str, str], file: str, key: str
) -> None:
    data_folder.edit(name, lambda text: text.replace(*damage, 1))
    with pytest.raises(CatalogueError) as caught:
        Catalogue(data_folder.folder)
    assert file in str(caught.value)
    assert key in str(caught.value)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("vocabularies.toml", (', en = "Sport park"', "")),
        ("fields.toml", ('kind = "integer", min = 0, max = 1e6', 'kind = "whole", min = 0, max = 1e6')),
        ("fields.toml", (', en = "Jobs"', "")),
        ("layers.toml", ("panel = [", "pannel = [")),
        ("layers.toml", (', en = "Parks"', "")),
        ("fields.toml", ('vocabulary = "fuel"', 'vocabulary = "fule"')),
        ("fields.toml", ('kind = "references", to = "documents"', 'kind = "referenses", to = "documents"')),
        ("fields.toml", ('to = "instruments"', 'too = "instruments"')),
        ("layers/bridges.toml", ('state = "status"', 'state = "statuss"')),
        ("layers/asino_road.toml", ('field = "stage"', 'field = "stages"')),
        ("layers/asino_road.toml", ("where = { ref", "where = { reff")),
    ],
)
def test_a_fault_of_the_shared_files_is_named(data_folder: Any, name: str, damage: tuple[str, str]) -> None:
    data_folder.edit(name, lambda text: text.replace(*damage, 1))
    with pytest.raises(CatalogueError, match=Path(name).name.replace(".", r"\.")):
        Catalogue(data_folder.folder)


@pytest.mark.parametrize(
    "name",
    [
        "sources.csv",
        "vocabularies.toml",
        "fields.toml",
        "symbols.toml",
        "layers.toml",
        "layers/bridges.toml",
        "registers/measures.toml",
    ],
)
def test_a_file_in_another_encoding_is_named(data_folder: Any, name: str) -> None:
    path = data_folder.folder / name
    path.write_bytes((path.read_text(encoding="utf-8") + "# Знак\n").encode("cp1251", "replace"))
    with pytest.raises(CatalogueError, match=path.name.replace(".", r"\.")):
        Catalogue(data_folder.folder)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("symbols.toml", ('shape = "square"', 'shape = "squire"')),
        ("fields.toml", ('to = "districts"', 'to = "district"')),
        ("fields.toml", ('to = "instruments"', 'to = "instrument"')),
        ("vocabularies.toml", ("public-domain  ", "public-domein  ")),
        ("vocabularies.toml", ("[licence]", "[license]")),
    ],
)
def test_a_name_that_leads_nowhere_is_told(data_folder: Any, name: str, damage: tuple[str, str]) -> None:
    data_folder.edit(name, lambda text: text.replace(*damage, 1))
    with pytest.raises(
        CatalogueError,
        match=r"no shape.*squire|fields\.toml.*'(district|instrument)'|sources\.csv.*no licence",
    ):
        Catalogue(data_folder.folder)


def test_a_missing_list_of_sources_is_named(data_folder: Any) -> None:
    (data_folder.folder / "sources.csv").unlink()
    with pytest.raises(CatalogueError, match=r"sources\.csv"):
        Catalogue(data_folder.folder)


@pytest.mark.parametrize("name", ["vocabularies.toml", "layers.toml", "fields.toml", "layers/bridges.toml"])
def test_a_missing_file_is_named(data_folder: Any, name: str) -> None:
    (data_folder.folder / name).unlink()
    with pytest.raises(CatalogueError, match=Path(name).name.replace(".", r"\.")):
        Catalogue(data_folder.folder)


def test_a_layer_that_no_list_names_is_told(data_folder: Any) -> None:
    source = (data_folder.folder / "layers" / "bridges.toml").read_text(encoding="utf-8")
    (data_folder.folder / "layers" / "fords.toml").write_text(source, encoding="utf-8")
    with pytest.raises(CatalogueError, match="fords"):
        Catalogue(data_folder.folder)


def test_a_register_that_fields_refer_to_and_is_gone_is_told(data_folder: Any) -> None:
    (data_folder.folder / "registers" / "participants.toml").unlink()
    with pytest.raises(CatalogueError, match=r"fields\.toml: \w+ names no layer or register: 'participants'"):
        Catalogue(data_folder.folder)


def test_a_new_register_is_read_without_being_listed(data_folder: Any) -> None:
    text = 'title = { ru = "Встречи", en = "Meetings" }\nrecords = "meetings.csv"\nfields = ["date"]\n'
    (data_folder.folder / "registers" / "meetings.toml").write_text(text, encoding="utf-8")
    register = Catalogue(data_folder.folder).registers["meetings"]
    assert (register.title.ru, register.records, register.named) == ("Встречи", "meetings.csv", True)
    assert [field.id for field in register.fields] == ["date", "source_id", "as_of", "note"]


def test_a_name_that_is_both_a_layer_and_a_register_is_told(data_folder: Any) -> None:
    for name in ("bridges", "airports"):
        source = data_folder.folder / "registers" / "measures.toml"
        (data_folder.folder / "registers" / f"{name}.toml").write_bytes(source.read_bytes())
    with pytest.raises(CatalogueError, match=r"registers.*airports, bridges"):
        Catalogue(data_folder.folder)
