// Words of a chart as the browser draws them: how wide they are, and where they break into lines.

const pen = document.createElement("canvas").getContext("2d");

// How wide a text is drawn, in pixels.
export function wide(text, size, family) {
  pen.font = `${size}px ${family}`;
  return pen.measureText(text).width;
}

// Where a text may break: at spaces, but not between a figure and its unit, and after the hyphens of long words.
const BREAK = /(?<!\d) | (?=\S{4})|(?<=\p{L}-)(?=\S{4})/u;
const joined = (line, word) => (line.endsWith("-") ? `${line}${word}` : `${line} ${word}`);

// A text in lines, each as long as `fits(line)` lets it be.
export function wrapped(text, fits) {
  return text.split(BREAK).reduce((lines, word) => {
    const longer = lines.length && joined(lines.at(-1), word);
    return longer && fits(longer) ? [...lines.slice(0, -1), longer] : [...lines, word];
  }, []);
}
