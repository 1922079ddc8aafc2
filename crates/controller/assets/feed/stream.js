// An endless grid of cards: loads what follows as it is scrolled to.

import { skeleton } from "./card.js";
import { el } from "./dom.js";
import { word } from "./words.js";

/** How far ahead of the screen the next page is asked for. */
const AHEAD = "1400px 0px";
const FIRST_SKELETONS = 12;

/**
 * `load(cursor, signal)` answers a page of outfits; `make(outfit, page)` makes a card of one; `ended(isEmpty)` answers
 * what stands below the last.
 */
export class Stream {
  constructor(section, { load, make, ended }) {
    Object.assign(this, { load, make, ended });
    this.cards = [];
    this.shown = new Set();
    this.grid = el("div", { class: "grid", role: "feed", "aria-busy": "false" });
    this.foot = el("div", { class: "foot" });
    this.mark = el("div", { class: "mark", "aria-hidden": "true" });
    section.append(this.grid, this.foot, this.mark);
    this.watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) this.more();
      },
      { rootMargin: AHEAD },
    );
  }

  /** Starts over with a first page. */
  open() {
    this.stop?.abort();
    this.watcher.disconnect();
    for (const card of this.cards) card.release();
    this.cards = [];
    this.shown.clear();
    this.cursor = null;
    this.done = false;
    this.loading = false;
    this.grid.replaceChildren();
    this.foot.replaceChildren();
    return this.more();
  }

  async more() {
    if (this.loading || this.done) return;
    this.loading = true;
    this.watcher.disconnect();
    this.foot.replaceChildren();
    const stop = (this.stop = new AbortController());
    const awaited = this.await();
    try {
      const page = await this.load(this.cursor, stop.signal);
      if (stop.signal.aborted) return;
      for (const place of awaited) place.remove();
      this.append(page);
    } catch (problem) {
      if (stop.signal.aborted) return;
      for (const place of awaited) place.remove();
      this.fail(problem);
    }
    this.loading = false;
    this.grid.setAttribute("aria-busy", "false");
  }

  /** Shows that something is coming: whole rows of it. */
  await() {
    this.grid.setAttribute("aria-busy", "true");
    const columns = getComputedStyle(this.grid).gridTemplateColumns.split(" ").length;
    const shown = this.cards.filter((card) => !card.element.hidden).length;
    const count = shown ? columns * 2 - (shown % columns) : FIRST_SKELETONS;
    const awaited = Array.from({ length: count }, skeleton);
    this.grid.append(...awaited);
    return awaited;
  }

  append(page) {
    const fresh = page.items.filter((outfit) => !this.shown.has(outfit.outfit_id));
    const cards = fresh.map((outfit) => this.make(outfit, page));
    for (const card of cards) {
      this.shown.add(card.outfit.outfit_id);
      this.cards.push(card);
      card.element.setAttribute("aria-posinset", String(this.cards.length));
      card.element.setAttribute("aria-setsize", page.next_cursor ? "-1" : String(this.cards.length));
    }
    this.grid.append(...cards.map((card) => card.element));
    this.cursor = page.next_cursor;
    this.done = !page.next_cursor;
    if (this.done) this.finish();
    // Watching begins anew: the mark may still be near, and no crossing would tell.
    else this.watcher.observe(this.mark);
  }

  finish() {
    const below = this.ended(this.cards.length === 0);
    this.foot.replaceChildren(below ?? "");
  }

  fail(problem) {
    const retry = () => {
      this.loading = false;
      this.more();
    };
    this.foot.replaceChildren(
      notice({
        title: problem.title ?? word("failed"),
        text: problem.detail ?? "",
        action: { text: word("retry"), run: retry },
        alert: true,
      }),
    );
  }

  translate() {
    for (const card of this.cards) card.translate();
    if (this.done) this.finish();
  }
}

/** A message in the place of cards; `command` is something to type, `action` is `{ text, run }`. */
export function notice({ title, text, command, action, alert }) {
  return el(
    "div",
    { class: "notice", role: alert ? "alert" : undefined },
    el("h3", { text: title }),
    text ? el("p", { text }) : null,
    command ? el("pre", {}, el("code", { text: command })) : null,
    action ? el("button", { type: "button", class: "primary", text: action.text, onclick: action.run }) : null,
  );
}
