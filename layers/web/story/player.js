// A story on the whole screen: the map behind, the chapter's text in large type over it, and all of it by keys, by a
// presenter's remote, by touch or by the clock.

import { h } from "../dom.js";
import { built } from "./blocks.js";
import { Controls } from "./controls.js";
import { asked, theirs } from "./keys.js";
import { Notes } from "./notes.js";
import { Screen } from "./screen.js";
import { SourceList } from "./sources.js";

const IDLE_MS = 3000, TYPED_MS = 2500;
const SWIPE = 48;
// How much smaller the text may become before it scrolls.
const SIZES = [1, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62], SMALLEST_PX = 14.5;
const READ_PX = 17, SMALLEST_ZOOM = 0.85;
// Who has set no time for a chapter gets that of reading it.
const LETTERS_S = 16, LEAST_S = 12;

export class Player {
  constructor(story) {
    this.story = story;
    this.plots = [];
    this.content = h("div", { class: "story-panel-body", tabindex: "0" });
    this.panel = h("section", { class: "story-panel", hidden: true }, this.content);
    this.veil = h("button", { type: "button", class: "story-veil", hidden: true, onclick: () => this.unveil() });
    this.bar = new Controls(this);
    this.controls = this.bar.node;
    this.notes = new Notes(this);
    this.screen = new Screen(story.root, () => story.read());
    this.onkey = (event) => this.key(event);
    this.onpress = () => (this.tabbed = false);
    this.onmove = () => this.wake();
    this.panel.addEventListener("touchstart", ({ touches: [at] }) => (this.from = [at.clientX, at.clientY]), { passive: true });
    this.panel.addEventListener("touchend", ({ changedTouches: [at] }) => this.swiped(at.clientX - this.from[0], at.clientY - this.from[1]), { passive: true });
  }

  get on() { return this.story.mode === "play"; }

  // The box of the text over the map.
  box() { return this.on && this.story.chapter?.map && !this.story.root.classList.contains("story-split") ? this.panel.getBoundingClientRect() : null; }

  tell() {
    const { strings } = this.story;
    this.panel.setAttribute("aria-label", strings.panel);
    this.content.setAttribute("aria-label", strings.panel);
    this.content.setAttribute("role", "group");
    this.bar.tell();
    this.notes.tell();
  }

  begin() {
    this.panel.hidden = this.controls.hidden = false;
    this.began = Date.now();
    this.tabbed = false;
    window.addEventListener("keydown", this.onkey, { capture: true });
    window.addEventListener("pointerdown", this.onpress, { capture: true });
    window.addEventListener("pointermove", this.onmove, { passive: true });
    this.screen.cover();
    this.show();
    this.title.focus({ preventScroll: true });
    this.wake();
  }

  end() {
    window.removeEventListener("keydown", this.onkey, { capture: true });
    window.removeEventListener("pointerdown", this.onpress, { capture: true });
    window.removeEventListener("pointermove", this.onmove);
    for (const timer of [this.idle, this.typing, this.advancing]) clearTimeout(timer);
    this.timed = false;
    this.unveil();
    this.notes.close();
    this.clear();
    this.panel.hidden = this.controls.hidden = true;
    this.story.root.classList.remove("story-idle", "story-bare-now");
    this.screen.uncover();
  }

  clear() {
    for (const plot of this.plots) plot.end();
    this.plots = [];
  }

  // The chapter that is told now.
  show() {
    const { story } = this, { told, strings, chapter } = story, sources = new SourceList(story, chapter.sources ?? []);
    const held = this.content.contains(document.activeElement);
    this.clear();
    const room = { strings, language: told.language, cite: (n) => sources.show(n), tabled: false, low: Boolean(chapter.map), plots: this.plots };
    this.title = h("h2", { tabindex: "-1" }, chapter.title);
    this.content.replaceChildren(h("p", { class: "story-number" }, story.n === 1 && chapter.title !== told.title ? told.title : story.place()), this.title, ...built(chapter.blocks, room), sources.node);
    this.content.scrollTop = 0;
    story.root.classList.toggle("story-bare-now", !chapter.map);
    if (held) this.title.focus({ preventScroll: true });
    this.fit();
    for (const plot of this.plots) plot.draw().then(() => this.on && this.fit());
    this.bar.show();
    this.notes.show();
    this.schedule();
  }

