// The map of the planner. Made once; `update` brings it to another spec by changing only what differs: the Leaflet
// map, its centre and its zoom survive every change of layers, filters and language. What the reader switches here
// shows at once, and the host is told; what the host says later wins only when it has heard the last word.

import L from "leaflet";
import "leaflet/dist/leaflet.css";
import "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css";
import "@fontsource-variable/golos-text/wght.css";
import "./planner.css";
import { Card } from "./card.js";
import { CarriedRaster } from "./carried.js";
import { clicked } from "./clicked.js";
import { Curtain, Twin, leftOf, ring } from "./compare.js";
import { Labels } from "./declutter.js";
import { h } from "./dom.js";
import { FeatureLayer, redraw } from "./features.js";
import { pooled, taken } from "./fetched.js";
import { LayerPanel } from "./layers.js";
import { Notice } from "./notice.js";
import { Overview } from "./overview.js";
import { Paper } from "./paper.js";
import { Positions } from "./positions.js";
import { RasterLayer } from "./rasters.js";
import { Scale } from "./scale.js";
import { Tools } from "./tools.js";

const LEGEND = 330;
const TOOLS = 60;
const NARROW = 640;
// A map no wider than this has its card at the bottom (see the styles) and its legend folded.
const NARROW_MAP = 760;
const SLOW_MS = 400;
const FLY = { duration: 0.8 };
// How far from the card what is chosen is still seen with its ring.
const BESIDE = 34;
const ACCENT = "#b3003c";
let made = 0;
// A host that hears nothing: of a page without a server, and of the second of two maps. A host may say what room
// on the map it leaves free (`room()`, as the paddings of Leaflet's `fitBounds`), what is home there (`home()`), and
// hear when all is drawn (`settled()`).
export const SILENT = { reports: false, side: null, did() {}, moved() {}, opens: null };
const bounds = ([west, south, east, north]) => L.latLngBounds([south, west], [north, east]);

export class Planner {
  // `host` hears what the reader does: did({on, pick, shape}) and moved(at, isHome).
  constructor(root, spec, furniture, host) {
    this.root = root;
    this.host = host;
    this.layers = new Map();
    this.serial = ++made;
    this.area = h("div", { class: "planner-map", tabindex: "0" });
    this.panel = new LayerPanel({ on: (on, passing) => this.switch(on, passing), extent: (box) => this.go({ bounds: box }) }, root.clientWidth > NARROW_MAP);
    this.card = new Card(() => this.pick(null), (pick, others) => this.pick(pick, others), host.opens && ((pick) => host.opens(pick, this.state())));
    this.note = new Notice();
    this.progress = h("div", { class: "planner-progress", hidden: true });
    this.readout = h("div", { class: "planner-box planner-positions", "aria-hidden": "true" });
    this.small = h("div", { class: "planner-box planner-overview", "aria-hidden": "true" });
    root.classList.add("planner");
    root.replaceChildren(this.area, this.progress);
    this.start(spec, furniture);
    this.update(spec, furniture);
  }

