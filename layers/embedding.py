"""Who may show the planner inside a page of their own, and the page that is made for that.

The administrator names hosts; browsers are told so with every answer, and refuse all other pages. What is
embedded is not the app but one page that carries a whole view: it asks the server for nothing more, so it
needs neither cookies nor a socket where it is a guest.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from html import escape

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from layers.answers import Mended, answered, packed, served
from layers.catalog import Language
from layers.day import today
from layers.furniture import version
from layers.settings import SettingError, setting
from layers.shelf import ShelfError
from layers.siting.workshop import RETRY_AFTER_S, Busy
from layers.store import Store, embedded
from layers.story.model import Story
from layers.story.onefile import as_file
from layers.story.stock import UnknownStory, named
from layers.text import Words
from layers.view import View
from layers.webmap import POLICY, build

SETTING = "PLANNER_EMBED"
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(https?://)?(\*\.)?{_LABEL}(\.{_LABEL})*(:[0-9]{{1,5}})?")
_MOST = 50
_KEPT = 12
"""How many embedded pages are kept; each takes some megabytes, a quarter of that packed."""
_FRESH = "public, max-age=300"
Packed = tuple[bytes, bytes]


def parse_hosts(text: str) -> tuple[str, ...]:
    """Hosts as browsers are told them, from a list parted by commas or spaces. Raises `SettingError`.

    A host may carry a scheme and a port, and begin with `*.` for all that lie below it; one in Cyrillic is
    written as the network knows it.
    """
    found = []
    for given in re.split(r"[\s,]+", text.strip()):
        if not given:
            continue
        host = _ascii(given.lower().rstrip("/"))
        if not _HOST.fullmatch(host):
            raise SettingError(
                f"{SETTING}: {given!r} is no host; write for example https://portal.example.ru"
            )
        found.append(host)
    if len(found) > _MOST:
        raise SettingError(f"{SETTING}: more than {_MOST} hosts")
    return tuple(dict.fromkeys(found))


def _ascii(host: str) -> str:
    scheme, mark, rest = host.rpartition("://")
    name, colon, port = rest.partition(":")
    try:
        parts = [part.encode("idna").decode() if not part.isascii() else part for part in name.split(".")]
    except UnicodeError:
        return host
    return f"{scheme}{mark}{'.'.join(parts)}{colon}{port}"


@cache
def hosts() -> tuple[str, ...]:
    """The hosts that may embed; none unless the administrator names some. Raises `SettingError`."""
    return parse_hosts(setting(SETTING))


class Framing(Mended):
    """Tells browsers with every answer, also with Streamlit's own, which pages may hold it in a frame."""

    def mend(self, headers: MutableHeaders) -> None:
        """Name the hosts that may."""
        headers.append("Content-Security-Policy", " ".join(["frame-ancestors 'self'", *hosts()]))
        # Only "nobody else" can be said in the older way.
        if not hosts():
            headers["X-Frame-Options"] = "SAMEORIGIN"


def address(root: str, view: View, store: Store) -> str:
    """Where the page of a view is, for pages elsewhere; `root` is the address of the planner itself."""
    text = view.text(store.catalogue)
    return f"{root.rstrip('/')}/embed" + (f"?{text}" if text else "")


def story_address(root: str, name: str, view: View) -> str:
    """Where the page of a story is, for pages elsewhere."""
    return f"{root.rstrip('/')}/embed/story/{name}" + (
        f"?lang={view.language}" if view.language != "ru" else ""
    )


def frame(source: str, title: str) -> str:
    """The HTML that a page of others needs to show what is at an address."""
    attributes = {
        "src": source,
        "title": title,
        "width": "100%",
        "height": "560",
        "style": "border:0",
        "loading": "lazy",
        "allow": "fullscreen",
    }
    written = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    return f"<iframe {written}></iframe>"


# --- the pages -----------------------------------------------------------------------------------------


def view_page(request: Request) -> Response:
    """`/embed?<view>`: the view as one page with all that it shows; what cannot be read is left out."""
    view, _ = View.parse(request.query_params, embedded().catalogue)
    return page(request, Words(view.language), lambda: _view_page(version(embedded()), view))


@lru_cache(maxsize=_KEPT)
def _view_page(_: str, view: View) -> Packed:
    return packed(build(embedded(), view, inline=True).page().encode())


def story_page(request: Request) -> Response:
    """`/embed/story/<name>?lang=`: a story as one page; a word where there is none of that name."""
    view, _ = View.parse({"lang": request.query_params.get("lang", "")}, embedded().catalogue)
    name = request.path_params["name"]
    return page(request, Words(view.language), lambda: _story_named(name, view.language))


def _story_named(name: str, language: Language) -> Packed:
    return _story_page(version(embedded()), named(embedded(), name), language, name, today())


@lru_cache(maxsize=_KEPT)
def _story_page(_: str, story: Story, language: Language, name: str, _day: str) -> Packed:
    return packed(as_file(embedded(), story, language, name).encode())


def page(request: Request, words: Words, make: Callable[[], Packed]) -> Response:
    """A page to be embedded, made by `make()` as bytes, bare and packed; a word where it cannot be shown."""
    if not hosts():
        return _word(words("embed.refused"), words, 403)
    try:
        bare, tight = make()
    except Busy:
        return _word(words("embed.busy"), words, 503, again=True)
    except (UnknownStory, ShelfError):
        return _word(words("embed.missing"), words, 404)
    answer = answered(request, bare, tight, "text/html; charset=utf-8")
    answer.headers.update(
        {
            "Cache-Control": _FRESH,
            "Content-Security-Policy": POLICY,
            # A page that asks of all it holds to allow that shows this one too.
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
    )
    return answer


def _word(text: str, words: Words, status: int, *, again: bool = False) -> Response:
    """A page that says one thing; `again`: it asks itself once more."""
    head = f'<meta http-equiv="refresh" content="{RETRY_AFTER_S}">' if again else ""
    body = (
        f'<!DOCTYPE html><html lang="{words.language}"><head><meta charset="utf-8">{head}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(words('app.title'))}</title></head>"
        '<body style="display:grid;place-items:center;min-height:90vh;margin:0 1.5rem;color:#1b2a33;'
        'background:#faf8f3;font:1.1rem/1.5 system-ui,sans-serif;text-align:center">'
        f'<p style="max-width:34rem">{escape(text)}</p></body></html>'
    )
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(body, status, headers | ({"Retry-After": str(RETRY_AFTER_S)} if again else {}))


def routes() -> list[BaseRoute]:
    """The addresses of what is embedded."""
    pages = served(Route("/embed", view_page), Route("/embed/story/{name}", story_page))
    return [Route(path, pages) for path in ("/embed", "/embed/{rest:path}")]
