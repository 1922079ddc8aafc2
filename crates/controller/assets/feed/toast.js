// Short messages at the foot of the page.

import { byId, el } from "./dom.js";

const SHOWN = 4000;
/** One that can be undone stays longer. */
const SHOWN_WITH_ACTION = 7000;

let timer = 0;

/** Shows a text; `action` is `{ text, run }`. A newer message replaces an older one. */
export function toast(text, action) {
  const host = byId("toasts");
  clearTimeout(timer);
  const button =
    action &&
    el("button", {
      type: "button",
      text: action.text,
      onclick: () => {
        hide();
        action.run();
      },
    });
  host.replaceChildren(el("p", { class: "toast" }, el("span", { text }), button));
  // Shown anew each time: that puts it above dialogs that opened meanwhile.
  if (host.matches(":popover-open")) host.hidePopover();
  host.showPopover();
  const wait = () => {
    // Not while somebody is about to press it.
    if (host.matches(":hover, :focus-within")) timer = setTimeout(wait, 1000);
    else hide();
  };
  timer = setTimeout(wait, action ? SHOWN_WITH_ACTION : SHOWN);
}

function hide() {
  clearTimeout(timer);
  const host = byId("toasts");
  if (host.matches(":popover-open")) host.hidePopover();
}
