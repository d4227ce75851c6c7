"""Words and figures in the reader's language: messages, plural forms, numbers, units, years.

Messages are `layers/texts/<language>.toml`; a key that is missing is a fault that a test finds. Forms that
depend on a count are tables keyed by the CLDR plural categories, which Babel chooses from.
"""

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from layers.catalog import LANGUAGES, Field, Language, Text

FOLDER = Path(__file__).parent / "texts"
_MONEY = ((1e6, "trn"), (1e3, "bn"), (1.0, "mln"))
_NEXT_UNIT = 0.9995
"""From where a sum is rounded up into the next unit."""
Messages = dict[str, str | dict[str, str]]


@cache
def messages(language: Language) -> Messages:
    """All messages of a language by key."""
    table = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    plain = {key: text for key, text in table.items() if isinstance(text, str)}
    sections = {key: section for key, section in table.items() if isinstance(section, dict)}
    return plain | {
        f"{name}.{key}": text for name, section in sections.items() for key, text in section.items()
    }


@lru_cache(maxsize=16384)
def _number(language: Language, value: float, decimals: int) -> str:
    digits = "#,##0." + "#" * decimals if decimals else "#,##0"
    return format_decimal(value, format=digits, locale=language)


class Words:
    """The voice of the project in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.locale = Locale(language)
        self._messages = messages(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The message of a key; its `{names}` are filled from `values`."""
        text = self._messages[key]
        if isinstance(text, dict):
            raise KeyError(f"{key} depends on a count: use count()")
        return text.format(**values) if values else text

    def count(self, key: str, n: int, /, **values: object) -> str:
        """The message of a key in the plural form that `n` asks for; `{n}` is the formatted number."""
        return self._formed(key, n, **values)

    def _formed(self, key: str, n: float, **values: object) -> str:
        forms = self._messages[key]
        if not isinstance(forms, dict):
            raise KeyError(f"{key} has no plural forms")
        form = forms.get(self.locale.plural_form(n), forms["other"])
        return form.format(n=self.number(n), **values)

    def number(self, value: float, decimals: int = 1) -> str:
        """A number as the language writes it: grouped, with its own decimal mark, without needless zeros."""
        return _number(self.language, value, decimals)

    def quantity(self, value: float, unit: Text | None, decimals: int = 1) -> str:
        """A number with its unit, held together by a no-break space."""
        figure = self.number(value, decimals)
        return f"{figure}\u00a0{unit[self.language]}" if unit else figure

    def percent(self, share: float, decimals: int = 1) -> str:
        """A share of one as a percentage, held together by a no-break space."""
        return f"{self.number(share * 100, decimals)}\u00a0%"

    def years(self, years: float) -> str:
        """A span of years to the tenth, in the plural form that it asks for."""
        rounded = round(years, 1)
        exact = int(rounded) if rounded == int(rounded) else rounded
        return self._formed("span.years", exact)

    def money(self, mln_rub: float) -> str:
        """A sum given in millions of roubles, in millions, billions or trillions with three digits or so."""
        power, name = next(unit for unit in _MONEY if mln_rub >= _NEXT_UNIT * unit[0] or unit is _MONEY[-1])
        scaled = mln_rub / power
        figure = self.number(scaled, 0 if scaled >= 100 else 1)
        return self(f"money.{name}", n=figure).replace(" ", "\u00a0")

    def date(self, text: str) -> str:
        """`2016-04-27`, `2016-04` or `2016` in words."""
        match text.split("-"):
            case [year, month, day]:
                return format_date(date(int(year), int(month), int(day)), format="long", locale=self.locale)
            case [year, month]:
                return format_date(date(int(year), int(month), 1), format="LLLL yyyy", locale=self.locale)
        return text

    def table(self, prefix: str) -> dict[str, str]:
        """The plain messages whose key starts with `prefix.`, by the rest of the key."""
        start = prefix + "."
        return {
            key.removeprefix(start): text
            for key, text in self._messages.items()
            if key.startswith(start) and isinstance(text, str)
        }

    def unit(self, field: Field) -> str:
        """The title of a field with its unit in brackets."""
        title = field.title[self.language]
        return f"{title}, {field.unit[self.language]}" if field.unit else title


def sentences(lines: Iterable[str]) -> str:
    """Notes as sentences: each begins with a capital, a full stop parts it from the next."""
    return " ".join(f"{line[:1].upper()}{line[1:].rstrip('.')}." for line in lines).removesuffix(".")


def in_both(key: str, /, **values: object) -> dict[str, str]:
    """`name_ru` and `name_en` of a record that is named by a message."""
    return {f"name_{language}": Words(language)(key, **values) for language in LANGUAGES}


def differing_keys() -> set[str]:
    """Keys that one language has and another lacks."""
    first, *others = (set(messages(language)) for language in LANGUAGES)
    return {key for keys in others for key in first ^ keys}
