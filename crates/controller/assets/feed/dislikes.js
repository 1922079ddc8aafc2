// "Not interested": in an outfit, a tag or a brand; and taking that back.

import { setDislike } from "./api.js";
import { byId, dismissable, el, icon } from "./dom.js";
import { comeBack, leave } from "./motion.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

// What was said since the page was opened: a page that was on its way meanwhile is sifted by it.
const unwanted = new Set();

const matches = (what, outfit) =>
  outfit.outfit_id === what.outfit_id ||
  outfit.tags.includes(what.tag) ||
  outfit.brands.includes(what.brand);

/** Whether nobody here wants to see it. */
export const isUnwanted = (outfit) => [...unwanted].some((what) => matches(what, outfit));

/** Forgets everything: somebody else is here. */
export const forgetAll = () => unwanted.clear();

function said(what) {
  if (what.tag) return word("withoutTag", what.tag);
  if (what.brand) return word("withoutBrand", what.brand);
  return word("withoutOutfit");
}

/** Moves the focus to a card that stays, if it was on one that goes. */
function keepFocus(cards, going) {
  const first = cards.findIndex((card) => going.includes(card));
  const focused = document.activeElement;
  if (focused !== document.body && !going.some((card) => card.element.contains(focused))) return;
  const stays = (card) => !card.element.hidden && !going.includes(card);
  const next = cards.slice(first).find(stays) ?? cards.slice(0, Math.max(first, 0)).findLast(stays);
  next?.link.focus({ preventScroll: true });
}

async function dislike(stream, what) {
  unwanted.add(what);
  const going = stream.cards.filter((card) => !card.element.hidden && matches(what, card.outfit));
  const elements = going.map((card) => card.element);
  keepFocus(stream.cards, going);
  const left = leave(stream.grid, elements);
  const bringBack = async () => {
    unwanted.delete(what);
    await left;
    // Not those that something else keeps away, nor any of a feed that was opened since.
    const coming = going.filter((card) => card.element.isConnected && !isUnwanted(card.outfit));
    comeBack(
      stream.grid,
      coming.map((card) => card.element),
    );
    coming[0]?.element.scrollIntoView({ block: "nearest" });
  };
  const refused = (problem) => toast(problem.title ?? word("failed"));
  try {
    await setDislike(what, true);
  } catch (problem) {
    bringBack();
    refused(problem);
    return;
  }
  const undo = async () => {
    try {
      await setDislike(what, false);
    } catch (problem) {
      refused(problem);
      return;
    }
    await bringBack();
    toast(word("undone"));
  };
  toast(said(what), { text: word("undo"), run: undo });
}

/** Beside the button on a large screen; dialogs.css makes a sheet of it on a small one. */
function place(dialog, anchor) {
  const from = anchor.getBoundingClientRect();
  const [width, height] = [dialog.offsetWidth, dialog.offsetHeight];
  const left = Math.min(Math.max(12, from.right - width), innerWidth - width - 12);
  const below = from.bottom + 8;
  const top = below + height + 12 <= innerHeight ? below : Math.max(12, innerHeight - height - 12);
  dialog.style.setProperty("--left", `${left}px`);
  dialog.style.setProperty("--top", `${top}px`);
}

function choices(text, names, press) {
  if (!names.length) return null;
  const buttons = names.map((name) =>
    el("button", { type: "button", class: "chip", text: name, onclick: () => press(name) }),
  );
  return el("div", { class: "choices" }, el("h3", { text }), el("div", { class: "wrap" }, ...buttons));
}

/** Asks what it is that is not wanted. `chosen` is called once it is said. */
export function ask(stream, outfit, anchor, chosen = () => {}) {
  const dialog = byId("dislike");
  const say = (what) => {
    dialog.close();
    chosen(what);
    dislike(stream, what);
  };
  dialog.replaceChildren(
    el(
      "div",
      { class: "menu-body" },
      el("h2", { id: "dislike-title", text: word("notInterestedIn") }),
      el(
        "button",
        { type: "button", class: "row", onclick: () => say({ outfit_id: outfit.outfit_id }) },
        icon("hide"),
        el("span", { text: word("aboutOutfit") }),
      ),
      choices(word("aboutTag"), outfit.tags, (tag) => say({ tag })),
      choices(word("aboutBrand"), outfit.brands, (brand) => say({ brand })),
    ),
  );
  dialog.showModal();
  place(dialog, anchor);
}

/** Prepares the dialog. */
export const start = () => dismissable(byId("dislike"));
