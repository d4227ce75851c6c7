// The map of the planner. `mount` makes it once; `update` brings it to another spec by changing only what differs:
// the Leaflet map, its centre and its zoom survive every change of layers, filters and language.

import L from "leaflet";
import "leaflet/dist/leaflet.css";
import "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css";
import "./planner.css";
import { Card } from "./card.js";
import { Labels } from "./declutter.js";
import { button, h } from "./dom.js";
import { FeatureLayer, fetchFeatures } from "./features.js";
import { Legend } from "./legend.js";
import { Positions } from "./positions.js";
import { Tools } from "./tools.js";

const LEGEND = 310;
const TOOLS = 60;
const NARROW = 640;
const SLOW_MS = 400;
const NEAR = 0.01;
const NOTICE_MS = 7000;
const FLY = { duration: 0.8 };
let made = 0;
const bounds = ([west, south, east, north]) => L.latLngBounds([south, west], [north, east]);

export class Planner {
  // `host` hears what the reader does: pick(id|null), shape(text|null), moved("lat,lon,zoom").
  constructor(root, spec, host) {
    this.root = root;
    this.host = host;
    this.layers = new Map();
    this.serial = ++made;
    this.area = h("div", { class: "planner-map", tabindex: "0" });
    this.legend = new Legend(spec.strings, root.clientWidth < NARROW);
    this.card = new Card(() => this.pick(null), (pick, others) => this.pick(pick, others));
    this.note = h("div", { class: "planner-box planner-notice", role: "status", hidden: true });
    this.progress = h("div", { class: "planner-progress", hidden: true });
    this.readout = h("div", { class: "planner-box planner-positions", "aria-hidden": "true" });
    this.small = h("div", { class: "planner-box planner-overview", "aria-hidden": "true" });
    root.classList.add("planner");
    root.replaceChildren(this.area, this.progress);
    this.start(spec);
    this.update(spec);
  }

