// Every text of the page, in Korean and in English.

/** Whether a word ends in a consonant, as it is read in Korean. */
function closed(text) {
  const last = text.trim().at(-1) ?? "";
  const syllable = last.charCodeAt(0) - 0xac00;
  if (syllable >= 0 && syllable < 11172) return syllable % 28 !== 0;
  return "lmnrLMNR013678".includes(last);
}

const KO = {
  account: "계정",
  accountMade: (name) => `${name}님, 환영해요. 하트를 그대로 옮겨 두었어요.`,
  age: (years) => `${years}세`,
  aboutBrand: "이 브랜드의 모든 코디",
  aboutOutfit: "이 코디만",
  aboutTag: "이 태그가 붙은 모든 코디",
  all: "전체",
  back: "이전 코디",
  brands: "브랜드",
  close: "닫기",
  collection: "컬렉션",
  collectionEmpty: "아직 하트한 코디가 없어요",
  collectionEmptyHint: "마음에 드는 코디에 하트를 누르면 여기에 모여요.",
  collectionEnd: "하트한 코디를 모두 보았어요",
  collectionHint: "하트한 코디를 최근 순서로 모았어요.",
  collectionTitle: "내 컬렉션",
  confirmPassword: "비밀번호 확인",
  copied: "주소를 복사했어요",
  emptyCatalogue: "아직 코디가 하나도 없어요",
  emptyCatalogueHint: "서버를 끄고 아래 명령으로 다시 켜면 데모 코디 2,000벌이 채워져요.",
  emptyFilter: "조건에 맞는 코디가 없어요",
  emptyFilterHint: "필터를 바꾸거나 모두 지워 보세요.",
  emptyRest: "더 보여 드릴 코디가 없어요",
  emptyRestHint: "관심 없다고 하신 것을 빼고 나니 남은 코디가 없어요.",
  clearFilter: "필터 지우기",
  end: "여기까지 모두 보았어요",
  endHint: "하트를 반영한 새 피드를 열어 보세요.",
  F: "여성",
  M: "남성",
  failed: "문제가 생겼어요",
  feed: "피드",
  feedHint: "하트할수록 취향에 가까워져요.",
  feedTitle: "오늘의 코디",
  filters: "필터",
  goToFeed: "피드 보러 가기",
  guest: "게스트",
  heart: "하트",
  hearted: "하트함",
  loggedIn: "로그인했어요. 하트는 그대로예요.",
  loggedOut: "로그아웃했어요. 지금은 게스트예요.",
  logIn: "로그인",
  logInHint: "게스트로 누른 하트와 취향이 계정에 더해져요.",
  logOut: "로그아웃",
  member: "회원",
  more: "더 보기",
  name: "아이디",
  nameHint: "영문자와 숫자 4–12자",
  notInterested: "관심 없음",
  notInterestedIn: "무엇에 관심이 없으세요?",
  offline: "연결할 수 없어요",
  offlineHint: "네트워크를 확인하고 다시 시도해 주세요.",
  opened: "새 피드를 열었어요",
  origin: "출처 보기",
  outfit: "코디",
  password: "비밀번호",
  passwordHint: "8자 이상",
  picture: (what) => `${what} 코디`,
  reasonExplore: "새로운 발견",
  reasonPopular: "인기",
  reasonSimilar: "하트한 코디와 비슷해요",
  reasonTag: (tag) => `‘${tag}’${closed(tag) ? "을" : "를"} 좋아하셔서`,
  refresh: "새 피드",
  retry: "다시 시도",
  share: "공유",
  signUp: "회원가입",
  signUpHint: "게스트로 누른 하트와 취향이 새 계정에 그대로 남아요.",
  similar: "비슷한 코디",
  similarNone: "비슷한 코디를 아직 찾지 못했어요.",
  skip: "피드로 건너뛰기",
  switchLanguage: "Switch to English",
  tags: "태그",
  undo: "되돌리기",
  undone: "다시 보여 드릴게요",
  views: "화면",
  withoutBrand: (name) => `‘${name}’ 코디를 더 보여 드리지 않을게요`,
  withoutOutfit: "이 코디를 더 보여 드리지 않을게요",
  withoutTag: (name) => `‘${name}’ 코디를 더 보여 드리지 않을게요`,
};

