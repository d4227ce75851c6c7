"""The addresses of a search: tiles, histograms, scores as a file, small maps; and what is refused."""

import io
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
import rasterio
from PIL import Image

from geo.errors import GeoError
from geo.overlay_files import NAMES
from layers.answers import BRIEFLY, FOR_EVER
from layers.furniture import version
from layers.siting import rasters, results, routes, stock
from layers.siting.editor import editor
from layers.siting.measures import measure
from layers.siting.memory import Memory
from layers.siting.models import named
from layers.siting.results import Findings
from layers.siting.sites import of_layer
from layers.siting.tiles import tile
from layers.siting.workshop import RETRY_AFTER_S
from layers.store import EmbeddedStore
from layers.text import Words
from layers.view import View
from layers.webmap import build
from tests.layers.siting.searches import EXCLUDING, PLAIN, search, sought
from tests.layers.siting.test_tiles import place
from tests.layers.test_routes import Client

ON = {"area": "84.9,56.4,85.1,56.5", "cell": "500"}
X, Y = place(11)
TILE = f"/site/tiles/site_score/11/{X}/{Y}.png"


@pytest.fixture(scope="module")
def client() -> Client:
    return Client()


def first(layer: str) -> str:
    """How an address names the best site of a layer."""
    return of_layer(search(PLAIN), layer)[0].pick


def came(client: Client, address: str, params: dict[str, str] | None = None) -> Any:
    """The answer, asked for again while it is being made, as the map does."""
    for _ in range(200):
        answer = client.get(address, params=params)
        if answer.status_code != 503:
            return answer
        assert answer.headers["retry-after"] == str(RETRY_AFTER_S)
        assert answer.headers["cache-control"] == BRIEFLY
        time.sleep(0.05)
    raise AssertionError(address)


def test_a_tile_is_the_tile(client: Client, store: EmbeddedStore) -> None:
    for model in (PLAIN, "timber-plant"):
        answer = came(client, TILE, {**ON, "model": model})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.content == tile(search(model), store.catalogue.layers["site_score"], 11, X, Y)
        assert Image.open(io.BytesIO(answer.content)).size == (512, 512)


def test_only_what_names_this_version_is_kept_for_ever(client: Client, store: EmbeddedStore) -> None:
    addresses: list[tuple[str, dict[str, str]]] = [
        (TILE, {**ON, "model": PLAIN}),
        ("/site/histogram.json", {**ON, "measure": "minutes.tomsk"}),
    ]
    for address, params in addresses:
        assert came(client, address, params).headers["cache-control"] == BRIEFLY
        fresh = client.get(address, params={**params, "v": version(store)})
        assert fresh.headers["cache-control"] == FOR_EVER


def test_every_address_of_the_map_is_answered(client: Client, store: EmbeddedStore) -> None:
    """What the map is told to fetch of a search, these routes have."""
    asked = {"page": "site", "lang": "en", "model": PLAIN, "mine": "circle~800:84.98000,56.45000", **ON}
    view, problems = View.parse(asked, store.catalogue)
    assert not problems
    spec = build(store, view).spec()
    address = spec["tiles"].replace("{layer}", "site_score")
    for key, value in (("{z}", 11), ("{x}", X), ("{y}", Y)):
        address = address.replace(key, str(value))
    answer = came(client, address)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == FOR_EVER
    assert answer.content == client.get(TILE, params={**ON, "model": PLAIN}).content
    features = client.get(spec["computed"].replace("{layer}", "site_mine"))
    assert len(features.json()["features"]) == 1
    for pick in ("site_mine/mine-1", first("site_plots"), "site_score/84.98000_56.45000"):
        shown = client.get(spec["card"].replace("{pick}", pick))
        assert (shown.status_code, bool(shown.json()["title"])) == (200, True)
    assert client.get(spec["card"].replace("{pick}", "site_plots/plot-999")).status_code == 404


def test_every_histogram_of_the_editor_is_answered(client: Client, store: EmbeddedStore) -> None:
    from layers.query import Query

    data = editor(store, named(store, PLAIN, "ru", "own"), Query(sought=sought(PLAIN)), Words("ru"))
    for name in (
        "distance.railways",
        "minutes.tomsk",
        "people.60",
        "density.heritage.2000",
        "similar.timber",
    ):
        answer = client.get(data["measures"][name]["histogram"])
        assert answer.status_code == 200, name
        told = answer.json()
        assert set(told) == {"low", "high", "counts", "unknown"}
        assert len(told["counts"]) == 64
        assert told["low"] < told["high"]
        assert 0 <= told["unknown"] <= 1


