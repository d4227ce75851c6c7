// One layer of the map: a pane with a canvas of its own, so that opacity and order cost nothing; its features
// are fetched by address once and kept while the page lives.

import L from "leaflet";
import { drawSymbol, fillOf, isPin } from "./symbols.js";

const KEPT = 96;
const cache = new Map();

export async function fetchFeatures(address) {
  if (cache.has(address)) return cache.get(address);
  const asked = fetch(address).then((answer) => {
    if (!answer.ok || !/json/.test(answer.headers.get("content-type") ?? "")) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  });
  cache.set(address, asked);
  asked.catch(() => cache.delete(address));
  if (cache.size > KEPT) cache.delete(cache.keys().next().value);
  return asked;
}

// Points shrink when the map shows much.
export const zoomScale = (zoom) => (zoom < 8 ? 0.62 : zoom < 10 ? 0.78 : zoom < 12 ? 0.9 : 1);
const MINI = 9;
const REACH = 5;

const SymbolMarker = L.CircleMarker.extend({
  drawnSize() {
    const full = this.options.size * zoomScale(this._map.getZoom());
    return this.mini ? Math.min(MINI, full) : full;
  },
  _updateBounds() {
    this._radius = this.options.size;
    L.CircleMarker.prototype._updateBounds.call(this);
  },
  _updatePath() {
    const renderer = this._renderer;
    if (!renderer._drawing || this._empty() || this.hidden) return;
    drawSymbol(renderer._ctx, this.options.symbol, this._point.x, this._point.y, this.drawnSize(), this.options.fill);
  },
  _containsPoint(point) {
    const size = this.drawnSize();
    const middle = isPin(this.options.symbol) ? this._point.subtract([0, size * 0.6]) : this._point;
    return point.distanceTo(middle) <= size / 2 + REACH;
  },
});

export class FeatureLayer {
  constructor(map, part, states) {
    this.map = map;
    this.part = part;
    this.states = states;
    this.markers = [];
    this.byId = new Map();
    this.group = L.layerGroup();
    this.pane = map.getPane(`layer-${part.id}`) ?? map.createPane(`layer-${part.id}`);
    this.pane.classList.add("planner-pane");
    this.renderer = L.canvas({ pane: `layer-${part.id}`, padding: 0.2 });
  }

  get id() { return this.part.id; }

  static look(part) {
    return JSON.stringify([part.address, part.data?.features.length, part.symbols, part.minZoom, part.labels, part.geometry]);
  }

  fill(collection) {
    const before = this.group;
    this.group = L.layerGroup();
    this.markers = [];
    this.byId = new Map();
    const casings = [], bodies = [];
    for (const feature of collection.features) this.add(feature, casings, bodies);
    for (const layer of [...casings, ...bodies]) this.group.addLayer(layer);
    before.remove();
    this.show();
  }

  ground() { return getComputedStyle(this.map.getContainer()).getPropertyValue("--planner-land").trim() || "#ffffff"; }

  add(feature, casings, bodies) {
    const { part } = this, { properties, geometry } = feature;
    const symbol = part.symbols[properties.c ?? ""] ?? part.symbols[""];
    const shared = { renderer: this.renderer, pane: `layer-${part.id}`, interactive: false };
    const lines = L.GeoJSON.coordsToLatLngs;
    let body;
    if (geometry.type === "Point") {
      const size = properties.z ?? symbol.size;
      body = new SymbolMarker(L.GeoJSON.coordsToLatLng(geometry.coordinates), { ...shared, symbol, size, fill: fillOf(this.states, properties.s) });
      this.markers.push(body);
    } else {
      const look = { ...shared, color: symbol.colour, weight: symbol.width, dashArray: this.states.dashes[properties.s] ?? symbol.dash, lineCap: "butt", smoothFactor: 1 };
      const area = geometry.type.endsWith("Polygon");
      const levels = { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 }[geometry.type];
      const path = lines(geometry.coordinates, levels);
      if (symbol.casing && !area) casings.push(L.polyline(path, { ...look, color: this.ground(), weight: symbol.width + 2.5, dashArray: null, opacity: 0.9 }));
      body = area ? L.polygon(path, { ...look, fillOpacity: symbol.fill_opacity, fillColor: symbol.colour }) : L.polyline(path, look);
    }
    body.feature = feature;
    body.layerId = part.id;
    this.byId.set(String(feature.id), body);
    bodies.push(body);
  }

  // Whether the zoom lets it be seen.
  get visible() { return this.map.getZoom() >= this.part.minZoom; }

  show() {
    const shown = this.map.hasLayer(this.group);
    if (this.visible && !shown) this.group.addTo(this.map);
    if (!this.visible && shown) this.group.remove();
  }

  place(order, opacity) {
    this.pane.style.zIndex = 400 + order;
    this.pane.style.opacity = opacity;
  }

  // Leaflet's canvas has no public "draw all again": this is what its own update ends with.
  redraw() {
    if (!this.renderer._map) return;
    this.renderer._redrawBounds = null;
    this.renderer._redraw();
  }

  // The features under a point of the layer, the topmost first.
  under(layerPoint) {
    if (!this.visible) return [];
    const hits = [];
    for (const body of this.byId.values()) if (body._map && body._containsPoint(layerPoint)) hits.push(body);
    return hits.reverse();
  }

  remove() {
    this.group.remove();
    this.renderer.remove();
  }
}
