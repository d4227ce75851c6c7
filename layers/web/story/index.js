// The two ways in: a Streamlit component on the page of a story, and `planner.present` for a page saved as one file.

import { keepEntry, withEntry } from "../address.js";
import { mounting } from "../dom.js";
import { Story } from "./story.js";
import "./story.css";

const KEEP_MS = 250;
// A language by its own name, as a title is written.
function named(code) {
  const name = new Intl.DisplayNames([code], { type: "language" }).of(code);
  return name[0].toLocaleUpperCase(code) + name.slice(1);
}

// One file: all languages lie in it, and the address tells the chapter behind its `#`.
export function present(root, whole) {
  const asked = () => Number(location.hash.slice(1)) || 1, { languages, pool } = whole;
  let story = null;
  root.classList.add("story-alone");
  story = new Story(root, { ...whole, chapter: asked() }, pool, {
    moved: (n) => history.replaceState(history.state, "", `#${n}`),
    mode() {},
    link: (n) => `#${n}`,
    languages: () => Object.keys(languages ?? {}).map((code) => [code, named(code), code === (story?.told ?? whole).language]),
    speak: (code) => {
      const told = languages[code];
      document.title = told.title;
      story.tell(told, { ...pool, ...told.pool });
      root.querySelector(`.story-languages [lang=${code}]`)?.focus();
    },
  });
  window.addEventListener("hashchange", () => story.to(asked(), { scroll: true }));
  globalThis.planner.story = story;
  return story;
}

// One story in the page of the planner, and the talk with the server: it hears of a show that begins or ends, and the
// chapter stands in the address.
class Live {
  constructor(root) {
    this.root = root;
    this.said = 0;
  }

  async take({ data, setTriggerValue }) {
    this.say = setTriggerValue;
    const text = JSON.stringify(data);
    if (text === this.text) return;
    const before = this.data;
    Object.assign(this, { text, data });
    if (this.story && before.id !== data.id) this.drop();
    if (!this.story) return this.begin(data);
    const { chapter: at, mode: wanted, heard, ...told } = data, { chapter: was, mode: had, heard: _, ...former } = before;
    if (JSON.stringify(told) !== JSON.stringify(former)) this.story.tell(data, null);
    if (at !== was && at !== this.story.n) this.story.to(at, { scroll: true });
    if (wanted !== had && (heard ?? 0) >= this.said) (wanted === "play" ? this.story.play() : this.story.read());
  }

  begin(data) {
    this.said = data.heard ?? 0;
    this.story = new Story(this.root, data, null, {
      moved: (n) => {
        clearTimeout(this.timer);
        this.keep = () => keepEntry("chapter", n);
        this.timer = setTimeout(this.keep, KEEP_MS);
      },
      mode: (mode, chapter) => this.say("did", { number: ++this.said, chapter, mode }),
      link: (n) => withEntry("chapter", n),
      languages: () => [],
      speak() {},
    });
    globalThis.planner.story = this.story;
  }

  drop() {
    clearTimeout(this.timer);
    this.story?.end();
    this.story = null;
  }

  end() {
    clearTimeout(this.timer);
    this.keep?.();
    this.drop();
  }
}

export const component = mounting(".story-host", Live);

globalThis.planner = { live: null, ...globalThis.planner, present, story: null };
