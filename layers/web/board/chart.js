// One chart of a board: an ECharts picture of what the server has counted, coloured for the page it stands on,
// and its downloads. The option comes as plain data; only what needs the reader's browser is added here.

import { BarChart, LineChart, RadarChart, SankeyChart, ScatterChart, TreemapChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TitleComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import { h } from "../dom.js";
import { visible } from "./contrast.js";
import { placed } from "./radar.js";
import { wide, wrapped } from "./words.js";

echarts.use([BarChart, LineChart, RadarChart, SankeyChart, ScatterChart, TreemapChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TitleComponent, TooltipComponent, CanvasRenderer, SVGRenderer]);

const PAPER = "#ffffff", INK = "#1c272d";
const EXPORT_WIDTH = 1100, HEAD = 64, LINE = 17, NARROW = 520;
const LETTERS = 165;
// Text of about so many letters to a line under an exported picture.
const lines = (text) => Math.ceil(text.length / LETTERS);
// On a page of the planner by the first name, in a file of its own by the second.
const FONT = "Golos Text, Golos Text Variable, sans-serif";
const faint = (ink) => `color-mix(in srgb, ${ink} 24%, transparent)`;
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// A tooltip of the words that the item brings: text nodes, never markup.
function tip({ data, name }) {
  const lines = data?.tip ?? [name];
  return h("div", { class: "board-tip" }, ...lines.map((line, at) => h(at ? "div" : "strong", {}, line)));
}

// Names beside bars take at most this part of a chart.
const NAMES = 0.42;
// What is left to the bars, and what a name has at least.
const BARS = 40, NAME = 72;
// What the figures below the bars take, and the least space between two names.
const FIGURES = 24, SPACE = 4;

// The names beside bars in the lines that they break into, every one shown; `more` is what their bars lack of height.
function beside({ xAxis, yAxis, grid }, width, height, above) {
  const { axisLabel: { width: most, lineHeight, overflow, ...rest }, data } = yAxis, room = Math.max(NAME, Math.min(most, width * NAMES, width - grid.left - grid.right - BARS));
  const lines = data.map((name) => wrapped(name, (line) => wide(line, 12, FONT) <= room)), high = lines.map(({ length }) => length * lineHeight);
  const row = Math.max(...high.map((one, at) => (one + (high[at + 1] ?? one)) / 2)) + SPACE;
  const free = height - grid.top - above - grid.bottom - (xAxis.show === false ? 0 : FIGURES);
  return { axisLabel: { ...rest, lineHeight, hideOverlap: false, formatter: (_, at) => lines[at].join("\n") }, more: Math.max(0, Math.ceil(row * data.length - free)) };
}

function axis(given, ink, mixed, figure, width) {
  if (!given) return undefined;
  const number = given.type === "value" || given.type === "log";
  return {
    ...given,
    ...(number && width < NARROW && given.max === undefined ? { splitNumber: 3 } : {}),
    axisLabel: { color: ink, hideOverlap: true, ...(number ? { formatter: figure } : {}), ...given.axisLabel, ...(given.axisLabel?.width ? { width: Math.min(given.axisLabel.width, width * NAMES) } : {}) },
    axisLine: { lineStyle: { color: mixed }, ...given.axisLine },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: mixed, opacity: 0.5 }, ...given.splitLine },
    nameTextStyle: { color: ink, ...given.nameTextStyle },
  };
}

// A name too narrow to be read is left to the tip.
const roomy = ({ rect }) => (rect.width < 52 || rect.height < 15 ? { fontSize: 0 } : {});

// Each name of the legend in the lines that a chart of that width leaves it.
const MARK = 17, BETWEEN = 8, EDGE = 5, LEGEND_LINE = 14;
const legendLines = (name, width) => wrapped(name, (line) => wide(line, 12, FONT) <= width - MARK - 2 * EDGE);

// How much room the legend takes above a chart: it goes on in another row where the chart is narrow.
function legendRoom(option, width) {
  if (!option.legend) return 0;
  const names = option.legend.data ?? option.series.flatMap((one) => (one.type === "radar" ? one.data : [one]).map(({ name }) => name)).filter(Boolean);
  let height = 0, left = 0, row = 0;
  for (const name of names) {
    const lines = legendLines(name, width), taken = Math.max(...lines.map((line) => wide(line, 12, FONT))) + MARK + BETWEEN;
    if (taken > left) [height, left, row] = [height + row, width - 2 * EDGE + BETWEEN, 0];
    left -= taken;
    row = Math.max(row, lines.length * LEGEND_LINE + BETWEEN);
  }
  return height + row;
}

// The web of a radar below its legend, its names whole.
function radar(option, ink, mixed, width, height, top) {
  const line = { lineStyle: { color: mixed } }, room = { width, height, top, ink, family: FONT };
  return placed({ ...option.radar, axisLine: line, splitLine: line, splitArea: { show: false } }, room);
}

