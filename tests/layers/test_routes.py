"""The app's own addresses: answers, refusals, headers and caches."""

import gzip
import io
import json
import logging
import zipfile
from typing import Any
from urllib.parse import parse_qsl
from xml.etree.ElementTree import fromstring

import anyio
import httpx
import pytest
from starlette.applications import Starlette

from layers import answers, routes
from layers.catalog import LANGUAGES, CatalogueError, Language
from layers.feature import card, drawn
from layers.furniture import assets_version, furniture, version
from layers.programme import boards
from layers.query import Condition, Query
from layers.siting import routes as sites
from layers.store import EmbeddedStore
from layers.text import Words
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
    ("/assets/board.js", 200),
    ("/figures/flow.xlsx?page=programme", 200),
    ("/figures/flow.json?page=programme&lang=en", 200),
    ("/figures/unheard.xlsx?page=programme", 404),
    ("/figures/unheard.json?page=programme", 404),
    ("/figures/ranking.xlsx?page=programme", 404),
    ("/figures/flow.xlsx?page=roadmap", 404),
    ("/figures/flow.xlsx?page=explore", 404),
    ("/figures/flow.xlsx?page=sources", 404),
    ("/figures/flow.xlsx", 404),
    ("/figures/measures.xlsx?page=programme", 404),
    ("/figures/money.xlsx?page=project", 404),
    ("/figures/money.xlsx?page=project&pick=projects/unheard", 404),
    ("/figures/money.xlsx?page=project&pick=bridges/communal-bridge", 404),
    ("/figures/stability.xlsx?page=funding&fund=jobs:0;1000;total;effect;low", 404),
    ("/figures/flow", 404),
    ("/figures/flow.csv?page=programme", 404),
    ("/figures/", 404),
    ("/figures/flow.xlsx?page=unheard", 400),
    ("/figures/flow.xlsx?page=programme&lang=de", 400),
    ("/figures/flow.json?page=programme&year=MMXX", 400),
    ("/figures/flow.xlsx?page=programme&f.park=theme", 400),
    ("/figures/flow.xlsx?page=programme&f.bodies=Fano", 400),
    ("/figures/flow.xlsx?page=programme&colour=red", 400),
    ("/figures/flow.xlsx?page=programme&shape=star:1", 400),
    ("/figures/flow.xlsx?page=programme&shape=polygon:84,56;85,57;85,56;84,57", 400),
    ("/figures/ranking.json?page=funding&fund=happiness:9;1;total;effect;low", 400),
    ("/map/features/unheard.geojson", 404),
    ("/map/card/projects/unheard", 404),
    ("/map/card/unheard/x", 404),
    ("/map/features/documents.geojson", 404),
    ("/map/card/documents/unheard", 404),
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
    ("/site/", 404),
    ("/site/unheard", 404),
    ("/site/tiles/projects/9/377/158.png", 404),
    ("/site/tiles/unheard/9/377/158.png", 404),
    ("/site/tiles/site_score/9/377.png", 404),
    ("/site/tiles/site_score/9/x/158.png", 404),
    ("/site/tiles/site_score/23/0/0.png", 404),
    ("/site/tiles/site_score/9/512/0.png", 404),
    ("/site/tiles/site_score/9/377/158.png?model=unheard", 404),
    ("/site/tiles/site_score/9/377/158.png?model=c:", 400),
    ("/site/tiles/site_score/9/377/158.png?cell=33", 400),
    ("/site/histogram.json", 404),
    ("/site/histogram.json?measure=unheard.x", 404),
    ("/site/histogram.json?measure=minutes.tomsk&area=1,2", 400),
    ("/site/score.tif?model=unheard", 404),
    ("/site/score.tif?roads=nothing:of:this", 400),
]


@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_every_answer_carries_the_safe_headers(client: Client, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    for name, value in answers.HEADERS.items():
        assert answer.headers.get_list(name) == [value], name
    assert len(answer.headers.get_list("cache-control")) == 1


def test_a_register_has_no_cards(client: Client, store: EmbeddedStore) -> None:
    for name in store.catalogue.registers:
        id_ = store.records(name).index[0]
        assert client.get(f"/map/card/{name}/{id_}").status_code == 404, name


@pytest.mark.parametrize(
    "address", [a for a, status in ADDRESSES if status in (400, 404) and "/assets/" not in a]
)
def test_a_refusal_is_json_and_is_not_kept(client: Client, address: str) -> None:
    answer = client.get(f"{address}{'&' if '?' in address else '?'}v=1")
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["error"]
    assert answer.headers["cache-control"] == answers.BRIEFLY
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
    [
        "/map/features/projects.geojson",
        "/map/furniture.json",
        "/assets/planner.js",
        "/figures/flow.xlsx?page=programme",
        "/figures/flow.json?page=programme",
        "/healthz",
    ],
)
def test_nothing_can_be_written(client: Client, method: str, address: str) -> None:
    answer = client.request(method, address)
    assert answer.status_code == 405
    for name, value in answers.HEADERS.items():
        assert answer.headers.get_list(name) == [value], name
    assert answer.headers["cache-control"] == answers.BRIEFLY


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
    assert set(kept.values()) == {answers.BRIEFLY}
    assert client.get(address, params={"v": now}).headers["cache-control"] == answers.FOR_EVER


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
        assert (answer.status_code, answer.headers["cache-control"]) == (200, answers.FOR_EVER), address