  start(spec) {
    const map = (this.map = L.map(this.area, { zoomControl: false, attributionControl: false, minZoom: spec.zooms[0], maxZoom: spec.zooms[1], preferCanvas: true, zoomSnap: 0.5, wheelPxPerZoomLevel: 90 }));
    this.credit = L.control.attribution({ position: "bottomright", prefix: false }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 140 }).addTo(map);
    this.labels = new Labels(() => this.ordered());
    this.tools = new Tools(map, this.root, { home: () => this.home(), shape: (text) => this.shape(text), notice: (text) => this.notice(text) });
    this.halo = L.geoJSON(null, { interactive: false, pmIgnore: true, style: { color: "#b3003c", weight: 2, dashArray: "3 5", fillOpacity: 0.05 } }).addTo(map);
    if (spec.at) map.setView([spec.at[1], spec.at[0]], spec.at[2], { animate: false });
    else map.fitBounds(bounds(spec.home), { ...this.room(), animate: false });
    this.labels.addTo(map);
    this.root.append(this.tools.node, this.tools.status, this.card.node, this.legend.details, this.readout, this.small, this.note);
    map.on("click", (event) => this.click(event));
    map.on("mousemove", (event) => this.hover(event));
    map.on("mouseout", () => this.tip.remove());
    map.on("moveend", () => this.moved());
    map.on("zoomend", () => this.zoomed());
    this.tip = L.tooltip({ direction: "top", offset: [0, -10], className: "planner-tip" });
    this.area.addEventListener("keydown", (event) => this.key(event));
    this.watch = new ResizeObserver(() => { map.invalidateSize({ animate: false }); this.overviewMap?.invalidateSize(); });
    this.watch.observe(this.root);
    window.addEventListener("popstate", this.onpop = () => this.returned());
  }

  update(spec) {
    const before = this.spec;
    this.spec = spec;
    this.positions = new Positions(spec.systems, spec.language);
    this.area.setAttribute("aria-label", spec.strings.map);
    this.area.setAttribute("role", "application");
    this.base(spec.base, before?.base);
    this.overlays(spec.layers);
    this.legend.update(spec, this.map.getZoom());
    this.tools.setShape(spec.shape ?? null);
    this.tools.update(spec.strings, spec.language, this.positions);
    if (JSON.stringify(spec.overview) !== JSON.stringify(before?.overview)) this.overview(spec);
    if (spec.language !== before?.language || spec.pick !== this.picked) this.pick(spec.pick ?? null, this.others, true);
    if (spec.goto && spec.goto.id !== before?.goto?.id) this.go(spec.goto);
    this.position(this.map.getCenter());
    this.labels.later();
    this.moved();
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
    tiles.on("tileerror", () => { if (++failed === 4 && !loaded) this.notice(this.spec.strings.base_unreachable); });
    tiles.addTo(this.map);
  }

  overlays(parts) {
    const wanted = new Set(parts.map((part) => part.id));
    for (const [id, layer] of this.layers) if (!wanted.has(id)) { layer.remove(); this.layers.delete(id); }
    parts.forEach((part, order) => {
      let layer = this.layers.get(part.id);
      const same = layer && FeatureLayer.look(layer.part) === FeatureLayer.look(part);
      if (!layer) this.layers.set(part.id, (layer = new FeatureLayer(this.map, part, this.spec.states)));
      layer.part = part;
      layer.place(order, part.opacity);
      if (!same) this.load(layer, part);
    });
    this.order = parts.map((part) => part.id);
    if (!this.loading) this.settled();
  }

  // Everything asked for is drawn: counted, so that whoever waits can tell one time from the next.
  settled() { this.root.dataset.ready = String(Number(this.root.dataset.ready ?? 0) + 1); }

  async load(layer, part) {
    const slow = setTimeout(() => (this.progress.hidden = false), SLOW_MS);
    this.loading = (this.loading ?? 0) + 1;
    try {
      const collection = part.data ?? (await fetchFeatures(part.address));
      if (this.layers.get(part.id) !== layer || layer.part.address !== part.address) return;
      layer.fill(collection);
      this.labels.later();
      this.ring();
      performance.mark(`planner:${part.id}`);
    } catch (fault) {
      console.warn(fault);
      this.notice(this.spec.strings.layer_failed.replace("{layer}", part.title), () => this.load(layer, part));
    } finally {
      clearTimeout(slow);
      if (--this.loading === 0) {
        this.progress.hidden = true;
        this.settled();
      }
    }
  }

  *ordered() { for (const id of this.order ?? []) yield this.layers.get(id); }

  under(layerPoint) { return [...this.ordered()].reverse().flatMap((layer) => layer.under(layerPoint)); }

  click({ layerPoint, latlng }) {
    if (this.tools.active) return;
    this.position(latlng);
    const hits = this.under(layerPoint);
    if (!hits.length) return this.pick(null);
    const others = hits.map(({ layerId, feature }) => ({ pick: `${layerId}/${feature.id}`, name: feature.properties.n, layer: this.layers.get(layerId).part.title }));
    this.pick(others[0].pick, others);
  }

  hover({ latlng, layerPoint }) {
    this.position(latlng);
    if (this.tools.active) return this.tip.remove();
    const hit = this.under(layerPoint).find(({ feature }) => feature.geometry.type === "Point");
    this.area.classList.toggle("planner-over", Boolean(hit));
    if (hit) this.tip.setLatLng(hit.getLatLng()).setContent(h("span", {}, hit.feature.properties.n)).addTo(this.map);
    else this.tip.remove();
  }

  // Choosing a record: its card, its halo, and word to the host unless the host asked for it.
  async pick(pick, others = [], quietly = false) {
    const changed = pick !== this.picked;
    Object.assign(this, { picked: pick, others });
    if (changed && !quietly) this.host.pick(pick);
    this.halo.clearLayers();
    this.chosen = null;
    this.ring();
    if (!pick) {
      const within = this.card.node.contains(document.activeElement);
      this.card.close();
      if (within) this.area.focus();
      return;
    }
    const { strings } = this.spec, slow = setTimeout(() => this.card.busy(strings), SLOW_MS);
    try {
      const card = this.spec.cards ? this.spec.cards[pick] : await fetchFeatures(this.spec.card.replace("{pick}", pick));
      if (this.picked !== pick) return;
      this.chosen = card;
      this.card.show(card, strings, others.filter((other) => other.pick !== pick), changed && !quietly);
      if (card.halo) this.halo.addData(card.halo);
      this.ring();
      if (!quietly) this.reveal();
    } catch (fault) {
      console.warn(fault);
      if (this.picked === pick) this.card.fail(strings, () => this.pick(pick, others, quietly));
    } finally {
      clearTimeout(slow);
    }
  }

  // A ring round the chosen place, whatever its layer draws.
  ring() {
    this.mark?.remove();
    this.mark = null;
    if (!this.chosen?.centre || this.chosen.pick !== this.picked) return;
    const [lng, lat] = this.chosen.centre.coordinates;
    this.mark = L.circleMarker([lat, lng], { radius: 17, color: "#b3003c", weight: 3, fill: false, interactive: false, pmIgnore: true }).addTo(this.map);
  }

  // Moves the map when the card would lie over what was chosen.
  reveal() {
    if (!this.mark) return;
    const at = this.map.latLngToContainerPoint(this.mark.getLatLng()), { clientWidth: width, clientHeight: height } = this.root;
    const { offsetWidth: wide, offsetHeight: high } = this.card.node;
    if (wide > width - 40) this.map.panBy([0, Math.max(0, at.y - (height - high) + 40)]);
    else this.map.panBy([Math.max(0, at.x - (width - wide) + 60), 0]);
  }

  shape(text) {
    this.tools.setShape(text);
    this.tools.refresh();
    this.host.shape(text);
  }

  go({ bounds: box, at, zoom }) {
    const extent = box && bounds(box), point = at ? L.latLng(at[1], at[0]) : extent?.getCenter();
    if (extent && !extent.getSouthWest().equals(extent.getNorthEast())) this.map.flyToBounds(extent, { ...FLY, maxZoom: 13, padding: [40, 40] });
    else if (point) this.map.flyTo(point, Math.max(this.map.getZoom(), zoom ?? 13), FLY);
  }

  // What the bar and the legend leave free of a wide window.
  room() {
    const wide = this.root.clientWidth > 3 * LEGEND && this.legend.details.open;
    return wide ? { paddingTopLeft: [TOOLS, 0], paddingBottomRight: [LEGEND, 0] } : {};
  }

  home() {
    this.map.flyToBounds(bounds(this.spec.home), { ...this.room(), ...FLY });
  }

  at() {
    const { lat, lng } = this.map.getCenter();
    return `${lat.toFixed(5)},${lng.toFixed(5)},${this.map.getZoom()}`;
  }

  moved() {
    this.frame?.setBounds(this.map.getBounds());
    this.overviewMap?.setView(this.map.getCenter(), Math.max(4, this.map.getZoom() - 4), { animate: false });
    const { center, zoom } = this.map._getBoundsCenterZoom(bounds(this.spec.home), this.room()), centre = this.map.getCenter();
    const near = Math.abs(centre.lat - center.lat) < NEAR && Math.abs(centre.lng - center.lng) < NEAR;
    this.host.moved(this.at(), near && this.map.getZoom() === zoom);
  }

  // Back or forward: the address says where to look.
  returned() {
    const at = (new URLSearchParams(location.search).get("at") ?? "").split(",").map(Number);
    if (at.length < 3) this.map.fitBounds(bounds(this.spec.home), this.room());
    else if (at.length === 3 && at.every(Number.isFinite)) this.map.setView([at[0], at[1]], at[2]);
  }

  zoomed() {
    for (const layer of this.layers.values()) layer.show();
    this.legend.update(this.spec, this.map.getZoom());
  }

  position(latlng) {
    this.readout.replaceChildren(...this.positions.texts(latlng, this.spec.strings).map(([name, text]) => h("span", {}, h("b", {}, name), text)));
  }

  key(event) {
    if (event.key === "Escape") {
      if (this.tools.active) { this.tools.cancel(); this.tools.refresh(); }
      else if (this.picked) this.pick(null);
    } else if (event.key === "Enter" && event.target === this.area && !this.tools.active) {
      const centre = this.map.getCenter();
      this.click({ latlng: centre, layerPoint: this.map.latLngToLayerPoint(centre) });
    }
  }

  overview(spec) {
    this.overviewMap?.remove();
    const small = (this.overviewMap = L.map(this.small.appendChild(h("div", { class: "planner-overview-map" })), { zoomControl: false, attributionControl: false, dragging: false, scrollWheelZoom: false, doubleClickZoom: false, boxZoom: false, keyboard: false, touchZoom: false, preferCanvas: true, pmIgnore: true }));
    while (this.small.childElementCount > 1) this.small.firstChild.remove();
    small.setView(this.map.getCenter(), Math.max(4, this.map.getZoom() - 4));
    for (const part of spec.overview) {
      const layer = new FeatureLayer(small, part, spec.states);
      Promise.resolve(part.data ?? fetchFeatures(part.address)).then((data) => small === this.overviewMap && layer.fill(data)).catch((fault) => console.warn(fault));
    }
    this.frame = L.rectangle(this.map.getBounds(), { color: "#b3003c", weight: 2, fillOpacity: 0.08, interactive: false, pmIgnore: true }).addTo(small);
    small.on("click", ({ latlng }) => this.map.panTo(latlng));
  }

  notice(text, again) {
    clearTimeout(this.noticeTimer);
    this.note.replaceChildren(h("span", {}, text),
      again ? h("button", { type: "button", class: "planner-link", onclick: () => { this.note.hidden = true; again(); } }, this.spec.strings.again) : "",
      button("close", this.spec.strings.close, () => (this.note.hidden = true)));
    this.note.hidden = false;
    if (!again) this.noticeTimer = setTimeout(() => (this.note.hidden = true), NOTICE_MS);
  }

  destroy() {
    this.watch.disconnect();
    window.removeEventListener("popstate", this.onpop);
    clearTimeout(this.noticeTimer);
    this.tools.remove();
    this.overviewMap?.remove();
    this.map.remove();
    this.root.replaceChildren();
  }
}
