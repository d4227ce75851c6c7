// The small map in the corner: where the window lies in the region. A click on it moves the map there.

import L from "leaflet";
import { h } from "./dom.js";
import { FeatureLayer } from "./features.js";
import { taken } from "./fetched.js";

const FARTHER = 4;
const STILL = { zoomControl: false, attributionControl: false, dragging: false, scrollWheelZoom: false, doubleClickZoom: false, boxZoom: false, keyboard: false, touchZoom: false, pmIgnore: true };

export class Overview {
  constructor(planner, spec) {
    this.planner = planner;
    planner.overview?.map.remove();
    const node = h("div", { class: "planner-overview-map" });
    planner.small.replaceChildren(node);
    this.map = L.map(node, STILL);
    this.follow();
    const renderer = L.canvas({ padding: 0.1 });
    for (const id of planner.furniture.small) {
      const layer = new FeatureLayer(this.map, renderer, planner.furniture.parts[id], planner.furniture);
      Promise.resolve(taken(spec.overview, "layer", id, spec.pool)).then((data) => planner.overview === this && layer.fill(data)).catch((fault) => console.warn(fault));
    }
    this.frame = L.rectangle(planner.map.getBounds(), { color: "#b3003c", weight: 2, fillOpacity: 0.08, interactive: false, pmIgnore: true }).addTo(this.map);
    this.map.on("click", ({ latlng }) => planner.map.panTo(latlng));
  }

  follow() {
    const { map } = this.planner;
    this.map.setView(map.getCenter(), Math.max(4, map.getZoom() - FARTHER), { animate: false });
    this.frame?.setBounds(map.getBounds());
  }
}