def test_assets_are_kept_by_their_version(client: Client) -> None:
    now = assets_version()
    assert client.get(f"/assets/planner.js?v={now}").headers["cache-control"] == answers.FOR_EVER
    assert client.get("/assets/planner.js").headers["cache-control"] == answers.BRIEFLY
    assert client.get(f"/assets/unheard.js?v={now}").headers["cache-control"] == answers.BRIEFLY


def test_an_asset_of_another_version_is_asked_again(client: Client) -> None:
    assert client.get("/assets/planner.js?v=other").headers["cache-control"] == answers.BRIEFLY
    assert client.get("/assets/planner.js?rev=1").headers["cache-control"] == answers.BRIEFLY


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
    assert answer.headers["cache-control"] == answers.BRIEFLY


# --- figures ------------------------------------------------------------------------------------------

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BOARDS = {
    "programme": {"page": "programme"},
    "project": {"page": "project", "pick": "projects/road-kamayevka-asino-pervomayskoye"},
    "funding": {"page": "funding"},
    "roadmap": {"page": "roadmap"},
}


def view_of(params: dict[str, str], store: EmbeddedStore) -> View:
    view, problems = View.parse(params, store.catalogue)
    assert not problems
    return view


def charts(page: str, store: EmbeddedStore) -> list[dict[str, Any]]:
    """The charts that the board of a page shows, at once and later."""
    shown = boards.items(store, view_of(BOARDS[page], store))
    return [item for item in shown if item["kind"] in ("chart", "later")]


