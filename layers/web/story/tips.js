// What a figure tells, for those who cannot point at it: a tap on it shows the words.

import { h } from "../dom.js";

export class Tips {
  constructor(root) {
    this.root = root;
    this.node = h("div", { class: "story-tip", role: "status", hidden: true });
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("scroll", () => (this.node.hidden = true), { capture: true, passive: true });
  }

  click({ target }) {
    const figure = target.closest?.(".story-figure");
    this.node.hidden = !figure;
    if (!figure) return;
    const at = figure.getBoundingClientRect();
    this.node.textContent = figure.dataset.of;
    const left = Math.min(Math.max(8, at.left), innerWidth - this.node.offsetWidth - 8), below = at.bottom + 6;
    const top = below + this.node.offsetHeight > innerHeight ? at.top - this.node.offsetHeight - 6 : below;
    Object.assign(this.node.style, { left: `${left}px`, top: `${top}px` });
  }
}