  start(spec, { zooms, home }) {
    const map = (this.map = L.map(this.area, { zoomControl: false, attributionControl: false, minZoom: zooms[0], maxZoom: zooms[1], zoomSnap: 0.5, wheelPxPerZoomLevel: 90 }));
    L.control.attribution({ position: "bottomright", prefix: false }).addTo(map);
    this.scale = new Scale({ imperial: false, position: "bottomleft", maxWidth: 140 }).addTo(map);
    map.createPane("layers").style.zIndex = 390;
    map.getPane("layers").classList.add("planner-pane");
    this.renderer = L.canvas({ pane: "layers", padding: 0.15 });
    this.labels = new Labels(() => [...this.ordered()], this.renderer);
    this.tools = new Tools(map, this.root, { home: this.host.home ?? (() => this.home()), shape: this.host.reports ? (text) => this.shape(text) : null, notice: (text) => this.notice(text), corridor: () => this.spec.corridor });
    this.halo = L.geoJSON(null, { interactive: false, pmIgnore: true, style: { color: ACCENT, weight: 2, dashArray: "3 5", fillOpacity: 0.05 } }).addTo(map);
    if (spec.at) map.setView([spec.at[1], spec.at[0]], spec.at[2], { animate: false });
    else map.fitBounds(bounds(spec.first_sight ?? spec.home ?? home), { ...this.room(), animate: false });
    this.atHome = !spec.at;
    this.labels.addTo(map);
    this.curtain = this.host.side ? null : new Curtain(this.root);
    this.root.append(this.tools.node, this.tools.status, this.card.node, this.panel.details, this.readout, this.small, this.note.node);
    map.on("click", (event) => this.click(event));
    map.on("mousemove", (event) => this.hover(event));
    map.on("mouseout", () => this.tip.remove());
    map.on("moveend", () => this.moved());
    map.on("zoomend", () => this.zoomed());
    this.tip = L.tooltip({ direction: "top", offset: [0, -10], className: "planner-tip" });
    this.area.addEventListener("keydown", (event) => this.key(event));
    // Leaflet takes the focus at every press of the mouse; the page around must not scroll for it.
    const focus = this.area.focus.bind(this.area);
    this.area.focus = (how) => focus({ preventScroll: true, ...how });
    this.paper = new Paper(this);
    this.watch = new ResizeObserver(() => this.resized());
    this.watch.observe(this.root);
    document.fonts.addEventListener("loadingdone", this.onfont = () => this.labels.later());
    // Only a host that keeps the place in the address finds it there again.
    if (this.host.reports) window.addEventListener("popstate", this.onpop = () => this.returned());
  }

  get strings() { return this.furniture.strings; }

  // `heard`: the host has heard all that the reader did here, so its layers, record and shape hold.
  update(spec, furniture, heard = true) {
    const before = this.spec, language = this.furniture?.language;
    Object.assign(this, { spec, furniture });
    if (furniture.language !== language) this.speak(furniture);
    this.curtain?.show(spec.split ?? null, furniture.strings.curtain);
    this.base(spec.base, before?.base);
    this.overlays(heard || !this.on ? spec.on : this.on);
    if (heard) {
      this.tools.setShape(spec.shape ?? null);
      // What is told of a cell follows from the model, which the address of its card names.
      const carried = typeof spec.card !== "string" && this.part(spec.card, spec.pick, spec) !== this.part(before?.card, spec.pick, before);
      const retold = carried || (spec.card !== before?.card && this.layers.get(spec.pick?.split("/")[0])?.raster);
      if (furniture.language !== language || spec.pick !== this.picked || retold) this.pick(spec.pick ?? null, this.others, true);
    }
    this.tools.refresh();
    if (furniture.language !== language) this.overview = new Overview(this, spec);
    this.pair(spec, furniture);
    if (spec.goto && spec.goto.id !== before?.goto?.id) this.go(spec.goto);
    this.tell();
  }

  // A second map for the left side, for as long as there are two.
  pair(spec, furniture) {
    const left = spec.split && leftOf({ ...spec, on: this.on });
    if (left && !this.twin) this.twin = new Twin(this, (root) => new Planner(root, { ...left, at: this.place() }, furniture, { ...SILENT, side: "before" }));
    else if (left) this.twin.update(left, furniture);
    else if (this.twin) { this.twin.end(); this.twin = null; }
  }

  place() {
    const { lat, lng } = this.map.getCenter();
    return [lng, lat, this.map.getZoom()];
  }

  speak({ strings, systems, language }) {
    document.documentElement.lang = language;
    this.positions = new Positions(systems, language);
    this.area.setAttribute("aria-label", strings.map);
    this.area.setAttribute("role", "application");
    this.tools.speak(strings, language, this.positions);
    this.scale.speak(strings);
    this.position(this.map.getCenter());
  }

  // The online base, under everything of ours. One quiet notice when it cannot be reached.
  base(next, before) {
    if (JSON.stringify(next) === JSON.stringify(before ?? null) && (this.tiles || !next)) return;
    this.tiles?.remove();
    this.tiles = null;
    this.root.classList.toggle("planner-on-tiles", Boolean(next));
    if (!next) return;
    const { type, url, options } = next;
    const attribution = h("span", {}, options.attribution ?? "").innerHTML;
    const tiles = (this.tiles = type === "wms" ? L.tileLayer.wms(url, { ...options, attribution }) : L.tileLayer(url, { ...options, attribution }));
    let loaded = 0, failed = 0;
    tiles.on("tileload", () => loaded++);
    tiles.on("tileerror", () => { if (++failed === 4 && !loaded) this.notice(this.strings.base_unreachable); });
    tiles.addTo(this.map);
  }

