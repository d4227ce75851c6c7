// The bar of the map: zoom, home, full screen, measuring, drawing a shape to be reported on.

import L from "leaflet";
import "@geoman-io/leaflet-geoman-free";
import { button, h } from "./dom.js";

const DRAWN = { color: "#b3003c", weight: 2.5, dashArray: null, fillOpacity: 0.08 };
const MEASURED = { color: "#0b5c7a", weight: 2.5, dashArray: "6 5", fillOpacity: 0.08 };
const CORRIDOR_M = 1000;

// The text form of a shape, as the engine reads it.
export function shapeText(layer, kind, corridor = CORRIDOR_M) {
  const pair = ({ lng, lat }) => `${lng.toFixed(5)},${lat.toFixed(5)}`;
  if (kind === "circle") return `circle~${Math.max(1, Math.round(layer.getRadius()))}:${pair(layer.getLatLng())}`;
  const points = kind === "polygon" ? layer.getLatLngs()[0] : layer.getLatLngs();
  return kind === "line" ? `line~${corridor}:${points.map(pair).join(";")}` : `polygon:${points.map(pair).join(";")}`;
}

export function parseShape(text) {
  const [head, body] = text.split(":"), [kind, radius] = head.split("~");
  const points = body.split(";").map((pair) => { const [lng, lat] = pair.split(",").map(Number); return L.latLng(lat, lng); });
  return { kind, radius: Number(radius ?? 0), points };
}

export class Tools {
  constructor(map, root, actions) {
    this.map = map;
    this.root = root;
    this.actions = actions;
    this.node = h("div", { class: "planner-tools", role: "toolbar" });
    this.status = h("div", { class: "planner-box planner-status", role: "status", hidden: true });
    this.overlay = L.layerGroup().addTo(map);
    this.measured = L.layerGroup().addTo(map);
    map.pm.setGlobalOptions({ snappable: true, snapDistance: 12, continueDrawing: false, cursorMarker: true });
    map.on("pm:drawstart", (event) => this.started(event));
    map.on("pm:create", (event) => this.created(event));
    map.on("pm:drawend", () => this.ended());
    map.on("mousemove", (event) => { this.cursor = event.latlng; this.live(); });
    map.on("zoomend", () => this.corridor());
    L.DomEvent.disableClickPropagation(this.node);
    document.addEventListener("fullscreenchange", this.onfull = () => map.invalidateSize());
  }

  speak(strings, language, positions) {
    this.map.pm.setLang(language);
    Object.assign(this, { strings, positions });
  }

  // Ends what is being drawn, where it has points enough.
  finish() { this.map.pm.Draw[this.map.pm.Draw.getActiveShape()]?._finishShape?.(); }

  refresh() {
    const { map, strings: s } = this;
    this.node.setAttribute("aria-label", s.tools);
    this.root.classList.toggle("planner-drawing", this.active);
    const group = (...items) => h("div", { class: "planner-box planner-group" }, ...items);
    this.node.replaceChildren(
      group(button("plus", s.zoom_in, () => map.zoomIn()), button("minus", s.zoom_out, () => map.zoomOut()), button("home", s.home, this.actions.home),
        document.fullscreenEnabled ? button("full", s.full_screen, () => this.full()) : null),
      group(this.mode("ruler", s.measure_line, "measure-line"), this.mode("surface", s.measure_area, "measure-polygon"), this.actions.shape ? null : this.bin()),
      this.actions.shape ? group(this.mode("polygon", s.draw_polygon, "polygon"), this.mode("circle", s.draw_circle, "circle"), this.mode("line", s.draw_line, "line"),
        this.hasShape ? button("edit", s.edit_shape, () => this.edit(), { "aria-pressed": String(Boolean(this.editing)) }) : null,
        this.bin()) : "",
    );
  }

  bin() { return this.hasShape || this.measured.getLayers().length ? button("trash", this.strings.clear, () => this.clear()) : null; }

