// The page: what is pressed, what is heard, and what is drawn of it.

import { byId, el } from "/feed/dom.js";

import { call, renew, signIn, signOut, signUp, token } from "./api.js";
import { Line } from "./line.js";
import * as talk from "./talk.js";
import { switchLanguage, translate, word } from "./words.js";

/** The id of the person whose conversation is open. */
let open = null;
let typing = null;
let state = "connecting";

const line = new Line({ token, onframe, onstate, onrefused });

function paintState() {
  byId("state").textContent = token() ? word(state) : "";
}

function onstate(isUp) {
  state = isUp ? "connected" : "offline";
  if (!isUp) talk.present.clear();
  paintState();
}

/** The token is not good: another one, or the door. */
async function onrefused() {
  if (await renew()) line.open();
  else if (token()) setTimeout(() => line.open(), 2_000);
  else show();
}

async function onframe({ type, payload }) {
  if (type === "auth") {
    talk.signedIn(payload.self_user);
    await refresh();
  } else if (type === "mutual_users" && !Array.isArray(payload)) {
    await refresh();
  } else if (type === "chat") {
    const other = talk.stored(payload);
    if (other === open && payload.user_id !== talk.me.id) {
      typing = null;
      markRead();
    }
    paint();
  } else if (type === "read") {
    talk.read(payload);
    paint();
  } else if (type === "presence") {
    talk.turned(payload);
    paint();
  } else if (type === "typing") {
    showTyping(payload.user_id);
  } else if (type === "resync") {
    talk.reread();
    await refresh();
    if (open) await enterRoom(open);
  }
}

async function refresh() {
  try {
    await Promise.all([talk.readPeople(), talk.readConversations()]);
  } catch {
    // The line tells when the server is gone; what is known stays.
  }
  if (open && talk.people.get(open)?.is !== "friend") open = null;
  paint();
}

function showTyping(who) {
  if (who !== open) return;
  const mine = Symbol("typing");
  typing = mine;
  paintTyping();
  setTimeout(() => {
    if (typing !== mine) return;
    typing = null;
    paintTyping();
  }, 4_000);
}

function paintTyping() {
  const name = talk.people.get(open)?.name;
  byId("typing").textContent = typing && name ? word("typing", name) : "";
}

/** Tells the server that the open conversation was read up to its end. */
function markRead() {
  const { messages } = talk.room(open);
  const last = messages?.filter((message) => !message.pending).at(-1);
  if (!last || document.hidden) return;
  talk.room(open).unread = 0;
  line.say("read", { chat_id: talk.roomId(open), id: last.id });
}

async function about(name, type) {
  byId("ask-problem").textContent = "";
  try {
    if (type === "block") await call("PUT", `/api/v1/friends/blocks/${encodeURIComponent(name)}`);
    else await call("POST", "/api/v1/friends", { type, name });
  } catch (problem) {
    byId("ask-problem").textContent = problem.message;
    return;
  }
  await refresh();
}

const button = (text, onclick) => el("button", { type: "button", text: word(text), onclick });

function person(user) {
  const { unread } = talk.room(user.id);
  if (user.is === "friend") {
    const choose = el(
      "button",
      { type: "button", class: "person", "aria-current": user.id === open, onclick: () => enterRoom(user.id) },
      el("span", { class: talk.present.has(user.id) ? "name present" : "name", text: user.name }),
      talk.present.has(user.id) ? el("span", { class: "hidden", text: word("present") }) : null,
      unread ? el("span", { class: "unread", text: String(unread) }) : null,
    );
    return el("li", {}, choose);
  }
  const ways =
    user.is === "asks"
      ? [button("accept", () => about(user.name, "response")), button("decline", () => about(user.name, "remove"))]
      : [button("withdraw", () => about(user.name, "remove"))];
  return el("li", { class: "request" }, el("span", { text: `${user.name} ${word(user.is)}` }), ...ways);
}

