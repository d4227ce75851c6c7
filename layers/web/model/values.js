// Value functions: the same five kinds as geo/value.py, as {kind, points: [[x, y], ...]} with x in the raw unit of
// the measure and y from 0 to 1; how they are evaluated, drawn, moved by a knot and turned into another kind.

import { clean } from "./figures.js";

export const KINDS = ["linear", "piecewise", "trapezoid", "sigmoid"];
const MOST_KNOTS = 12;
const NEARER_IS_BETTER = /^(distance|minutes|slope)\./;
const DRAWN = 64;
const bent = (kind) => kind === "linear" || kind === "piecewise";
const within = (value, low, high) => Math.min(high, Math.max(low, value));

export function valueAt({ kind, points }, x) {
  const xs = points.map(([at]) => at);
  if (kind === "sigmoid") return 0.5 + 0.5 * Math.tanh((Math.log(19) / (xs[1] - xs[0]) / 2) * (x - xs[0]));
  if (kind === "trapezoid") {
    const [a, b, c, d] = xs;
    return x < a || x > d ? 0 : x < b ? (x - a) / (b - a) : x <= c ? 1 : (d - x) / (d - c);
  }
  const next = xs.findIndex((at) => at >= x);
  if (next <= 0) return points.at(next)[1];
  const [[x0, y0], [x1, y1]] = points.slice(next - 1, next + 1);
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

// The points of the line as it is drawn over a range.
export function outline(value, [low, high]) {
  const { kind, points } = value;
  if (kind === "sigmoid") return Array.from({ length: DRAWN + 1 }, (_, at) => low + ((high - low) * at) / DRAWN).map((x) => [x, valueAt(value, x)]);
  if (kind === "trapezoid") return [[low, points[0][0] > low ? 0 : null], ...points, [high, points[3][0] < high ? 0 : null]].filter(([, y]) => y !== null);
  return [[Math.min(low, points[0][0]), points[0][1]], ...points, [Math.max(high, points.at(-1)[0]), points.at(-1)[1]]];
}

// What is shown of a measure: its own range, and all knots.
export function rangeOf({ low, high }, { kind, points }) {
  const xs = kind === "categorical" ? [] : points.map(([x]) => x), known = [low, high].filter(Number.isFinite);
  const from = Math.min(...known, ...xs), to = Math.max(...known, ...xs);
  return to > from ? [from, to] : [Number.isFinite(from) ? from : 0, (Number.isFinite(from) ? from : 0) + 1];
}

// A knot is moved as far as its neighbours let it; those of no free height keep theirs.
export function moved(value, index, x, y, [low, high], gap) {
  const { kind, points } = value, xs = points.map(([at]) => at), next = points.map((point) => [...point]);
  if (kind === "sigmoid") {
    const [middle, end] = xs, wide = end - middle;
    if (index === 0) { next[0][0] = within(x, low, high); next[1][0] = clean(next[0][0] + wide); }
    else if (Math.abs(x - middle) >= gap) next[1][0] = within(x, low, high);
    return { kind, points: next };
  }
  const apart = kind === "trapezoid" ? 0 : gap;
  next[index][0] = within(x, index ? xs[index - 1] + apart : low, index < xs.length - 1 ? xs[index + 1] - apart : high);
  if (bent(kind)) next[index][1] = within(y, 0, 1);
  if (kind === "trapezoid" && !(next[3][0] > next[0][0])) return value;
  return { kind, points: next.map(([at, of]) => [clean(at), clean(of)]) };
}

export const addable = ({ kind, points }) => bent(kind) && points.length < MOST_KNOTS;
export const removable = ({ kind, points }) => kind === "piecewise" && points.length > 2;

// A knot on the line at x; null where it would lie on another.
export function withKnot(value, x, gap) {
  if (!addable(value) || value.points.some(([at]) => Math.abs(at - x) < gap)) return null;
  const knot = [clean(x), Math.round(within(valueAt(value, x), 0, 1) * 100) / 100];
  return { kind: "piecewise", points: [...value.points, knot].sort(([a], [b]) => a - b) };
}

export function withoutKnot({ kind, points }, index) { return { kind, points: points.toSpliced(index, 1) }; }

// The middle of the widest gap between knots.
export function widestGap({ points }) {
  const gaps = points.slice(1).map(([x], at) => x - points[at][0]), at = gaps.indexOf(Math.max(...gaps));
  return (points[at][0] + points[at + 1][0]) / 2;
}

// Whether a function rises (1), falls (-1) or does neither (0), and where between.
function slope({ kind, points }, [low, high]) {
  const xs = points.map(([x]) => x), [first, last] = [points[0], points.at(-1)];
  if (kind === "categorical") return { trend: 1, from: low, to: high };
  if (kind === "sigmoid") {
    const wide = Math.abs(xs[1] - xs[0]);
    return { trend: Math.sign(xs[1] - xs[0]), from: xs[0] - wide, to: xs[0] + wide };
  }
  if (kind === "trapezoid") {
    if (xs[1] <= low || xs[0] === xs[1]) return { trend: -1, from: xs[2], to: xs[3] };
    if (xs[2] >= high || xs[2] === xs[3]) return { trend: 1, from: xs[0], to: xs[1] };
    return { trend: 0, from: xs[0], to: xs[3] };
  }
  const peak = points.some(([, y]) => y > Math.max(first[1], last[1]) + 0.01);
  return { trend: peak ? 0 : last[1] < first[1] ? -1 : 1, from: first[0], to: last[0] };
}

// Another kind over the same range.
export function converted(value, kind, range, gap) {
  const found = slope(value, range), { trend, from } = found, to = Math.max(found.to, from + gap), wide = to - from;
  const pairs = (points) => ({ kind, points: points.map(([x, y]) => [clean(x), clean(y)]) });
  const [y0, y1] = trend < 0 ? [1, 0] : [0, 1];
  if (kind === "linear") return pairs(value.kind === "piecewise" ? [value.points[0], value.points.at(-1)] : [[from, y0], [to, y1]]);
  if (kind === "sigmoid") return pairs([[from + wide / 2, 0.5], [trend < 0 ? from : to, 0.95]]);
  if (kind === "trapezoid") {
    const xs = trend < 0 ? [Math.min(range[0], from), Math.min(range[0], from), from, to] : trend > 0 ? [from, to, Math.max(range[1], to), Math.max(range[1], to)] : [from, from + wide * 0.35, to - wide * 0.35, to];
    return pairs(xs.map((x, at) => [x, at % 3 ? 1 : 0]));
  }
  if (value.kind === "trapezoid") {
    const spread = [...value.points];
    for (let at = 1; at < spread.length; at++) if (spread[at][0] < spread[at - 1][0] + gap) spread[at] = [spread[at - 1][0] + gap, spread[at][1]];
    return pairs(spread);
  }
  const shares = value.kind === "sigmoid" ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.5, 1];
  return pairs(shares.map((share) => [from + wide * share, Math.round(valueAt(value, from + wide * share) * 100) / 100]));
}

export const kindsOf = (measure, value) => [...new Set([...(measure.classes ? ["categorical"] : KINDS), value.kind])];

// What a measure gets when it becomes a criterion.
export function firstValue(id, measure) {
  if (measure.value) return structuredClone(measure.value);
  if (measure.classes) return { kind: "categorical", points: measure.classes.map(([of]) => [of, 0.5]) };
  const [low, high] = rangeOf(measure, { kind: "categorical", points: [] });
  return { kind: "linear", points: NEARER_IS_BETTER.test(id) ? [[low, 1], [high, 0]] : [[low, 0], [high, 1]] };
}
