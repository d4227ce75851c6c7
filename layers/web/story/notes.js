// The presenter's notes: in a window of their own, which stays on the presenter's screen, or over the story where
// the browser opens none. They tell what to say, what comes next, and how long one has been speaking.

import { h } from "../dom.js";
import { built } from "./blocks.js";
import { icon } from "./icons.js";

const SIZE = "popup,width=760,height=620";
const minutes = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;

export class Notes {
  constructor(player) {
    this.player = player;
    this.node = h("aside", { class: "story-notes", hidden: true, tabindex: "-1" });
  }

  get open() { return Boolean(this.desk) || !this.node.hidden; }

  tell() { this.node.setAttribute("aria-label", this.player.story.strings.notes); }

  toggle() {
    if (this.open) return this.close();
    this.player.screen.stay();
    this.desk = this.window();
    if (!this.desk) this.node.hidden = false;
    this.show();
    this.ticking = setInterval(() => this.tick(), 1000);
    if (!this.desk) this.node.focus();
  }

  // Escape closes what lies over the story before it ends the show.
  closes() {
    if (this.node.hidden) return false;
    this.close();
    return true;
  }

  close() {
    clearInterval(this.ticking);
    const within = this.node.contains(document.activeElement);
    this.desk?.close();
    this.desk = null;
    this.node.hidden = true;
    if (within) this.player.title?.focus({ preventScroll: true });
  }

  window() {
    const { story } = this.player, desk = globalThis.open("", "planner-notes", SIZE);
    if (!desk) return null;
    const { document: paper } = desk, look = getComputedStyle(story.root);
    paper.title = `${story.strings.notes}: ${story.told.title}`;
    paper.documentElement.lang = story.told.language;
    const sheets = [...document.querySelectorAll("style, link[rel=stylesheet]")].filter((node) => node.href?.includes("/story.css") || node.textContent.includes(".story-notes"));
    paper.head.replaceChildren(...sheets.map((sheet) => {
      const copy = paper.importNode(sheet, true);
      if (sheet.href) copy.href = sheet.href;
      return copy;
    }));
    paper.body.className = "story story-desk";
    for (const name of ["--st-text-color", "--st-background-color", "--st-primary-color", "--st-link-color"]) paper.body.style.setProperty(name, look.getPropertyValue(name));
    desk.addEventListener("keydown", (event) => this.player.key(event));
    desk.addEventListener("pagehide", () => { if (this.desk === desk) this.close(); });
    return desk;
  }

  show() {
    if (!this.open) return;
    const { story } = this.player, { strings, told, chapter } = story, next = story.chapters[story.n];
    const room = { strings, language: told.language, cite: () => {}, tabled: false, plots: [] };
    const said = built(chapter.notes.filter(({ kind }) => kind !== "chart"), room);
    this.spent = h("span", { class: "story-spent" });
    this.hour = h("span");
    const act = (what, sign, label) => h("button", { type: "button", class: "story-control", title: label, "aria-label": label, onclick: () => (what === "close" ? this.close() : this.player.act(what)) }, icon(sign));
    const parts = [
      h("header", {}, h("p", { class: "story-clocks" }, h("span", {}, strings.spent, " ", this.spent), h("span", {}, strings.hour, " ", this.hour)),
        act("back", "back", strings.back), act("next", "next", strings.next), act("close", "close", strings.close_notes)),
      h("p", { class: "story-number" }, story.place()), h("h2", {}, chapter.title),
      h("div", { class: "story-said" }, ...(said.length ? said : [h("p", { class: "story-quiet" }, strings.no_notes)])),
      h("p", { class: "story-then" }, next ? `${strings.then}: ${next.title}` : strings.last),
    ];
    if (this.desk) this.desk.document.body.replaceChildren(h("main", { class: "story-notes" }, ...parts));
    else this.node.replaceChildren(...parts);
    this.tick();
  }

  tick() {
    if (this.desk?.closed) return this.close();
    this.spent.textContent = minutes(Date.now() - this.player.began);
    this.hour.textContent = new Date().toLocaleTimeString(this.player.story.told.language, { hour: "2-digit", minute: "2-digit" });
  }
}
