// A board: figures with their sources and charts with their tables, laid out by the page's width. Whatever is
// clicked goes to the server as an act ("park=medical", "pick=projects/..."), numbered like the acts of the map.

import { h, link, mounting, onPaper } from "../dom.js";
import { Chart } from "./chart.js";
import "./board.css";

const FONT = Promise.all(["Жf", "₽"].map((text) => document.fonts.load("12px 'Golos Text'", text))).catch(() => {});

function save(name, content, type) {
  const href = content.startsWith("data:") ? content : URL.createObjectURL(new Blob([content], { type }));
  h("a", { href, download: name }).click();
  if (!content.startsWith("data:")) setTimeout(() => URL.revokeObjectURL(href), 1000);
}

// A part that only does something tells nothing on paper.
const OFFER = "compare=";
const source = ({ title, facts, href }) => h("li", {}, link(href, title), facts ? h("small", {}, facts) : null);

class Tile {
  constructor() { this.node = h("section", { class: "board-item board-tile" }); }

  show(item, strings, act) {
    this.node.classList.toggle("board-wide", Boolean(item.wide));
    const open = this.node.querySelector("details")?.open;
    const bar = item.share === null || item.share === undefined ? null : h("div", { class: "board-bar", role: "img", "aria-label": item.share_text ?? "" }, h("div", { style: `width:${Math.min(100, Math.max(0.5, item.share * 100))}%` }));
    const parts = (item.parts ?? []).map((part) => h("button", { type: "button", class: `board-part${part.act.startsWith(OFFER) ? " board-offer" : ""}`, "aria-pressed": String(Boolean(part.on)), onclick: () => act(part.act) }, part.text));
    this.node.replaceChildren(...[
      h("h3", {}, item.title), h("p", { class: "board-figure" }, item.figure), bar,
      ...item.notes.map((note) => h("p", { class: "board-note" }, note)),
      parts.length ? h("div", { class: "board-parts" }, ...parts) : null,
      item.sources.length ? h("details", { open: open || null }, h("summary", {}, `${strings.sources}: ${item.sources.length}`), ...(item.method ? [h("p", { class: "board-note" }, item.method)] : []), h("ul", {}, ...item.sources.map(source))) : null,
    ].filter(Boolean));
  }

  end() {}
}

// A list of what is known: label, words, a note, links to sources; a row may be an act.
class Facts {
  constructor() { this.node = h("section", { class: "board-item board-facts" }); }

  show({ title, rows, span, note }, strings, act) {
    this.node.style.setProperty("--span", span);
    this.node.replaceChildren(h("h3", {}, title), h("dl", {}, ...rows.flatMap((row) => this.row(row, strings, act))), ...(note ? [h("p", { class: "board-note" }, note)] : []));
  }

  row({ label, text, known, href, note, links, act: what }, strings, act) {
    const body = what ? h("button", { type: "button", class: "board-act", onclick: () => act(what) }, text) : link(href, text);
    const cited = links?.length ? h("small", { class: "board-cited" }, ...links.flatMap(({ title, facts, href: to }, at) => [at ? " · " : "", link(to, title, { title: `${title}. ${facts}` })])) : null;
    return [h("dt", {}, label || "\u00a0"), h("dd", { class: known ? null : "board-faint" }, body, note ? h("small", {}, note) : null, cited)];
  }

  end() {}
}

class ChartCard {
  constructor() {
    this.node = h("section", { class: "board-item board-chart" });
    this.tools = h("div", { class: "board-tools" });
    this.title = h("h3");
    this.note = h("p", { class: "board-note" });
    this.picture = h("div", { class: "board-picture" });
    this.frame = h("div", { class: "board-frame" }, this.picture);
    this.table = h("div", { class: "board-table", hidden: true, tabindex: "0" });
    this.empty = h("p", { class: "board-empty", hidden: true });
    this.node.append(h("header", {}, this.title, this.tools), this.empty, this.frame, this.table, this.note);
  }

  show(item, strings, act, lang) {
    Object.assign(this, { item, strings, lang });
    this.node.style.setProperty("--span", item.span);
    this.title.textContent = item.title;
    this.note.textContent = item.empty && !item.table.rows.length ? "" : item.note;
    this.frame.style.maxHeight = item.scroll ? `${item.scroll}px` : "";
    for (const [name, value] of Object.entries({ tabindex: "0", role: "group", "aria-label": item.title })) {
      if (item.scroll) this.frame.setAttribute(name, value);
      else this.frame.removeAttribute(name);
    }
    this.act = act;
    this.buttons();
    this.rows();
    const empty = !item.table.rows.length;
    Object.assign(this.empty, { hidden: !empty, textContent: item.empty || strings.empty });
    this.frame.hidden = empty || this.tabled;
    this.table.hidden = empty || !this.tabled;
    if (!this.frame.hidden) this.draw();
  }

