// The page: puts the parts together.

import * as account from "./account.js";
import * as api from "./api.js";
import { Card } from "./card.js";
import * as dislikes from "./dislikes.js";
import { byId } from "./dom.js";
import * as filters from "./filters.js";
import * as hearts from "./hearts.js";
import { calm } from "./motion.js";
import * as sheet from "./sheet.js";
import { Stream, notice } from "./stream.js";
import { toast } from "./toast.js";
import { unwatch, watch } from "./views.js";
import { speak, spoken, translatePage, word } from "./words.js";

const SEED = "cargo run -- --seed";

/** Whether the catalogue holds anything; unknown until it was asked. */
let stocked = true;

const feed = new Stream(byId("feed"), {
  load: (cursor, signal) => api.feed(filters.chosen(), cursor, signal),
  make(outfit, page) {
    const card = new Card(outfit, {
      open: sheet.open,
      more: (which, anchor) => dislikes.ask(feed, which, anchor),
    });
    card.element.hidden = dislikes.isUnwanted(outfit);
    watch(card.element, {
      outfit_id: outfit.outfit_id,
      feed_id: page.feed_id,
      position: outfit.position,
    });
    const { release } = card;
    card.release = () => {
      unwatch(card.element);
      release.call(card);
    };
    return card;
  },
  ended: endOfFeed,
});

const collection = new Stream(byId("collection"), {
  load: api.hearted,
  make: (outfit) => new Card(outfit, { open: sheet.open }),
  ended: endOfCollection,
});

function endOfFeed(isEmpty) {
  if (!isEmpty) {
    return notice({
      title: word("end"),
      text: word("endHint"),
      action: { text: word("refresh"), run: refresh },
    });
  }
  if (filters.isFiltered()) {
    return notice({
      title: word("emptyFilter"),
      text: word("emptyFilterHint"),
      action: { text: word("clearFilter"), run: filters.clear },
    });
  }
  if (stocked) return notice({ title: word("emptyRest"), text: word("emptyRestHint") });
  return notice({
    title: word("emptyCatalogue"),
    text: word("emptyCatalogueHint"),
    command: SEED,
    action: { text: word("retry"), run: begin },
  });
}

function endOfCollection(isEmpty) {
  if (!isEmpty) return notice({ title: word("collectionEnd") });
  return notice({
    title: word("collectionEmpty"),
    text: word("collectionEmptyHint"),
    action: { text: word("goToFeed"), run: () => go("feed") },
  });
}

const views = {
  feed: { stream: feed, stale: false, scrolled: 0 },
  collection: { stream: collection, stale: true, scrolled: 0 },
};
let view = "feed";

const toTop = () => scrollTo({ top: 0, behavior: calm() ? "auto" : "smooth" });

function go(name) {
  if (name === view) return toTop();
  views[view].scrolled = scrollY;
  view = name;
  for (const each of Object.keys(views)) {
    byId(each).hidden = each !== view;
    const tab = byId(`to-${each}`);
    if (each === view) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  const shown = views[view];
  if (shown.stale) {
    shown.stale = false;
    shown.scrolled = 0;
    shown.stream.open();
  }
  scrollTo(0, shown.scrolled);
}

/** Opens a new feed. */
async function refresh() {
  if (view !== "feed") {
    views.feed.stale = true;
    go("feed");
  } else {
    scrollTo(0, 0);
    await feed.open();
  }
  byId("feed").focus({ preventScroll: true });
}

async function refreshByHand() {
  const button = byId("refresh");
  button.classList.add("busy");
  await refresh();
  button.classList.remove("busy");
  if (feed.cards.length) toast(word("opened"));
}

/** Somebody else is here: nothing that was known of the one before holds. */
function becameAnother() {
  hearts.forgetAll();
  dislikes.forgetAll();
  views.collection.stale = true;
  views.feed.stale = true;
  const shown = views[view];
  shown.stale = false;
  scrollTo(0, 0);
  shown.stream.open();
}

async function begin() {
  const opened = feed.open();
  const read = filters.read().then(
    (any) => {
      stocked = any;
      // The end of the feed may have been told before this was known.
      if (feed.done) feed.finish();
    },
    () => {}, // Without filters one can live.
  );
  await Promise.allSettled([opened, read]);
}

function switchLanguage() {
  speak(spoken() === "ko" ? "en" : "ko");
  translateAll();
}

function translateAll() {
  translatePage();
  byId("language").textContent = spoken() === "ko" ? "EN" : "한국어";
  account.translate();
  filters.translate();
  feed.translate();
  collection.translate();
}

byId("to-feed").addEventListener("click", () => go("feed"));
byId("to-collection").addEventListener("click", () => go("collection"));
byId("refresh").addEventListener("click", refreshByHand);
byId("language").addEventListener("click", switchLanguage);
hearts.hearts.addEventListener("heart", () => {
  // The collection is read anew when it is next looked at, not under somebody's eyes.
  if (view !== "collection") views.collection.stale = true;
});

filters.start(() => {
  scrollTo(0, 0);
  feed.open();
});
dislikes.start();
account.start(becameAnother);
translateAll();
begin();
account.read();
sheet.start((outfit, anchor) => dislikes.ask(feed, outfit, anchor, sheet.close));
