// The editor of a suitability model. One structured model is edited here; every change is shown on the map at once
// (`planner.live.preview`), and told to the server when it has settled: numbered, so that an answer to something
// older does not take back what the reader has done since.

import { h, mounting } from "../dom.js";
import { Criteria } from "./criteria.js";
import { Figures } from "./figures.js";
import { Limits } from "./limits.js";
import { Musts } from "./musts.js";
import { Overall } from "./overall.js";
import { modelText } from "./text.js";
import "./model.css";

const PAUSE_MS = 400;
const HELD_MS = 1500;
const CATCH_UP_MS = 60;
const UNKNOWN = { unit: "", factor: 1, decimals: 2, low: null, high: null, classes: null, histogram: null };

class Editor {
  constructor(root) {
    this.root = root;
    this.said = 0;
    // What the reader has opened: the criterion, the folds, the way of weighing, the search.
    this.ui = { open: null, folds: new Set(), mode: "sliders", adding: false, search: "", draft: {} };
    this.fault = h("p", { class: "model-fault", role: "alert", hidden: true });
    this.parts = [new Criteria(this), new Limits(this), new Musts(this), new Overall(this)];
    root.addEventListener("keydown", () => (this.keyed = true), true);
    root.addEventListener("pointerdown", () => { this.keyed = false; this.dragging = true; }, true);
    this.onup = () => setTimeout(() => this.released(), 0);
    for (const type of ["pointerup", "pointercancel"]) window.addEventListener(type, this.onup);
  }

  get strings() { return this.data.strings; }

  async take({ data, setTriggerValue }) {
    this.say = setTriggerValue;
    const text = JSON.stringify(data);
    if (text === this.text) return;
    const first = !this.data, heard = data.heard ?? 0;
    Object.assign(this, { text, data, figures: new Figures(data.lang) });
    if (first) this.said = heard;
    const behind = !first && (heard < this.said || this.pending), same = !first && modelText(data.model) === modelText(this.model);
    if (behind || same) this.keep(data.model, behind);
    else this.adopt(data.model, first);
    if (this.dragging) this.stale = true;
    else this.draw();
  }

  // The server's model is the model.
  adopt(model, first) {
    const before = first ? null : modelText(this.model);
    this.model = structuredClone(model);
    this.sent = modelText(this.model);
    if (!first && this.sent !== before) this.preview();
  }

  // The reader's own state holds: only reasons and sources are taken over. Where the reader is ahead of the server,
  // the map may have been set back, and tries again.
  keep({ criteria }, ahead) {
    const told = new Map(criteria.map((one) => [one.measure, one]));
    for (const one of this.model.criteria) Object.assign(one, { reason: told.get(one.measure)?.reason ?? one.reason, sources: told.get(one.measure)?.sources ?? one.sources });
    if (ahead) setTimeout(() => !this.gone && this.preview(), CATCH_UP_MS);
  }

  measure(id) { return { ...UNKNOWN, title: id, ...this.data.measures[id] }; }

  get total() { return this.model.criteria.reduce((sum, { weight }) => sum + weight, 0); }

  // Why the model cannot be used as it stands, if it cannot.
  wrong() {
    const { strings, model } = this;
    if (!model.criteria.length) return strings.no_criteria;
    if (!this.total) return strings.no_weight;
    return model.requirements.some(({ low, high }) => low !== null && high !== null && low > high) ? strings.crossed : null;
  }

  // A change on its way: figures follow, the map tries it.
  pass() {
    this.pending = true;
    this.wait(this.keyed ? PAUSE_MS : HELD_MS);
    for (const part of this.parts) part.refresh();
    this.preview();
  }

  // A change at its end; keys may go on for a while.
  settle() {
    if (this.keyed) this.pass();
    else this.tell();
  }

  // A change of what the editor shows.
  alter(change) {
    change?.(this.model);
    this.pass();
    this.draw();
    this.settle();
  }

  wait(time) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), time);
  }

  preview(model = this.model) {
    this.tried = model;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (!this.gone && !this.wrong()) globalThis.planner?.live?.preview?.(modelText(this.tried));
    });
  }

  tell() {
    clearTimeout(this.timer);
    const text = modelText(this.model), fault = this.wrong();
    // What cannot be told yet is kept from what the server says.
    this.pending = Boolean(fault);
    Object.assign(this.fault, { hidden: !fault, textContent: fault ?? "" });
    if (fault || text === this.sent) return;
    this.sent = text;
    this.say("did", { number: ++this.said, model: text });
  }

  released() {
    this.dragging = false;
    if (this.stale && !this.gone) this.draw();
  }

  // Draws all anew; the focus, and what is typed at it, stay.
  draw() {
    this.stale = false;
    const { activeElement: held } = document, key = this.root.contains(held) ? held.dataset.key : null;
    const typed = key && held.matches("input[type=text], input[type=search]") ? [held.value, held.selectionStart, held.selectionEnd] : null;
    this.root.lang = this.data.lang;
    this.root.replaceChildren(this.fault, ...this.parts.map((part) => part.draw()));
    const wanted = this.ui.focus ?? key;
    this.ui.focus = null;
    const node = wanted && this.root.querySelector(`[data-key="${CSS.escape(wanted)}"]`);
    node?.focus({ preventScroll: wanted === key });
    if (!node || !typed || wanted !== key) return;
    node.value = typed[0];
    node.setSelectionRange(typed[1], typed[2]);
  }

  end() {
    this.gone = true;
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    for (const type of ["pointerup", "pointercancel"]) window.removeEventListener(type, this.onup);
    this.root.replaceChildren();
  }
}

export const component = mounting(".model-host", Editor);
