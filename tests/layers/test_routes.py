"""The app's own addresses: answers, refusals, headers and caches."""

import gzip
import json
import logging
from typing import Any

import anyio
import httpx
import pytest
from starlette.applications import Starlette

from layers import routes
from layers.catalog import LANGUAGES, CatalogueError, Language
from layers.feature import card, drawn
from layers.furniture import assets_version, furniture, version
from layers.query import Condition, Query
from layers.store import EmbeddedStore
from layers.view import View
from layers.webmap import build


class Client:
    """Asks the routes without a server: one request at a time, faults of the app as answers."""

    def __init__(self) -> None:
        self.transport = httpx.ASGITransport(Starlette(routes=routes.routes()), raise_app_exceptions=False)

    def request(self, method: str, address: str, **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self.transport, base_url="http://planner") as asking:
                return await asking.request(method, address, **options)

        return anyio.run(ask)

    def get(self, address: str, **options: Any) -> httpx.Response:
        return self.request("GET", address, **options)

    def packed(self, address: str) -> tuple[httpx.Response, bytes]:
        """An answer with its bytes as they travel."""

        async def ask() -> tuple[httpx.Response, bytes]:
            async with (
                httpx.AsyncClient(transport=self.transport, base_url="http://planner") as asking,
                asking.stream("GET", address, headers={"accept-encoding": "gzip"}) as answer,
            ):
                return answer, b"".join([chunk async for chunk in answer.aiter_raw()])

        return anyio.run(ask)


@pytest.fixture(scope="module")
def client() -> Client:
    return Client()


ADDRESSES = [
    ("/healthz", 200),
    ("/map/furniture.json", 200),
    ("/map/features/projects.geojson", 200),
    ("/map/card/projects/asino-sawmill", 200),
    ("/assets/planner.js", 200),
    ("/map/features/unheard.geojson", 404),
    ("/map/card/projects/unheard", 404),
    ("/map/card/unheard/x", 404),
    ("/map/unheard", 404),
    ("/map/", 404),
    ("/map/features/projects", 404),
    ("/assets/unheard.js", 404),
    ("/assets/%2e%2e/%2e%2e/data/sources.csv", 404),
    ("/assets/..%2f..%2fpyproject.toml", 404),
    ("/map/features/projects.geojson?lang=de", 400),
    ("/map/features/projects.geojson?year=MMXX", 400),
    ("/map/features/projects.geojson?f.park=theme", 400),
    ("/map/features/projects.geojson?f.unheard=1", 400),
    ("/map/card/projects/asino-sawmill?lang=de", 400),
    ("/map/furniture.json?lang=de", 400),
]


@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_every_answer_carries_the_safe_headers(client: Client, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    for name, value in routes.HEADERS.items():
        assert answer.headers.get_list(name) == [value], name
    assert len(answer.headers.get_list("cache-control")) == 1


@pytest.mark.parametrize("address", [a for a, status in ADDRESSES if status in (400, 404) and "/map/" in a])
def test_a_refusal_is_json_and_is_not_kept(client: Client, address: str) -> None:
    answer = client.get(f"{address}{'&' if '?' in address else '?'}v=1")
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["error"]
    assert answer.headers["cache-control"] == routes.BRIEFLY
    assert "<" not in answer.text


@pytest.mark.parametrize("address", [a for a, status in ADDRESSES if status == 404 and "/assets/" in a])
def test_a_missing_asset_is_a_plain_refusal(client: Client, address: str) -> None:
    answer = client.get(address)
    assert "html" not in answer.headers["content-type"]
    assert "[project]" not in answer.text


def test_a_refusal_names_the_entry(client: Client) -> None:
    answer = client.get("/map/features/projects.geojson", params={"year": "1066", "f.park": "theme"})
    assert "year" in answer.json()["error"]
    assert "f.park" in answer.json()["error"]


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize(
    "address",
    ["/map/features/projects.geojson", "/map/furniture.json", "/assets/planner.js", "/healthz"],
)
def test_nothing_can_be_written(client: Client, method: str, address: str) -> None:
    answer = client.request(method, address)
    assert answer.status_code == 405
    for name, value in routes.HEADERS.items():
        assert answer.headers.get_list(name) == [value], name
    assert answer.headers["cache-control"] == routes.BRIEFLY


def test_features_are_what_the_query_keeps(client: Client, store: EmbeddedStore) -> None:
    answer = client.get(
        "/map/features/projects.geojson", params={"lang": "en", "year": "2014", "f.park": "industrial"}
    )
    query = Query(conditions=(Condition(field="park", values=("industrial",)),), year=2014)
    expected = drawn(store, store.catalogue.layers["projects"], query, "en")
    assert answer.headers["content-type"].startswith("application/geo+json")
    assert answer.json() == json.loads(json.dumps(expected))


def test_every_layer_answers_in_both_languages(client: Client, store: EmbeddedStore) -> None:
    for name in store.catalogue.layers:
        for language in ("ru", "en"):
            answer = client.get(f"/map/features/{name}.geojson", params={"lang": language})
            assert answer.status_code == 200
            assert answer.json()["type"] == "FeatureCollection"


def test_a_card_is_the_card(client: Client, store: EmbeddedStore) -> None:
    answer = client.get("/map/card/projects/asino-sawmill", params={"lang": "en"})
    assert answer.json() == json.loads(json.dumps(card(store, "projects", "asino-sawmill", "en")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_furniture_is_the_furniture(client: Client, store: EmbeddedStore, language: Language) -> None:
    answer = client.get("/map/furniture.json", params={"lang": language})
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json() == json.loads(json.dumps(furniture(store, language)))
    assert client.packed(f"/map/furniture.json?lang={language}")[0].headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    "address",
    ["/map/furniture.json", "/map/features/projects.geojson", "/map/card/projects/asino-sawmill"],
)
def test_only_the_address_of_this_version_is_kept_for_ever(
    client: Client, store: EmbeddedStore, address: str
) -> None:
    now = version(store)
    others = ("", "0123456789ab", store.digest, now + "0", now[:-1], now.upper() + "!")
    kept = {v: client.get(address, params={"v": v} if v else {}).headers["cache-control"] for v in others}
    assert set(kept.values()) == {routes.BRIEFLY}
    assert client.get(address, params={"v": now}).headers["cache-control"] == routes.FOR_EVER


def test_every_address_of_the_map_is_answered(client: Client, store: EmbeddedStore) -> None:
    """What the map is told to fetch, these routes have; and it may be kept."""
    view = View.default(store.catalogue, "en")
    spec = build(store, view).spec()
    layer = view.layers[0].id
    pick = f"{layer}/{store.features(layer).index[0]}"
    addresses = (
        spec["furniture"],
        spec["features"].replace("{layer}", layer),
        spec["overview"].replace("{layer}", layer),
        spec["card"].replace("{pick}", pick),
    )
    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, routes.FOR_EVER), address


def test_assets_are_kept_by_their_version(client: Client) -> None:
    now = assets_version()
    assert client.get(f"/assets/planner.js?v={now}").headers["cache-control"] == routes.FOR_EVER
    assert client.get("/assets/planner.js").headers["cache-control"] == routes.BRIEFLY
    assert client.get(f"/assets/unheard.js?v={now}").headers["cache-control"] == routes.BRIEFLY


def test_an_asset_of_another_version_is_asked_again(client: Client) -> None:
    assert client.get("/assets/planner.js?v=other").headers["cache-control"] == routes.BRIEFLY
    assert client.get("/assets/planner.js?rev=1").headers["cache-control"] == routes.BRIEFLY


def test_large_answers_are_packed_when_asked(client: Client) -> None:
    address = "/map/features/projects.geojson?lang=ru"
    packed, raw = client.packed(address)
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) == len(raw)
    bare = client.get(address, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in bare.headers
    assert gzip.decompress(raw) == bare.content
    assert len(raw) < len(bare.content) / 2
    assert bare.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["gzip;q=0, identity", "gzip; q=0", "gzip;q=0.0", "br, deflate", ""])
