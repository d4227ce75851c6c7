// Where the web of a radar and the names round it find room: as large a circle as leaves every name whole. Where that
// would be hardly a circle, or names would lie on each other, they are numbers, told in a list below.

import { wide, wrapped } from "./words.js";

const GAP = 15; // What ECharts leaves between the web and a name.
const LEAST = 58;
const LETTERS = [24, 20, 16, 12];
const LINE = 14, LISTED = 16, PAD = 10;
const BESIDE_LEGEND = 8;
const SMALL = 10.5, USUAL = 12, NARROW = 520;

// The way of the axes, from the top to the left: the sine is measured downwards, as a screen is.
function ways(count) {
  return Array.from({ length: count }, (_, at) => {
    const angle = Math.PI / 2 + (2 * Math.PI * at) / count, round = (part) => (Math.abs(part) < 1e-6 ? 0 : part);
    return [round(Math.cos(angle)), round(-Math.sin(angle))];
  });
}

// The place of a name about the centre: beside the end of its axis, above or below it where that is upright.
function place({ w, h: high }, [x, y], radius) {
  const left = x * (radius + GAP) - (x ? (x < 0 ? w : 0) : w / 2), top = y * (radius + GAP) - (x ? high / 2 : y < 0 ? high : 0);
  return { left, top, right: left + w, bottom: top + high };
}

const apart = (one, other) => one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;

// The largest circle in a box of that size with these names round it; 0 where they would lie on each other.
function circle(names, width, height) {
  const round = ways(names.length);
  const most = names.map(({ w, h: high }, at) => {
    const [x, y] = round[at].map(Math.abs);
    return Math.min(x ? (width / 2 - w) / x : Infinity, y ? (height / 2 - (x ? high / 2 : high)) / y : Infinity) - GAP;
  });
  const radius = Math.floor(Math.min(...most, width / 2, height / 2)), boxes = names.map((name, at) => place(name, round[at], radius));
  return boxes.every((box, at) => boxes.slice(at + 1).every((other) => apart(box, other))) ? Math.max(radius, 0) : 0;
}

// The parts of an option that place the radar of a chart of that size below a legend that ends at `top`; `more` is
// what the chart grows by.
export function placed({ indicator, ...rest }, { width, height, top, ink, family }) {
  const size = width < NARROW ? SMALL : USUAL, high = height - top - BESIDE_LEGEND - PAD;
  const measured = (lines) => ({ lines, w: Math.max(...lines.map((line) => wide(line, size, family))), h: lines.length * LINE });
  const tries = LETTERS.map((letters) => {
    const names = indicator.map(({ name }) => measured(wrapped(name, (line) => line.length < letters)));
    return { names, radius: circle(names, width, high) };
  });
  const best = tries.reduce((one, other) => (other.radius > one.radius ? other : one)), numbered = best.radius < LEAST;
  const numbers = indicator.map((_, at) => String(at + 1)), names = numbered ? numbers.map((text) => measured([text])) : best.names;
  const listed = numbered ? indicator.flatMap(({ name }, at) => wrapped(`${at + 1}. ${name}`, (line) => wide(line, USUAL, family) <= width)) : [];
  const radius = numbered ? circle(names, width, high) : best.radius;
  const drawn = numbered ? (radius + GAP) * 2 + LINE * 2 : high, y = top + BESIDE_LEGEND + drawn / 2, list = top + BESIDE_LEGEND + drawn + PAD;
  return {
    radar: {
      ...rest, radius, center: [width / 2, y], indicator: indicator.map((one, at) => ({ ...one, name: names[at].lines.join("\n") })),
      axisName: { color: ink, fontSize: size, lineHeight: LINE },
    },
    ...(numbered ? { title: { text: listed.join("\n"), left: 0, top: list, padding: 0, textStyle: { fontFamily: family, color: ink, fontSize: USUAL, fontWeight: 400, lineHeight: LISTED } } } : {}),
    more: numbered ? list + listed.length * LISTED + PAD - height : 0,
  };
}
