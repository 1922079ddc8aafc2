// One outfit in full, and what is similar to it; from there to the next. The browser's way back leads back here too.

import { find, similar } from "./api.js";
import { Card, kind, picture, skeleton, title } from "./card.js";
import { byId, dismissable, el, followable, icon } from "./dom.js";
import { heartButton, note as noteHeart } from "./hearts.js";
import { notice } from "./stream.js";
import { toast } from "./toast.js";
import { flush, note as noteEvent } from "./views.js";
import { spoken, word } from "./words.js";

const SIMILAR = 12;
const outfits = new Map();
const dialog = () => byId("sheet");
let release = () => {};
let notInterested = () => {};
/** What had the focus before; a dialog gives it back itself only if it was not closed by going back. */
let opener = null;
let closing = false;

const here = () => history.state?.sheet ?? null;
const depth = () => history.state?.depth ?? 0;

/** Opens an outfit, from `base` where it was listed as similar to that. */
export function open(outfit, base = null) {
  outfits.set(outfit.outfit_id, outfit);
  if (base) {
    noteEvent({ type: "similar_click", outfit_id: outfit.outfit_id, base_outfit_id: base });
    flush();
  } else {
    opener = document.activeElement;
  }
  const next = dialog().open ? depth() + 1 : 1;
  const state = { sheet: outfit.outfit_id, depth: next, from: base };
  history.pushState(state, "", `#outfit-${outfit.outfit_id}`);
  show(outfit);
}

/** Closes it, however deep one is. */
export function close() {
  if (depth() > 0) {
    closing = true;
    history.go(-depth());
  } else {
    leave();
  }
}

/** Closes what was opened by its address, where nothing lies before it. */
function leave() {
  history.replaceState(null, "", location.pathname);
  dialog().close();
}

async function showById(id) {
  try {
    const outfit = outfits.get(id) ?? (await find(id));
    outfits.set(id, outfit);
    show(outfit);
  } catch (problem) {
    history.replaceState(null, "", location.pathname);
    toast(problem.title ?? word("failed"));
  }
}

function moved() {
  const id = here();
  const wasClosing = closing;
  closing = false;
  if (id && wasClosing) leave();
  else if (id) showById(id);
  else if (dialog().open) dialog().close();
}

/** Prepares the dialog; `unwanted(outfit, button)` asks what is not wanted of it. */
export function start(unwanted) {
  notInterested = unwanted;
  history.scrollRestoration = "manual";
  addEventListener("popstate", moved);
  dismissable(dialog(), close);
  dialog().addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  dialog().addEventListener("close", () => {
    release();
    // Closed by other means than ours (a second Escape): the address follows.
    if (here()) close();
    opener?.isConnected && opener.focus({ preventScroll: true });
  });
  const linked = /^#outfit-(\d+)$/.exec(location.hash)?.[1];
  if (!linked) return;
  if (here() !== linked) history.replaceState({ sheet: linked, depth: 0 }, "", location.hash);
  showById(linked);
}

function date(outfit) {
  if (!outfit.date) return null;
  const day = new Date(`${outfit.date}T00:00:00`);
  return new Intl.DateTimeFormat(spoken(), { dateStyle: "medium" }).format(day);
}

async function share(outfit) {
  const address = new URL(`#outfit-${outfit.outfit_id}`, location.href.split("#")[0]).href;
  try {
    if (navigator.share) await navigator.share({ title: title(outfit), url: address });
    else {
      await navigator.clipboard.writeText(address);
      toast(word("copied"));
    }
    noteEvent({ type: "share", outfit_id: outfit.outfit_id });
  } catch (error) {
    // Thought better of it.
    if (error.name !== "AbortError") toast(word("failed"));
  }
}

function pills(text, names, mark = "") {
  if (!names.length) return null;
  const items = names.map((name) => el("li", { text: `${mark}${name}` }));
  return el("div", { class: "pills" }, el("h3", { text }), el("ul", {}, ...items));
}

function round(name, text, props) {
  return el("button", { type: "button", class: "round", "aria-label": text, title: text, ...props }, icon(name));
}

function actions(outfit, heart) {
  const origin = followable(outfit.origin_url);
  const link = { class: "round", href: origin, target: "_blank", rel: "noopener noreferrer nofollow" };
  const text = word("origin");
  return el(
    "div",
    { class: "actions" },
    heart.button,
    round("share", word("share"), { onclick: () => share(outfit) }),
    origin && el("a", { ...link, "aria-label": text, title: text }, icon("link")),
    round("hide", word("notInterested"), {
      "aria-haspopup": "dialog",
      onclick: (event) => notInterested(outfit, event.currentTarget),
    }),
  );
}

function show(outfit) {
  release();
  const id = outfit.outfit_id;
  noteHeart(id, outfit.is_liked);
  const heart = heartButton(id, true);
  const list = el("div", { class: "grid small", "aria-busy": "true" });
  const facts = [outfit.region, outfit.occupation, outfit.age && word("age", outfit.age), date(outfit)];
  const back = history.state?.from ? round("back", word("back"), { onclick: () => history.back() }) : el("span");
  dialog().replaceChildren(
    el(
      "div",
      { class: "sheet-body" },
      el("div", { class: "bar" }, back, round("close", word("close"), { onclick: close })),
      el("div", { class: "full" }, picture(outfit, false)),
      el(
        "div",
        { class: "about" },
        el("p", { class: "kind", text: kind(outfit, outfit.gender && word(outfit.gender)) }),
        el("h2", { id: "sheet-title", text: title(outfit) }),
        el("p", { class: "facts", text: facts.filter(Boolean).join(" · ") }),
        actions(outfit, heart),
        pills(word("brands"), outfit.brands),
        pills(word("tags"), outfit.tags, "#"),
        el("h3", { class: "similar-title", text: word("similar") }),
        list,
      ),
    ),
  );
  if (!dialog().open) dialog().showModal();
  dialog().scrollTop = 0;
  dialog().querySelector(".about").scrollTop = 0;
  const stop = new AbortController();
  const cards = [];
  release = () => {
    stop.abort();
    heart.release();
    for (const card of cards) card.release();
    release = () => {};
  };
  fill(outfit, list, cards, stop.signal);
}

async function fill(outfit, list, cards, signal) {
  const id = outfit.outfit_id;
  list.replaceChildren(...Array.from({ length: SIMILAR }, skeleton));
  try {
    const { items } = await similar(id, signal);
    if (signal.aborted) return;
    cards.push(...items.map((item) => new Card(item, { open: (next) => open(next, id) })));
    list.replaceChildren(...cards.map((card) => card.element));
    if (!items.length) list.replaceChildren(el("p", { class: "none", text: word("similarNone") }));
  } catch (problem) {
    if (signal.aborted) return;
    const retry = { text: word("retry"), run: () => fill(outfit, list, cards, signal) };
    list.replaceChildren(notice({ title: problem.title ?? word("failed"), text: problem.detail, action: retry }));
  }
  list.setAttribute("aria-busy", "false");
}