// The option with the colours of the ground it stands on and figures as the language writes them; `more` is what the
// chart needs beyond its height.
function dressed({ option, height }, ink, ground, lang, width) {
  const mixed = ground === PAPER ? "#c5cacd" : faint(ink);
  const format = new Intl.NumberFormat(lang === "ru" ? "ru-RU" : "en-GB", { maximumFractionDigits: 2 });
  const year = new Intl.NumberFormat("en", { useGrouping: false });
  const figure = (shown) => (value) => (shown === "year" ? year : format).format(value);
  const series = visible(option.series, ground).map((one) => {
    if (one.type === "treemap") return { ...one, labelLayout: roomy };
    if (one.type === "radar") return one;
    const label = { color: ink, textBorderWidth: 0, fontSize: 12, ...one.label };
    const line = one.markLine && { ...one.markLine, label: { color: ink, textBorderWidth: 0, ...one.markLine.label } };
    const tight = one.type === "sankey" && width < NARROW ? { right: Math.round(width * 0.36) } : {};
    if (tight.right) Object.assign(label, { width: Math.round(width * 0.33), fontSize: 10.5, lineHeight: 12 });
    return { ...one, ...tight, label, ...(line ? { markLine: line } : {}) };
  });
  const above = legendRoom(option, width), names = option.yAxis?.axisLabel?.overflow === "break" && option.yAxis.data.length ? beside(option, width, height, above) : null;
  const yAxis = names ? { ...option.yAxis, axisLabel: names.axisLabel } : option.yAxis;
  return {
    ...option, series, more: names?.more ?? 0,
    textStyle: { fontFamily: FONT, color: ink },
    ...(option.grid ? { grid: { ...option.grid, top: option.grid.top + above } } : {}),
    ...(option.radar ? radar(option, ink, mixed, width, height, above) : {}),
    legend: option.legend && { icon: "roundRect", itemWidth: 12, itemHeight: 12, itemGap: BETWEEN, padding: [2, EDGE], ...option.legend, formatter: (name) => legendLines(name, width).join("\n"), textStyle: { color: ink, lineHeight: LEGEND_LINE } },
    xAxis: axis(option.xAxis, ink, mixed, figure(option.xAxis?.figures), width),
    yAxis: axis(yAxis, ink, mixed, figure(option.yAxis?.figures), width),
    tooltip: { trigger: "item", confine: true, renderMode: "html", formatter: tip, backgroundColor: PAPER, textStyle: { color: INK, fontFamily: FONT, fontSize: 13 }, extraCssText: "max-width:340px;white-space:normal" },
  };
}

export class Chart {
  constructor(node, act) {
    this.node = node;
    this.view = echarts.init(node, null, { renderer: "svg" });
    // A mark has an act of its own; an area has that of its series.
    this.view.on("click", ({ data, seriesIndex }) => {
      const what = data?.act ?? this.chart.option.series[seriesIndex]?.act;
      if (what) act(what);
    });
    this.paper = false;
    this.watch = new ResizeObserver(() => node.clientWidth && node.clientWidth !== this.width && this.chart && this.show(this.chart, this.lang));
    this.watch.observe(node);
  }

  show(chart, lang) {
    Object.assign(this, { chart, lang });
    const style = getComputedStyle(this.node), page = style.getPropertyValue("--st-background-color").trim();
    this.width = this.node.clientWidth;
    const { more, ...option } = dressed(chart, ...(this.paper ? [INK, PAPER] : [style.color, page]), lang, this.width), height = chart.height + more;
    this.node.style.height = `${height}px`;
    this.view.resize();
    this.view.setOption({ ...option, animation: !this.paper && !still(), animationDuration: 350, animationDurationUpdate: 250, aria: { enabled: true, label: { description: chart.alt } } }, true);
    // On a sheet that is narrower it shrinks as a picture does.
    this.node.querySelector("svg").setAttribute("viewBox", `0 0 ${this.width} ${height}`);
  }

  // In the colours of paper while it is printed; what is drawn now is there at once.
  dress(on) {
    this.paper = on;
    if (this.chart) this.show(this.chart, this.lang);
  }

  // The same chart on white paper, its title above and these words below, as text (svg) or as an address (png).
  drawn(kind, words) {
    const { chart, lang } = this, box = h("div");
    const told = words.filter(Boolean), { more, ...option } = dressed(chart, INK, PAPER, lang, EXPORT_WIDTH);
    const foot = told.reduce((sum, text) => sum + lines(text) * LINE + 4, 16), height = chart.height + more + HEAD + foot;
    const made = echarts.init(box, null, { renderer: kind === "svg" ? "svg" : "canvas", width: EXPORT_WIDTH, height, devicePixelRatio: 2 });
    const moved = (part) => part && { ...part, top: (part.top ?? 0) + HEAD, bottom: (part.bottom ?? 0) + foot };
    const below = option.grid ? { grid: moved(option.grid) } : {};
    if (option.radar) option.radar.center[1] += HEAD;
    const series = option.series.map((one) => (one.type === "sankey" || one.type === "treemap" ? moved(one) : one));
    const text = (content, rest) => ({ text: content, left: 16, textStyle: { fontFamily: FONT, color: INK, fontSize: 18, fontWeight: 600 }, ...rest });
    const small = { fontFamily: FONT, color: INK, fontSize: 11.5, fontWeight: 400, lineHeight: LINE, width: EXPORT_WIDTH - 32, overflow: "break" };
    let top = height - foot + 12;
    const under = told.map((content) => {
      const placed = text(content, { top, padding: 0, textStyle: small });
      top += lines(content) * LINE + 4;
      return placed;
    });
    const title = [text(chart.title, { top: 12 }), ...under];
    made.setOption({ ...option, ...below, series, title, legend: option.legend && { ...option.legend, top: HEAD - 24 }, backgroundColor: PAPER, animation: false });
    const result = kind === "svg" ? made.renderToSVGString() : made.getDataURL({ type: "png", backgroundColor: PAPER });
    made.dispose();
    return result;
  }

  end() {
    this.watch.disconnect();
    this.view.dispose();
  }
}
