// The card of what was clicked: every field in words, its source, its accuracy; built of text nodes and links only.

import { button, h, link } from "./dom.js";

const WIDE = 70;
const MANY = 5;

export class Card {
  // `onopen` shows the whole card of a record on a page of its own; null where there is none.
  constructor(onclose, onpick, onopen) {
    Object.assign(this, { onclose, onpick, onopen });
    this.node = h("aside", { class: "planner-box planner-card", hidden: true, tabindex: "-1" });
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && this.onclose());
  }

  close() {
    this.node.hidden = true;
    this.node.replaceChildren();
  }

  busy(strings) {
    this.open(strings, h("p", { class: "planner-quiet", role: "status" }, strings.loading));
  }

  fail(strings, again) {
    this.open(strings, h("p", { role: "alert" }, strings.card_failed), h("button", { type: "button", class: "planner-link", onclick: again }, strings.again));
  }

  open(strings, ...body) {
    this.node.setAttribute("aria-label", strings.card);
    this.node.replaceChildren(button("close", strings.close, () => this.onclose(), { class: "planner-button planner-close" }), ...body.filter(Boolean));
    this.node.hidden = false;
  }

  // `others` are the further records under the same click: {pick, name, layer}.
  show(card, strings, others, focus) {
    const title = h("h2", { tabindex: "-1" }, card.title), place = card.pick === this.pick ? this.node.scrollTop : 0;
    this.pick = card.pick;
    this.open(strings,
      h("p", { class: "planner-kicker" }, card.layer), title, h("p", { class: "planner-other" }, card.other),
      this.others(others, strings),
      card.page && this.onopen ? h("button", { type: "button", class: "planner-link planner-open", onclick: () => this.onopen(card.pick) }, strings.open_card) : null,
      h("dl", {}, ...card.rows.flatMap((row) => this.row(row))),
      h("p", { class: "planner-position" }, card.position),
      h("p", { class: "planner-quiet" }, card.as_of),
      h("h3", {}, strings.sources),
      h("ul", { class: "planner-sources" }, ...card.sources.map((source) => h("li", {}, source.href ? link(source.href, source.title) : source.title, h("small", {}, source.facts)))));
    this.node.scrollTop = place;
    if (focus) title.focus({ preventScroll: true });
  }

  row({ label, value, known, href }) {
    const wide = value.length > WIDE ? "planner-wide" : null;
    return [h("dt", { class: wide }, label), h("dd", { class: known ? wide : "planner-quiet" }, href ? link(href, short(href)) : value)];
  }

  others(others, strings) {
    if (!others.length) return null;
    const items = others.map(({ pick, name, layer }) => h("li", {}, h("button", { type: "button", class: "planner-link", onclick: () => this.onpick(pick, others) }, name), h("small", {}, layer)));
    return h("details", { class: "planner-others", open: others.length >= MANY }, h("summary", {}, `${strings.also_here}: ${others.length}`), h("ul", {}, ...items));
  }
}

const short = (href) => href.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "");
