// A raster in a page without a server: one picture of all of it, which the page carries. It tells nothing of a cell.

import L from "leaflet";

const PANE = "pictures";
const UNDER_FEATURES = 380;

export class CarriedRaster {
  // `picture`: {src, bounds: [west, south, east, north]}, drawn in web mercator.
  constructor(map, part, { src, bounds: [west, south, east, north] }) {
    Object.assign(this, { part, raster: true, visible: true });
    // What the planner asks of every layer: here are no bodies to draw, to hit or to write the name of.
    this.bodies = this.markers = [];
    this.byId = new Map();
    if (!map.getPane(PANE)) Object.assign(map.createPane(PANE).style, { zIndex: UNDER_FEATURES, pointerEvents: "none" });
    this.image = L.imageOverlay(src, [[south, west], [north, east]], { pane: PANE }).addTo(map);
  }

  fade(opacity) { this.image.setOpacity(opacity); }

  raise() { this.image.bringToFront(); }

  show() { return false; }

  under() { return []; }

  remove() { this.image.remove(); }
}
