// The compact text of a model, letter for letter as `Model.text()` of geo/siting.py writes it.

const MARKS = { linear: "lin", piecewise: "pw", trapezoid: "trap", sigmoid: "sig", categorical: "cat" };
const FIXED = new Set(["trapezoid", "sigmoid"]);
const NEEDS = ["power", "gas", "water", "heat", "wagons", "area"];
export const DEFAULTS = { attitude: 1, threshold: 0.7, least_ha: 10 };
const DIGITS = 10;

// `%.10g`, without a plus that an address would take for a blank.
export function numberText(value) {
  if (!value) return "0";
  const [mantissa, power] = value.toExponential(DIGITS - 1).split("e"), exponent = Number(power);
  const trimmed = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (exponent >= -4 && exponent < DIGITS) return trimmed(value.toFixed(DIGITS - 1 - exponent));
  return `${trimmed(mantissa)}e${exponent < 0 ? "-" : ""}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

export function valueText({ kind, points }) {
  const sorted = kind === "categorical" ? points.toSorted(([a], [b]) => a - b) : points;
  return [MARKS[kind], ...sorted.flatMap((point) => (FIXED.has(kind) ? point.slice(0, 1) : point)).map(numberText)].join("~");
}

const quoted = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
const by = (key) => (one, other) => (one[key] < other[key] ? -1 : one[key] > other[key] ? 1 : 0);
const open = (bound) => (bound === null || bound === undefined ? "" : numberText(bound));

// A requirement without a bound asks for nothing yet, and is left out.
const asks = ({ low, high }) => open(low) !== "" || open(high) !== "";

function needs(given) {
  const named = Object.fromEntries(Object.entries(given ?? {}).map(([key, value]) => [key.split("_")[0], value]));
  return NEEDS.filter((key) => open(named[key]) !== "").map((key) => `u:${key}*${numberText(named[key])}`);
}

export function modelText(model) {
  return [
    ...model.criteria.map(({ measure, weight, value }) => `c:${measure}*${numberText(weight)}*${valueText(value)}`),
    ...model.limits.toSorted(by("norm")).map(({ norm, extra }) => (extra ? `x:${norm}*${numberText(extra)}` : `x:${norm}`)),
    ...model.requirements.filter(asks).toSorted(by("measure")).map(({ measure, low, high }) => `r:${measure}*${open(low)}*${open(high)}`),
    ...needs(model.needs),
    ...Object.entries({ o: "attitude", t: "threshold", a: "least_ha" }).filter(([, key]) => model[key] !== DEFAULTS[key]).map(([mark, key]) => `${mark}:${numberText(model[key])}`),
    ...(model.name ? [`n:${quoted(model.name)}`] : []),
  ].join(";");
}
