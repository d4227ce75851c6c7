// The blocks of a chapter as nodes: text, lists, figures, tables, charts. Text always becomes text nodes.

import { h, link } from "../dom.js";
import { Plot } from "./plot.js";

// Numbers that follow each other as one run: [1, 2, 3, 7] gives [[1, 3], [7, 7]].
export function runs(numbers) {
  const found = [];
  for (const n of [...numbers].sort((a, b) => a - b)) {
    if (found.at(-1)?.[1] >= n - 1) found.at(-1)[1] = n;
    else found.push([n, n]);
  }
  return found;
}

// `cite(n)` shows a source of the list.
function cites(numbers, { cite, strings }) {
  if (!numbers?.length) return null;
  const marks = runs(numbers).map(([from, to]) => {
    const text = from === to ? String(from) : `${from}–${to}`;
    return h("button", { type: "button", "aria-label": `${strings.sources}: ${text}`, onclick: () => cite(from) }, text);
  });
  return h("sup", { class: "story-cite" }, ...marks.flatMap((mark, at) => (at ? [",\u200a", mark] : [mark])));
}

// Up to so many letters a figure stays on one line with its sources.
const HELD = 28;

function part(told, room) {
  if (typeof told === "string") return told;
  if ("strong" in told) return h("strong", {}, told.strong);
  // What a figure tells is said to who points at it, and to who asks (see `Tips`).
  if ("figure" in told) return h("span", { class: `story-figure${told.figure.length > HELD ? "" : " story-held"}`, title: told.of, "data-of": told.of }, told.figure);
  if ("cite" in told) return cites(told.cite, room);
  return link(told.href, told.text);
}

// The number of a source does not begin a line: it is held together with the word before it.
function held(nodes, mark) {
  const before = nodes.at(-1);
  if (typeof before === "string") {
    const at = before.search(/\S+$/);
    if (at < 0) return [...nodes, mark];
    return [...nodes.slice(0, -1), before.slice(0, at), h("span", { class: "story-held" }, before.slice(at), mark)];
  }
  if (!before || before.textContent.length > HELD) return [...nodes, mark];
  return [...nodes.slice(0, -1), h("span", { class: "story-held" }, before, mark)];
}

export function inline(told, room) {
  let nodes = [];
  for (const one of Array.isArray(told) ? told : [told ?? ""]) {
    const node = part(one, room);
    if (node !== null) nodes = one.cite ? held(nodes, node) : [...nodes, node];
  }
  return nodes;
}

export const plain = (told) => (Array.isArray(told) ? told : [told ?? ""]).map((one) => (typeof one === "string" ? one : one.strong ?? one.figure ?? one.text ?? "")).join("").trim();

function fact(tag, { label, value, note, cited }, room) {
  const known = [h("dd", { class: "story-value" }, ...inline(value, room), cites(cited, room))];
  return h(tag, {}, h("dt", {}, label), ...known, ...(note ? [h("dd", { class: "story-aside" }, note)] : []));
}

function table({ caption, columns, rows }, room) {
  const whole = columns.reduce((sum, { share }) => sum + (share ?? 1), 0);
  const cell = (tag, at, ...inside) => h(tag, { class: `story-${columns[at].align ?? "left"}`, ...(tag === "th" ? { scope: "col" } : {}) }, ...inside);
  const grid = h("table", {}, caption ? h("caption", {}, caption) : null,
    h("colgroup", {}, ...columns.map(({ share }) => h("col", { style: `width:${(100 * (share ?? 1)) / whole}%` }))),
    h("thead", {}, h("tr", {}, ...columns.map(({ title }, at) => cell("th", at, title)))),
    h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((told, at) => cell("td", at, ...inline(told, room)))))));
  return h("div", { class: "story-table", tabindex: "0", role: "region", "aria-label": caption || columns.map(({ title }) => title).join(", ") }, grid);
}

const picture = ({ src, alt, caption }, room) => h("figure", { class: "story-picture" }, h("img", { src, alt: alt ?? "" }), plain(caption) ? h("figcaption", {}, ...inline(caption, room)) : null);

// Figures side by side are set as large as the longest of them lets them be, in rows that are full if they can be.
const LONGEST = 18, SHORTEST = 4, CITED = 2;
const COLUMNS = { 1: 1, 2: 2, 3: 3, 4: 2 };
function tiles({ rows }, room) {
  const letters = Math.max(SHORTEST, ...rows.map(({ value, cited }) => Math.min(LONGEST, plain(value).length) + (cited?.length ? CITED : 0)));
  return h("dl", { class: "story-tiles", style: `--story-letters:${letters};--story-columns:${COLUMNS[rows.length] ?? 3}` }, ...rows.map((row) => fact("div", row, room)));
}

const MAKE = {
  text: (block, room) => h("p", { class: block.quiet ? "story-quiet" : null }, ...inline(block.inline, room)),
  head: (block) => h(block.level > 1 ? "h4" : "h3", {}, block.text),
  list: (block, room) => h(block.ordered ? "ol" : "ul", {}, ...block.rows.map((row) => h("li", {}, ...inline(row, room)))),
  tiles,
  facts: (block, room) => h("dl", { class: "story-facts" }, ...block.rows.map((row) => fact("div", row, room))),
  notice: (block, room) => h("p", { class: "story-notice" }, ...inline(block.inline, room)),
  table,
  picture,
};

// `room`: {strings, language, cite, tabled, low, plots}; each chart is put into `plots`, to be drawn once it is in place.
export function built(blocks, room) {
  return blocks.map((block) => {
    if (block.kind !== "chart") return MAKE[block.kind](block, room);
    const plot = new Plot(block.item, inline(block.caption, room), plain(block.caption), room);
    room.plots.push(plot);
    return plot.node;
  });
}
