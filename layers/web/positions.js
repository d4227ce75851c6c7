// Positions in the displayed systems, and lengths and areas in metres of UTM 45N: the same as the engine measures.

import proj4 from "proj4";

const NB = "\u00a0";
const FIRST_MERIDIAN = 74.73333333333;

export class Positions {
  constructor(systems, language) {
    this.language = language;
    this.systems = Object.fromEntries(systems.map((system) => [system.id, { ...system, to: proj4(system.proj) }]));
  }

  metric([lng, lat]) { return this.systems.utm45.to.forward([lng, lat]); }

  zone(lng) { return Math.min(6, Math.max(1, Math.round((lng - FIRST_MERIDIAN) / 3) + 1)); }

  number(value, decimals = 0) {
    return value.toLocaleString(this.language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  }

  // One entry a system: [name, text].
  texts({ lng, lat }, strings) {
    const msk = this.systems[`msk70-${this.zone(lng)}`], plain = (v, d) => v.toFixed(d).replace(".", this.language === "ru" ? "," : ".");
    const [ue, un] = this.metric([lng, lat]), [me, mn] = msk.to.forward([lng, lat]);
    return [
      ["WGS 84", `${plain(lat, 5)}° ${strings.north}${NB}${NB}${plain(lng, 5)}° ${strings.east}`],
      ["UTM 45N", `E${NB}${this.number(Math.round(ue))}${NB}${NB}N${NB}${this.number(Math.round(un))}`],
      [msk.name, `X${NB}${this.number(Math.round(mn))}${NB}${NB}Y${NB}${this.number(Math.round(me))}`],
    ];
  }

  length(latlngs) {
    const points = latlngs.map((p) => this.metric([p.lng, p.lat]));
    return points.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - points[i][0], y - points[i][1]), 0);
  }

  area(latlngs) {
    const points = latlngs.map((p) => this.metric([p.lng, p.lat]));
    const twice = points.reduce((sum, [x, y], i) => { const [a, b] = points[(i + 1) % points.length]; return sum + x * b - a * y; }, 0);
    return Math.abs(twice) / 2;
  }

  lengthText(metres, strings) {
    return metres < 1000 ? `${this.number(metres)}${NB}${strings.m}` : `${this.number(metres / 1000, 2)}${NB}${strings.km}`;
  }

  areaText(m2, strings) {
    return m2 < 1e6 ? `${this.number(m2 / 1e4, 2)}${NB}${strings.ha}` : `${this.number(m2 / 1e6, 2)}${NB}${strings.km2}`;
  }
}