  mode(name, label, mode) {
    return button(name, label, () => (this.drawing === mode ? this.cancel() : this.draw(mode)), { "aria-pressed": String(this.drawing === mode), "data-mode": mode });
  }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen().catch(() => this.actions.notice(this.strings.no_full_screen));
  }

  draw(mode) {
    this.cancel();
    const kind = { polygon: "Polygon", circle: "Circle", line: "Line", "measure-line": "Line", "measure-polygon": "Polygon" }[mode];
    const look = mode.startsWith("measure") ? MEASURED : DRAWN;
    this.drawing = mode;
    this.map.pm.enableDraw(kind, { pathOptions: look, templineStyle: look, hintlineStyle: { ...look, dashArray: "4 6" }, tooltips: false });
    this.refresh();
    this.bar();
  }

  get active() { return Boolean(this.drawing || this.editing); }

  cancel() {
    if (this.drawing) this.map.pm.disableDraw();
    if (this.editing) this.edit();
    this.drawing = null;
    this.working = null;
  }

  started({ workingLayer }) {
    this.working = workingLayer;
    workingLayer.on?.("pm:vertexadded", () => this.live());
  }

  // While drawing: what to do, the measure so far, and finish, undo, cancel for those without a mouse.
  bar() {
    const s = this.strings, drawer = () => this.map.pm.Draw[this.map.pm.Draw.getActiveShape()];
    const line = this.drawing !== "circle";
    this.readout = h("output", { class: "planner-readout" });
    this.status.replaceChildren(this.readout,
      line ? button("check", s.finish, () => this.finish()) : "",
      line ? button("undo", s.undo_point, () => drawer()?._removeLastVertex()) : "",
      button("close", s.cancel, () => { this.cancel(); this.refresh(); }));
    this.status.hidden = false;
    this.live();
  }

  live() {
    if (!this.drawing || !this.readout) return;
    const latlngs = this.working?.getLatLngs ? this.working.getLatLngs().flat() : [];
    const points = this.cursor && latlngs.length ? [...latlngs, this.cursor] : latlngs;
    this.readout.textContent = points.length < 2 ? this.strings[`hint_${this.drawing.replace("measure-", "")}`] : this.measure(points, this.drawing);
  }

  measure(points, mode) {
    const closed = mode.endsWith("polygon"), { positions, strings } = this;
    const length = positions.lengthText(positions.length(closed ? [...points, points[0]] : points), strings);
    return closed && points.length > 2 ? `${positions.areaText(positions.area(points), strings)} · ${length}` : length;
  }

  created({ layer }) {
    const mode = this.drawing;
    layer.remove();
    if (!mode) return;
    if (mode.startsWith("measure")) this.keepMeasure(layer, mode);
    else this.actions.shape(shapeText(layer, mode, this.actions.corridor?.() ?? CORRIDOR_M));
  }

  keepMeasure(layer, mode) {
    const points = layer.getLatLngs().flat();
    const text = h("span", {}, this.measure(points, mode));
    layer.setStyle({ ...MEASURED, interactive: false });
    layer.pm?.disable();
    layer.options.pmIgnore = true;
    this.measured.addLayer(layer);
    layer.bindTooltip(text, { permanent: true, direction: "right", className: "planner-measure" }).openTooltip(points.at(-1));
  }

  ended() {
    this.drawing = this.working = this.readout = null;
    this.status.hidden = true;
    if (this.strings) this.refresh();
  }

  // The shape of the view, whoever drew it.
  setShape(text) {
    if (text === this.text) return;
    this.text = text;
    this.editing = false;
    this.overlay.clearLayers();
    this.shapeLayer = this.band = null;
    this.hasShape = Boolean(text);
    if (!text) return;
    const { kind, radius, points } = parseShape(text);
    Object.assign(this, { kind, radius });
    this.shapeLayer = kind === "circle" ? L.circle(points[0], { ...DRAWN, radius }) : kind === "polygon" ? L.polygon(points, DRAWN) : L.polyline(points, DRAWN);
    this.shapeLayer.options.interactive = false;
    if (kind === "line" && radius) this.overlay.addLayer(this.band = L.polyline(points, { ...DRAWN, opacity: 0.12, interactive: false, pmIgnore: true }));
    this.overlay.addLayer(this.shapeLayer);
    this.corridor();
  }

  corridor() {
    if (!this.band) return;
    const { map } = this, at = this.band.getCenter(), metres = (40075016.686 * Math.cos((at.lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8);
    this.band.setStyle({ weight: Math.max(2, (2 * this.radius) / metres) });
  }

  edit() {
    if (this.editing) {
      this.editing = false;
      this.shapeLayer.pm.disable();
      this.actions.shape(shapeText(this.shapeLayer, this.kind, this.radius));
    } else {
      this.editing = true;
      this.shapeLayer.pm.enable();
    }
    this.refresh();
  }

  clear() {
    this.measured.clearLayers();
    if (this.hasShape) this.actions.shape(null);
    this.refresh();
  }

  remove() { document.removeEventListener("fullscreenchange", this.onfull); }
}
