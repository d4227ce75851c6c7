// What the map has to say in passing: one quiet line, with a way to try again where there is one.

import { button, h } from "./dom.js";

const STAYS_MS = 7000;

export class Notice {
  constructor() { this.node = h("div", { class: "planner-box planner-notice", role: "status", hidden: true }); }

  show(text, strings, again) {
    this.end();
    this.node.replaceChildren(h("span", {}, text),
      again ? h("button", { type: "button", class: "planner-link", onclick: () => { this.node.hidden = true; again(); } }, strings.again) : "",
      button("close", strings.close, () => (this.node.hidden = true)));
    this.node.hidden = false;
    if (!again) this.timer = setTimeout(() => (this.node.hidden = true), STAYS_MS);
  }

  end() { clearTimeout(this.timer); }
}
