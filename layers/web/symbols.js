// Drawing a symbol of the style, on the map's canvas and in the legend, from the same paths.

import { svg } from "./dom.js";

const BOX = 24;
const ICON_BOX = 256;
const LEAST_WITH_ICON = 15;
const ICON_SHARE = 0.6;
const PIN_CENTRE = 9.2;
const PIN_ICON = 0.5;

const paths = new Map();
const path = (text) => paths.get(text) ?? paths.set(text, new Path2D(text)).get(text);

export const isPin = (symbol) => symbol.shape.startsWith("M12 23.5C9");

// The fill of a state: "solid", "half", "hollow" or "crossed".
export function fillOf(states, state) {
  return states.fills[state] ?? "solid";
}

// Middle of the icon in the box of the shape, and its share of the box.
function iconBox(symbol) {
  const y = isPin(symbol) ? PIN_CENTRE : BOX / 2;
  return { y, share: isPin(symbol) ? PIN_ICON : ICON_SHARE };
}

export function drawSymbol(ctx, symbol, x, y, size, fill) {
  const scale = size / BOX;
  ctx.save();
  ctx.translate(x - size / 2, isPin(symbol) ? y - size : y - size / 2);
  ctx.scale(scale, scale);
  if (fill === "solid") paint(ctx, symbol, size, symbol.colour, "#ffffff");
  else paint(ctx, symbol, size, "#ffffff", symbol.colour);
  if (fill === "half") {
    ctx.beginPath();
    ctx.rect(-2, isPin(symbol) ? PIN_CENTRE : BOX / 2, BOX + 4, BOX);
    ctx.clip();
    paint(ctx, symbol, size, symbol.colour, "#ffffff");
  }
  if (fill === "crossed") {
    ctx.lineWidth = 2.6;
    ctx.strokeStyle = symbol.colour;
    ctx.beginPath();
    ctx.moveTo(3, 3);
    ctx.lineTo(BOX - 3, isPin(symbol) ? 2 * PIN_CENTRE - 3 : BOX - 3);
    ctx.stroke();
  }
  ctx.restore();
}

function paint(ctx, symbol, size, ground, ink) {
  const shape = path(symbol.shape);
  ctx.lineJoin = "round";
  ctx.lineWidth = Math.min(4.2, (2 * BOX) / size);
  ctx.strokeStyle = ground === "#ffffff" ? symbol.colour : "#ffffff";
  ctx.stroke(shape);
  ctx.fillStyle = ground;
  ctx.fill(shape);
  if (ground === "#ffffff") {
    ctx.lineWidth = 1.8;
    ctx.stroke(shape);
  }
  if (!symbol.icon || size < LEAST_WITH_ICON) return;
  const { y, share } = iconBox(symbol);
  const scale = (BOX / ICON_BOX) * share;
  ctx.save();
  ctx.translate(BOX / 2 - (ICON_BOX * scale) / 2, y - (ICON_BOX * scale) / 2);
  ctx.scale(scale, scale);
  ctx.fillStyle = ink;
  ctx.fill(path(symbol.icon));
  ctx.restore();
}

// The same for the legend: points as the map draws them, lines and areas as a sample.
export function sample(geometry, symbol, states, state = "") {
  if (geometry !== "point") return stroke(geometry, symbol, states, state);
  const canvas = document.createElement("canvas");
  const ratio = Math.max(2, window.devicePixelRatio || 1);
  const side = 24;
  canvas.width = canvas.height = side * ratio;
  canvas.className = "planner-sample";
  canvas.setAttribute("aria-hidden", "true");
  const ctx = canvas.getContext("2d");
  ctx.scale(ratio, ratio);
  const size = Math.min(symbol.size, 20);
  drawSymbol(ctx, symbol, side / 2, isPin(symbol) ? side / 2 + size / 2 : side / 2, size, fillOf(states, state));
  return canvas;
}

function stroke(geometry, symbol, states, state) {
  const look = { stroke: symbol.colour, "stroke-width": symbol.width, "stroke-dasharray": states.dashes[state] ?? symbol.dash, fill: "none" };
  const shape = geometry === "area"
    ? svg("rect", { x: 3, y: 4, width: 18, height: 16, ...look, fill: symbol.colour, "fill-opacity": symbol.fill_opacity })
    : svg("path", { d: "M1 17C7 17 7 8 13 8S20 10 23 6", ...look });
  return svg("svg", { viewBox: "0 0 24 24", class: "planner-sample", "aria-hidden": "true" }, shape);
}
