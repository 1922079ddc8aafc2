//! The texts behind the codes of single fields, in both languages.
//!
//! A text may hold `{name}` places, which are filled with the parameters of the rule that failed (`min`, `max`, …).
//! The value itself is never one of them: it may be a password.

use std::borrow::Cow;

use serde_json::Value;

use super::language::Language;

/// A value's bounds and the like, as the rule that failed states them.
pub(super) type Params = [(Cow<'static, str>, Value)];

/// The text for `code`; a code without a text of its own gets a general one.
pub(super) fn text(code: &str, params: &Params, language: Language) -> String {
    let form = form(code, params);
    let (_, english, korean) = TEXTS
        .iter()
        .find(|(name, ..)| *name == form)
        .unwrap_or(&GENERAL);
    fill(language.choose(english, korean), params)
}

/// Chooses among the forms of a rule by the bounds that it has.
fn form<'a>(code: &'a str, params: &Params) -> Cow<'a, str> {
    let has = |name: &str| params.iter().any(|(known, _)| known == name);
    let bounds = match (has("min"), has("max")) {
        _ if has("equal") => "equal",
        (true, true) => "between",
        (true, false) => "min",
        (false, true) => "max",
        (false, false) if has("exclusive_min") => "above",
        (false, false) if has("exclusive_max") => "below",
        (false, false) => return Cow::Borrowed(code),
    };
    match code {
        "length" if has("counts_entries") => Cow::Owned(format!("entries.{bounds}")),
        "length" | "range" => Cow::Owned(format!("{code}.{bounds}")),
        _ => Cow::Borrowed(code),
    }
}

fn fill(template: &str, params: &Params) -> String {
    let mut filled = template.to_owned();
    for (name, value) in params {
        let place = format!("{{{name}}}");
        if filled.contains(&place) {
            let shown = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            filled = filled.replace(&place, &shown);
        }
    }
    filled
}

const GENERAL: (&str, &str, &str) = ("", "This value is not valid.", "올바르지 않은 값입니다.");