const EN = {
  account: "Account",
  accountMade: (name) => `Welcome, ${name}. Your hearts came along.`,
  age: (years) => `Age ${years}`,
  aboutBrand: "Every outfit of this brand",
  aboutOutfit: "Just this outfit",
  aboutTag: "Every outfit with this tag",
  all: "All",
  back: "Previous outfit",
  brands: "Brands",
  close: "Close",
  collection: "Collection",
  collectionEmpty: "No hearts yet",
  collectionEmptyHint: "Tap the heart on an outfit you like and it will be kept here.",
  collectionEnd: "That is your whole collection",
  collectionHint: "Everything you hearted, the latest first.",
  collectionTitle: "Your collection",
  confirmPassword: "Password again",
  copied: "Link copied",
  emptyCatalogue: "There are no outfits yet",
  emptyCatalogueHint: "Stop the server and start it with this command for 2,000 demo outfits.",
  emptyFilter: "Nothing matches",
  emptyFilterHint: "Try another filter, or clear them all.",
  emptyRest: "Nothing left to show",
  emptyRestHint: "Nothing remains without what you are not interested in.",
  clearFilter: "Clear filters",
  end: "You have seen it all",
  endHint: "Open a new feed that knows your latest hearts.",
  F: "Women",
  M: "Men",
  failed: "Something went wrong",
  feed: "Feed",
  feedHint: "The more you heart, the closer it gets to your taste.",
  feedTitle: "Today’s outfits",
  filters: "Filters",
  goToFeed: "Go to the feed",
  guest: "Guest",
  heart: "Heart",
  hearted: "Hearted",
  loggedIn: "Logged in. Your hearts are still here.",
  loggedOut: "Logged out. You are a guest now.",
  logIn: "Log in",
  logInHint: "What you hearted as a guest is added to your account.",
  logOut: "Log out",
  member: "Member",
  more: "More",
  name: "User name",
  nameHint: "4–12 letters or digits",
  notInterested: "Not interested",
  notInterestedIn: "What are you not interested in?",
  offline: "No connection",
  offlineHint: "Check your network and try again.",
  opened: "Here is a new feed",
  origin: "View source",
  outfit: "Outfit",
  password: "Password",
  passwordHint: "At least 8 characters",
  picture: (what) => `Outfit: ${what}`,
  reasonExplore: "New discovery",
  reasonPopular: "Popular",
  reasonSimilar: "Like outfits you hearted",
  reasonTag: (tag) => `Because you like ‘${tag}’`,
  refresh: "New feed",
  retry: "Try again",
  share: "Share",
  signUp: "Sign up",
  signUpHint: "What you hearted as a guest stays with your new account.",
  similar: "Similar outfits",
  similarNone: "No similar outfits yet.",
  skip: "Skip to the feed",
  switchLanguage: "한국어로 바꾸기",
  tags: "Tags",
  undo: "Undo",
  undone: "Back in your feed",
  views: "Views",
  withoutBrand: (name) => `No more outfits of ‘${name}’`,
  withoutOutfit: "You won’t see this outfit again",
  withoutTag: (name) => `No more ‘${name}’ outfits`,
};

// Labels are data, in whatever language the catalogue is written. These few are common enough to be translated.
const LABELS = [
  ["spring", "봄", "Spring"], ["summer", "여름", "Summer"], ["fall", "가을", "Fall"],
  ["autumn", "가을", "Autumn"], ["winter", "겨울", "Winter"],
  ["스트릿", "스트릿", "Street"], ["미니멀", "미니멀", "Minimal"], ["빈티지", "빈티지", "Vintage"],
  ["애슬레저", "애슬레저", "Athleisure"], ["포멀", "포멀", "Formal"], ["로맨틱", "로맨틱", "Romantic"],
  ["프레피", "프레피", "Preppy"], ["고프코어", "고프코어", "Gorpcore"], ["워크웨어", "워크웨어", "Workwear"],
  ["모던한복", "모던한복", "Modern hanbok"], ["리조트", "리조트", "Resort"], ["캐주얼", "캐주얼", "Casual"],
];

function kept() {
  try {
    return localStorage.getItem("language");
  } catch {
    return null; // Storage may be forbidden; the browser's own language does then.
  }
}

let language = kept() ?? (navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en");

export const spoken = () => language;

/** Changes the language and remembers it. */
export function speak(chosen) {
  language = chosen;
  try {
    localStorage.setItem("language", chosen);
  } catch {
    // Then it holds until the page is left.
  }
}

/** A text of the page. */
export function word(key, ...about) {
  const text = (language === "ko" ? KO : EN)[key];
  return typeof text === "function" ? text(...about) : text;
}

/** A season or style as people of this language call it. */
export function label(name) {
  const known = LABELS.find((row) => row.includes(name));
  if (!known) return name;
  return language === "ko" ? known[1] : known[2];
}

/** Puts the texts into the parts of the page that never change otherwise. */
export function translatePage() {
  document.documentElement.lang = language;
  for (const part of document.querySelectorAll("[data-word]")) part.textContent = word(part.dataset.word);
  for (const part of document.querySelectorAll("[data-word-label]")) {
    part.setAttribute("aria-label", word(part.dataset.wordLabel));
  }
}
