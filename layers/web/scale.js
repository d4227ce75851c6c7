// Leaflet's scale bar with the units of the reader's language.

import L from "leaflet";

export const Scale = L.Control.Scale.extend({
  speak(strings) { this.strings = strings; if (this._map) this._update(); },
  _updateMetric(most) {
    const metres = this._getRoundNum(most), { m, km } = this.strings ?? { m: "", km: "" };
    this._updateScale(this._mScale, metres < 1000 ? `${metres} ${m}` : `${metres / 1000} ${km}`, metres / most);
  },
});
