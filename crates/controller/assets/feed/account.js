// Who is here: a guest, or a member; signing up, logging in and out.

import { logIn, logOut, me, signUp } from "./api.js";
import { byId, dismissable, el, icon } from "./dom.js";
import { toast } from "./toast.js";
import { flush } from "./views.js";
import { word } from "./words.js";

/** The member; null for a guest. */
let member = null;
let changed = () => {};
let mode = "logIn";

const nameOf = (user) => user.username ?? user.name;

function paintButton() {
  const button = byId("who");
  const text = member ? nameOf(member) : word("guest");
  byId("who-name").textContent = text;
  button.classList.toggle("member", member !== null);
  button.setAttribute("aria-label", `${text} – ${word(member ? "account" : "logIn")}`);
}

/** Asks the server who is here. */
export async function read() {
  try {
    member = await me();
  } catch {
    // Unknown as long as the server cannot be asked; the feed tells of that.
  }
  paintButton();
}

function field(name, text, props, hint) {
  const input = el("input", { id: `field-${name}`, name, "aria-describedby": `about-${name}`, ...props });
  return el(
    "div",
    { class: "field" },
    el("label", { for: `field-${name}`, text }),
    input,
    el("p", { class: "hint", id: `about-${name}`, text: hint ?? "", "data-hint": hint ?? "" }),
  );
}

/** Puts each finding under its field, and the rest above the button. */
function showProblem(form, problem) {
  let placed = false;
  for (const input of form.querySelectorAll("input")) {
    const finding = problem.about?.(input.name);
    input.setAttribute("aria-invalid", String(Boolean(finding)));
    const hint = input.parentElement.querySelector(".hint");
    hint.textContent = finding ?? hint.dataset.hint;
    hint.classList.toggle("wrong", Boolean(finding));
    if (finding && !placed) {
      input.focus();
      placed = true;
    }
  }
  const text = problem.detail || problem.title || word("failed");
  form.querySelector(".refusal").textContent = placed ? "" : text;
}

async function submit(form) {
  const value = (name) => form.elements[name]?.value ?? "";
  const button = form.querySelector(".primary");
  const [name, password] = [value("id"), value("password")];
  button.disabled = true;
  try {
    // What was looked at until now was looked at by the guest.
    await flush();
    if (mode === "signUp") await signUp(name, password, value("confirm_password"));
    await logIn(name, password);
  } catch (problem) {
    showProblem(form, problem);
    return;
  } finally {
    button.disabled = false;
  }
  byId("account").close();
  await read();
  toast(mode === "signUp" ? word("accountMade", name) : word("loggedIn"));
  // Whoever has an account logs in next time.
  mode = "logIn";
  changed();
}

async function leave() {
  try {
    await flush();
    await logOut();
  } catch (problem) {
    toast(problem.title ?? word("failed"));
    return;
  }
  byId("account").close();
  await read();
  toast(word("loggedOut"));
  changed();
}

function modes() {
  const tab = (name) =>
    el("button", {
      type: "button",
      class: "mode",
      text: word(name),
      "aria-pressed": String(mode === name),
      onclick: () => {
        mode = name;
        paint();
      },
    });
  return el("div", { class: "modes" }, tab("logIn"), tab("signUp"));
}

function form() {
  const isNew = mode === "signUp";
  const secret = { type: "password", required: true, autocomplete: isNew ? "new-password" : "current-password" };
  const name = { autocomplete: "username", autocapitalize: "none", spellcheck: "false", required: true };
  // The server says what is wrong, in this page's language rather than the browser's.
  return el(
    "form",
    {
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        submit(event.currentTarget);
      },
    },
    field("id", word("name"), { ...name, autofocus: true }, isNew ? word("nameHint") : null),
    field("password", word("password"), secret, isNew ? word("passwordHint") : null),
    isNew ? field("confirm_password", word("confirmPassword"), secret) : null,
    el("p", { class: "refusal", role: "alert" }),
    el("button", { class: "primary", text: word(mode) }),
  );
}

function paint() {
  const dialog = byId("account");
  const close = el(
    "button",
    { type: "button", class: "round", "aria-label": word("close"), onclick: () => dialog.close() },
    icon("close"),
  );
  const head = (text, about) =>
    el(
      "header",
      {},
      el("div", {}, el("h2", { id: "account-title", text }), el("p", { text: about })),
      close,
    );
  const parts = member
    ? [
        head(nameOf(member), word("member")),
        el("button", { type: "button", class: "secondary", text: word("logOut"), onclick: leave }),
      ]
    : [head(word(mode), word(`${mode}Hint`)), modes(), form()];
  dialog.replaceChildren(el("div", { class: "account-body" }, ...parts));
  dialog.querySelector("input")?.focus();
}

/** Prepares button and dialog; `onchange` is called when somebody else is here. */
export function start(onchange) {
  changed = onchange;
  paintButton();
  dismissable(byId("account"));
  byId("who").addEventListener("click", () => {
    paint();
    byId("account").showModal();
  });
}

export const translate = paintButton;
