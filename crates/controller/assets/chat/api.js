// Calls over HTTP: signing in, lists, history.

import { spoken, word } from "./words.js";

/** What this tab's person shows; each tab is somebody of its own. */
let tokens = JSON.parse(sessionStorage.getItem("tokens") ?? "null");

function keep(next) {
  tokens = next;
  if (next) sessionStorage.setItem("tokens", JSON.stringify(next));
  else sessionStorage.removeItem("tokens");
}

/** The access token of who is signed in here; null for nobody. */
export const token = () => tokens?.access_token ?? null;

async function send(method, path, body, signed = true) {
  const headers = { accept: "application/json", "accept-language": spoken() };
  if (signed && tokens) headers.authorization = `Bearer ${tokens.access_token}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  const answer = await fetch(path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    // Whoever signed in elsewhere in this browser is somebody else.
    credentials: "omit",
  });
  const text = await answer.text();
  const document = text ? JSON.parse(text) : null;
  if (answer.ok) return document;
  const about = document?.errors?.map((error) => error.detail).join(" ");
  throw Object.assign(new Error(about || document?.detail || word("failed")), { status: answer.status });
}

/** Gets the next pair of tokens; whether there was one. */
async function renew() {
  if (!tokens) return false;
  try {
    keep(await send("POST", "/api/v1/auth/refresh", { refresh_token: tokens.refresh_token }, false));
    return true;
  } catch (problem) {
    if (problem.status === 401) keep(null);
    return false;
  }
}

/** A signed call; a token whose time is up is renewed first. */
export async function call(method, path, body) {
  try {
    return await send(method, path, body);
  } catch (problem) {
    if (problem.status !== 401 || !(await renew())) throw problem;
    return send(method, path, body);
  }
}

export { renew };

export async function signIn(username, password) {
  const kind = username.includes("@") ? "email" : /^[+0-9]/.test(username) ? "phone_number" : "username";
  keep(await send("POST", "/api/v1/users/sign-in", { [kind]: username, password }, false));
}

export async function signUp(username, password) {
  await send("POST", "/api/v1/users/sign-up", { username, password, name: username }, false);
  await signIn(username, password);
}

export async function signOut() {
  try {
    await send("POST", "/api/v1/users/sign-out");
  } finally {
    keep(null);
  }
}
