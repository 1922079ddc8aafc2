//! Which of our two languages an answer is written in.

use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderValue};

/// A language that titles and details exist in. Codes are never translated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English, also for everybody who asks for neither.
    #[default]
    English,
    /// Korean.
    Korean,
}

impl Language {
    /// The language that the `Accept-Language` lines prefer.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let mut best = (0, Self::default());
        for line in headers.get_all(ACCEPT_LANGUAGE) {
            for range in line.to_str().unwrap_or_default().split(',') {
                if let Some((weight, language)) = read_range(range)
                    && weight > best.0
                {
                    best = (weight, language);
                }
            }
        }
        best.1
    }

    /// The tag for `Content-Language`.
    #[must_use]
    pub fn tag(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::English => "en",
            Self::Korean => "ko",
        })
    }

    /// The one of two texts that is in this language.
    #[must_use]
    pub fn choose<T>(self, english: T, korean: T) -> T {
        match self {
            Self::English => english,
            Self::Korean => korean,
        }
    }
}

impl From<Language> for domain::notification::Language {
    fn from(language: Language) -> Self {
        language.choose(Self::English, Self::Korean)
    }
}

/// Reads `ko-KR;q=0.8` into its weight in thousandths and the language, if it is one of ours.
/// A weight that cannot be read counts as 0: such a range asks for nothing.
fn read_range(range: &str) -> Option<(u16, Language)> {
    let mut parts = range.split(';');
    let tag = parts.next()?.trim();
    let primary = tag.split('-').next().unwrap_or(tag);
    let language = if primary.eq_ignore_ascii_case("ko") {
        Language::Korean
    } else if primary.eq_ignore_ascii_case("en") || primary == "*" {
        Language::English
    } else {
        return None;
    };
    let weight = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("q")
            .then(|| value.trim().parse::<f32>().unwrap_or(0.0))
    });
    let thousandths = weight.unwrap_or(1.0).clamp(0.0, 1.0) * 1_000.0;
    // Clamped just above, so the cast neither wraps nor loses more than the fraction.
    Some((thousandths as u16, language))
}
