// Drawing a symbol of the style, on the map's canvas and in the legend, from the same paths.

import { svg } from "./dom.js";

const BOX = 24;
const ICON_BOX = 256;
const LEAST_WITH_ICON = 15;
const ICON_SHARE = 0.6;
const PIN_CENTRE = 9.2;
const PIN_ICON = 0.5;
const WHITE = "#ffffff";

const paths = new Map();
const path = (text) => paths.get(text) ?? paths.set(text, new Path2D(text)).get(text);
let clips = 0;

// Middle of the icon in the box of the shape, and its share of the box.
const iconBox = (symbol) => (symbol.pin ? { y: PIN_CENTRE, share: PIN_ICON } : { y: BOX / 2, share: ICON_SHARE });

// `fill` tells how far a thing has come: "solid", "half", "hollow" or "crossed".
export function drawSymbol(ctx, symbol, x, y, size, fill) {
  const scale = size / BOX;
  ctx.save();
  ctx.translate(x - size / 2, symbol.pin ? y - size : y - size / 2);
  ctx.scale(scale, scale);
  if (fill === "solid") paint(ctx, symbol, size, symbol.colour, WHITE);
  else paint(ctx, symbol, size, WHITE, symbol.colour);
  if (fill === "half") {
    ctx.beginPath();
    ctx.rect(-2, iconBox(symbol).y, BOX + 4, BOX);
    ctx.clip();
    paint(ctx, symbol, size, symbol.colour, WHITE);
  }
  if (fill === "crossed") {
    ctx.lineWidth = 2.6;
    ctx.strokeStyle = symbol.colour;
    ctx.stroke(path(cross(symbol)));
  }
  ctx.restore();
}

const cross = (symbol) => `M3 3L${BOX - 3} ${2 * iconBox(symbol).y - 3}`;

function paint(ctx, symbol, size, ground, ink) {
  const shape = path(symbol.shape);
  ctx.lineJoin = "round";
  ctx.lineWidth = Math.min(4.2, (2 * BOX) / size);
  ctx.strokeStyle = ground === WHITE ? symbol.colour : WHITE;
  ctx.stroke(shape);
  ctx.fillStyle = ground;
  ctx.fill(shape);
  if (ground === WHITE) {
    ctx.lineWidth = 1.8;
    ctx.stroke(shape);
  }
  if (!symbol.icon || size < LEAST_WITH_ICON) return;
  ctx.save();
  const { scale, left, top } = iconPlace(symbol);
  ctx.translate(left, top);
  ctx.scale(scale, scale);
  ctx.fillStyle = ink;
  ctx.fill(path(symbol.icon));
  ctx.restore();
}

function iconPlace(symbol) {
  const { y, share } = iconBox(symbol), scale = (BOX / ICON_BOX) * share, half = (ICON_BOX * scale) / 2;
  return { scale, left: BOX / 2 - half, top: y - half };
}

// The same for the legend: points as the map draws them, lines and areas as a sample.
export function sample(geometry, symbol, fill = "solid", dash = null) {
  const node = svg("svg", { viewBox: `-1 -1 ${BOX + 2} ${BOX + 2}`, class: "planner-sample", "aria-hidden": "true" });
  if (geometry !== "point") {
    const look = { stroke: symbol.colour, "stroke-width": symbol.width, "stroke-dasharray": dash ?? symbol.dash };
    node.append(geometry === "area"
      ? svg("rect", { x: 3, y: 4, width: 18, height: 16, ...look, fill: symbol.colour, "fill-opacity": symbol.fill_opacity })
      : svg("path", { d: "M1 17C7 17 7 8 13 8S20 10 23 6", fill: "none", ...look }));
    return node;
  }
  if (symbol.size < LEAST_WITH_ICON) {
    const half = (BOX - symbol.size) / 2;
    const small = svg("g", { transform: `translate(${half} ${half}) scale(${symbol.size / BOX})` });
    small.append(svg("path", { d: symbol.shape, fill: symbol.colour }));
    node.append(small);
    return node;
  }
  node.append(...(fill === "solid" ? painted(symbol, symbol.colour, WHITE) : painted(symbol, WHITE, symbol.colour)));
  if (fill === "half") {
    const id = `planner-half-${++clips}`;
    const lower = svg("g", { "clip-path": `url(#${id})` });
    lower.append(...painted(symbol, symbol.colour, WHITE));
    node.append(svg("clipPath", { id }, svg("rect", { x: -2, y: iconBox(symbol).y, width: BOX + 4, height: BOX })), lower);
  }
  if (fill === "crossed") node.append(svg("path", { d: cross(symbol), stroke: symbol.colour, "stroke-width": 2.6 }));
  return node;
}

function painted(symbol, ground, ink) {
  const { scale, left, top } = iconPlace(symbol);
  const shape = svg("path", { d: symbol.shape, fill: ground, stroke: symbol.colour, "stroke-width": ground === WHITE ? 1.8 : 0 });
  return symbol.icon ? [shape, svg("path", { d: symbol.icon, fill: ink, transform: `translate(${left} ${top}) scale(${scale})` })] : [shape];
}