/// Code (with its form, where it has several), English, Korean.
const TEXTS: &[(&str, &str, &str)] = &[
    ("required", "This field is required.", "필수 항목입니다."),
    (
        "no_value",
        "The text has a variable of this name, and there is no value for it.",
        "본문에 이 이름의 변수가 있지만 값이 없습니다.",
    ),
    (
        "too_far",
        "Must be within the next 30 days.",
        "30일 이내의 시각이어야 합니다.",
    ),
    (
        "wrong_type",
        "This value has the wrong type.",
        "값의 형식이 올바르지 않습니다.",
    ),
    (
        "invalid_value",
        "This value is not one that is allowed here.",
        "허용되지 않는 값입니다.",
    ),
    (
        "length",
        "This value has the wrong length.",
        "길이가 올바르지 않습니다.",
    ),
    (
        "length.between",
        "Must be {min} to {max} characters long.",
        "{min}자 이상 {max}자 이하여야 합니다.",
    ),
    (
        "length.min",
        "Must be at least {min} characters long.",
        "{min}자 이상이어야 합니다.",
    ),
    (
        "length.max",
        "Must be at most {max} characters long.",
        "{max}자 이하여야 합니다.",
    ),
    (
        "length.equal",
        "Must be exactly {equal} characters long.",
        "정확히 {equal}자여야 합니다.",
    ),
    (
        "entries.between",
        "Must have {min} to {max} entries.",
        "{min}개 이상 {max}개 이하여야 합니다.",
    ),
    (
        "entries.min",
        "Must have at least {min} entries.",
        "{min}개 이상이어야 합니다.",
    ),
    (
        "entries.max",
        "Must have at most {max} entries.",
        "{max}개 이하여야 합니다.",
    ),
    (
        "entries.equal",
        "Must have exactly {equal} entries.",
        "정확히 {equal}개여야 합니다.",
    ),
    (
        "range",
        "This value is out of range.",
        "허용 범위를 벗어난 값입니다.",
    ),
    (
        "range.between",
        "Must be between {min} and {max}.",
        "{min} 이상 {max} 이하여야 합니다.",
    ),
    (
        "range.min",
        "Must be at least {min}.",
        "{min} 이상이어야 합니다.",
    ),
    (
        "range.max",
        "Must be at most {max}.",
        "{max} 이하여야 합니다.",
    ),
    (
        "range.above",
        "Must be greater than {exclusive_min}.",
        "{exclusive_min}보다 커야 합니다.",
    ),
    (
        "range.below",
        "Must be less than {exclusive_max}.",
        "{exclusive_max}보다 작아야 합니다.",
    ),
    (
        "email",
        "This is not an e-mail address.",
        "올바른 이메일 주소가 아닙니다.",
    ),
    ("url", "This is not a URL.", "올바른 URL이 아닙니다."),
    (
        "ip",
        "This is not an IP address.",
        "올바른 IP 주소가 아닙니다.",
    ),
    (
        "phone_number",
        "This is not a phone number.",
        "올바른 전화번호가 아닙니다.",
    ),
    (
        "must_match",
        "This does not match the other field.",
        "다른 항목과 일치하지 않습니다.",
    ),
    (
        "regex",
        "This value does not have the required form.",
        "형식이 올바르지 않습니다.",
    ),
    (
        "contains",
        "A required part is missing.",
        "필요한 내용이 없습니다.",
    ),
    (
        "does_not_contain",
        "This value contains something that is not allowed.",
        "허용되지 않는 내용이 있습니다.",
    ),
    (
        "non_control_character",
        "Control characters are not allowed.",
        "제어 문자는 사용할 수 없습니다.",
    ),
    (
        "not_nullable",
        "This field cannot be cleared.",
        "비울 수 없는 항목입니다.",
    ),
    ("taken", "This is already in use.", "이미 사용 중입니다."),
    (
        "too_weak",
        "This password is too easy to guess.",
        "추측하기 쉬운 비밀번호입니다.",
    ),
    (
        "common_password",
        "This password is one that every guesser tries first.",
        "너무 흔한 비밀번호입니다.",
    ),
    (
        "control_character",
        "Control characters are not allowed.",
        "제어 문자는 사용할 수 없습니다.",
    ),
    (
        "check_digit",
        "Thirteen digits are an EAN-13, and this one's check digit is wrong.",
        "EAN-13 검사 숫자가 올바르지 않습니다.",
    ),
    (
        "username",
        "Only ASCII letters, digits, `_`, `.` and `-`, beginning with a letter or digit.",
        "영문자, 숫자, `_`, `.`, `-`만 사용할 수 있으며 영문자나 숫자로 시작해야 합니다.",
    ),
    (
        "size",
        "Must be `small` or `large`.",
        "`small` 또는 `large`여야 합니다.",
    ),
    (
        "identifier_required",
        "Give a phone_number, an email or a username.",
        "phone_number, email, username 중 하나는 필요합니다.",
    ),
    (
        "encoding",
        "This is not UTF-8 text.",
        "UTF-8 텍스트가 아닙니다.",
    ),
    (
        "missing_column",
        "The file has no such column, and there is no default for it.",
        "파일에 해당 열이 없고 기본값도 없습니다.",
    ),
    (
        "past",
        "Must be in the future.",
        "미래의 시각이어야 합니다.",
    ),
    ("id", "This is not an id.", "올바른 ID가 아닙니다."),
    (
        "choice",
        "Must be one of the words that the documentation names.",
        "문서에 나열된 값 중 하나여야 합니다.",
    ),
    (
        "person_gender",
        "Must be the Korean word for male (namseong) or female (yeoseong).",
        "`남성` 또는 `여성`이어야 합니다.",
    ),
    (
        "date",
        "Must be a date like 2001-02-03.",
        "2001-02-03과 같은 날짜여야 합니다.",
    ),
    (
        "birthday",
        "Must not be in the future, nor before 1900.",
        "미래이거나 1900년 이전일 수 없습니다.",
    ),
    (
        "locale",
        "Must be a language tag like ko or en-US.",
        "ko, en-US와 같은 언어 태그여야 합니다.",
    ),
    (
        "gender",
        "Must be `F` or `M`.",
        "`F` 또는 `M`이어야 합니다.",
    ),
    (
        "letters_or_digits",
        "Only ASCII letters and digits.",
        "영문자와 숫자만 사용할 수 있습니다.",
    ),
    (
        "password_mismatch",
        "The two passwords differ.",
        "두 비밀번호가 서로 다릅니다.",
    ),
    (
        "exactly_one",
        "Give exactly one of outfit_id, tag and brand.",
        "outfit_id, tag, brand 중 하나만 입력하세요.",
    ),
    (
        "thumbnail_width",
        "Must be 64, 128, 256, 512 or 1024.",
        "64, 128, 256, 512, 1024 중 하나여야 합니다.",
    ),
    (
        "signed_address",
        "The picture is private: give the address that shows it now, signature and all.",
        "비공개 이미지입니다. 지금 이미지를 볼 수 있는 서명된 주소를 입력하세요.",
    ),
    (
        "data_uri",
        "As data only a PNG, JPEG, WebP or GIF in base64.",
        "데이터로는 base64로 된 PNG, JPEG, WebP, GIF 이미지만 사용할 수 있습니다.",
    ),
    (
        "members",
        "Must have at most {max} members.",
        "항목은 {max}개 이하여야 합니다.",
    ),
    (
        "bytes",
        "Must be at most {max} bytes of JSON.",
        "JSON으로 {max}바이트 이하여야 합니다.",
    ),
    (
        "malformed_json",
        "This line is not a JSON object.",
        "이 줄은 JSON 객체가 아닙니다.",
    ),
    (
        "path",
        "Must be a path of the front end, beginning with one `/`.",
        "`/` 하나로 시작하는 프런트엔드 경로여야 합니다.",
    ),
    (
        "provider",
        "Must be `kakao`, `google` or `naver`.",
        "`kakao`, `google`, `naver` 중 하나여야 합니다.",
    ),
    (
        "one_proof",
        "Give one of code, id_token, access_token and refresh_token.",
        "code, id_token, access_token, refresh_token 중 하나만 입력하세요.",
    ),
    (
        "unsupported_proof",
        "This provider takes no such proof.",
        "이 제공자에서는 사용할 수 없는 방식입니다.",
    ),
];
