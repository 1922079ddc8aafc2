// The line to the server: it signs in, beats, comes back when it breaks, and asks for what was missed.

const BEAT = 30_000;
const LONGEST = 15_000;

export class Line {
  #socket = null;
  #beat = null;
  #retry = null;
  #failures = 0;
  #wait = null;
  /** The place of the last thing that was heard; null before the first sign-in. */
  #seq = null;
  /** Messages that were sent and not heard of yet, by nonce: sent again, they are not stored again. */
  #unheard = new Map();
  #ready = false;

  /**
   * `token` gives the access token, `onframe` hears every frame, `onstate` whether the line is up,
   * `onrefused` that the token is not good.
   */
  constructor({ token, onframe, onstate, onrefused }) {
    Object.assign(this, { token, onframe, onstate, onrefused });
  }

  open() {
    clearTimeout(this.#retry);
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws`);
    this.#socket = socket;
    socket.onopen = () => {
      this.#say("heartbeat", { at: Date.now() });
      // With the place, so that what was missed comes before what happens meanwhile.
      const place = this.#seq === null ? {} : { seq: this.#seq };
      this.#say("auth", { auth: this.token(), ...place });
      this.#beat = setInterval(() => this.#say("heartbeat", { at: Date.now() }), BEAT);
    };
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = ({ code }) => {
      if (this.#socket === socket) this.#broke(code);
    };
  }

  close() {
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = null;
    this.#down();
    this.#seq = null;
    this.#unheard.clear();
    socket?.close();
  }

  /** Sends a message; whatever happens to the line, it is stored once. */
  message(chatId, content) {
    const nonce = crypto.randomUUID();
    const payload = { type: "send", chat_id: chatId, content, nonce };
    this.#unheard.set(nonce, payload);
    if (this.#ready) this.#say("chat", payload);
    return nonce;
  }

  /** Says something that need not survive the line. */
  say(type, payload) {
    if (this.#ready) this.#say(type, payload);
  }

  #say(type, payload) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ type, payload }));
  }

  #hear(frame) {
    if (frame.type === "auth") {
      if (this.#seq === null) {
        this.#seq = frame.seq;
        this.#up();
      }
    } else if (frame.type === "resumed") {
      this.#up();
    } else if (frame.type === "resync") {
      this.#seq = frame.payload.seq;
      this.#up();
    } else if (frame.type === "reconnect") {
      this.#wait = frame.payload.after_ms;
    } else if (frame.type === "error" && !this.#ready && frame.payload.code === 4000) {
      this.#refused();
      return;
    } else if (frame.type === "chat" && frame.payload.nonce) {
      this.#unheard.delete(frame.payload.nonce);
    }
    // What the greeting names has happened, but is not heard yet.
    if (frame.type !== "auth" && frame.seq !== undefined) this.#seq = Math.max(this.#seq ?? 0, frame.seq);
    this.onframe(frame);
  }

  #up() {
    this.#ready = true;
    this.#failures = 0;
    for (const payload of this.#unheard.values()) this.#say("chat", payload);
    this.#say("presence", null);
    this.onstate(true);
  }

  #down() {
    this.#ready = false;
    clearInterval(this.#beat);
  }

  #refused() {
    const socket = this.#socket;
    this.#socket = null;
    this.#down();
    socket.close();
    this.onrefused();
  }

  #broke(code) {
    this.#down();
    if (code === 4001) {
      this.onrefused();
      return;
    }
    this.onstate(false);
    // Those whom one break threw out do not come back all at once.
    const most = Math.min(LONGEST, 500 * 2 ** this.#failures);
    const wait = this.#wait ?? Math.random() * most;
    this.#wait = null;
    this.#failures += 1;
    this.#retry = setTimeout(() => this.open(), wait);
  }
}
