// A raster in a page without a server: one picture of all of it, which the page carries. It tells nothing of a cell.

import L from "leaflet";

const PANE = "pictures";
const UNDER_FEATURES = 380;

const extent = ({ bounds: [west, south, east, north] }) => [[south, west], [north, east]];

export class CarriedRaster {
  // `picture`: {src, bounds: [west, south, east, north]}, drawn in web mercator.
  constructor(map, part, picture) {
    Object.assign(this, { part, picture, raster: true, visible: true });
    // What the planner asks of every layer: here are no bodies to draw, to hit or to write the name of.
    this.bodies = this.markers = [];
    this.byId = new Map();
    if (!map.getPane(PANE)) Object.assign(map.createPane(PANE).style, { zIndex: UNDER_FEATURES, pointerEvents: "none" });
    this.image = L.imageOverlay(picture.src, extent(picture), { pane: PANE }).addTo(map);
  }

  // Another picture of the same layer: of another chapter of a story.
  aim(picture) {
    if (picture === this.picture) return;
    this.picture = picture;
    this.image.setUrl(picture.src);
    this.image.setBounds(extent(picture));
  }

  fade(opacity) { this.image.setOpacity(opacity); }

  raise() { this.image.bringToFront(); }

  show() { return false; }

  under() { return []; }

  remove() { this.image.remove(); }
}