function bubble(message, seen) {
  const isMine = message.user_id === talk.me.id;
  const time = message.at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const notes = [time];
  if (message.pending) notes.push(word("sending"));
  if (message.edited_at && message.content) notes.push(word("edited"));
  if (seen) notes.push(word("seen"));
  const ways =
    isMine && message.content && !message.pending
      ? [button("edit", () => edit(message)), button("remove", () => change(message, ""))]
      : [];
  return el(
    "li",
    { class: isMine ? "mine" : "theirs" },
    el("p", { class: message.content ? "text" : "text gone", text: message.content || word("deleted") }),
    el("p", { class: "notes" }, notes.join(" · "), ...ways),
  );
}

function change(message, content) {
  line.say("chat", { type: "edit", id: message.id, chat_id: talk.roomId(open), content });
}

function edit(message) {
  const content = prompt(word("edit"), message.content);
  if (content && content !== message.content) change(message, content);
}

function paintMessages() {
  const list = byId("messages");
  const wasAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const { messages, cursor, seen } = open ? talk.room(open) : { messages: [] };
  const all = messages ?? [];
  // Said of my last message that is not after what was read.
  const until = all.slice(0, all.findIndex((message) => message.id === seen) + 1);
  const read = until.findLast((message) => message.user_id === talk.me.id && message.content);
  const shown = all.map((message) => bubble(message, message === read));
  const older = cursor
    ? [el("li", {}, button("older", async () => {
        await talk.readHistory(open);
        paint();
      }))]
    : [];
  list.replaceChildren(...older, ...shown);
  if (wasAtEnd) list.scrollTop = list.scrollHeight;
}

function paint() {
  paintState();
  byId("people").replaceChildren(...[...talk.people.values()].map(person));
  const friend = talk.people.get(open);
  byId("room-name").textContent = friend?.name ?? "";
  byId("nobody").hidden = Boolean(friend);
  byId("write").hidden = !friend;
  const ways = friend
    ? [button("unfriend", () => about(friend.name, "delete")), button("block", () => about(friend.name, "block"))]
    : [];
  byId("room-actions").replaceChildren(...ways);
  if (talk.me) paintMessages();
  paintTyping();
}

async function enterRoom(other) {
  open = other;
  typing = null;
  if (!talk.room(other).messages) await talk.readHistory(other);
  markRead();
  paint();
  byId("messages").scrollTop = byId("messages").scrollHeight;
  byId("write").elements.content.focus();
}

/** The door or the rooms, as it is. */
function show() {
  const isIn = token() !== null;
  byId("door").hidden = isIn;
  byId("rooms").hidden = !isIn;
  byId("leave").hidden = !isIn;
  paintState();
}

byId("enter").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const { username, password } = form.elements;
  const problem = form.querySelector(".problem");
  problem.textContent = "";
  try {
    const enter = event.submitter?.value === "up" ? signUp : signIn;
    await enter(username.value.trim(), password.value);
  } catch (refusal) {
    problem.textContent = refusal.message;
    return;
  }
  form.reset();
  show();
  line.open();
});

byId("leave").addEventListener("click", async () => {
  line.close();
  open = null;
  try {
    await signOut();
  } catch {
    // The session ends with its token at the latest.
  }
  talk.forget();
  show();
});

byId("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { name } = event.currentTarget.elements;
  if (!name.value.trim()) return;
  await about(name.value.trim(), "request");
  if (!byId("ask-problem").textContent) name.value = "";
});

byId("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const { content } = event.currentTarget.elements;
  if (!content.value || !open) return;
  const nonce = line.message(talk.roomId(open), content.value);
  talk.sending(open, content.value, nonce);
  content.value = "";
  paint();
  byId("messages").scrollTop = byId("messages").scrollHeight;
});

let saidTyping = 0;
byId("write").elements.content.addEventListener("input", () => {
  if (!open || Date.now() - saidTyping < 3_000) return;
  saidTyping = Date.now();
  line.say("typing", { chat_id: talk.roomId(open) });
});

document.addEventListener("visibilitychange", () => {
  if (open && !document.hidden) markRead();
});

byId("language").addEventListener("click", () => {
  switchLanguage();
  paint();
});

translate();
show();
if (token()) line.open();
