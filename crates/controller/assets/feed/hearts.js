// Hearts: pressed at once, sent after, and taken back where the server refuses.

import { setHeart } from "./api.js";
import { el, icon } from "./dom.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

// By outfit: what is shown, what the server last said, and whether it is being told.
const known = new Map();

/** Tells of `heart` events, each with `id` and `liked`. */
export const hearts = new EventTarget();

/** Notes what the server says of an outfit. */
export function note(id, liked) {
  const heart = known.get(id);
  if (heart?.busy) return;
  known.set(id, { liked, said: liked, busy: false });
  if (heart && heart.liked !== liked) show(id);
}

export const isLiked = (id) => known.get(id)?.liked ?? false;

/** Forgets everything: somebody else is here. */
export const forgetAll = () => known.clear();

function show(id) {
  const liked = isLiked(id);
  hearts.dispatchEvent(new CustomEvent("heart", { detail: { id, liked } }));
}

async function toggle(id) {
  const heart = known.get(id) ?? { liked: false, said: false, busy: false };
  known.set(id, heart);
  heart.liked = !heart.liked;
  show(id);
  if (heart.busy) return; // Whoever sends it looks again afterwards.
  heart.busy = true;
  try {
    while (heart.said !== heart.liked) {
      const wanted = heart.liked;
      await setHeart(id, wanted);
      heart.said = wanted;
    }
  } catch (problem) {
    heart.liked = heart.said;
    show(id);
    toast(problem.title ?? word("failed"));
  } finally {
    heart.busy = false;
  }
}

/** A heart button; with `worded`, the word stands beside the heart. */
export function heartButton(id, worded = false) {
  const text = worded ? el("span") : null;
  const button = el(
    "button",
    { type: "button", class: worded ? "heart worded" : "heart", onclick: () => toggle(id) },
    icon("heart"),
    text,
  );
  const paint = () => {
    const liked = isLiked(id);
    button.setAttribute("aria-pressed", String(liked));
    if (text) text.textContent = word(liked ? "hearted" : "heart");
    else button.setAttribute("aria-label", word("heart"));
  };
  const listen = ({ detail }) => {
    if (detail.id !== id) return;
    paint();
    button.classList.toggle("beat", detail.liked);
  };
  hearts.addEventListener("heart", listen);
  paint();
  return { button, paint, release: () => hearts.removeEventListener("heart", listen) };
}
