// What a key asks of a story that is shown: the keys of a keyboard, and those that a presenter's remote sends.

const ACTS = {
  ArrowRight: "next", ArrowDown: "next", PageDown: "next", " ": "next", Enter: "next",
  ArrowLeft: "back", ArrowUp: "back", PageUp: "back", Backspace: "back",
  Home: "first", End: "last", Escape: "leave", F5: "stay",
};
// Letters go by their key, so that a Russian layout asks for the same.
const LETTERS = { KeyB: "black", KeyW: "white", KeyP: "timed", KeyN: "notes", KeyF: "full" };
const SIGNS = { ".": "black", ",": "white" };
const TYPED = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const PRESSED = "button, a, summary, input, [role=button]";
const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
// What belongs to a part that was reached by Tab: arrows move the map and its curtain, and scroll a long text.
const OWN = [
  [".planner-map", [...ARROWS, "Enter"]],
  ["[role=slider]", [...ARROWS, "PageUp", "PageDown", "Home", "End"]],
  [".story-panel-body, .story-table, .story-chart-frame, .planner-card", ["ArrowUp", "ArrowDown"]],
];

// Whether the key is for what has the focus. `tabbed`: the focus came by Tab; what was clicked on keeps only typing.
export function theirs({ key, target, ctrlKey, altKey, metaKey }, tabbed) {
  if (ctrlKey || altKey || metaKey) return true;
  if (!target.closest) return false;
  if (target.closest(TYPED)) return key !== "Escape";
  if (target.closest(PRESSED) && (key === " " || key === "Enter")) return true;
  return tabbed && OWN.some(([selector, keys]) => keys.includes(key) && target.matches(selector));
}

// The act of a key, or the digit of one; null where it asks nothing.
export function asked({ key, code }) {
  if (/^[0-9]$/.test(key)) return Number(key);
  return ACTS[key] ?? SIGNS[key] ?? LETTERS[code] ?? null;
}
