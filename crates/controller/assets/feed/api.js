// The API: one call, and what it answers or refuses.

import { spoken, word } from "./words.js";

/** A refusal: the server's problem document (RFC 9457), or that it could not be reached. */
export class Problem extends Error {
  constructor(status, document) {
    super(document.title ?? word("failed"));
    this.status = status;
    this.title = document.title ?? word("failed");
    this.detail = document.detail ?? "";
    this.code = document.code ?? "";
    this.errors = document.errors ?? [];
  }

  /** What is wrong with a member of the body, if it is this one. */
  about(field) {
    return this.errors.find((error) => error.pointer === `/${field}`)?.detail;
  }
}

// A first visit becomes a guest with its first call. A second one beside it would become another guest, so all
// others wait for the first.
let introduced = null;

async function send(method, path, { body, signal, keepalive } = {}) {
  const headers = { accept: "application/json", "accept-language": spoken() };
  if (body) headers["content-type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      signal,
      keepalive,
      credentials: "same-origin",
      body: body && JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { title: word("offline"), detail: word("offlineHint"), code: "offline" });
  }
  const text = await response.text();
  let answer = {};
  try {
    answer = text ? JSON.parse(text) : {};
  } catch {
    // A proxy's own page, for example; the status says enough.
  }
  if (!response.ok) throw new Problem(response.status, answer);
  return answer;
}

export async function call(method, path, options) {
  if (introduced) {
    await introduced.catch(() => {});
    return send(method, path, options);
  }
  const first = send(method, path, options);
  introduced = first;
  try {
    return await first;
  } catch (problem) {
    introduced = null;
    throw problem;
  }
}

function address(path, query) {
  const known = Object.entries(query).filter(([, value]) => value);
  return known.length ? `${path}?${new URLSearchParams(known)}` : path;
}

const outfit = (id) => `/api/v1/outfits/${encodeURIComponent(id)}`;

export const feed = (filter, cursor, signal) =>
  call("GET", address("/api/v1/outfits/feed", { limit: 20, ...filter, cursor }), { signal });

export const hearted = (cursor, signal) =>
  call("GET", address("/api/v1/outfits/hearted", { limit: 20, cursor }), { signal });

/** The newest outfits, whatever they are. */
export const newest = (limit) => call("GET", address("/api/v1/outfits", { limit }));

export const find = (id) => call("GET", outfit(id));

/** What is similar to an outfit. The server takes it as opening that outfit, so ask only when it is opened. */
export const similar = (id, signal) => call("GET", `${outfit(id)}/similar?limit=12`, { signal });

export const setHeart = (id, liked) => call(liked ? "PUT" : "DELETE", `${outfit(id)}/heart`);

export const setDislike = (what, unwanted) =>
  call(unwanted ? "POST" : "DELETE", "/api/v1/outfits/dislikes", { body: what });

export const EVENTS = "/api/v1/outfits/events";

export const report = (events, keepalive = false) => call("POST", EVENTS, { body: { events }, keepalive });

/** The member who is signed in; null for a guest. */
export async function me() {
  try {
    return await send("GET", "/api/v1/users/me");
  } catch (problem) {
    if (problem.status === 401) return null;
    throw problem;
  }
}

export const logIn = (id, password) => call("POST", "/login", { body: { id, password } });

export const signUp = (id, password, confirm) =>
  call("POST", "/singin", { body: { id, password, confirm_password: confirm } });

/** Ends the session. Whoever asks next is a stranger, and becomes a guest. */
export async function logOut() {
  await call("POST", "/api/v1/users/sign-out");
  introduced = null;
}
