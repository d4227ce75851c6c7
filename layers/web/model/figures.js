// Figures as the reader's language writes them, and axes with round numbers.

const NB = "\u00a0";

// The least of 1, 2, 5, 10, ... that is not below a value.
export function round125(value) {
  const power = 10 ** Math.floor(Math.log10(value)), share = value / power;
  return clean((share <= 1.000001 ? 1 : share <= 2.000001 ? 2 : share <= 5.000001 ? 5 : 10) * power);
}

// Ten digits: what the text of a model holds.
export const clean = (value) => Number(value.toPrecision(10)) + 0;

// Round numbers within a range, at most so many.
export function ticks(low, high, most) {
  let step = round125((high - low) / most);
  while (Math.floor(high / step) - Math.ceil(low / step) + 1 > most) step = round125(step * 1.5);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, at) => clean((first + at) * step));
}

export class Figures {
  constructor(language) {
    this.russian = language === "ru";
    this.locale = this.russian ? "ru-RU" : "en-GB";
  }

  number(value, decimals = 0) { return (value + 0).toLocaleString(this.locale, { maximumFractionDigits: decimals }).replace("-", "−"); }

  percent(share, decimals = 0) { return share.toLocaleString(this.locale, { style: "percent", maximumFractionDigits: decimals }); }

  // An amount of a measure, which is held raw, in the unit that it is shown in.
  amount(measure, raw) { return this.with(this.number(raw * measure.factor, measure.decimals), measure.unit); }

  with(figure, unit) { return unit ? `${figure}${/^%/.test(unit) && !this.russian ? "" : NB}${unit}` : figure; }

  // What a reader typed, null where that is no number.
  read(text) {
    const bare = text.replace(/[\s\u00a0\u202f]/g, "").replace("−", "-");
    const plain = this.russian ? bare.replace(",", ".") : bare.replaceAll(",", "");
    return plain && Number.isFinite(Number(plain)) ? Number(plain) : null;
  }

  written(value) { return value.toLocaleString(this.locale, { maximumFractionDigits: 6, useGrouping: false }); }
}
