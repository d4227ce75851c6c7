"""The data dictionary is what the catalogue says."""

from layers.catalog import Catalogue
from layers.dictionary import PAGE, page


def test_the_written_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(Catalogue()), "run `python -m layers.dictionary`"


def test_every_layer_field_and_list_stands_in_it() -> None:
    catalogue, text = Catalogue(), PAGE.read_text(encoding="utf-8")
    for name in (*catalogue.layers, *catalogue.fields, *catalogue.vocabularies):
        assert f"`{name}`" in text or f"### {name}" in text