def test_gzip_that_is_forbidden_is_not_sent(client: Client, accepted: str) -> None:
    answer = client.get("/map/features/projects.geojson", headers={"accept-encoding": accepted})
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "gzip, deflate, br, zstd"])
def test_gzip_that_is_allowed_is_sent(client: Client, accepted: str) -> None:
    answer = client.get("/map/features/projects.geojson", headers={"accept-encoding": accepted})
    assert answer.headers["content-encoding"] == "gzip"


def test_the_same_question_has_the_same_bytes(client: Client) -> None:
    address = "/map/features/roads.geojson?lang=ru"
    first = client.packed(address)[1]
    routes._features.cache_clear()
    assert client.packed(address)[1] == first


def test_health_tells_the_data(client: Client, store: EmbeddedStore) -> None:
    answer = client.get("/healthz")
    assert answer.json() == {"status": "ok", "data": store.digest}
    assert answer.headers["cache-control"] == routes.BRIEFLY


@pytest.mark.parametrize("key", ["x", "v"])
def test_health_is_never_kept(client: Client, store: EmbeddedStore, key: str) -> None:
    for value in ("1", version(store), assets_version()):
        assert client.get("/healthz", params={key: value}).headers["cache-control"] == routes.BRIEFLY


def broken(*_: Any) -> Any:
    raise CatalogueError("bridges.csv, secret path /srv/x")


def test_when_the_data_cannot_be_read_nobody_is_told_why(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(routes, "embedded", broken)
    with caplog.at_level(logging.ERROR):
        for address in (
            "/healthz",
            "/map/furniture.json",
            "/map/features/projects.geojson",
            "/map/card/projects/asino-sawmill",
        ):
            answer = client.get(address)
            assert answer.status_code == 503, address
            assert "secret" not in answer.text
            assert answer.headers["cache-control"] == routes.BRIEFLY
            assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret path" in caplog.text


def test_an_unforeseen_fault_is_a_plain_500(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fault(*_: Any) -> Any:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(routes, "card", fault)
    with caplog.at_level(logging.ERROR):
        answer = client.get("/map/card/projects/asino-sawmill", params={"v": "x"})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["content-type"].startswith("application/json")


def test_an_unforeseen_fault_carries_the_safe_headers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: Any) -> Any:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(routes, "card", fault)
    answer = client.get("/map/card/projects/asino-sawmill")
    assert answer.headers.get("x-content-type-options") == "nosniff"


@pytest.mark.parametrize("odd", ["%00", "%ff", "..%2f..", "a%0d%0ab", "<img>", "я" * 300])
def test_odd_addresses_are_refused_plainly(client: Client, odd: str) -> None:
    for address in (f"/map/features/{odd}.geojson", f"/map/card/projects/{odd}", f"/map/{odd}"):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert "<img" not in answer.text
