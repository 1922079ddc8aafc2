// Which outfits were really looked at: half of the card on the screen for a second, with nothing above it.

import { EVENTS, report } from "./api.js";

const LOOKED_AT = 1000;
const SEND_EVERY = 5000;
const SEND_AT = 20;
/** The server takes 500 at once; a page that was offline for long keeps the latest. */
const KEEP = 400;

const waiting = [];
const cards = new WeakMap();
const inSight = new Map();
let sending = false;

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, intersectionRatio } of entries) {
      if (intersectionRatio >= 0.5) start(target);
      else stop(target);
    }
  },
  { threshold: [0.5] },
);

function start(card) {
  if (!inSight.has(card)) inSight.set(card, setTimeout(() => seen(card), LOOKED_AT));
}

function stop(card) {
  clearTimeout(inSight.get(card));
  inSight.delete(card);
}

function seen(card) {
  if (document.hidden || document.querySelector("dialog[open]")) {
    // Not looked at just now; ask again in a second.
    inSight.set(card, setTimeout(() => seen(card), LOOKED_AT));
    return;
  }
  stop(card);
  watcher.unobserve(card);
  waiting.push({ type: "view", ...cards.get(card) });
  if (waiting.length > KEEP) waiting.shift();
  if (waiting.length >= SEND_AT) flush();
}

/** Reports, once, that this card was looked at. `place` says outfit, feed and position. */
export function watch(card, place) {
  cards.set(card, place);
  watcher.observe(card);
}

/** Ends watching. */
export function unwatch(card) {
  stop(card);
  watcher.unobserve(card);
}

/** Notes something else that was done, to go with the next views. */
export function note(event) {
  waiting.push(event);
}

/** Sends what waits. Before somebody becomes another person, wait for it. */
export async function flush() {
  if (sending || !waiting.length) return;
  sending = true;
  const batch = waiting.splice(0);
  try {
    await report(batch, true);
  } catch (problem) {
    // Refused for good is dropped: one outfit taken out of the catalogue must not hold up all others.
    if (problem.status === 0 || problem.status >= 500) waiting.unshift(...batch);
  } finally {
    sending = false;
  }
}

setInterval(flush, SEND_EVERY);

/** The page may be gone for good: only a beacon survives that. */
function sendBeacon() {
  if (!waiting.length) return;
  const body = new Blob([JSON.stringify({ events: waiting })], { type: "application/json" });
  if (navigator.sendBeacon(EVENTS, body)) waiting.length = 0;
}

addEventListener("pagehide", sendBeacon);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) sendBeacon();
});
