// Room for everyone: where symbols would lie on each other the lower ones shrink to dots, and names are written
// only where they cover neither a symbol nor another name. Runs after every move, over what is in view.

import L from "leaflet";
import { redraw, zoomScale } from "./features.js";

const CELL = 64;
const GREAT = 10000;
const LONGEST = 36;
const SAME_PX = 12;
const FONT = 'system-ui, sans-serif';

class Boxes {
  constructor() { this.cells = new Map(); }
  *keys(box) {
    for (let x = Math.floor(box[0] / CELL); x <= Math.floor(box[2] / CELL); x++)
      for (let y = Math.floor(box[1] / CELL); y <= Math.floor(box[3] / CELL); y++) yield `${x},${y}`;
  }
  free(box) {
    for (const key of this.keys(box))
      for (const other of this.cells.get(key) ?? [])
        if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) return false;
    return true;
  }
  take(box) {
    for (const key of this.keys(box)) (this.cells.get(key) ?? this.cells.set(key, []).get(key)).push(box);
  }
}

export const Labels = L.Layer.extend({
  // `source` gives the layers, the lowest first; `renderer` is the canvas they share.
  initialize(source, renderer) { Object.assign(this, { source, renderer }); },
  onAdd(map) {
    const pane = map.getPane("labels") ?? map.createPane("labels");
    pane.style.zIndex = 640;
    pane.style.pointerEvents = "none";
    this.canvas = L.DomUtil.create("canvas", "planner-labels leaflet-zoom-hide", pane);
    this.canvas.setAttribute("aria-hidden", "true");
    map.on("moveend zoomend resize", this.later, this);
    this.later();
  },
  onRemove(map) {
    map.off("moveend zoomend resize", this.later, this);
    cancelAnimationFrame(this.frame);
    this.canvas.remove();
  },
  later() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this._map && this.draw());
  },
  draw() {
    const map = this._map, size = map.getSize(), pad = 0.2, ratio = window.devicePixelRatio || 1;
    const width = size.x * (1 + 2 * pad), height = size.y * (1 + 2 * pad);
    const corner = map.containerPointToLayerPoint([-size.x * pad, -size.y * pad]);
    L.DomUtil.setPosition(this.canvas, corner);
    Object.assign(this.canvas, { width: width * ratio, height: height * ratio });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    const ctx = this.canvas.getContext("2d");
    ctx.setTransform(ratio, 0, 0, ratio, -corner.x * ratio, -corner.y * ratio);
    const view = [corner.x, corner.y, corner.x + width, corner.y + height];
    const style = getComputedStyle(map.getContainer());
    this.ink = style.getPropertyValue("--planner-ink") || "#1f2933";
    this.paper = style.getPropertyValue("--planner-land") || "#f6f4ee";
    this.family = style.fontFamily || FONT;
    const boxes = new Boxes(), layers = [...this.source()].reverse(), zoom = map.getZoom();
    const names = this.names(layers, zoom, view);
    for (const name of names.filter((n) => n.weight >= GREAT)) this.write(ctx, boxes, name);
    this.symbols(layers, boxes, zoom, view);
    for (const name of names.filter((n) => n.weight < GREAT)) this.write(ctx, boxes, name);
  },
  names(layers, zoom, view) {
    const found = [];
    for (const layer of layers) {
      if (layer.part.labels === null || !layer.visible || zoom < layer.part.labels) continue;
      for (const marker of layer.markers) {
        const { n: text, w: weight = 0 } = marker.feature.properties, at = marker._point;
        if (at && inside(at, view)) found.push({ text: text.length > LONGEST ? `${text.slice(0, LONGEST - 1).trimEnd()}…` : text, weight, at, reach: (marker.options.size * zoomScale(zoom)) / 2, town: "w" in marker.feature.properties });
      }
    }
    return once(found.sort((a, b) => b.weight - a.weight));
  },
  // Symbols keep their size while there is room, the topmost layers first; the others become dots, which lie on top:
  // none hides another.
  symbols(layers, boxes, zoom, view) {
    const scale = zoomScale(zoom), dots = [];
    let changed = false;
    for (const layer of layers) {
      if (!layer.visible || !layer.markers.length) continue;
      for (const marker of layer.markers) {
        if (!marker._point || !inside(marker._point, view)) continue;
        const size = marker.options.size * scale, half = size * 0.46, { x, y } = marker._point;
        const box = marker.options.symbol.pin ? [x - half, y - size, x + half, y] : [x - half, y - half, x + half, y + half];
        const small = size < 12;
        const mini = !small && !boxes.free(box);
        if (!mini && !small) boxes.take(box);
        changed ||= mini !== Boolean(marker.mini);
        marker.mini = mini;
        if (mini) dots.push(marker);
      }
    }
    for (const dot of dots) dot.bringToFront();
    if (changed) redraw(this.renderer);
  },
  write(ctx, boxes, { text, weight, at, reach, town }) {
    const points = weight >= 400000 ? 17 : weight >= 100000 ? 15 : weight >= GREAT ? 13.5 : weight >= 1000 ? 12 : 11;
    ctx.font = `${weight >= GREAT ? 600 : 500} ${points}px ${this.family}`;
    const width = ctx.measureText(text).width, high = points * 1.15, gap = reach + 3;
    const spots = [
      [at.x + gap, at.y - high / 2], [at.x - width / 2, at.y - gap - high], [at.x - width / 2, at.y + gap], [at.x - gap - width, at.y - high / 2],
    ];
    for (const [x, y] of spots) {
      const box = [x - 2, y, x + width + 2, y + high];
      if (!boxes.free(box)) continue;
      boxes.take(box);
      ctx.lineJoin = "round";
      ctx.lineWidth = 3.5;
      ctx.strokeStyle = this.paper;
      ctx.fillStyle = this.ink;
      ctx.globalAlpha = town && weight === 0 ? 0.8 : 1;
      ctx.textBaseline = "middle";
      ctx.strokeText(text, x, y + high / 2);
      ctx.fillText(text, x, y + high / 2);
      ctx.globalAlpha = 1;
      return;
    }
  },
});

// A place that several layers draw is named once.
function once(names) {
  const known = new Map();
  return names.filter(({ text, at }) => {
    const same = known.get(text) ?? [];
    if (same.some((other) => at.distanceTo(other) < SAME_PX)) return false;
    known.set(text, [...same, at]);
    return true;
  });
}

const inside = (point, view) => point.x >= view[0] && point.x <= view[2] && point.y >= view[1] && point.y <= view[3];
