// Building nodes: text always becomes a text node, so nothing from the data is ever read as markup.

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) if (value !== null && value !== undefined) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Only web addresses become links, whatever the data say.
export function link(href, text, props = {}) {
  return /^https?:\/\//.test(href ?? "") ? h("a", { href, target: "_blank", rel: "noopener noreferrer", ...props }, text) : h("span", props, text);
}

// Calls `dress(true)` when the page goes to paper and `dress(false)` when it is back; gives what ends that.
export function onPaper(dress) {
  const media = matchMedia("print"), there = () => dress(true), back = () => dress(false), either = () => dress(media.matches);
  window.addEventListener("beforeprint", there);
  window.addEventListener("afterprint", back);
  media.addEventListener("change", either);
  return () => {
    window.removeEventListener("beforeprint", there);
    window.removeEventListener("afterprint", back);
    media.removeEventListener("change", either);
  };
}

// A component: one `Live` for each root of that selector, kept while it is mounted.
export function mounting(selector, Live) {
  const mounted = new WeakMap();
  return (given) => {
    const root = given.parentElement.querySelector(selector), live = mounted.get(root) ?? new Live(root);
    mounted.set(root, live);
    live.take(given).catch((fault) => console.error(fault));
    return () => {
      live.end();
      mounted.delete(root);
    };
  };
}

// The glyphs of our own buttons: strokes in a box of 24.
const GLYPHS = {
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  home: "M4 11l8-7 8 7M6 10v9h4v-5h4v5h4v-9",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  ruler: "M3 15L15 3l6 6L9 21zM7 11l2 2M10 8l3 3M13 5l2 2",
  surface: "M4 20L6 6l13-2 1 14zM4 20l16-2",
  polygon: "M5 19L4 8l8-5 8 6-3 10z",
  circle: "M12 4a8 8 0 1 1 0 16a8 8 0 1 1 0-16",
  line: "M4 19l5-9 6 4 5-10",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  edit: "M4 20l1-5L16 4l4 4L9 19z",
  close: "M6 6l12 12M18 6L6 18",
  list: "M5 6h2M10 6h9M5 12h2M10 12h9M5 18h2M10 18h9",
  undo: "M9 7L4 12l5 5M4 12h10a5 5 0 0 1 0 10",
  check: "M5 13l5 5L20 6",
  up: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  chevron: "M7 10l5 5 5-5",
  tune: "M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5v5M8 14.500v5",
};

export function glyph(name) {
  return svg("svg", { viewBox: "0 0 24 24", class: "planner-glyph", "aria-hidden": "true" }, svg("path", { d: GLYPHS[name] }));
}

export function button(name, label, onclick, props = {}) {
  return h("button", { type: "button", class: "planner-button", title: label, "aria-label": label, onclick, ...props }, glyph(name));
}