def sheets(data: bytes) -> dict[str, list[list[str]]]:
    """The sheets of a workbook: every row as the texts of its cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.testzip() is None
        strings = ["".join(si.itertext()) for si in fromstring(book.read("xl/sharedStrings.xml"))]
        names = [
            sheet.get("name", "") for sheet in fromstring(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
        ]
        pages = [fromstring(book.read(f"xl/worksheets/sheet{n}.xml")) for n in range(1, len(names) + 1)]

    def text(cell: Any) -> str:
        value = "".join(v.text or "" for v in cell.iter(f"{MAIN}v"))
        return strings[int(value)] if cell.get("t") == "s" else value

    rows = [[[text(cell) for cell in row] for row in page.iter(f"{MAIN}row")] for page in pages]
    return dict(zip(names, rows, strict=True))


@pytest.mark.parametrize("page", BOARDS)
def test_every_board_has_its_charts(store: EmbeddedStore, page: str) -> None:
    ids = [item["id"] for item in charts(page, store)]
    assert len(set(ids)) == len(ids) > 0
    expected = {"programme": "flow", "project": "money", "funding": "stability", "roadmap": "by_performer"}
    assert expected[page] in ids


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", BOARDS)
def test_every_chart_has_its_workbook(
    client: Client, store: EmbeddedStore, page: str, language: Language
) -> None:
    params = BOARDS[page] | {"lang": language}
    view, words = view_of(params, store), Words(language)
    for item in charts(page, store):
        answer = client.get(f"/figures/{item['id']}.xlsx", params=params)
        assert answer.status_code == 200, item["id"]
        assert answer.headers["content-type"] == XLSX
        made = boards.chart(store, view, item["id"])
        (name, rows), (stamped, stamp) = sheets(answer.content).items()
        assert name[:6] == f"1 {made.title}"[:6]
        of_records = any((act or "").startswith("pick=") for act in made.acts)
        sources = [words("board.sources")] if of_records else []
        assert rows[0] == [*(str(column) for column in made.table.columns), *sources]
        assert len(rows) == 1 + len(made.table) > 1
        assert [row[0] for row in rows[1:]] == [str(value) for value in made.table.iloc[:, 0]]
        assert stamped == f"2 {words('board.stamp_sheet')}"
        told = {row[0]: row[1] for row in stamp[1:]}
        assert told[words("board.data")] == store.digest
        assert dict(parse_qsl(told[words("board.view")])) == view.params(store.catalogue)


@pytest.mark.parametrize("page", BOARDS)
def test_every_chart_is_told_as_an_item(client: Client, store: EmbeddedStore, page: str) -> None:
    params = BOARDS[page] | {"lang": "en"}
    view = view_of(params, store)
    for item in charts(page, store):
        answer = client.get(f"/figures/{item['id']}.json", params=params)
        assert answer.status_code == 200, item["id"]
        assert answer.headers["content-type"].startswith("application/json")
        told = answer.json()
        assert told == json.loads(json.dumps(boards.chart_item(store, view, item["id"])))
        assert (told["kind"], told["id"]) == ("chart", item["id"])


@pytest.mark.parametrize("page", BOARDS)
def test_every_address_on_a_board_is_answered(client: Client, store: EmbeddedStore, page: str) -> None:
    """What the board is told to fetch or to offer, these routes have."""
    for item in charts(page, store):
        told = client.get(item["address"]).json() if item["kind"] == "later" else item
        answer = client.get(told["book"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX), item["id"]
        assert answer.headers["cache-control"] == answers.BRIEFLY
        first = next(iter(sheets(answer.content).values()))
        assert len(first) == 1 + len(told["table"]["rows"])


def test_the_measures_of_the_roadmap_are_a_workbook(client: Client, store: EmbeddedStore) -> None:
    for params in ({"page": "roadmap"}, {"page": "roadmap", "lang": "en", "f.measure_state": "planned"}):
        answer = client.get("/figures/measures.xlsx", params=params)
        assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
        rows = next(iter(sheets(answer.content).values()))
        query = view_of(params, store).query
        assert len(rows) == 1 + len(store.query("measures", query)) > 1
        names = store.query("measures", query)["name_en" if "lang" in params else "name_ru"]
        assert {name for row in rows for name in row} >= set(names)


@pytest.mark.parametrize("entries", [{"f.park": "medical"}, {"shape": "circle~20000:84.95,56.48"}])
def test_the_measures_of_some_projects_are_a_workbook(
    client: Client, store: EmbeddedStore, entries: dict[str, str]
) -> None:
    params = {"page": "roadmap"} | entries
    rows = next(iter(sheets(client.get("/figures/measures.xlsx", params=params).content).values()))
    kept = boards.measures(store, view_of(params, store))
    assert [row[0] for row in rows[1:]] == list(kept.iloc[:, 0])
    assert 1 < len(rows) < 1 + len(store.records("measures"))


def test_the_measures_of_a_shape_that_crosses_itself_are_refused(client: Client) -> None:
    crossed = "polygon:84.00000,56.00000;86.00000,57.00000;86.00000,56.00000;84.00000,57.00000"
    answer = client.get("/figures/measures.xlsx", params={"page": "roadmap", "shape": crossed})
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_workbook_holds_what_the_view_keeps(client: Client, store: EmbeddedStore) -> None:
    kept = {"page": "programme", "lang": "en", "f.park": "medical", "shape": "circle~20000:84.95,56.48"}
    made = boards.chart(store, view_of(kept, store), "by_park")
    bare = boards.chart(store, view_of(BOARDS["programme"], store), "by_park")
    rows = next(iter(sheets(client.get("/figures/by_park.xlsx", params=kept).content).values()))
    assert [row[0] for row in rows[1:]] == [str(value) for value in made.table.iloc[:, 0]]
    assert [row[1] for row in rows[1:]] != [str(value) for value in bare.table.iloc[:, 1]]


def test_a_workbook_of_what_cannot_be_read_names_the_entry(client: Client) -> None:
    params = {"page": "programme", "year": "1066", "fund": "jobs", "f.bodies": "Fano"}
    answer = client.get("/figures/flow.xlsx", params=params)
    assert answer.status_code == 400
    assert all(key in answer.json()["error"] for key in ("year", "fund", "f.bodies"))


@pytest.mark.parametrize("key", ["x", "v"])
def test_health_is_never_kept(client: Client, store: EmbeddedStore, key: str) -> None:
    for value in ("1", version(store), assets_version()):
        assert client.get("/healthz", params={key: value}).headers["cache-control"] == answers.BRIEFLY


def broken(*_: Any) -> Any:
    raise CatalogueError("bridges.csv, secret path /srv/x")


def test_when_the_data_cannot_be_read_nobody_is_told_why(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for module in (routes, answers, sites):
        monkeypatch.setattr(module, "embedded", broken)
    with caplog.at_level(logging.ERROR):
        for address in (
            "/healthz",
            "/map/furniture.json",
            "/map/features/projects.geojson",
            "/map/card/projects/asino-sawmill",
            "/figures/flow.xlsx?page=programme",
            "/figures/flow.json?page=programme",
            "/site/tiles/site_score/9/377/158.png",
            "/site/histogram.json?measure=minutes.tomsk",
            "/site/score.tif",
        ):
            answer = client.get(address)
            assert answer.status_code == 503, address
            assert "secret" not in answer.text
            assert answer.headers["cache-control"] == answers.BRIEFLY
            assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret path" in caplog.text


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("card", "/map/card/projects/asino-sawmill?v=x"),
        ("book", "/figures/flow.xlsx?page=programme"),
        ("chart_item", "/figures/flow.json?page=programme"),
    ],
)
def test_an_unforeseen_fault_is_a_plain_500(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
    address: str,
) -> None:
    def fault(*_: Any) -> Any:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(routes, name, fault)
    with caplog.at_level(logging.ERROR):
        answer = client.get(address)
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
    for address in (
        f"/map/features/{odd}.geojson",
        f"/map/card/projects/{odd}",
        f"/map/{odd}",
        f"/figures/{odd}.xlsx?page=programme",
        f"/figures/{odd}.json?page=roadmap",
        f"/figures/{odd}",
    ):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert "<img" not in answer.text