@pytest.mark.parametrize("text", ["distance.railways", "minutes.tomsk", "workforce.60"])
def test_a_histogram_counts_the_cells(client: Client, store: EmbeddedStore, text: str) -> None:
    told = client.get("/site/histogram.json", params={**ON, "measure": text}).json()
    found = search(f"c:{text}*1*lin~0~0~1~1")
    from geo.grid import Window

    values = found.basis.amounts(0, Window(0, 0, *found.grid.shape))[0]
    known = values[np.isfinite(values)]
    assert told["low"] == pytest.approx(known.min(), rel=1e-5, abs=1e-5)
    assert told["high"] == pytest.approx(np.percentile(known, 99.5), rel=1e-5)
    assert told["unknown"] == pytest.approx(1 - known.size / values.size)
    assert 0.98 * known.size <= sum(told["counts"]) <= known.size


def test_a_histogram_does_not_depend_on_the_model(client: Client) -> None:
    routes._histogram.cache_clear()
    for model in (PLAIN, "timber-plant", EXCLUDING):
        client.get("/site/histogram.json", params={**ON, "measure": "minutes.tomsk", "model": model})
    assert routes._histogram.cache_info().misses == 1


@pytest.mark.parametrize("model", [PLAIN, "industrial-park", EXCLUDING])
def test_the_scores_are_a_geotiff(client: Client, tmp_path: Path, store: EmbeddedStore, model: str) -> None:
    answer = client.get("/site/score.tif", params={**ON, "model": model})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/tiff")
    assert "suitability.tif" in answer.headers["content-disposition"]
    path = tmp_path / "score.tif"
    path.write_bytes(answer.content)
    found = search(model)
    with rasterio.open(path) as raster:
        assert raster.crs.to_epsg() == 32645
        assert np.isnan(raster.nodata)
        cells = raster.read(1)[: found.grid.rows, : found.grid.columns]
        assert (raster.transform.c, raster.transform.f) == (found.grid.west, found.grid.north)
        tags, states = raster.tags(), raster.read(2)[: found.grid.rows, : found.grid.columns]
        assert raster.descriptions == NAMES
    assert (tags["MODEL"], tags["MODEL_DIGEST"]) == (found.model.text(), found.model.digest)
    assert tags["DATA"] == store.digest
    assert tags["ROADS"] == "tomsk: today"
    assert date.fromisoformat(tags["MADE"])
    assert "0 open" in tags["STATES"]
    np.testing.assert_array_equal(states, found.whole[1])
    np.testing.assert_array_equal(cells, found.whole[0])


