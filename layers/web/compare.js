// Two sides of one map. The twin is a second map that shows the left side, over the left part of the first one, cut
// where the curtain hangs, or beside it; both move together. Panel, tools and address belong to the first map.

import L from "leaflet";
import { h } from "./dom.js";

const STEP = 0.02;
const KEYS = { ArrowLeft: -STEP, ArrowRight: STEP, PageUp: -10 * STEP, PageDown: 10 * STEP, Home: -1, End: 1 };
// A map no wider than this has room for one card.
const ONE_CARD = 760;
const NEAR_DEG = 1e-7;

// What the map of the left side shows: what this one does, but for that in which they differ.
export const leftOf = (spec) => ({ ...spec, pick: null, shape: null, split: null, goto: null, ...spec.beside, beside: null });

// A ring round a place.
export function ring(map, centre, colour) {
  if (!centre) return null;
  const [lng, lat] = centre.coordinates;
  return L.circleMarker([lat, lng], { radius: 17, color: colour, weight: 3, fill: false, interactive: false, pmIgnore: true }).addTo(map);
}

// The curtain between both sides, and their names.
export class Curtain {
  constructor(root) {
    this.root = root;
    this.share = 0.5;
    this.handle = h("div", { class: "planner-curtain", role: "slider", tabindex: "0", "aria-valuemin": "0", "aria-valuemax": "100", hidden: true }, h("span", { "aria-hidden": "true" }, "‹ ›"));
    this.names = { before: h("div", { class: "planner-side planner-side-before", hidden: true }), after: h("div", { class: "planner-side planner-side-after", hidden: true }) };
    this.handle.addEventListener("pointerdown", (event) => this.drag(event));
    this.handle.addEventListener("keydown", (event) => this.key(event));
    root.append(this.names.before, this.names.after, this.handle);
  }

  // `split`: {mode: "swipe" | "side", before, after} or null.
  show(split, label) {
    this.handle.hidden = split?.mode !== "swipe";
    this.handle.setAttribute("aria-label", label);
    for (const [side, node] of Object.entries(this.names)) {
      node.hidden = !split;
      node.textContent = split?.[side] ?? "";
    }
    if (split) this.move(this.share);
  }

  move(share) {
    this.share = Math.min(1, Math.max(0, share));
    this.root.style.setProperty("--planner-share", this.share);
    this.handle.setAttribute("aria-valuenow", String(Math.round(this.share * 100)));
  }

  drag(event) {
    event.preventDefault();
    event.stopPropagation();
    const { root } = this, follow = ({ clientX }) => {
      const { left, width } = root.getBoundingClientRect();
      this.move((clientX - left) / width);
    };
    const end = () => {
      window.removeEventListener("pointermove", follow);
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", end);
    };
    window.addEventListener("pointermove", follow);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
    this.handle.focus({ preventScroll: true });
  }

  key(event) {
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    event.stopPropagation();
    this.move(this.share + KEYS[event.key]);
  }
}

export class Twin {
  // `make(root)` gives the planner of the left side.
  constructor(planner, make) {
    this.node = h("div", { class: "planner-twin" });
    this.planner = planner;
    planner.root.append(this.node);
    this.arrange(planner.spec.split);
    this.twin = make(this.node);
    // The card lies over both maps, as that of the first one does.
    this.twin.card.node.classList.add("planner-card-left");
    planner.root.append(this.twin.card.node);
    const leads = (one, other) => ({ move: ({ flyTo }) => this.match(one, other, flyTo), zoomanim: ({ center, zoom }) => this.glide(other, center, zoom), click: () => this.alone(one === planner.map ? this.twin : planner) });
    this.led = leads(planner.map, this.twin.map);
    planner.map.on(this.led);
    this.twin.map.on(leads(this.twin.map, planner.map));
    this.match(planner.map, this.twin.map);
    this.name();
    planner.ring(this);
  }

  arrange({ mode }) {
    const { root } = this.planner;
    if (this.mode === mode) return;
    this.mode = mode;
    root.classList.toggle("planner-paired", mode === "side");
    root.classList.toggle("planner-curtained", mode === "swipe");
    // Half a map has little room for a legend that nobody has asked for.
    if (mode === "side" && root.clientWidth / 2 < ONE_CARD) this.planner.panel.details.open = false;
    // The other map takes its new size without leading this one, which then takes it along.
    this.busy = true;
    this.twin?.resized();
    this.busy = false;
    this.planner.rearranged();
  }

  // Both maps are told apart by their names.
  name() {
    const { split } = this.planner.spec, { map } = this.planner.strings;
    this.twin.area.setAttribute("aria-label", `${map}: ${split.before}`);
    this.planner.area.setAttribute("aria-label", `${map}: ${split.after}`);
  }

  // While one map flies the other is only stretched, as Leaflet itself does it; it is drawn where both land.
  match(leader, other, flying = false) {
    const to = leader.getCenter(), zoom = leader.getZoom();
    if (this.busy || (!this.flying && other.getZoom() === zoom && other.getCenter().equals(to, NEAR_DEG))) return;
    this.flying = flying;
    this.busy = true;
    if (flying) other._move(to, zoom, { flyTo: true });
    else other.setView(to, zoom, { animate: false });
    this.busy = false;
  }

  // A zoom that glides takes the other map along.
  glide(other, center, zoom) {
    if (this.busy || other.getZoom() === zoom) return;
    this.busy = true;
    other.setView(center, zoom, { animate: true });
    this.busy = false;
  }

  // On a narrow map the card of one side makes way for that of the other.
  alone(other) { if (this.planner.root.clientWidth <= ONE_CARD && other.picked) other.pick(null); }

  // What is chosen on the first map has its ring here too.
  ring(centre, colour) {
    this.mark?.remove();
    this.mark = ring(this.twin.map, centre, colour);
  }

  // What is switched or tried on the first map is so here too, unless the left side has its own.
  overlays(on, passing) { if (!this.planner.spec.beside?.on) this.twin.overlays(on, passing); }

  preview(text) { if (!this.planner.spec.beside?.tiles) this.twin.preview(text); }

  // `left`: the spec of the left side. What is chosen there stays: the address does not know of it.
  update(left, furniture) {
    this.arrange(this.planner.spec.split);
    this.twin.update({ ...left, pick: this.twin.picked ?? null }, furniture);
    this.name();
  }

  end() {
    const { root, map } = this.planner;
    map.off(this.led);
    this.twin.destroy();
    this.twin.card.node.remove();
    this.node.remove();
    root.classList.remove("planner-paired", "planner-curtained");
    this.planner.area.setAttribute("aria-label", this.planner.strings.map);
    this.planner.rearranged();
  }
}
