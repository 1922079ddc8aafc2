// An outfit as a card: picture, heart, words, and why it is here.

import { el, icon } from "./dom.js";
import { heartButton, note } from "./hearts.js";
import { label, word } from "./words.js";

const SHOWN_PIECES = 2;
const ALT_PIECES = 4;

/** The tags that name pieces: those that do not only repeat the style. */
const pieces = (outfit) => outfit.tags.filter((tag) => tag !== outfit.style);

/** What to call an outfit, which has no name of its own. */
export function title(outfit) {
  const named = pieces(outfit).slice(0, SHOWN_PIECES).join(", ");
  return named || (outfit.style ? label(outfit.style) : word("outfit"));
}

/** Style, season and the like, in a line. */
export function kind(outfit, ...more) {
  const known = [outfit.style, outfit.season].filter(Boolean).map(label);
  return [...known, ...more].filter(Boolean).join(" · ");
}

/** What can be seen on its picture. */
function description(outfit) {
  const seen = [outfit.style && label(outfit.style), ...pieces(outfit).slice(0, ALT_PIECES)];
  return word("picture", seen.filter(Boolean).join(", "));
}

/** The picture in its frame. */
export function picture(outfit, lazy = true) {
  const image = el("img", {
    alt: description(outfit),
    width: 600,
    height: 800,
    loading: lazy ? "lazy" : "eager",
    decoding: "async",
    draggable: "false",
    referrerpolicy: "no-referrer",
  });
  const frame = el("span", { class: "frame" }, icon("hanger", "blank"), image);
  image.addEventListener("load", () => frame.classList.add("loaded"));
  image.addEventListener("error", () => frame.classList.add("broken"));
  image.src = outfit.img_url;
  return frame;
}

const REASONS = {
  similar_to: { icon: "heart", text: () => word("reasonSimilar") },
  tag: { icon: "tag", text: (reason) => word("reasonTag", reason.tag) },
  popular: { icon: "popular", text: () => word("reasonPopular") },
  explore: { icon: "explore", text: () => word("reasonExplore") },
};

function reasonLine(reason) {
  const known = REASONS[reason?.kind];
  if (!known) return null;
  const text = known.text(reason);
  return el("p", { class: `reason ${reason.kind}`, title: text }, icon(known.icon), el("span", { text }));
}

/** A plain press; anything else is the browser's: a new tab, a new window. */
const isPlain = (event) => !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

/**
 * A card. `open` is called with the outfit when it is pressed; `more`, where there is one, with the outfit and the
 * button that asks.
 */
export class Card {
  constructor(outfit, { open, more }) {
    note(outfit.outfit_id, outfit.is_liked);
    this.outfit = outfit;
    this.open = open;
    this.more = more;
    this.element = el("article", { class: "card", "data-outfit": outfit.outfit_id });
    this.heart = heartButton(outfit.outfit_id);
    this.fill();
  }

  fill() {
    const { outfit } = this;
    const titleId = `title-${outfit.outfit_id}-${(Card.count += 1)}`;
    this.link = el(
      "a",
      {
        class: "look",
        href: `#outfit-${outfit.outfit_id}`,
        onclick: (event) => {
          if (!isPlain(event)) return;
          event.preventDefault();
          this.open(outfit);
        },
      },
      this.frame ?? picture(outfit),
    );
    this.frame = this.link.firstChild;
    const more =
      this.more &&
      el(
        "button",
        {
          type: "button",
          class: "more",
          "aria-haspopup": "dialog",
          "aria-label": word("notInterested"),
          title: word("notInterested"),
          onclick: (event) => this.more(outfit, event.currentTarget),
        },
        icon("more"),
      );
    const brands = outfit.brands.slice(0, 1);
    this.element.setAttribute("aria-labelledby", titleId);
    this.element.replaceChildren(
      el("div", { class: "picture" }, this.link, more, this.heart.button),
      el(
        "div",
        { class: "words" },
        reasonLine(outfit.reason),
        el("h3", { id: titleId, text: title(outfit) }),
        el("p", { class: "kind", text: kind(outfit, ...brands) }),
      ),
    );
    this.heart.paint();
  }

  /** Writes its words anew, in the language of now. */
  translate() {
    this.frame.querySelector("img").alt = description(this.outfit);
    this.fill();
  }

  release() {
    this.heart.release();
  }
}

Card.count = 0;

/** The place of a card that is on its way. */
export function skeleton() {
  return el(
    "div",
    { class: "card skeleton", "aria-hidden": "true" },
    el("div", { class: "picture" }, el("span", { class: "frame" })),
    el("div", { class: "words" }, el("i"), el("i"), el("i")),
  );
}
