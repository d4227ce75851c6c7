// The two ways in: a Streamlit component that lives in the page, and `planner.mount` for a page saved as one file.

import { keepEntry } from "./address.js";
import { mounting } from "./dom.js";
import { fetchJson } from "./fetched.js";
import { Planner, SILENT } from "./planner.js";

const MOVE_MS = 250;

export function mount(root, spec, host = SILENT) {
  return new Planner(root, spec, spec.furniture, host);
}

// One map in the page, and the talk with the server: what the reader does goes out numbered, and comes back
// with the number that the server has heard.
class Live {
  constructor(root) {
    this.root = root;
    this.said = 0;
  }

  async take({ data, setTriggerValue }) {
    this.say = setTriggerValue;
    const text = JSON.stringify(data);
    if (text === this.text) return;
    this.text = text;
    const furniture = await fetchJson(data.furniture);
    if (this.gone || text !== this.text) return;
    if (this.planner) this.planner.update(data, furniture, (data.heard ?? 0) >= this.said);
    else this.begin(data, furniture);
  }

  told({ on, pick, shape }) {
    return { number: ++this.said, on: on.map(({ id, opacity }) => (opacity === 1 ? id : `${id}.${Math.round(opacity * 100)}`)).join(",") || "-", pick: pick ?? "", shape: shape ?? "" };
  }

  begin(data, furniture) {
    this.said = data.heard ?? 0;
    this.planner = new Planner(this.root, data, furniture, {
      reports: true,
      // On a narrow window the side bar lies over the map: it makes way when the map is to show something.
      uncover: () => document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click(),
      did: (what) => this.say("did", this.told(what)),
      opens: (pick, what) => this.say("did", { ...this.told(what), open: pick }),
      moved: (at, isHome) => {
        clearTimeout(this.timer);
        this.keep = () => keepEntry("at", isHome ? null : at);
        this.timer = setTimeout(this.keep, MOVE_MS);
      },
    });
    globalThis.planner.live = this.planner;
  }

  end() {
    this.gone = true;
    clearTimeout(this.timer);
    this.keep?.();
    this.planner?.destroy();
  }
}

export const component = mounting(".planner-host", Live);

globalThis.planner = { mount, live: null };
