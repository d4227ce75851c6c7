"""What a sheet says of itself in small type: its year and filters, its sources, what it was made from."""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

from layers import conditions
from layers.day import today
from layers.paper.frame import MapFrame
from layers.paper.ink import INK
from layers.paper.maps import credits_of, shown
from layers.records import split
from layers.sheet.layout import Layout
from layers.sheet.pieces import Said
from layers.stamp import code
from layers.store import Store
from layers.text import Words
from layers.view import View

_SMALL, _SOURCE = 5.2, 5.0


def stamp(store: Store, views: Sequence[View], layout: Layout, words: Words) -> Said:
    """Data, code, day and parameters: what the same sheet can be made from again."""
    shown_ = [_parameters(view.params(store.catalogue)) for view in views]
    parts = [*dict.fromkeys(shown_), _parameters(layout.unsigned.params())]
    told = words(
        "sheet.stamp",
        data=store.digest,
        code=code(),
        date=words.date(today()),
        parameters=" | ".join(part or "—" for part in parts),
    )
    return Said(told, 4.8, below=0)


def _parameters(params: dict[str, str]) -> str:
    return "; ".join(f"{key}={value}" for key, value in params.items())


def kept(store: Store, views: Sequence[View], names: Sequence[str], words: Words) -> list[Said]:
    """The years that are shown and the filters: a map that hides records must say so, each for itself."""
    lines = [_kept(store, view, words) for view in views]
    if all(one == lines[0] for one in lines):
        told = lines[0]
    else:
        told = [f"{name}: {line}" for name, of in zip(names, lines, strict=True) for line in of]
    return [Said(one, _SMALL, ink=INK) for one in told]


def _kept(store: Store, view: View, words: Words) -> list[str]:
    query, told = view.query, list[str]()
    if query.year is not None:
        told.append(words("sheet.year", year=query.year))
    if query.conditions:
        what = "; ".join(conditions.told(store, condition, words) for condition in query.conditions)
        told.append(words("sheet.filtered", what=what))
    return told


def cited(store: Store, views: Iterable[View], frame: MapFrame) -> list[str]:
    """The sources of all records in the window, in the order of layers."""
    found: dict[str, None] = {}
    for view in views:
        for part in reversed(view.layers):
            if store.catalogue.layers[part.id].geometry == "raster":
                continue
            records, _ = shown(store, part.id, view.query, frame.bounds)
            for ids in records["source_id"].unique():
                found |= dict.fromkeys(split(ids))
    return [id_ for id_ in found if id_ in store.catalogue.sources]


def credited(store: Store, views: Sequence[View], frame: MapFrame, more: Iterable[str]) -> list[Said]:
    """Whom licences ask to name."""
    words = Words(views[0].language)
    who = dict.fromkeys(more)
    for view in views:
        who |= dict.fromkeys(credits_of(store, view.layers, view.query, view.language, frame.bounds))
    return [Said(words("sheet.credits", who="; ".join(who)), _SMALL)] if who else []


def named(store: Store, ids: Iterable[str], words: Words) -> Iterator[str]:
    """Sources by title, publisher and date, and by licence where it asks for more than to be named."""
    for source in (store.catalogue.sources[id_] for id_ in ids):
        parts = [
            store.catalogue.publisher(source, words.language),
            words.date(source.date) if source.date else "",
        ]
        if not source.bare:
            parts.append(store.catalogue.licence(source, words.language))
        yield f"{source.title[words.language]} — {' · '.join(part for part in parts if part)}"


def in_full(store: Store, ids: Sequence[str], words: Words) -> Said:
    """Sources by their numbers, as one paragraph."""
    told = " ".join(f"[{n}]\u00a0{ended(line)}" for n, line in enumerate(named(store, ids, words), start=1))
    return Said(f"{words('sheet.sources')}: {told}", _SOURCE)


def ended(line: str) -> str:
    """A line with a full stop at its end, also where an abbreviation has brought one."""
    return line if line.endswith(".") else f"{line}."


def readable(address: str) -> str:
    """An address as a person reads it: letters of other alphabets as they are, not as codes."""
    return unquote(address).replace(" ", "%20")


def elsewhere(count: int, words: Words) -> Said:
    """How many sources there are, where they are listed on a sheet that follows."""
    return Said(words.count("sheet.sources_next", count), _SMALL)