  // The reader switched, faded or moved a layer: shown now; `passing` changes are told when they have settled.
  switch(on, passing) {
    this.overlays(on, passing);
    this.twin?.overlays(on, passing);
    if (!passing) this.did();
  }

  state() { return { on: this.on, pick: this.picked ?? null, shape: this.tools.text ?? null }; }

  did() { this.host.did(this.state()); }

  overlays(on, passing) {
    this.on = on;
    // A layer of one side is drawn on that side only.
    const { parts } = this.furniture, drawn = on.filter(({ id }) => !this.spec.only || (parts[id].side ?? this.spec.only) === this.spec.only), wanted = new Set(drawn.map(({ id }) => id));
    for (const [id, layer] of this.layers) if (!wanted.has(id)) { layer.remove(); this.layers.delete(id); }
    for (const { id, opacity } of drawn) {
      const part = parts[id], raster = part.geometry === "raster";
      if (raster && !this.served(id)) { this.layers.get(id)?.remove(); this.layers.delete(id); continue; }
      const layer = this.layers.get(id) ?? this.layers.set(id, raster ? this.raster(part) : new FeatureLayer(this.map, this.renderer, part, this.furniture)).get(id);
      layer.part = part;
      layer.fade(opacity);
      if (raster) { layer.aim(this.spec.tiles?.replace("{layer}", id) ?? this.part(this.spec.pictures, id)); continue; }
      const { features } = this.spec, source = typeof features !== "string" ? this.part(features, id) : part.computed ? this.spec.computed : features;
      if (layer.source !== source) { layer.source = source; this.load(layer, source); }
    }
    if (!passing) this.panel.update({ furniture: this.furniture, legend: { ...this.spec.legend, ...this.counted }, first: this.first(), served: (id) => this.served(id), on }, this.map.getZoom());
    this.restack();
    if (!this.loading) this.settled();
  }

  // The layers that the reader returns to: by name, or as they are placed.
  first() { return this.spec.first.map((one) => (typeof one === "string" ? { id: one, opacity: 1 } : one)); }

  // A part that a spec carries.
  part(parts, id, { pool } = this.spec) { return pooled(pooled(parts, pool)?.[id], pool); }

  // Whether a raster can be drawn here: by tiles, or by a picture that the page carries.
  served(id) { return Boolean(this.spec.tiles ?? this.spec.pictures?.[id]); }

  raster(part) {
    if (!this.spec.tiles) return new CarriedRaster(this.map, part, this.part(this.spec.pictures, part.id));
    const failed = (again) => this.notice(this.strings.layer_failed.replace("{layer}", part.title), again);
    return new RasterLayer(this.map, part, { busy: () => this.busy(), failed });
  }

  // Layers of tiles show another model at once, until the spec brings one.
  preview(text) {
    for (const layer of this.ordered()) layer.preview?.(text);
    this.twin?.preview(text);
  }

  // Draws everything in the order of the view; the labels follow.
  restack() {
    for (const layer of this.ordered()) layer.raise();
    redraw(this.renderer);
    this.labels.later();
  }

  async load(layer, source) {
    const { id, title } = layer.part, done = this.busy();
    this.fetching = (this.fetching ?? 0) + 1;
    try {
      const collection = typeof source === "string" ? await taken(source, "layer", id) : source;
      if (this.layers.get(id) !== layer || layer.source !== source) return;
      layer.fill(collection);
      if (layer.part.computed) this.count(layer, collection);
      this.ring();
      performance.mark(`planner:${id}`);
    } catch (fault) {
      console.warn(fault);
      this.notice(this.strings.layer_failed.replace("{layer}", title), () => this.load(layer, source));
    } finally {
      if (--this.fetching === 0) this.restack();
      done();
    }
  }

