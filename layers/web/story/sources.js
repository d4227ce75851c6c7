// The sources of a chapter as a list that unfolds; a number in the text opens it and points at its line.

import { h, link } from "../dom.js";

const SHOWN_MS = 2600;

export class SourceList {
  constructor({ told, strings }, numbers) {
    this.lines = new Map(numbers.map((n) => [n, told.sources[n - 1]]).filter(([, source]) => source).map(([n, source]) => [n, this.line(n, source)]));
    this.node = h("details", { class: "story-fold story-sources", hidden: !this.lines.size },
      h("summary", {}, `${strings.sources}: ${this.lines.size}`), h("ol", {}, ...this.lines.values()));
  }

  line(n, { title, facts, href }) { return h("li", { value: n, tabindex: "-1" }, link(href, title), facts ? h("small", {}, facts) : null); }

  show(n) {
    const line = this.lines.get(n);
    if (!line) return;
    this.node.open = true;
    line.classList.add("story-shown");
    setTimeout(() => line.classList.remove("story-shown"), SHOWN_MS);
    line.scrollIntoView({ block: "center" });
    line.focus({ preventScroll: true });
  }
}
