// Every text of the page, in Korean and in English.

const KO = {
  accept: "수락",
  ask: "친구 신청",
  asked: "수락을 기다리는 중",
  askLabel: "친구 이름",
  asks: "친구를 신청했어요",
  block: "차단",
  chat: "채팅",
  connected: "연결됨",
  connecting: "연결하는 중…",
  decline: "거절",
  deleted: "삭제된 메시지",
  edit: "수정",
  edited: "수정됨",
  enter: "채팅 시작하기",
  enterHint: "탭 두 개에서 서로 다른 계정으로 시작해 보세요. 한 탭에 한 사람씩 들어갑니다.",
  failed: "문제가 생겼어요",
  message: "메시지",
  nobody: "왼쪽에서 대화할 친구를 고르세요.",
  offline: "연결이 끊겼어요. 다시 연결하는 중…",
  older: "이전 메시지",
  password: "비밀번호",
  present: "접속 중",
  remove: "삭제",
  seen: "읽음",
  send: "보내기",
  sending: "보내는 중",
  signIn: "로그인",
  signOut: "로그아웃",
  signUp: "가입하고 시작",
  switch: "English",
  typing: (name) => `${name}님이 입력하고 있어요`,
  unfriend: "친구 끊기",
  username: "아이디 (영문자와 숫자)",
  withdraw: "신청 취소",
};

const EN = {
  accept: "Accept",
  ask: "Ask",
  asked: "has not answered yet",
  askLabel: "Name of a friend",
  asks: "asks to be friends",
  block: "Block",
  chat: "chat",
  connected: "Connected",
  connecting: "Connecting…",
  decline: "Decline",
  deleted: "Message was taken back",
  edit: "Edit",
  edited: "edited",
  enter: "Start chatting",
  enterHint: "Open two tabs and use another account in each: a tab is one person.",
  failed: "Something went wrong",
  message: "Message",
  nobody: "Choose a friend on the left.",
  offline: "The connection is gone. Trying again…",
  older: "Earlier messages",
  password: "Password",
  present: "online",
  remove: "Delete",
  seen: "Read",
  send: "Send",
  sending: "on its way",
  signIn: "Sign in",
  signOut: "Sign out",
  signUp: "Sign up and start",
  switch: "한국어",
  typing: (name) => `${name} is typing`,
  unfriend: "End friendship",
  username: "User name (letters and digits)",
  withdraw: "Withdraw",
};

let language = (localStorage.getItem("language") ?? navigator.language).startsWith("ko") ? "ko" : "en";

/** The language of the page. */
export const spoken = () => language;

/** A text in the language of the page. */
export function word(name, ...values) {
  const text = (language === "ko" ? KO : EN)[name];
  return typeof text === "function" ? text(...values) : text;
}

/** Changes over to the other language. */
export function switchLanguage() {
  language = language === "ko" ? "en" : "ko";
  localStorage.setItem("language", language);
  translate();
}

/** Writes every text that stands in the page itself. */
export function translate() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = word(element.dataset.word);
  }
  document.getElementById("language").textContent = word("switch");
}
