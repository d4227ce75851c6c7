// What lies under a click, in the order in which it is meant: what was pointed at, the cell of a raster, the ground.

import L from "leaflet";

const MUCH = 0.4;

// An area that holds much of the view is the ground that was clicked on, not what was pointed at.
function ground(body, map) {
  if (!(body instanceof L.Polygon)) return false;
  const bounds = body.getBounds(), [north, south] = [bounds.getNorthWest(), bounds.getSouthEast()].map((corner) => map.latLngToContainerPoint(corner));
  const view = map.getSize(), wide = Math.min(south.x, view.x) - Math.max(north.x, 0), high = Math.min(south.y, view.y) - Math.max(north.y, 0);
  return Math.max(wide / view.x, high / view.y) > MUCH;
}

// `layers` from the top down; `titles(id)` names a layer. Gives {pick, name, layer}, the one that is meant first.
export function clicked(map, layers, titles, latlng, layerPoint) {
  const pointed = [], under = [];
  for (const layer of layers)
    for (const body of layer.under(layerPoint))
      (ground(body, map) ? under : pointed).push({ pick: `${body.layerId}/${body.feature.id}`, name: body.feature.properties.n, layer: titles(body.layerId) });
  const cells = layers.map((layer) => layer.cell?.(latlng)).filter(Boolean).map((pick) => ({ pick, name: titles(pick.split("/")[0]), layer: "" }));
  return [...pointed, ...cells, ...under];
}