  draw() {
    this.chart ??= new Chart(this.picture, (act) => this.act(act));
    this.chart.show(this.item, this.lang);
  }

  buttons() {
    const { item, strings } = this, tool = (text, label, onclick, props = {}) => h("button", { type: "button", title: label, "aria-label": `${label}: ${item.title}`, onclick, ...props }, text);
    const picture = (kind) => tool(kind.toUpperCase(), `${strings.save} ${kind.toUpperCase()}`, () => this.save(kind));
    this.tools.replaceChildren(
      tool(this.tabled ? strings.chart : strings.table, this.tabled ? strings.as_chart : strings.as_table, () => this.flip(), { "aria-pressed": String(Boolean(this.tabled)) }),
      picture("png"), picture("svg"),
      h("a", { href: item.book, download: `${item.id}.xlsx`, title: `${strings.save} XLSX`, "aria-label": `${strings.save} XLSX: ${item.title}` }, "XLSX"));
  }

  flip() {
    this.tabled = !this.tabled;
    this.show(this.item, this.strings, this.act, this.lang);
    this.tools.firstChild.focus();
  }

  save(kind) {
    this.draw();
    save(`${this.item.id}.${kind}`, this.chart.drawn(kind, [this.chosen, this.item.note, this.strings.stamp]), kind === "svg" ? "image/svg+xml" : "image/png");
  }

  rows() {
    const { columns, rows } = this.item.table;
    if (!this.tabled) return;
    const held = this.table.contains(document.activeElement) ? document.activeElement.dataset.act : null, place = this.table.scrollTop;
    const first = ({ cells, act, on }) => (act ? h("button", { type: "button", class: "board-act", "aria-pressed": String(Boolean(on)), "data-act": act, onclick: () => this.act(act) }, cells[0]) : cells[0]);
    this.table.replaceChildren(h("table", {}, h("caption", {}, this.item.title),
      h("thead", {}, h("tr", {}, ...columns.map((column) => h("th", { scope: "col" }, column)))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, h("th", { scope: "row" }, first(row)), ...row.cells.slice(1).map((cell) => h("td", {}, cell)))))));
    this.table.scrollTop = place;
    if (held) [...this.table.querySelectorAll("[data-act]")].find((node) => node.dataset.act === held)?.focus({ preventScroll: true });
  }

  dress(on) { this.chart?.dress(on); }

  end() { this.chart?.end(); }
}

// A lane of cards that stand alike.
class Lane {
  constructor() { this.node = h("section", { class: "board-item board-lane" }); }

  show({ title, note, colour, cards }, strings, act) {
    this.node.style.setProperty("--lane", colour);
    this.node.replaceChildren(h("h3", {}, title), h("p", { class: "board-note" }, note), h("div", { class: "board-cards" }, ...cards.map((card) => this.card(card, strings, act))));
  }

  card({ number, title, lines, acts, links }, strings, act) {
    return h("article", {}, number ? h("small", {}, number) : null, h("h4", {}, title),
      h("dl", {}, ...lines.flatMap(({ label, text }) => [h("dt", {}, label), h("dd", {}, text)])),
      ...acts.map(({ text, act: what }) => h("button", { type: "button", class: "board-act", onclick: () => act(what) }, text)),
      links.length ? h("details", {}, h("summary", {}, `${strings.sources}: ${links.length}`), h("ul", {}, ...links.map(source))) : null);
  }

  end() {}
}

// A chart that takes the server a while: it is fetched by itself when the page has answered.
class Later extends ChartCard {
  show(item, strings, act, lang) {
    if (this.address === item.address) return this.item && super.show(this.item, strings, act, lang);
    this.address = item.address;
    this.asked?.abort();
    this.asked = new AbortController();
    this.wait(item, item.note, "status");
    fetch(item.address, { signal: this.asked.signal })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`${item.address}: ${answer.status}`))))
      .then((made) => {
        this.node.removeAttribute("aria-busy");
        super.show(made, strings, act, lang);
      })
      .catch((fault) => {
        if (fault.name === "AbortError") return;
        console.warn(fault);
        this.address = null;
        this.wait(item, strings.failed, "alert");
      });
  }

  wait({ title, span }, text, role) {
    this.node.style.setProperty("--span", span);
    this.node.setAttribute("aria-busy", "true");
    this.title.textContent = title;
    this.note.textContent = "";
    Object.assign(this.empty, { hidden: false, textContent: text, role });
    this.frame.hidden = this.table.hidden = true;
  }

  end() {
    this.asked?.abort();
    super.end();
  }
}

