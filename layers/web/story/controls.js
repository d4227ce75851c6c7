// The bar of a story on the whole screen: to and fro, where one is, the clock, notes, the screen.

import { h } from "../dom.js";
import { icon } from "./icons.js";

const MOST_DOTS = 16;

export class Controls {
  constructor(player) {
    this.player = player;
    this.node = h("div", { class: "story-controls", role: "toolbar", hidden: true });
    this.typed = h("output", { class: "story-digits", hidden: true });
    this.clock = h("div", { class: "story-clock", "aria-hidden": "true" }, h("div"));
  }

  button(act, sign, label, props = {}) {
    return h("button", { type: "button", class: "story-control", title: label, "aria-label": label, "data-act": act, onclick: () => this.player.act(act), ...props }, icon(sign));
  }

  tell() {
    const { story } = this.player, { strings, chapters } = story;
    this.node.setAttribute("aria-label", strings.controls);
    this.back = this.button("back", "back", strings.back);
    this.next = this.button("next", "next", strings.next);
    this.count = h("span", { class: "story-count" });
    this.dots = chapters.length > MOST_DOTS ? [] : chapters.map(({ n, title }) => h("button", { type: "button", class: "story-dot", title, "aria-label": `${story.place(n)}: ${title}`, onclick: () => story.to(n) }));
    this.play = h("span", { class: "story-slot" });
    this.node.replaceChildren(this.back, this.count, this.next, h("div", { class: "story-dots" }, ...this.dots), this.typed,
      this.play, this.button("notes", "notes", strings.notes_key), this.button("full", "full", strings.full), this.button("leave", "close", strings.leave), this.clock);
  }

  show() {
    const { story, timed } = this.player, { strings } = story, last = story.chapters.length, held = this.play.contains(document.activeElement);
    this.count.textContent = `${story.n} / ${last}`;
    for (const [button, off] of [[this.back, story.n === 1], [this.next, story.n === last]]) button.setAttribute("aria-disabled", String(off));
    this.dots.forEach((dot, at) => (at + 1 === story.n ? dot.setAttribute("aria-current", "step") : dot.removeAttribute("aria-current")));
    this.play.replaceChildren(this.button("timed", timed ? "pause" : "timed", timed ? strings.pause : strings.timed, { "aria-pressed": String(Boolean(timed)) }));
    if (held) this.play.firstChild.focus();
  }

  digits(text) { Object.assign(this.typed, { textContent: text, hidden: !text }); }

  // A line that fills while the chapter has its time; none for 0 seconds.
  run(seconds) {
    const line = h("div", seconds ? { style: `animation-duration:${seconds}s` } : {});
    this.clock.replaceChildren(line);
    this.clock.hidden = !seconds;
  }
}