  // Something is on its way; what it gives ends the wait.
  busy() {
    const slow = setTimeout(() => (this.progress.hidden = false), SLOW_MS);
    this.loading = (this.loading ?? 0) + 1;
    return () => {
      clearTimeout(slow);
      if (--this.loading) return;
      this.progress.hidden = true;
      this.settled();
    };
  }

  // What is computed is counted where it is drawn: the page need not wait for it.
  count({ part }, { features }) {
    const classes = {};
    for (const { properties } of features) classes[properties.c ?? ""] = (classes[properties.c ?? ""] ?? 0) + 1;
    this.counted = { ...this.counted, [part.id]: { n: features.length, of: features.length, classes } };
    if (this.panel.state) this.panel.update({ ...this.panel.state, legend: { ...this.panel.state.legend, ...this.counted } }, this.map.getZoom());
  }

  // Everything asked for is drawn: counted, so that whoever waits can tell one time from the next.
  settled() {
    this.root.dataset.ready = String(Number(this.root.dataset.ready ?? 0) + 1);
    this.host.settled?.();
  }

  *ordered() { for (const { id } of this.on ?? []) if (this.layers.has(id)) yield this.layers.get(id); }

  under(layerPoint) { return [...this.ordered()].reverse().flatMap((layer) => layer.under(layerPoint)); }

  click({ layerPoint, latlng }) {
    if (this.tools.active) return;
    this.position(latlng);
    const found = clicked(this.map, [...this.ordered()].reverse(), (id) => this.furniture.parts[id].title, latlng, layerPoint);
    this.pick(found[0]?.pick ?? null, found);
  }

  hover({ latlng, layerPoint }) {
    this.position(latlng);
    if (this.tools.active) return this.tip.remove();
    const hit = this.under(layerPoint).find((body) => body.getLatLng);
    this.area.classList.toggle("planner-over", Boolean(hit));
    if (hit) this.tip.setLatLng(hit.getLatLng()).setContent(h("span", {}, hit.feature.properties.n)).addTo(this.map);
    else this.tip.remove();
  }

  // Choosing a record: its card, its halo, and word to the host unless the host asked for it.
  async pick(pick, others = [], quietly = false) {
    const changed = pick !== (this.picked ?? null);
    Object.assign(this, { picked: pick, others });
    if (changed && !quietly) this.did();
    this.halo.clearLayers();
    this.chosen = null;
    this.ring();
    if (!pick) {
      const within = this.card.node.contains(document.activeElement);
      this.card.close();
      if (within) this.area.focus();
      return;
    }
    const slow = setTimeout(() => this.card.busy(this.strings), SLOW_MS);
    try {
      const card = await taken(this.spec.card, "pick", pick, this.spec.pool);
      if (this.picked !== pick) return;
      this.chosen = card;
      this.card.show(card, this.strings, others.filter((other) => other.pick !== pick), changed && !quietly);
      if (card.halo) this.halo.addData(card.halo);
      this.ring();
      if (changed || !quietly) this.reveal();
    } catch (fault) {
      console.warn(fault);
      if (this.picked === pick) this.card.fail(this.strings, () => this.pick(pick, others, quietly));
    } finally {
      clearTimeout(slow);
    }
  }

  // A ring round the chosen place, whatever its layer draws.
  ring(twin = this.twin) {
    const centre = this.chosen?.pick === this.picked ? this.chosen?.centre : null;
    this.mark?.remove();
    this.mark = ring(this.map, centre, ACCENT);
    twin?.ring(centre, ACCENT);
  }

  // Moves the map where the card lies over what was chosen, upwards or to the side, whichever is less.
  reveal() {
    if (!this.mark || this.going) return;
    const at = this.map.latLngToContainerPoint(this.mark.getLatLng()), map = this.area.getBoundingClientRect(), card = this.card.node.getBoundingClientRect();
    const left = card.left - map.left - BESIDE, top = card.top - map.top - BESIDE;
    if (!this.map.getSize().contains(at) || at.x < left || at.y < top) return;
    const aside = left > TOOLS ? at.x - left : Infinity, up = top > BESIDE ? at.y - top : Infinity;
    if (Math.min(aside, up) < Infinity) this.map.panBy(aside < up ? [aside, 0] : [0, up]);
  }

