// One chart of a board: an ECharts picture of what the server has counted, coloured for the page it stands on,
// and its downloads. The option comes as plain data; only what needs the reader's browser is added here.

import { BarChart, LineChart, RadarChart, SankeyChart, ScatterChart, TreemapChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TitleComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import { h } from "../dom.js";
import { visible } from "./contrast.js";

echarts.use([BarChart, LineChart, RadarChart, SankeyChart, ScatterChart, TreemapChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TitleComponent, TooltipComponent, CanvasRenderer, SVGRenderer]);

const PAPER = "#ffffff", INK = "#1c272d";
const EXPORT_WIDTH = 1100, HEAD = 64, LINE = 17, NARROW = 520, HALF = 700;
const LETTERS = 165;
// Text of about so many letters to a line under an exported picture.
const lines = (text) => Math.ceil(text.length / LETTERS);
const FONT = "Golos Text, sans-serif";
const faint = (ink) => `color-mix(in srgb, ${ink} 24%, transparent)`;
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// A tooltip of the words that the item brings: text nodes, never markup.
function tip({ data, name }) {
  const lines = data?.tip ?? [name];
  return h("div", { class: "board-tip" }, ...lines.map((line, at) => h(at ? "div" : "strong", {}, line)));
}

// Names beside bars take at most this part of a chart.
const NAMES = 0.42;

function axis(given, ink, mixed, figure, width) {
  if (!given) return undefined;
  const number = given.type === "value" || given.type === "log";
  return {
    ...given,
    axisLabel: { color: ink, hideOverlap: true, ...(number ? { formatter: figure } : {}), ...given.axisLabel, ...(given.axisLabel?.width ? { width: Math.min(given.axisLabel.width, width * NAMES) } : {}) },
    axisLine: { lineStyle: { color: mixed }, ...given.axisLine },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: mixed, opacity: 0.5 }, ...given.splitLine },
    nameTextStyle: { color: ink, ...given.nameTextStyle },
  };
}

// A name too narrow to be read is left to the tip.
const roomy = ({ rect }) => (rect.width < 52 || rect.height < 15 ? { fontSize: 0 } : {});

// How much room the legend takes above a chart: its words wrap where the chart is narrow.
function legendRoom(option, width) {
  if (!option.legend) return 0;
  const names = option.legend.data ?? option.series.flatMap((one) => (one.type === "radar" ? one.data : [one]).map(({ name }) => name)).filter(Boolean);
  return Math.ceil(names.reduce((sum, name) => sum + name.length * 7.4 + 34, 0) / Math.max(width, 1)) * 22;
}

// A name in lines of about so many letters.
const wrapped = (text, letters) => text.split(" ").reduce((lines, word) => (lines.at(-1) && (lines.at(-1) + word).length < letters ? [...lines.slice(0, -1), `${lines.at(-1)} ${word}`] : [...lines, word]), []).join("\n");

// The web of a radar below its legend; names wrap in what its circle leaves.
function radar(option, ink, mixed, width) {
  const line = { lineStyle: { color: mixed } };
  return {
    ...option.radar, center: ["50%", `${54 + legendRoom(option, width) / 12}%`], radius: width < NARROW ? "46%" : "62%",
    axisName: { color: ink, fontSize: width < NARROW ? 10.5 : 12, lineHeight: 14, formatter: (name) => wrapped(name, width < NARROW ? 12 : width < HALF ? 16 : 20) },
    axisLine: line, splitLine: line, splitArea: { show: false },
  };
}

// The option with the colours of the ground it stands on and figures as the language writes them.
function dressed(option, ink, ground, lang, width) {
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
  return {
    ...option, series,
    textStyle: { fontFamily: FONT, color: ink },
    ...(option.grid ? { grid: { ...option.grid, top: option.grid.top + legendRoom(option, width) } } : {}),
    ...(option.radar ? { radar: radar(option, ink, mixed, width) } : {}),
    legend: option.legend && { icon: "roundRect", itemWidth: 12, itemHeight: 12, ...option.legend, textStyle: { color: ink } },
    xAxis: axis(option.xAxis, ink, mixed, figure(option.xAxis?.figures), width),
    yAxis: axis(option.yAxis, ink, mixed, figure(option.yAxis?.figures), width),
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
    this.node.style.height = `${chart.height}px`;
    const style = getComputedStyle(this.node), page = style.getPropertyValue("--st-background-color").trim();
    this.width = this.node.clientWidth;
    const option = dressed(chart.option, ...(this.paper ? [INK, PAPER] : [style.color, page]), lang, this.width);
    this.view.resize();
    this.view.setOption({ ...option, animation: !this.paper && !still(), animationDuration: 350, animationDurationUpdate: 250, aria: { enabled: true, label: { description: chart.alt } } }, true);
    // On a sheet that is narrower it shrinks as a picture does.
    this.node.querySelector("svg").setAttribute("viewBox", `0 0 ${this.width} ${chart.height}`);
  }

  // In the colours of paper while it is printed; what is drawn now is there at once.
  dress(on) {
    this.paper = on;
    if (this.chart) this.show(this.chart, this.lang);
  }

  // The same chart on white paper, its title above and these words below, as text (svg) or as an address (png).
  drawn(kind, words) {
    const { chart, lang } = this, box = h("div");
    const told = words.filter(Boolean);
    const foot = told.reduce((sum, text) => sum + lines(text) * LINE + 4, 16), height = chart.height + HEAD + foot;
    const made = echarts.init(box, null, { renderer: kind === "svg" ? "svg" : "canvas", width: EXPORT_WIDTH, height, devicePixelRatio: 2 });
    const option = dressed(chart.option, INK, PAPER, lang, EXPORT_WIDTH), moved = (part) => part && { ...part, top: (part.top ?? 0) + HEAD, bottom: (part.bottom ?? 0) + foot };
    const placed = option.grid ? { grid: moved(option.grid) } : {};
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
    made.setOption({ ...option, ...placed, series, title, legend: option.legend && { ...option.legend, top: HEAD - 24 }, backgroundColor: PAPER, animation: false });
    const result = kind === "svg" ? made.renderToSVGString() : made.getDataURL({ type: "png", backgroundColor: PAPER });
    made.dispose();
    return result;
  }

  end() {
    this.watch.disconnect();
    this.view.dispose();
  }
}
