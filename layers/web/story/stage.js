// The map of a story: one for all chapters. A chapter changes what is on it and where it looks; text, card and legend
// that lie over it are given their room.

import L from "leaflet";
import { fetchJson } from "../fetched.js";
import { Planner, SILENT } from "../planner.js";

const FLIGHT_S = 1.6;
// The map for which the place of a view is written: at another size it shows the same land.
const WRITTEN = { x: 860, y: 640 };
const NEAREST = 13;
const EDGE = 20, TOOLS = 52, CARD = 372, LEGEND = 340, NARROW = 760;
const SAME_PX = 3;
// Zooms come in such steps, and a little less is rather shown than a little more.
const SNAP = 0.5, LESS = 0.1;
const LEGEND_FROM = 1000;

export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Stage {
  // `cover()` gives the box of the text that may lie over the map, or null; `drawn(n)` hears that a chapter is there.
  constructor(node, { cover, drawn }) {
    Object.assign(this, { node, cover, drawn });
    for (const event of ["pointerdown", "wheel", "keydown"]) node.addEventListener(event, () => (this.touched = true), { passive: true });
    // A chapter's own card does not cover a small map until somebody asks the map.
    node.addEventListener("click", () => node.classList.remove("story-hush"));
  }

  // Shows the map of a chapter; `folded` keeps the legend small.
  async show(chapter, told, pool, { animate, folded }) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.chapter = chapter;
    if (!chapter.map) return this.drawn(chapter.n);
    const furniture = typeof told.furniture === "string" ? await fetchJson(told.furniture) : told.furniture;
    if (this.gone || turn !== this.turn) return;
    Object.assign(this, { touched: false, waiting: true });
    this.spec = { ...chapter.map, pool, first: chapter.map.on, home: chapter.map.home ?? told.home ?? furniture.home };
    this.node.classList.toggle("story-hush", Boolean(this.spec.pick));
    const fresh = !this.planner, listed = this.listed(furniture);
    if (fresh) this.begin(listed, folded);
    else this.planner.update(this.spec, listed);
    this.planner.resized();
    this.aim(animate && !fresh);
    this.settled();
  }

  begin(furniture, folded) {
    const host = { ...SILENT, room: () => this.padding(), home: () => this.aim(true), settled: () => this.settled() };
    this.planner = new Planner(this.node, { ...this.spec, at: null }, furniture, host);
    // Made with the map's own first sight; from now on where it looks is said here.
    this.planner.spec = this.spec;
    this.planner.map.on("moveend", () => { this.flying = false; this.settled(); });
    this.fold(folded);
  }

  // The panel of layers lists those that the chapter is about: a page without a server has no others.
  listed(furniture) {
    const on = new Set(this.spec.on.map(({ id }) => id));
    const groups = furniture.groups.map((group) => ({ ...group, layers: group.layers.filter((id) => on.has(id)) })).filter(({ layers }) => layers.length);
    return { ...furniture, groups };
  }

  fold(folded) {
    if (this.planner) this.planner.panel.details.open = !folded && this.node.clientWidth >= LEGEND_FROM;
  }

  // The sides of the map that are covered, in pixels.
  covered() {
    const map = this.node.getBoundingClientRect(), wide = map.width > NARROW, text = this.cover();
    const sides = { left: wide ? TOOLS : EDGE, top: EDGE, right: EDGE, bottom: EDGE };
    if (wide && this.spec.pick) sides.right = CARD;
    else if (wide && this.planner?.panel.details.open) sides.right = LEGEND;
    if (!text) return sides;
    if (text.width < 0.7 * map.width) sides.left += Math.max(0, text.right - map.left);
    else sides.bottom += Math.max(0, map.bottom - text.top);
    return sides;
  }

  padding() {
    const { left, top, right, bottom } = this.covered();
    return { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] };
  }

  // Where the chapter looks: its own place in the middle of what is free, or all of what it is about.
  sight() {
    const { map } = this.planner, { left, top, right, bottom } = this.covered(), size = map.getSize(), { at } = this.spec;
    const free = { x: Math.max(80, size.x - left - right), y: Math.max(80, size.y - top - bottom) };
    const [west, south, east, north] = this.spec.first_sight ?? this.spec.home, whole = L.latLngBounds([south, west], [north, east]);
    const scale = Math.log2(Math.min(free.x / WRITTEN.x, free.y / WRITTEN.y));
    const zoom = at ? Math.round((at[2] + scale - LESS) / SNAP) * SNAP : Math.min(NEAREST, map.getBoundsZoom(whole, false, L.point(size.x - free.x, size.y - free.y)));
    const held = Math.min(Math.max(zoom, map.getMinZoom()), map.getMaxZoom());
    const middle = at ? map.project([at[1], at[0]], held) : map.project(whole.getSouthWest(), held).add(map.project(whole.getNorthEast(), held)).divideBy(2);
    return [map.unproject(middle.subtract([(left - right) / 2, (top - bottom) / 2]), held), held];
  }

  aim(animate) {
    if (!this.planner || !this.chapter?.map) return;
    const { planner } = this, { map } = planner, [centre, zoom] = this.sight();
    this.aiming = true;
    map.stop();
    this.aiming = false;
    if (zoom === map.getZoom() && map.latLngToContainerPoint(centre).distanceTo(map.getSize().divideBy(2)) < SAME_PX) return this.settled();
    if (!animate || still() || document.hidden) return void map.setView(centre, zoom, { animate: false });
    this.flying = planner.going = true;
    map.flyTo(centre, zoom, { duration: FLIGHT_S });
  }

  // The window has another size: what the chapter shows stays in sight, unless the reader has moved the map.
  resized() {
    if (!this.planner || !this.node.clientWidth) return;
    this.planner.resized();
    if (!this.touched) this.aim(this.flying);
  }

  settled() {
    if (!this.waiting || !this.planner || this.planner.loading || this.flying || this.aiming) return;
    this.waiting = false;
    this.drawn(this.chapter.n);
  }

  // The colours of the page have changed.
  recolour() { this.planner?.paper.dress(false); }

  end() {
    this.gone = true;
    this.planner?.destroy();
  }
}
