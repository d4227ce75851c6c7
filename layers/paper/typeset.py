"""How a line of text may break: not between a number and its unit; Russian words at their syllables."""

import re

from layers.paper import fonts

_UNITS = (
    r"%|°|₽|руб\.?|тыс\.?|млн\.?|млрд\.?|трлн\.?|м|км|см|мм|м²|м³|м3|км²|га|ч|мин\.?|с|сут\.?|лет|год(?:а|у)?|г\.|гг\.|т|кг|"
    r"кВт|МВт|кВ|кВА|МВА|Гкал/ч|м³/ч|м3/ч|чел\.?|шт\.?|ед\.?|"
    r"m|km|cm|mm|m²|m³|km²|ha|h|min|s|years?|t|kg|kW|MW|kV|kVA|MVA|Gcal/h|m³/h|m3/h|RUB|bn|mln|trn"
)
_BONDS = (
    (re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?![\w²³]))"), "\u00a0"),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), "\u00a0"),
    (re.compile(r"(?<=[№§±≈≤≥<>]) (?=\d)"), "\u00a0"),
    (re.compile(r"\b(ст|п|пп|гл|рис|стр|art|cl|p|No)\. (?=\d)"), "\\1.\u00a0"),
    (re.compile(r"(?<=\d)\u00a0(тыс\.?|млн|млрд|трлн) (?=руб|₽|чел)"), "\u00a0\\1\u00a0"),
    (re.compile(r"(?<=\b[IVX]) (?=(?:класс|категори|групп|этап|class|stage))"), "\u00a0"),
    (re.compile(r"\b(WGS|UTM|EPSG:) (?=\d)"), "\\1\u00a0"),
    (re.compile(r"([°″\d]) ?([сюзв])\. ([шд])\."), "\\1\u00a0\\2.\u00a0\\3."),
    (re.compile(r" (?=[—–] )"), "\u00a0"),
)
_VOWELS, _CONSONANTS, _SIGNS = "аеёиоуыэюя", "бвгджзклмнпрстфхцчшщ", "йьъ"
_ANY = _VOWELS + _CONSONANTS + _SIGNS
_HYPHEN = "\u00ad"
_RULES = tuple(
    re.compile(pattern.format(v=_VOWELS, c=_CONSONANTS, s=_SIGNS, a=_ANY), re.IGNORECASE)
    for pattern in (
        r"([{s}])([{a}][{a}])",
        r"([{v}])([{v}][{a}])",
        r"([{v}][{c}])([{c}][{v}])",
        r"([{c}][{v}])([{c}][{v}])",
        r"([{v}][{c}])([{c}][{c}][{v}])",
        r"([{v}][{c}][{c}])([{c}][{c}][{v}])",
    )
)
"""The rules of P. Khristov as amended by Dymchenko and Varsanofiev: where a Russian word divides."""
LEAST_TO_DIVIDE = 7
_LEAST_TO_SOFTEN = 10
_LEAST_PART = 2
_WORD = re.compile(r"[а-яё]+", re.IGNORECASE)


def bound(text: str) -> str:
    """The text with no-break spaces where a line must not end."""
    text = text.replace("\u202f", "\u00a0")  # ReportLab would break at the narrow one
    for bond, joined in _BONDS:
        text = bond.sub(joined, text)
    return text


def written(text: str) -> str:
    """A text as it can be written: without what no face has, figures bound to their units."""
    return bound(fonts.sound(text))


def syllables(word: str) -> list[str]:
    """A Russian word in the parts at which it may be divided; anything else is one part."""
    if not _WORD.fullmatch(word) or word.isupper():
        return [word]
    marked = word
    for rule in _RULES:
        for _ in range(2):
            marked = rule.sub(rf"\1{_HYPHEN}\2", marked)
    parts: list[str] = []
    for part in marked.split(_HYPHEN):
        if parts and (min(len(parts[-1]), len(part)) < _LEAST_PART or part[0].lower() in _SIGNS):
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def divisions(word: str) -> list[tuple[str, str]]:
    """Head and tail of each way to divide a word, the longest head first: a hyphenator for ReportLab."""
    parts = syllables(word) if len(word) >= LEAST_TO_DIVIDE else [word]
    return [("".join(parts[:n]), "".join(parts[n:])) for n in range(len(parts) - 1, 0, -1)]


def softened(text: str) -> str:
    """The text with soft hyphens in its long Russian words: browsers know no other way to divide them."""

    def divided(found: re.Match[str]) -> str:
        parts = syllables(found[0])
        return _HYPHEN.join(parts) if len(found[0]) >= _LEAST_TO_SOFTEN else found[0]

    return _WORD.sub(divided, text)