// Small pictures beside each other, each fetched by its address; one that stands for a record is an act.
class Pictures {
  constructor() { this.node = h("section", { class: "board-item board-pictures" }); }

  show({ title, pictures, span, note }, strings, act) {
    this.node.style.setProperty("--span", span);
    this.node.replaceChildren(h("h3", {}, title), h("div", { class: "board-gallery" }, ...pictures.map((one) => this.picture(one, act))), ...(note ? [h("p", { class: "board-note" }, note)] : []));
  }

  picture({ title, src, act: what }, act) {
    const name = what ? h("button", { type: "button", class: "board-act", onclick: () => act(what) }, title) : title;
    return h("figure", {}, h("img", { src, alt: title, loading: "lazy" }), h("figcaption", {}, name));
  }

  end() {}
}

const KINDS = { later: Later, pictures: Pictures, tile: Tile, facts: Facts, lane: Lane, chart: ChartCard };

class Board {
  constructor(root) {
    this.root = root;
    this.items = new Map();
    this.said = 0;
    this.chips = h("div", { class: "board-chips", hidden: true, tabindex: "-1" });
    root.append(this.chips);
    this.paper = onPaper((on) => { for (const item of this.items.values()) item.dress?.(on); });
    this.theme = new MutationObserver(() => this.data && this.draw());
    this.theme.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "style", "data-theme"] });
  }

  // Text is measured when it is drawn, so the font must be there first.
  async take(given) {
    await FONT;
    if (!this.gone) this.update(given);
  }

  update({ data, setTriggerValue }) {
    this.say = setTriggerValue;
    const ink = getComputedStyle(this.root).color, text = JSON.stringify(data) + ink;
    if (text === this.text) return;
    Object.assign(this, { text, data });
    this.said = Math.max(this.said, data.heard ?? 0);
    this.draw();
  }

  draw() {
    const { items, strings, lang, chips, print: printing } = this.data, act = (what) => this.say("did", { number: ++this.said, act: what });
    const printer = printing ? [h("button", { type: "button", class: "board-print", onclick: () => globalThis.print() }, printing)] : [];
    const hold = this.chips.contains(document.activeElement);
    this.chips.replaceChildren(...printer, ...(chips ?? []).map(({ text, act: what }) => h("button", { type: "button", class: "board-chip", onclick: () => act(what) }, text, h("span", { "aria-hidden": "true" }, " ×"))));
    // The row keeps its place while nothing is chosen, so that a choice does not move what is below it.
    this.chips.hidden = !chips && !printer.length;
    if (hold) (this.chips.firstChild ?? this.chips).focus({ preventScroll: true });
    const choice = (chips ?? []).filter(({ act: what }) => what !== "clear=all").map(({ text }) => text).join("; ");
    this.chosen = choice ? strings.choice.replace("{what}", choice) : "";
    for (const [id, item] of this.items) if (!items.some((one) => one.id === id)) this.drop(id, item);
    for (const item of items) {
      if (!this.items.has(item.id)) this.items.set(item.id, new KINDS[item.kind]());
      const made = this.items.get(item.id);
      const place = this.root.children[items.indexOf(item) + 1] ?? null;
      if (place !== made.node) this.root.insertBefore(made.node, place);
      made.chosen = this.chosen;
      made.show(item, strings, act, lang);
    }
    this.thirds(items);
    this.root.dataset.ready = String(Number(this.root.dataset.ready ?? 0) + 1);
  }

  // Three figures between what is as wide as the board share a row.
  thirds(items) {
    let row = [];
    for (const item of [...items, null]) {
      if (item?.kind === "tile" && !item.wide) { row.push(item); continue; }
      for (const { id } of row) this.items.get(id).node.classList.toggle("board-third", row.length === 3);
      row = [];
    }
  }

  drop(id, item) {
    item.end();
    item.node.remove();
    this.items.delete(id);
  }

  end() {
    this.gone = true;
    for (const [id, item] of this.items) this.drop(id, item);
    this.theme.disconnect();
    this.paper();
    this.chips.remove();
  }
}

export const component = mounting(".board-host", Board);
