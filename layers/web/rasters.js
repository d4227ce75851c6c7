// Layers that are drawn by tiles, under all layers of features. Another address is loaded beside the one that is
// shown and takes its place when all of it is there: nothing flickers. One load is under way at most, and one waits,
// the last that was asked for.

import L from "leaflet";
import { TRIES, again, pause } from "./fetched.js";

const TILE = 512;
const PANE = "rasters";
const UNDER_FEATURES = 380;
let stack = 0;

// Tiles that are there at once: what is decoded is shown as it is, without fading in.
const Tiles = L.TileLayer.extend({
  createTile(coords, done) {
    const tile = L.DomUtil.create("img");
    tile.alt = "";
    this.fetched(tile, this.getTileUrl(coords)).then(() => done(null, tile), (fault) => done(fault, tile));
    return tile;
  },
  // A tile whose rasters are still being made is asked for again, as long as it is wanted.
  async fetched(tile, address) {
    for (let tries = 0; ; tries++) {
      tile.src = address;
      try {
        return await tile.decode();
      } catch (fault) {
        if (!this._map || !tile.parentNode) throw fault;
        const answer = tries < TRIES ? await fetch(address, { method: "HEAD" }) : null;
        // It may have been made since it was asked for.
        const seconds = answer?.ok ? 0 : answer && again(answer);
        if (seconds === null) throw fault;
        await pause(seconds);
        if (!this._map || !tile.parentNode) throw fault;
      }
    }
  },
  _tileReady(coords, fault, tile) {
    const map = this._map;
    if (!map) return;
    const fades = map._fadeAnimated;
    map._fadeAnimated = false;
    L.TileLayer.prototype._tileReady.call(this, coords, fault, tile);
    map._fadeAnimated = fades;
  },
  _updateOpacity() { if (this._container) this._container.style.opacity = this.options.opacity; },
  // A load that lost its last tiles with the move of the map ends without an event.
  over() { return !this._loading || this._noTilesToLoad(); },
});

// An address of tiles for another model; two addresses for one model are the same text.
const percent = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
export const modelOf = (address) => new URLSearchParams(address.slice(address.indexOf("?") + 1)).get("model");
export function withModel(address, text) {
  return text === null ? address : address.replace(/([?&]model=)[^&]*/, (_, head) => head + percent(text));
}

export class RasterLayer {
  // `busy()` is told when a load begins and gives what ends it; `failed(again)` is called once until the next spec.
  constructor(map, part, { busy, failed }) {
    Object.assign(this, { map, part, busy, failed });
    this.raster = true;
    this.opacity = 1;
    this.order = ++stack;
    // What the planner asks of every layer: here are no bodies to draw, to hit or to write the name of.
    this.bodies = this.markers = [];
    this.byId = new Map();
    if (!map.getPane(PANE)) Object.assign(map.createPane(PANE).style, { zIndex: UNDER_FEATURES, pointerEvents: "none" });
    map.on("moveend", this.onmoved = () => { for (const tiles of [this.shown, this.coming]) if (tiles?.over()) this.ended(tiles); });
  }

  // The address that the spec gives: a model that is only tried holds until there is another.
  aim(address) {
    const next = withModel(address, modelOf(address));
    if (next === this.address) return;
    Object.assign(this, { address: next, tried: null, faulty: false });
    this.load(next);
  }

  // Shows another model for now; null returns to that of the spec.
  preview(text) {
    if (text === this.tried || !this.address) return;
    this.tried = text;
    this.load(withModel(this.address, text));
  }

  load(address) {
    this.waiting = null;
    if (!this.visible || address === (this.coming ?? this.shown)?.address) return;
    if (this.coming) this.waiting = address;
    else this.start(address);
  }

  start(address) {
    const [west, south, east, north] = this.part.bounds;
    const tiles = new Tiles(address, { pane: PANE, tileSize: TILE, zoomOffset: -1, opacity: 0, updateWhenZooming: false, keepBuffer: 1, bounds: [[south, west], [north, east]] });
    tiles.address = address;
    tiles.on("loading", () => (tiles.done ??= this.busy()));
    tiles.on("load", () => this.ended(tiles));
    tiles.on("tileerror", () => this.failure(tiles));
    this.coming = tiles;
    tiles.addTo(this.map);
    if (tiles.over()) this.ended(tiles);
  }

  // All tiles of the view are in, or failed.
  ended(tiles) {
    if (tiles === this.coming) {
      const former = this.shown;
      this.shown = tiles;
      this.coming = null;
      this.fade(this.opacity);
      this.raise(this.order);
      this.drop(former);
      if (this.waiting) this.start(this.waiting);
      this.waiting = null;
    }
    tiles.done?.();
    tiles.done = null;
  }

  failure(tiles) {
    if (this.faulty) return;
    this.faulty = true;
    this.failed(() => {
      this.faulty = false;
      tiles.redraw();
    });
  }

  drop(tiles) {
    tiles?.off().remove();
    tiles?.done?.();
  }

  get visible() { return this.map.getZoom() >= (this.part.minZoom ?? 0); }

  show() {
    const { visible } = this, was = Boolean(this.shown ?? this.coming);
    if (visible && !was && this.address) this.load(withModel(this.address, this.tried ?? null));
    if (!visible && was) this.clear();
    return visible !== was;
  }

  fade(opacity) {
    this.opacity = opacity;
    this.shown?.setOpacity(opacity);
  }

  raise(order = ++stack) {
    this.order = order;
    this.shown?.setZIndex(order);
  }

  under() { return []; }

  // What a click here picks: the cell at the place.
  cell({ lng, lat }) {
    const [west, south, east, north] = this.part.bounds;
    if (lng < west || lng > east || lat < south || lat > north) return null;
    if (!this.shown || !this.visible) return null;
    return `${this.part.id}/${lng.toFixed(5)}_${lat.toFixed(5)}`;
  }

  clear() {
    for (const tiles of [this.shown, this.coming]) this.drop(tiles);
    this.shown = this.coming = this.waiting = null;
  }

  remove() {
    this.clear();
    this.map.off("moveend", this.onmoved);
  }
}
