// A chart within a chapter: the board's own picture, its title, what it says, and the same as a table.

import { Chart } from "../board/chart.js";
import { h } from "../dom.js";

const FONT = Promise.all(["Жf", "₽"].flatMap((text) => ["Golos Text", "Golos Text Variable"].map((name) => document.fonts.load(`12px '${name}'`, text)))).catch(() => {});

export class Plot {
  // `title` are nodes: what the author of the chapter calls the chart, or its own name.
  constructor(item, title, { strings, language, tabled }) {
    Object.assign(this, { item, language });
    const empty = !item.table.rows.length;
    // It takes its room before it is drawn: what is read below it stays where it is.
    this.picture = h("div", { class: "story-chart-picture", style: `height:${item.height}px` });
    this.frame = h("div", { class: "story-chart-frame", hidden: empty, ...(item.scroll ? { tabindex: "0", role: "group", "aria-label": item.title, style: `max-height:${item.scroll}px` } : {}) }, this.picture);
    this.node = h("figure", { class: "story-chart" },
      h("p", { class: "story-chart-title" }, ...title),
      empty ? h("p", { class: "story-aside" }, item.empty || strings.empty) : null, this.frame,
      item.note && !empty ? h("figcaption", {}, item.note) : null,
      tabled && !empty ? h("details", { class: "story-fold" }, h("summary", {}, strings.as_table), this.table()) : null);
  }

  table() {
    const { columns, rows } = this.item.table;
    return h("div", { class: "story-table", tabindex: "0", role: "region", "aria-label": this.item.title }, h("table", {},
      h("thead", {}, h("tr", {}, ...columns.map((column, at) => h("th", { scope: "col", class: at ? "story-right" : "story-left" }, column)))),
      h("tbody", {}, ...rows.map(({ cells }) => h("tr", {}, ...cells.map((cell, at) => h("td", { class: at ? "story-right" : "story-left" }, cell)))))));
  }

  // Text is measured when it is drawn, so the font must be there first.
  async draw() {
    await FONT;
    if (this.gone || this.frame.hidden || !this.picture.clientWidth) return;
    this.chart ??= new Chart(this.picture, () => {});
    this.chart.show(this.item, this.language);
  }

  dress(on) { this.chart?.dress(on); }

  end() {
    this.gone = true;
    this.chart?.end();
  }
}
