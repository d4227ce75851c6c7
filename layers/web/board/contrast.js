// The colours of a chart on a dark page: what would hardly be seen there is made lighter, its hue kept.

const LEAST = 3; // WCAG 2.2, 1.4.11: what a picture must have to be understood.
const DARK = 0.18;
const STEP = 0.02;
// Areas that carry white words, and words themselves, are seen as they are.
const APART = new Set(["label", "axisLabel", "textStyle"]);

const channels = (colour) => (/^#[\da-f]{6}$/i.test(colour) ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255) : null);

// Relative luminance as WCAG 2.2 defines it.
function luminance(rgb) {
  const [red, green, blue] = rgb.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// Lighter by a share of what is left to the lightest of its hue, then to white.
function lighter(rgb) {
  const most = Math.max(...rgb);
  return most > 0 && most < 1 ? rgb.map((part) => part * Math.min(1 + STEP * 2, 1 / most)) : rgb.map((part) => part + (1 - part) * STEP * 2);
}

function seen(colour, ground) {
  let rgb = channels(colour);
  while (rgb && (luminance(rgb) + 0.05) / (ground + 0.05) < LEAST) rgb = lighter(rgb);
  return rgb ? `#${rgb.map((part) => Math.round(part * 255).toString(16).padStart(2, "0")).join("")}` : colour;
}

function walked(part, ground) {
  if (Array.isArray(part)) return part.map((one) => walked(one, ground));
  if (part === null || typeof part !== "object" || part.type === "treemap") return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, APART.has(key) ? value : key === "color" && typeof value === "string" ? seen(value, ground) : walked(value, ground)]));
}

// A series whose colours can be told from that ground, a colour of six hex digits.
export function visible(series, ground) {
  const rgb = channels(ground), dark = rgb && luminance(rgb) < DARK;
  return dark ? walked(series, luminance(rgb)) : series;
}
