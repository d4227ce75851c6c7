// The layers of features on one shared canvas, in the order of the view. One canvas for all: order is the order of
// drawing, opacity a number beside each path.

import L from "leaflet";
import { drawSymbol } from "./symbols.js";

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
    const renderer = this._renderer, { symbol, fill, opacity } = this.options;
    if (!renderer._drawing || this._empty()) return;
    renderer._ctx.globalAlpha = opacity;
    drawSymbol(renderer._ctx, symbol, this._point.x, this._point.y, this.drawnSize(), fill);
    renderer._ctx.globalAlpha = 1;
  },
  _containsPoint(point) {
    const size = this.drawnSize();
    const middle = this.options.symbol.pin ? this._point.subtract([0, size * 0.6]) : this._point;
    return point.distanceTo(middle) <= size / 2 + REACH;
  },
});

// Leaflet's canvas has no public "draw all again": this is what its own update ends with.
export function redraw(renderer) {
  if (!renderer._map) return;
  renderer._redrawBounds = null;
  renderer._redraw();
}

export class FeatureLayer {
  constructor(map, renderer, part, furniture) {
    Object.assign(this, { map, renderer, part, furniture });
    this.opacity = 1;
    this.clear();
    this.group = L.layerGroup();
  }

  clear() {
    this.markers = [];
    this.bodies = [];
    this.casings = [];
    this.byId = new Map();
  }

  ground() { return getComputedStyle(this.map.getContainer()).getPropertyValue("--planner-land").trim() || "#ffffff"; }

  fill(collection) {
    this.group.remove();
    this.group = L.layerGroup();
    this.clear();
    const ground = this.ground(), bodies = [];
    for (const feature of collection.features) this.add(feature, ground, this.casings, bodies);
    this.bodies = [...this.casings, ...bodies];
    for (const body of this.bodies) this.group.addLayer(body);
    this.fade(this.opacity);
    this.show();
  }

  add(feature, ground, casings, bodies) {
    const { part, renderer } = this, { properties, geometry } = feature;
    const symbol = part.symbols[properties.c ?? ""] ?? part.symbols[""];
    const shared = { renderer, interactive: false, pmIgnore: false };
    let body;
    if (geometry.type === "Point") {
      const fill = this.furniture.fills[properties.s] ?? "solid";
      body = new SymbolMarker(L.GeoJSON.coordsToLatLng(geometry.coordinates), { ...shared, symbol, fill, size: properties.z ?? symbol.size });
      this.markers.push(body);
    } else {
      const look = { ...shared, color: symbol.colour, weight: symbol.width, dashArray: this.furniture.dashes[properties.s] ?? symbol.dash, lineCap: "butt" };
      const area = geometry.type.endsWith("Polygon");
      const levels = { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 }[geometry.type];
      const path = L.GeoJSON.coordsToLatLngs(geometry.coordinates, levels);
      if (symbol.casing && !area) casings.push(L.polyline(path, { ...shared, color: ground, weight: symbol.width + 2.5, lineCap: "butt" }));
      body = area ? L.polygon(path, { ...look, fillColor: symbol.colour }) : L.polyline(path, look);
      body.fillShare = symbol.fill_opacity;
    }
    this.own(body, feature, bodies);
    // A line or an area among points is marked by a symbol too.
    if (properties.p) {
      const marker = new SymbolMarker(L.GeoJSON.coordsToLatLng(properties.p), { ...shared, symbol, fill: this.furniture.fills[properties.s] ?? "solid", size: symbol.size });
      this.markers.push(marker);
      this.own(marker, feature, bodies);
    }
  }

  own(body, feature, bodies) {
    Object.assign(body, { feature, layerId: this.part.id });
    const id = String(feature.id);
    this.byId.set(id, [...(this.byId.get(id) ?? []), body]);
    bodies.push(body);
  }

  // Whether the zoom lets it be seen.
  get visible() { return this.map.getZoom() >= this.part.minZoom; }

  show() {
    const shown = this.map.hasLayer(this.group);
    if (this.visible && !shown) this.group.addTo(this.map);
    if (!this.visible && shown) this.group.remove();
    return this.visible !== shown;
  }

  fade(opacity) {
    this.opacity = opacity;
    for (const body of this.bodies) {
      body.options.opacity = opacity;
      body.options.fillOpacity = opacity * (body.fillShare ?? 0);
    }
  }

  // Casings have the colour of the ground, which paper changes.
  recolour() {
    const ground = this.ground();
    for (const body of this.casings) body.options.color = ground;
  }

  // Draws its features above all those drawn before.
  raise() { for (const body of this.bodies) if (body._map) body.bringToFront(); }

  // The features under a point of the layer, the topmost first.
  under(layerPoint) {
    if (!this.visible) return [];
    const hit = [...this.byId.values()].map((bodies) => bodies.findLast((body) => body._map && body._containsPoint(layerPoint)));
    return hit.filter(Boolean).reverse();
  }

  remove() { this.group.remove(); }
}
