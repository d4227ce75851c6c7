// The map on paper: as large as on the screen and scaled as a picture is, so that it shows the same land, whatever the
// sheet; in the colours of paper, whatever the theme. The styles lay it out, with its legend beside it.

import { onPaper } from "./dom.js";
import { redraw } from "./features.js";

// What of a sheet a map may take, in pixels: it fits A4 and Letter, upright or lying.
const WIDE = 660, HIGH = 640;

// A canvas that was drawn anew just before is printed by Chromium stroke by stroke, the first of them a white ground
// over all below it. Looked into and drawn on once more, it is printed as the picture it is.
function settle(context) {
  context.save();
  context.resetTransform();
  for (const corner of [0, 1]) {
    context.clearRect(corner, 0, 1, 1);
    context.getImageData(corner, 0, 1, 1);
  }
  context.restore();
}

export class Paper {
  constructor(planner) {
    this.planner = planner;
    this.end = onPaper((on) => this.dress(on));
  }

  // How large the map is on the screen; a twin is scaled as the map beside it is.
  measure() {
    const { area, root, host } = this.planner, set = (name, value) => root.style.setProperty(`--planner-${name}`, value);
    set("wide", `${area.clientWidth}px`);
    set("high", `${area.clientHeight}px`);
    if (!host.side) set("shrink", Math.min(1, WIDE / root.clientWidth, HIGH / root.clientHeight));
  }

  // What is drawn takes its colours from the styles, at once: nothing is drawn while a page is printed.
  dress(on) {
    const { root, layers, renderer, labels } = this.planner;
    root.classList.toggle("planner-paper", on);
    for (const layer of layers.values()) layer.recolour?.();
    redraw(renderer);
    labels.draw();
    for (const canvas of [renderer._ctx.canvas, labels.canvas]) settle(canvas.getContext("2d"));
  }
}