  // The largest type in which the text needs no scrolling.
  fit() {
    const { content } = this;
    for (const size of SIZES) {
      const former = content.style.getPropertyValue("--story-size");
      content.style.setProperty("--story-size", size);
      const drawn = parseFloat(getComputedStyle(content).fontSize);
      if (size < 1 && drawn < SMALLEST_PX) { content.style.setProperty("--story-size", former); break; }
      // A picture of a chart grows with the type around it.
      content.style.setProperty("--story-zoom", Math.max(SMALLEST_ZOOM, drawn / READ_PX).toFixed(2));
      if (content.scrollHeight <= content.clientHeight + 1) break;
    }
    content.classList.toggle("story-more", content.scrollHeight > content.clientHeight + 1);
  }

  // --- acts --------------------------------------------------------------------------------------------

  act(what) {
    const { story } = this, last = story.chapters.length;
    if (!this.veil.hidden && what !== "leave") return this.unveil();
    ({
      next: () => story.to(story.n + 1), back: () => story.to(story.n - 1), first: () => story.to(1), last: () => story.to(last),
      leave: () => (this.veil.hidden ? story.read() : this.unveil()), stay: () => {},
      black: () => this.veiled("black"), white: () => this.veiled("white"),
      timed: () => this.setTimed(!this.timed), notes: () => this.notes.toggle(), full: () => this.screen.toggle(),
    })[what]();
  }

  key(event) {
    if (event.key === "Tab") this.tabbed = true;
    if (!this.on || theirs(event, this.tabbed)) return;
    const what = asked(event);
    if (what === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape" && this.notes.closes()) return;
    if (typeof what === "number") return this.digit(what);
    if (event.key === "Enter" && this.digits) return this.typed();
    this.act(what);
  }

  // Digits, then Enter: that chapter.
  digit(figure) {
    this.digits = ((this.digits ?? "") + figure).slice(-2);
    this.bar.digits(this.digits);
    this.wake();
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.forget(), TYPED_MS);
  }

  forget() {
    this.digits = "";
    this.bar.digits("");
  }

  typed() {
    const n = Number(this.digits);
    clearTimeout(this.typing);
    this.forget();
    if (n) this.story.to(n);
  }

  veiled(colour) {
    this.veil.dataset.colour = colour;
    this.veil.setAttribute("aria-label", this.story.strings[`veil_${colour}`]);
    this.veil.hidden = false;
    this.veil.focus();
    this.schedule();
  }

  unveil() {
    if (this.veil.hidden) return;
    this.veil.hidden = true;
    this.title?.focus({ preventScroll: true });
    this.schedule();
  }

  swiped(x, y) {
    if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) this.act(x < 0 ? "next" : "back");
  }

  // --- the clock ---------------------------------------------------------------------------------------

  setTimed(on) {
    this.timed = on;
    this.bar.show();
    this.schedule();
  }

  seconds({ seconds } = this.story.chapter) { return seconds ?? Math.max(LEAST_S, Math.round(this.content.textContent.length / LETTERS_S)); }

  // The next chapter when its time has come; a veil holds the clock, and the last chapter ends it.
  schedule() {
    clearTimeout(this.advancing);
    const { story } = this, running = this.on && this.timed && this.veil.hidden && story.n < story.chapters.length;
    this.bar.run(running ? this.seconds() : 0);
    if (running) this.advancing = setTimeout(() => story.to(story.n + 1), this.seconds() * 1000);
    else if (this.timed && story.n === story.chapters.length) { this.timed = false; this.bar.show(); }
  }

  // The bar hides from who only looks.
  wake() {
    const { root } = this.story;
    root.classList.remove("story-idle");
    clearTimeout(this.idle);
    this.idle = setTimeout(() => root.classList.toggle("story-idle", this.on && !this.controls.matches(":has(:focus-visible), :hover")), IDLE_MS);
  }
}
