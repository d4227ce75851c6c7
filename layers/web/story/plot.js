// A chart within a chapter: the board's own picture, its title, what it says, and the same as a table.

import { Chart } from "../board/chart.js";
import { h } from "../dom.js";

const FONT = Promise.all(["Жf", "₽"].flatMap((text) => ["Golos Text", "Golos Text Variable"].map((name) => document.fonts.load(`12px '${name}'`, text)))).catch(() => {});

// On a screen with the text beside it a chart is no higher than this, if its height does not follow from its rows.
const LOW = 236;
const lower = (item) => (item.option.grid && item.option.yAxis?.type !== "category" ? { ...item, height: Math.min(item.height, LOW) } : item);

export class Plot {
  // `caption` are nodes, `said` their words: a caption that says what the title says takes its place.
  constructor(whole, caption, said, { strings, language, tabled, low }) {
    const item = low ? lower(whole) : whole;
    Object.assign(this, { item, language });
    const empty = !item.table.rows.length, same = said === item.title;
    const below = [...(same || !said ? [] : [h("span", {}, ...caption)]), ...(item.note && !empty ? [h("span", {}, item.note)] : [])];
    // It takes its room before it is drawn: what is read below it stays where it is.
    this.picture = h("div", { class: "story-chart-picture", style: `height:${item.height}px` });
    this.frame = h("div", { class: "story-chart-frame", hidden: empty, ...(item.scroll ? { tabindex: "0", role: "group", "aria-label": item.title, style: `max-height:${item.scroll}px` } : {}) }, this.picture);
    this.node = h("figure", { class: "story-chart" },
      h("p", { class: "story-chart-title" }, ...(same ? caption : [item.title])),
      empty ? h("p", { class: "story-aside" }, item.empty || strings.empty) : null, this.frame,
      below.length ? h("figcaption", {}, ...below) : null,
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