def test_a_tile_never_waits_for_a_raster(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty threads answer all requests: none of them makes a raster, or waits for one."""
    begun, go_on = Event(), Event()
    made = rasters.Ground._made

    def slow(self: Any, kind: str, of: Any) -> Any:
        begun.set()
        assert go_on.wait(20)
        return made(self, kind, of)

    monkeypatch.setattr(rasters.Ground, "_made", slow)
    params = {**ON, "model": "c:density.stations.7100*1*lin~0~1~1~0"}
    try:
        for _ in range(60):
            answer = client.get(TILE, params=params)
            assert (answer.status_code, bool(answer.json()["error"])) == (503, True)
        assert begun.wait(5)
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda _: client.get(TILE, params=params).status_code, range(64)))
        assert set(answers) == {503}
        assert client.get("/site/unheard").status_code == 404
    finally:
        go_on.set()
    assert came(client, TILE, params).status_code == 200


def test_a_raster_that_cannot_be_made_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise GeoError("a fault of ours", "test")

    monkeypatch.setattr(rasters.Ground, "_made", fail)
    assert came(client, TILE, {**ON, "model": "c:density.stations.7200*1*lin~0~1~1~0"}).status_code == 400


def test_scores_are_kept_and_not_judged_again(
    client: Client, store: EmbeddedStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = {**ON, "model": f"{PLAIN};t:0.31"}
    there = set((folder / "criteria").glob("*.tif"))
    first = client.get("/site/score.tif", params=params)
    (kept,) = set((folder / "criteria").glob("*.tif")) - there
    assert kept.read_bytes() == first.content
    monkeypatch.setattr(results, "_FOUND", Memory(1, lambda _: 1))  # as after some time
    monkeypatch.setattr(results.Findings, "judged", None)
    again = client.get("/site/score.tif", params=params)
    assert (again.status_code, again.content) == (200, first.content)


def test_scores_that_cannot_be_written_are_told_without_the_folder(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock, "_folders", lambda: (tmp_path,))

    def full(*_: Any, **__: Any) -> None:
        raise OSError("no space left on device: /secret")

    monkeypatch.setattr(stock, "write", full)
    answer = client.get("/site/score.tif", params={**ON, "model": PLAIN})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert list(tmp_path.iterdir()) == []


def test_areas_within_the_agglomeration_share_their_rasters(client: Client, folder: Path) -> None:
    params = {"model": "c:density.stations.7300*1*lin~0~1~1~0", "cell": "500"}
    there = set((folder / "criteria").glob("*.tif"))
    for step in range(8):
        area = f"{84.8 + step / 100},{56.3 + step / 200},85.1,56.5"
        assert came(client, TILE, {**params, "area": area}).status_code == 200
    assert len(set((folder / "criteria").glob("*.tif")) - there) == 1


def test_small_maps_are_pictures(client: Client) -> None:
    for pick in (first("site_plots"), "site_score/84.98000_56.45000"):
        answer = client.get(f"/site/inset/{pick}.svg", params={**ON, "model": PLAIN, "lang": "en"})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
        assert ET.fromstring(answer.content).tag.endswith("svg")
    gone = client.get("/site/inset/site_plots/plot-999.svg", params={**ON, "model": PLAIN})
    assert gone.status_code == 404


TOO_MANY = "area=72,53,94,63"
REFUSED = [
    (f"{TILE}?cell=33", 400),
    (f"{TILE}?area=1,2,3", 400),
    (f"{TILE}?model=c:", 400),
    (f"{TILE}?roads=two words", 400),
    (f"{TILE}?mine=star:1", 400),
    (f"{TILE}?{TOO_MANY}&cell=25", 400),
    (f"{TILE}?{TOO_MANY}&cell=100", 400),
    (f"{TILE}?model=unheard", 404),
    (f"{TILE}?model=c:minutes.unheard*1*lin~0~1~1~0", 404),
    (f"{TILE}?model={PLAIN};x:unheard", 404),
    (f"{TILE}?net=unheard", 404),
    (f"{TILE}?roads=unheard&area=84.9,56.4,85.1,56.5&cell=500", 404),
    ("/site/tiles/projects/11/1506/637.png", 404),
    ("/site/tiles/site_plots/11/1506/637.png", 404),
    ("/site/tiles/unheard/11/1506/637.png", 404),
    ("/site/tiles/site_score/11/2048/637.png", 404),
    ("/site/tiles/site_score/11/1506/2048.png", 404),
    ("/site/tiles/site_score/23/0/0.png", 404),
    ("/site/tiles/site_score/-1/0/0.png", 404),
    ("/site/tiles/site_score/11/1506.5/637.png", 404),
    ("/site/histogram.json", 404),
    ("/site/histogram.json?measure=", 404),
    ("/site/histogram.json?measure=distance.unheard", 404),
    (f"/site/histogram.json?measure=density.heritage.{'9' * 5000}", 404),
    (f"/site/histogram.json?measure=minutes.tomsk&{TOO_MANY}&cell=100", 400),
    ("/site/histogram.json?measure=minutes.tomsk&cell=1", 400),
    ("/site/histogram.json?measure=minutes.tomsk&roads=unheard&area=84.9,56.4,85.1,56.5&cell=500", 404),
    (f"/site/score.tif?{TOO_MANY}&cell=50", 400),
    ("/site/score.tif?model=unheard", 404),
    ("/site/unheard", 404),
]


@pytest.mark.parametrize(("address", "status"), REFUSED)
def test_what_cannot_be_answered_is_refused(client: Client, address: str, status: int) -> None:
    answer = came(client, address)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]
    assert answer.headers["cache-control"] == BRIEFLY


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("address", [TILE, "/site/histogram.json", "/site/score.tif"])
def test_nothing_can_be_written(client: Client, method: str, address: str) -> None:
    assert client.request(method, address).status_code == 405


def test_of_what_nothing_is_known_the_histogram_is_empty(
    client: Client, store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch, small: Findings
) -> None:
    class Nothing:
        levels, factor, band = 0, 1.0, 0

        @property
        def raster(self) -> Any:
            return self

        def read(self, level: int, window: Any) -> Any:
            return np.full((1, *window.shape), np.nan, np.float32)

    monkeypatch.setattr(routes.Ground, "layered", lambda *_: Nothing())
    routes._histogram.cache_clear()
    told = client.get("/site/histogram.json", params={**ON, "measure": "minutes.tomsk"}).json()
    routes._histogram.cache_clear()
    low, high = measure("minutes.tomsk", store.catalogue).usual
    assert told == {"low": low, "high": high, "counts": [0] * 64, "unknown": 1.0}