  shape(text) {
    this.tools.setShape(text);
    this.tools.refresh();
    this.did();
  }

  go({ bounds: box, at, zoom }) {
    if (globalThis.innerWidth < NARROW) this.host.uncover?.();
    const extent = box && bounds(box), point = at ? L.latLng(at[1], at[0]) : extent?.getCenter();
    this.going = Boolean(point);
    if (extent && !extent.getSouthWest().equals(extent.getNorthEast())) this.map.flyToBounds(extent, { ...FLY, maxZoom: 13, padding: [40, 40] });
    else if (point) this.map.flyTo(point, Math.max(this.map.getZoom(), zoom ?? 13), FLY);
  }

  // What the bar and the panel leave free of a wide window.
  room() {
    if (this.host.room) return this.host.room();
    const wide = this.root.clientWidth > 3 * LEGEND && this.panel.details.open;
    return wide ? { paddingTopLeft: [TOOLS, 0], paddingBottomRight: [LEGEND, 0] } : {};
  }

  // The whole agglomeration, in whatever window: the view that needs no place in the address.
  home(options = FLY, first = null) {
    this.homing = true;
    this.map.flyToBounds(bounds(first ?? this.spec.home ?? this.furniture.home), { ...this.room(), ...options });
  }

  resized() {
    // On paper the map stays as it is.
    if (matchMedia("print").matches) return;
    this.paper.measure();
    this.resizing = true;
    this.map.invalidateSize({ animate: false });
    this.resizing = false;
    this.overview?.map.invalidateSize();
  }

  // The window has another shape: what showed the whole agglomeration shows it still.
  rearranged() {
    const { atHome } = this;
    this.resized();
    if (atHome) this.home({ animate: false }, this.spec.first_sight);
  }

  at() {
    const { lat, lng } = this.map.getCenter();
    return `${lat.toFixed(5)},${lng.toFixed(5)},${this.map.getZoom()}`;
  }

  moved() {
    this.going = false;
    if (!this.resizing) {
      this.atHome = Boolean(this.homing);
      this.homing = false;
    }
    this.overview?.follow();
    this.tell();
  }

  // Tells the host where the map looks.
  tell() {
    this.told = this.atHome ? "" : this.at();
    this.host.moved(this.at(), this.atHome);
  }

  // Back or forward: the address says where to look.
  returned() {
    const text = new URLSearchParams(location.search).get("at") ?? "", at = text.split(",").map(Number);
    if (text === this.told) return;
    if (at.length < 3) this.home({ animate: false }, this.spec.first_sight);
    else if (at.length === 3 && at.every(Number.isFinite)) this.map.setView([at[0], at[1]], at[2]);
  }

  zoomed() {
    const changed = [...this.ordered()].filter((layer) => layer.show()).length;
    if (!changed) return;
    this.restack();
    this.panel.update(this.panel.state, this.map.getZoom());
  }

  position(latlng) {
    this.readout.replaceChildren(...this.positions.texts(latlng, this.strings).map(([name, text]) => h("span", {}, h("b", {}, name), text)));
  }

  key(event) {
    if (event.key === "Escape") {
      if (this.tools.active) { this.tools.cancel(); this.tools.refresh(); }
      else if (this.picked) this.pick(null);
    } else if (event.key === "Enter" && event.target === this.area && this.tools.drawing) {
      this.tools.finish();
    } else if (event.key === "Enter" && event.target === this.area && !this.tools.active) {
      const centre = this.map.getCenter();
      this.click({ latlng: centre, layerPoint: this.map.latLngToLayerPoint(centre) });
    }
  }

  notice(text, again) { this.note.show(text, this.strings, again); }

  destroy() {
    // What is still on its way finds no layer to fill: put on a map that is gone, it would draw on no canvas.
    this.layers.clear();
    this.on = [];
    this.picked = null;
    this.twin?.end();
    this.watch.disconnect();
    window.removeEventListener("popstate", this.onpop);
    this.paper.end();
    document.fonts.removeEventListener("loadingdone", this.onfont);
    this.note.end();
    this.tools.remove();
    this.overview?.map.remove();
    this.overview = null;
    this.map.remove();
    this.root.replaceChildren();
  }
}
