// What is known of people and conversations. It draws nothing.

import { call } from "./api.js";

/** Me; null before the first sign-in. */
export let me = null;
/** People by id: `{id, name, is}`, where `is` is `friend`, `asks` or `asked`. */
export const people = new Map();
/** The ids of friends who are there. */
export const present = new Set();
/** Conversations by the other person's id: `{messages, cursor, unread, seen}`; the oldest message first. */
const rooms = new Map();

export const roomId = (other) => (BigInt(me.id) ^ BigInt(other)).toString();
const otherOf = (chatId) => (BigInt(me.id) ^ BigInt(chatId)).toString();

export function room(other) {
  if (!rooms.has(other)) rooms.set(other, { messages: null, cursor: null, unread: 0, seen: null });
  return rooms.get(other);
}

export function forget() {
  me = null;
  people.clear();
  present.clear();
  rooms.clear();
}

export function signedIn(user) {
  if (me?.id !== user.id) forget();
  me = user;
}

/** Friends came and went. */
export function turned({ online, offline }) {
  for (const id of online) present.add(id);
  for (const id of offline) present.delete(id);
}

/** Reads who is a friend, who asks and who was asked. */
export async function readPeople() {
  const lists = await call("GET", "/api/v1/friends");
  people.clear();
  for (const [list, is] of [["friends", "friend"], ["requests", "asks"], ["asked", "asked"]]) {
    for (const user of lists[list]) people.set(user.id, { ...user, is });
  }
}

/** Reads how much of each conversation is unread. */
export async function readConversations() {
  const page = await call("GET", "/api/v1/chats?limit=100");
  for (const { user, unread } of page.items) room(user.id).unread = unread;
}

/** Reads history: the latest messages, or those before the oldest that is known. */
export async function readHistory(other) {
  const here = room(other);
  const cursor = here.cursor ? `&cursor=${encodeURIComponent(here.cursor)}` : "";
  const page = await call("GET", `/api/v1/chats/${other}/messages?limit=50${cursor}`);
  const known = new Set(here.messages?.map((message) => message.id));
  const older = page.items.filter((message) => !known.has(message.id)).reverse();
  for (const message of older) message.at = new Date(message.created_at);
  here.messages = [...older, ...(here.messages ?? [])];
  here.cursor = page.next_cursor;
}

/** History has to be read anew: some of what was missed is no longer kept. */
export function reread() {
  for (const here of rooms.values()) Object.assign(here, { messages: null, cursor: null });
}

/** A message that is on its way. */
export function sending(other, content, nonce) {
  room(other).messages?.push({ id: nonce, nonce, user_id: me.id, content, at: new Date(), pending: true });
}

/** A message that was stored, changed or taken back; whose conversation it is in. */
export function stored(payload) {
  const other = otherOf(payload.chat_id);
  const here = room(other);
  const is = (message) => message.id === payload.id || (payload.nonce && message.nonce === payload.nonce);
  const known = here.messages?.find(is);
  if (known) {
    const wasChanged = payload.type === "edit";
    Object.assign(known, { id: payload.id, content: payload.content, pending: false });
    if (wasChanged) known.edited_at = payload.created_at;
  } else if (payload.type === "send") {
    here.messages?.push({ ...payload, at: new Date() });
    if (payload.user_id !== me.id) here.unread += 1;
  }
  return other;
}

/** Somebody has read up to a message; whose conversation it is in. */
export function read(payload) {
  const other = otherOf(payload.chat_id);
  const here = room(other);
  if (payload.user_id === me.id) here.unread = 0;
  else here.seen = payload.id;
  return other;
}
