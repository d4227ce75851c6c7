// The two ways in: a Streamlit component that lives in the page, and `planner.mount` for a page saved as one file.

import { Planner } from "./planner.js";

const SILENT = { pick() {}, shape() {}, moved() {} };
const MOVE_MS = 250;
const mounted = new WeakMap();

export function mount(root, spec, host = SILENT) {
  return new Planner(root, spec, host);
}

// Keeps `at` in the address bar without a word to the server.
function keepAddress(at, isHome) {
  const address = new URL(location.href);
  if (isHome) address.searchParams.delete("at");
  else address.searchParams.set("at", at);
  const text = address.href.replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%3B", ";").replaceAll("%7E", "~");
  if (text !== location.href) history.replaceState(history.state, "", text);
}

export function component({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".planner-host");
  let live = mounted.get(root);
  if (live) {
    live.say = setTriggerValue;
    if (JSON.stringify(data) !== live.text) live.planner.update(data);
    live.text = JSON.stringify(data);
  } else {
    live = { say: setTriggerValue, text: JSON.stringify(data) };
    let timer;
    live.planner = mount(root, data, {
      pick: (pick) => live.say("did", { pick }),
      shape: (shape) => live.say("did", { shape }),
      moved: (at, isHome) => { clearTimeout(timer); timer = setTimeout(() => keepAddress(at, isHome), MOVE_MS); live.stop = () => clearTimeout(timer); },
    });
    mounted.set(root, live);
    globalThis.planner.live = live.planner;
  }
  return () => {
    live.stop?.();
    live.planner.destroy();
    mounted.delete(root);
  };
}

globalThis.planner = { mount, live: null };
