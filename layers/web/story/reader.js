// A story for who reads: chapters below each other, the map beside them shows what the one in the middle of the
// window is about.

import { h } from "../dom.js";
import { built } from "./blocks.js";
import { icon } from "./icons.js";
import { SourceList } from "./sources.js";
import { still } from "./stage.js";

// The line of the window that a chapter must reach to be the one that is read: lower where the map lies above the text.
const LINE = { wide: "-46% 0px -53% 0px", narrow: "-60% 0px -39% 0px" };
const LONGEST_MS = 1600;

export class Reader {
  constructor(story) {
    this.story = story;
    this.plots = [];
    this.bar = h("header", { class: "story-bar" });
    this.hero = h("div", { class: "story-hero" });
    this.foot = h("footer", { class: "story-foot" });
    this.body = h("div", { class: "story-body" }, this.hero, story.map, this.foot);
    this.sections = [];
    // Wherever the text scrolls: in the window or in a pane of the page around.
    document.addEventListener("scroll", this.onscroll = () => this.progress(), { capture: true, passive: true });
    document.addEventListener("scrollend", this.onrest = () => this.free(), { capture: true });
    for (const event of ["wheel", "touchmove"]) this.body.addEventListener(event, () => this.taken(), { passive: true });
  }

  tell() {
    const { story } = this, { told, strings } = story;
    for (const plot of this.plots) plot.end();
    this.plots = [];
    for (const section of this.sections) section.remove();
    this.top();
    this.opening();
    this.sections = told.chapters.map((chapter) => this.section(chapter));
    this.foot.replaceChildren(h("p", {}, told.stamp ?? ""), h("button", { type: "button", class: "story-link", onclick: () => story.to(1, { scroll: true }) }, strings.to_start));
    this.foot.before(...this.sections);
    story.map.style.gridRow = `1 / span ${told.chapters.length + 2}`;
    this.follows();
    this.drawn = Promise.all(this.plots.map((plot) => plot.draw()));
    this.mark();
    this.progress();
  }

  // What stays in sight: where one is, the chapters, the language, full screen.
  top() {
    const { story } = this, { told, strings } = story;
    this.count = h("span", { class: "story-count" });
    this.now = h("span", { class: "story-now" });
    this.line = h("div", { class: "story-progress", "aria-hidden": "true" }, h("div"));
    this.list = h("details", { class: "story-menu" }, h("summary", {}, icon("list"), h("span", {}, strings.contents)), h("nav", { "aria-label": strings.contents }, this.contents()));
    this.list.addEventListener("keydown", (event) => { if (event.key === "Escape") { this.list.open = false; this.list.firstChild.focus(); } });
    this.list.addEventListener("focusout", ({ relatedTarget }) => { if (relatedTarget && !this.list.contains(relatedTarget)) this.list.open = false; });
    this.start = h("button", { type: "button", class: "story-start", onclick: () => story.play() }, icon("show"), h("span", {}, strings.start));
    const languages = story.host.languages(), speak = languages.length > 1 ? h("div", { class: "story-languages", role: "group", "aria-label": strings.language },
      ...languages.map(([code, name, on]) => h("button", { type: "button", lang: code, "aria-pressed": String(on), onclick: () => story.host.speak(code) }, name))) : null;
    this.bar.replaceChildren(h("p", { class: "story-where" }, this.count, this.now), ...[speak, this.list, this.start].filter(Boolean), this.line);
    this.bar.setAttribute("aria-label", told.title);
  }

  opening() {
    const { told, strings } = this.story;
    this.hero.replaceChildren(h("h1", {}, told.title), ...(told.summary ? [h("p", { class: "story-lead" }, told.summary)] : []),
      h("nav", { class: "story-contents", "aria-label": strings.contents }, this.contents()));
  }

  contents() {
    const { story } = this;
    return h("ol", {}, ...story.chapters.map(({ n, title }) => h("li", {}, h("a", { href: story.host.link(n), "data-n": n, onclick: (event) => this.follow(event, n) }, title))));
  }

  follow(event, n) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.list.open = false;
    this.story.to(n, { scroll: true });
    this.sections[n - 1].querySelector("h2").focus({ preventScroll: true });
  }

  section(chapter) {
    const { story } = this, { told, strings } = story, { n, title } = chapter, sources = new SourceList(story, chapter.sources ?? []);
    const room = { strings, language: told.language, cite: (number) => sources.show(number), tabled: true, plots: this.plots };
    const anchor = h("a", { class: "story-anchor", href: story.host.link(n), title: strings.link, "aria-label": `${strings.link}: ${title}`, onclick: (event) => this.follow(event, n) }, icon("link"));
    const head = h("header", {}, h("p", { class: "story-number" }, story.place(n), anchor), h("h2", { tabindex: "-1" }, title));
    return h("section", { class: `story-chapter${chapter.map ? "" : " story-bare"}`, "data-n": n, "aria-label": title }, head, ...built(chapter.blocks, room), sources.node);
  }

  // Watches which chapter is read.
  follows() {
    this.observer?.disconnect();
    const rootMargin = this.story.root.classList.contains("story-narrow") ? LINE.narrow : LINE.wide;
    this.observer = new IntersectionObserver((entries) => this.seen(entries), { rootMargin });
    for (const section of this.sections) this.observer.observe(section);
  }

  seen(entries) {
    if (this.story.mode !== "read" || this.held || this.arriving) return;
    const entry = entries.findLast(({ isIntersecting }) => isIntersecting);
    if (entry) this.story.to(Number(entry.target.dataset.n));
  }

  // Brings a chapter to the top of what is seen; what scrolls past on the way is not told.
  scroll(n, at_once = false) {
    clearTimeout(this.held);
    this.held = setTimeout(() => this.free(), LONGEST_MS);
    const section = this.sections[n - 1];
    section?.scrollIntoView({ block: "start", behavior: at_once || still() ? "instant" : "smooth" });
  }

  // Opens at a chapter, which stays in sight while what is above it is drawn.
  arrive(n) {
    this.arriving = true;
    this.scroll(n, true);
    this.drawn.then(() => {
      if (this.arriving && this.story.mode === "read") this.scroll(this.story.n, true);
      this.arriving = false;
    });
  }

  // The reader scrolls.
  taken() {
    this.arriving = false;
    this.free();
  }

  free() {
    clearTimeout(this.held);
    this.held = null;
  }

  mark() {
    const { story } = this, { n } = story;
    if (!this.count || !story.chapters.length) return;
    this.count.textContent = `${n} / ${story.chapters.length}`;
    this.now.textContent = story.chapter.title;
    this.sections.forEach((section, at) => section.classList.toggle("story-told", at + 1 === n));
    for (const link of story.root.querySelectorAll(".story-body nav a, .story-bar nav a")) {
      if (Number(link.dataset.n) === n) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
  }

  // How much of the story has gone by.
  progress() {
    if (this.story.mode !== "read" || !this.line) return;
    const { top, height } = this.body.getBoundingClientRect(), whole = Math.max(1, height - innerHeight);
    this.line.firstChild.style.width = `${Math.min(100, Math.max(0, (-top / whole) * 100))}%`;
    this.bar.classList.toggle("story-under", this.hero.getBoundingClientRect().bottom < this.bar.getBoundingClientRect().bottom);
  }

  end() {
    this.observer?.disconnect();
    this.free();
    document.removeEventListener("scroll", this.onscroll, { capture: true });
    document.removeEventListener("scrollend", this.onrest, { capture: true });
  }
}
