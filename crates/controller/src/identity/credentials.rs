//! What a request brings to say who is asking.

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use domain::user::UserId;
use secrecy::SecretString;
use service::requests::Asker;
use service::user::{AccessTokens, CookieHolder, SessionCookies};
use url::form_urlencoded;

use super::CookieSettings;
use crate::http::{ClientAddress, Code, Problem};

/// Names the contract gives the guest id in the query.
const GUEST_PARAMETERS: [&str; 3] = ["userid", "user_id", "guest_id"];

/// The token of `Authorization: Bearer …`; the scheme's case does not matter (RFC 9110, 11.1).
///
/// # Errors
/// 401 where the header is there and holds no token.
pub(super) fn bearer(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(header) = request.headers().get(AUTHORIZATION) else {
        return Ok(None);
    };
    let text = header
        .to_str()
        .map_err(|_| Problem::new(Code::InvalidToken))?;
    match text.trim().split_once(' ') {
        Some((scheme, token))
            if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() =>
        {
            Ok(Some(token.trim().to_owned()))
        }
        _ => Err(Problem::new(Code::InvalidToken)),
    }
}

/// Whom the session cookie names, if it is one of ours.
pub(super) fn cookie(request: &HttpRequest) -> Option<CookieHolder> {
    let settings = request.app_data::<Data<CookieSettings>>()?;
    let cookies = request.app_data::<Data<SessionCookies>>()?;
    let cookie = request.cookie(&settings.name)?;
    cookies.read(cookie.value())
}

/// What the query says of who is asking.
pub(super) enum Claim {
    /// Nothing.
    None,
    /// The secret id of a guest, or what pretends to be one.
    Guest(SecretString),
    /// The id of a member, which proves nothing.
    Member(i64),
}

/// The guest id of the query.
pub(super) fn claim(request: &HttpRequest) -> Claim {
    let query = request.query_string();
    if query.is_empty() {
        return Claim::None;
    }
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let found = pairs.find(|(name, _)| GUEST_PARAMETERS.contains(&name.as_ref()));
    match found {
        Some((_, value)) if value.is_empty() => Claim::None,
        Some((_, value)) => match value.parse::<i64>() {
            Ok(member) => Claim::Member(member),
            Err(_) => Claim::Guest(value.into_owned().into()),
        },
        None => Claim::None,
    }
}

/// Who asks, as far as what they bring proves it by itself: whether their session still lives is
/// found out later, by whoever lets them in.
pub(crate) fn asker(request: &HttpRequest) -> Asker {
    member(request).map_or_else(
        || Asker::Address(ClientAddress::of(request).0),
        Asker::Account,
    )
}

/// The member whom a good token or cookie names.
fn member(request: &HttpRequest) -> Option<UserId> {
    if let Some(token) = bearer(request).ok()? {
        let tokens = request.app_data::<Data<AccessTokens>>()?;
        return tokens.check(&token).ok().map(|(user, _)| user);
    }
    match cookie(request)? {
        CookieHolder::Session(user, _) => Some(user),
        CookieHolder::Guest(_) => None,
    }
}
