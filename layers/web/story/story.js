// A story on a page: which chapter is told, by scrolling or full screen, and the one map that follows it.

import { h, onPaper } from "../dom.js";
import { Player } from "./player.js";
import { Reader } from "./reader.js";
import { Stage } from "./stage.js";
import { Tips } from "./tips.js";

const NARROW = 800;
const SETTLE_MS = 140;
const TURN_MS = 160;

export class Story {
  // `host`: moved(n) keeps the chapter in the address, mode(mode) hears of a change, link(n) gives the address of a
  // chapter, languages() the languages there are as [[code, name, chosen]], speak(code) changes to one of them.
  constructor(root, told, pool, host) {
    Object.assign(this, { root, told, pool, host, mode: "read", n: this.within(told.chapter ?? 1, told) });
    this.map = h("div", { class: "story-map" });
    this.voice = h("p", { class: "story-unseen", "aria-live": "polite" });
    this.stage = new Stage(this.map, { cover: () => this.player.box(), drawn: (n) => this.drawn(n) });
    this.reader = new Reader(this);
    this.player = new Player(this);
    this.tips = new Tips(root);
    root.classList.add("story");
    root.replaceChildren(this.reader.bar, this.reader.body, this.player.panel, this.player.veil, this.player.controls, this.player.notes.node, this.voice, this.tips.node);
    this.watch = new ResizeObserver(() => this.resized());
    this.watch.observe(root);
    this.paper = onPaper((on) => { for (const plot of this.plots()) plot.dress(on); });
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.scheme.addEventListener("change", this.onscheme = () => this.recolour());
    this.theme = new MutationObserver(() => this.recolour());
    this.theme.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "style", "data-theme"] });
    this.measure();
    this.tell(told, pool);
    if (told.mode === "play") this.play();
    else if (this.n > 1) this.reader.arrive(this.n);
  }

  get strings() { return this.told.strings; }

  get chapters() { return this.told.chapters; }

  get chapter() { return this.chapters[this.n - 1]; }

  within(n, { chapters } = this.told) { return Math.min(Math.max(Math.round(n) || 1, 1), Math.max(1, chapters.length)); }

  *plots() { yield* this.reader.plots; yield* this.player.plots; }

  // The story anew: in another language, or as its author has changed it.
  tell(told, pool) {
    Object.assign(this, { told, pool, n: this.within(this.n, told) });
    this.root.lang = document.documentElement.lang = told.language;
    this.root.classList.toggle("story-mapless", !this.chapters.some(({ map }) => map));
    this.reader.tell();
    this.player.tell();
    if (this.mode === "play") this.player.show();
    this.show(false);
  }

  // The chapter's own number in words.
  place(n = this.n) { return this.strings.place.replace("{n}", n).replace("{of}", this.chapters.length); }

  // Another chapter; `scroll` brings the text of a reader there.
  to(n, { scroll = false } = {}) {
    const next = this.within(n);
    if (scroll && this.mode === "read") this.reader.scroll(next);
    if (next === this.n) return;
    this.n = next;
    this.host.moved(next);
    if (this.mode === "play") this.player.show();
    this.later();
  }

  // Who scrolls past chapters does not set the map going for each of them.
  later() {
    delete this.root.dataset.ready;
    this.root.dataset.chapter = this.n;
    this.reader.mark();
    clearTimeout(this.turning);
    this.turning = setTimeout(() => this.show(true), this.mode === "play" ? 0 : TURN_MS);
  }

  show(animate) {
    if (!this.chapters.length) return;
    clearTimeout(this.turning);
    delete this.root.dataset.ready;
    this.root.dataset.chapter = this.n;
    this.reader.mark();
    this.voice.textContent = `${this.place()}. ${this.chapter.title}`;
    this.root.classList.toggle("story-split", Boolean(this.chapter.map?.split));
    // Before the first map there is none to look at: a reader sees the next one meanwhile.
    const shown = this.chapter.map || this.mode === "play" || this.stage.planner ? this.chapter : { ...(this.chapters.find(({ map }) => map) ?? this.chapter), n: this.n };
    this.stage.show(shown, this.told, this.pool, { animate, folded: this.mode === "play" }).catch((fault) => console.error(fault));
  }

  drawn(n) { if (n === this.n) this.root.dataset.ready = String(n); }

  play() {
    if (this.mode === "play" || !this.chapters.length) return;
    this.switched("play");
    this.player.begin();
  }

  read() {
    if (this.mode === "read") return;
    this.player.end();
    this.switched("read");
    this.reader.scroll(this.n, true);
    this.reader.start.focus({ preventScroll: true });
  }

  switched(mode) {
    this.mode = mode;
    this.root.classList.toggle("story-play", mode === "play");
    this.stage.fold(mode === "play");
    this.host.mode(mode, this.n);
    this.show(false);
  }

  measure() {
    const narrow = this.root.classList.contains("story-narrow");
    this.root.classList.toggle("story-narrow", this.root.clientWidth < NARROW && !(this.mode === "play" && this.root.clientWidth > 1.2 * this.root.clientHeight));
    if (narrow !== this.root.classList.contains("story-narrow")) this.reader.follows();
  }

  resized() {
    this.measure();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      if (this.mode === "play") this.player.fit();
      this.stage.resized();
    }, SETTLE_MS);
  }

  recolour() {
    for (const plot of this.plots()) plot.draw();
    this.stage.recolour();
  }

  end() {
    if (this.mode === "play") this.player.end();
    for (const timer of [this.turning, this.settling]) clearTimeout(timer);
    for (const plot of this.plots()) plot.end();
    this.watch.disconnect();
    this.theme.disconnect();
    this.scheme.removeEventListener("change", this.onscheme);
    this.paper();
    this.reader.end();
    this.stage.end();
    this.root.classList.remove(...[...this.root.classList].filter((name) => /^story(-(?!host)|$)/.test(name)));
    this.root.replaceChildren();
  }
}
