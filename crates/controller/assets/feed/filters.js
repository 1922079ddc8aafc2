// The filters, as chips: one of each kind at most.

import { newest } from "./api.js";
import { byId, el } from "./dom.js";
import { label, word } from "./words.js";

/** A year, in the words that catalogues use. */
const YEARS = [
  ["spring", "summer", "fall", "winter"],
  ["spring", "summer", "autumn", "winter"],
  ["봄", "여름", "가을", "겨울"],
];
/** The API names no labels without being asked for some; the newest outfits tell which ones there are. */
const SAMPLE = 100;

const filter = { gender: null, season: null, style: null };
let options = { gender: ["F", "M"], season: [], style: [] };
let changed = () => {};

export const chosen = () => ({ ...filter });

export const isFiltered = () => Object.values(filter).some(Boolean);

/** Clears all filters. */
export function clear() {
  Object.assign(filter, { gender: null, season: null, style: null });
  paint();
  changed();
}

/** The names that a member of the outfits takes, the most frequent first. */
function names(outfits, member) {
  const counts = new Map();
  for (const outfit of outfits) {
    if (outfit[member]) counts.set(outfit[member], (counts.get(outfit[member]) ?? 0) + 1);
  }
  return [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one));
}

/** The newest outfits may all be of one season: whoever names one in the usual words has the others too. */
function seasons(found) {
  const year = YEARS.find((words) => found.length && found.every((season) => words.includes(season)));
  return year ?? found;
}

/** Reads what there is to filter by; answers whether there is any outfit at all. */
export async function read() {
  const { items } = await newest(SAMPLE);
  options = {
    gender: options.gender,
    season: seasons(names(items, "season")),
    style: names(items, "style"),
  };
  paint();
  byId("filters").hidden = items.length === 0;
  return items.length > 0;
}

function chip(text, pressed, press) {
  return el("button", {
    type: "button",
    class: "chip",
    text,
    "aria-pressed": String(pressed),
    onclick: press,
  });
}

function group(kind) {
  const chips = options[kind].map((name) => {
    const text = kind === "gender" ? word(name) : label(name);
    return chip(text, filter[kind] === name, () => {
      filter[kind] = filter[kind] === name ? null : name;
      paint(`${kind}-${name}`);
      changed();
    });
  });
  chips.forEach((made, number) => (made.dataset.chip = `${kind}-${options[kind][number]}`));
  return el("div", { class: "chips" }, ...chips);
}

function paint(focused) {
  const host = byId("filters");
  const from = host.scrollLeft;
  const all = chip(word("all"), !isFiltered(), clear);
  const groups = Object.keys(options).filter((kind) => options[kind].length);
  host.replaceChildren(el("div", { class: "chips" }, all), ...groups.map(group));
  host.scrollLeft = from;
  // Painting anew must not cost the keyboard its place.
  if (focused) host.querySelector(`[data-chip="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

/** Shows the filters; `onchange` is called after each change. */
export function start(onchange) {
  changed = onchange;
  paint();
}

export const translate = () => paint();
