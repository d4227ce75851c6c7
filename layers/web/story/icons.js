// The signs of the story's buttons: strokes in a box of 24, as those of the map.

import { svg } from "../dom.js";

const SIGNS = {
  show: "M4 5h16v11H4zM9 20h6M12 16v4M10.5 8.5v4l3.5-2z",
  list: "M5 6h2M10 6h9M5 12h2M10 12h9M5 18h2M10 18h9",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  timed: "M8 5v14l11-7z",
  pause: "M8 5v14M16 5v14",
  notes: "M5 4h14v12l-4 4H5zM15 20v-4h4M8.5 9h7M8.5 13h4",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  window: "M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5",
  close: "M6 6l12 12M18 6L6 18",
};

export function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", class: "planner-glyph", "aria-hidden": "true" }, svg("path", { d: SIGNS[name] }));
}
