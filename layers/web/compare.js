// Comparing before and after on the map: a curtain that is drawn over one map, or two maps that move together.
// A layer of one side is drawn on that side only; all other layers on both.

import { h } from "./dom.js";

const STEP = 0.02;
const KEYS = { ArrowLeft: -STEP, ArrowRight: STEP, PageUp: -10 * STEP, PageDown: 10 * STEP, Home: -1, End: 1 };

// The curtain: what lies left of it belongs to "before", right of it to "after".
export class Curtain {
  constructor(planner) {
    this.planner = planner;
    this.share = 0.5;
    this.handle = h("div", { class: "planner-curtain", role: "slider", tabindex: "0", "aria-valuemin": "0", "aria-valuemax": "100", hidden: true }, h("span", { "aria-hidden": "true" }, "⟨⟩"));
    this.names = { before: h("div", { class: "planner-side planner-side-before", hidden: true }), after: h("div", { class: "planner-side planner-side-after", hidden: true }) };
    this.handle.addEventListener("pointerdown", (event) => this.drag(event));
    this.handle.addEventListener("keydown", (event) => this.key(event));
    planner.root.append(this.names.before, this.names.after, this.handle);
  }

  // `split`: {mode: "swipe" | "side", before, after} or null; `only`: the one side that this map shows.
  show(split, only, label) {
    this.mode = split?.mode ?? null;
    this.only = only ?? (this.mode === "side" ? "after" : null);
    this.handle.hidden = this.mode !== "swipe" || Boolean(only);
    this.handle.setAttribute("aria-label", label);
    for (const [side, node] of Object.entries(this.names)) {
      node.hidden = !split || (this.only !== null && this.only !== side);
      node.textContent = split?.[side] ?? "";
    }
    this.place();
  }

  get on() { return this.mode === "swipe" && !this.handle.hidden; }

  place() {
    this.planner.root.style.setProperty("--planner-share", this.share);
    this.handle.setAttribute("aria-valuenow", String(Math.round(this.share * 100)));
    if (this.on) this.planner.again();
  }

  move(share) {
    this.share = Math.min(1, Math.max(0, share));
    this.place();
  }

  drag(event) {
    event.preventDefault();
    event.stopPropagation();
    const { root } = this.planner, follow = ({ clientX }) => {
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

  // Where the curtain hangs, in the pixels in which layers are drawn.
  x(map) { return map.containerPointToLayerPoint([this.share * map.getSize().x, 0]).x; }

  // Whether a layer of a side is seen at all on this map, and at a point of it.
  shows(side) { return !side || !this.only || this.only === side; }

  covers(side, map, point) { return Boolean(side) && this.on && (side === "before") !== (point.x < this.x(map)); }

  // Draws a body of one side within that side of the curtain.
  clipped(side, map, context, draw) {
    if (!side || !this.on) return draw();
    const x = this.x(map), far = 1e6;
    context.save();
    context.beginPath();
    context.rect(side === "before" ? x - far : x, -far, far, 2 * far);
    context.clip();
    draw();
    context.restore();
  }
}

// Two maps beside each other: the twin shows "before" and follows the other, and leads it.
export class Twin {
  constructor(planner, make) {
    this.node = h("div", { class: "planner-twin" });
    this.planner = planner;
    planner.root.append(this.node);
    planner.root.classList.add("planner-paired");
    planner.resized();
    this.twin = make(this.node);
    this.lead = () => this.match(planner.map, this.twin.map);
    planner.map.on("move", this.lead);
    this.twin.map.on("move", () => this.match(this.twin.map, planner.map));
    this.match(planner.map, this.twin.map);
  }

  match(leader, other) {
    if (this.busy) return;
    this.busy = true;
    other.setView(leader.getCenter(), leader.getZoom(), { animate: false });
    this.busy = false;
  }

  update(spec, furniture) { this.twin.update(spec, furniture); }

  end() {
    this.planner.map.off("move", this.lead);
    this.twin.destroy();
    this.node.remove();
    this.planner.root.classList.remove("planner-paired");
    this.planner.resized();
  }
}
