//! Routes of signing in with Kakao, Google and Naver.

use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, HeaderValue, LOCATION, REFERRER_POLICY};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, dev::Payload, get, post, web,
};
use domain::user::{FrontEndPath, Provider, SocialError};
use serde::{Deserialize, Serialize};
use service::user::{
    Begun, Came, IdentityError, Return, Returned, SocialAdmitted, SocialLoginError,
    SocialLoginService,
};
use url::{Url, form_urlencoded};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::dto::Tokens;
use super::proof::ProofBody;
use crate::http::{
    BodyProblems, Code, LookupProblems, Problem, ProviderProblems, ProviderSignInProblems,
    QueryProblems, ThrottleProblems, Valid, ValidQuery,
};
use crate::identity::{Arriving, CookieSettings, Visitor, new_session_cookie};
use crate::rules;

type Logins = web::Data<dyn SocialLoginService>;

/// Where the front end is, without a slash at its end; app data.
#[derive(Clone, Debug)]
pub(crate) struct FrontEndUrl(pub(crate) String);

impl FrontEndUrl {
    /// A page of the front end, with more in its query.
    fn page(&self, path: &str, query: &[(&str, &str)]) -> Result<String, Problem> {
        // Read as an address even without a query: what is not ASCII is escaped.
        let mut url = Url::parse(&format!("{}{path}", self.0)).map_err(Problem::internal)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url.into())
    }
}

/// The provider in a route's path; another word names nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfProvider(pub(crate) Provider);

impl FromRequest for OfProvider {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let named = request.match_info().get("provider");
        let named = named.and_then(|name| Provider::parse(name).ok());
        ready(named.map(Self).ok_or_else(|| Problem::new(Code::NotFound)))
    }
}

/// Where to go in the end.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LoginQuery {
    /// A path of the front end to end at, instead of `/`.
    #[validate(custom(function = "rules::front_end_path"))]
    #[param(example = "/mypage")]
    return_to: Option<String>,
}

/// 302 to an address that is nobody else's business.
pub(super) fn redirect(address: &str) -> Result<HttpResponseBuilder, Problem> {
    let address = HeaderValue::from_str(address).map_err(Problem::internal)?;
    let mut response = HttpResponse::Found();
    response
        .insert_header((LOCATION, address))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"));
    Ok(response)
}

/// Sends a browser to the provider.
async fn leave(
    logins: &Logins,
    settings: &CookieSettings,
    front: &FrontEndUrl,
    provider: Provider,
    query: LoginQuery,
) -> Result<HttpResponse, Problem> {
    let return_to = query.return_to.as_deref();
    let return_to = return_to.and_then(|path| FrontEndPath::parse(path).ok());
    let Begun {
        url,
        kept,
        lifetime,
    } = match logins.begin(provider, return_to).await {
        Ok(begun) => begun,
        Err(error) => return refuse(front, error),
    };
    let cookie = settings.flow(provider.as_str(), kept, lifetime);
    Ok(redirect(&url)?.cookie(cookie).finish())
}

/// The front end's page for people who could not sign in.
fn refuse(front: &FrontEndUrl, error: SocialLoginError) -> Result<HttpResponse, Problem> {
    let Some(word) = word(&error) else {
        return Err(error.into());
    };
    let page = front.page("/signup", &[("error", word)])?;
    Ok(redirect(&page)?.finish())
}

/// What the front end is told of a failure; none where it is a problem of ours.
fn word(error: &SocialLoginError) -> Option<&'static str> {
    let of_provider = |error: &SocialError| match error {
        SocialError::Token(_) | SocialError::Unsupported => "oauth_token",
        SocialError::UserInfo(_) => "oauth_userinfo",
        SocialError::Http(_) => "http",
    };
    match error {
        SocialLoginError::State => Some("oauth_state"),
        SocialLoginError::Provider(error) => Some(of_provider(error)),
        SocialLoginError::Blocked => Some("forbidden"),
        SocialLoginError::Link(error) => match error.as_ref() {
            IdentityError::Provider(error) => Some(of_provider(error)),
            IdentityError::Taken => Some("identity_taken"),
            IdentityError::AlreadyLinked => Some("provider_already_linked"),
            IdentityError::NotConfigured
            | IdentityError::NotFound
            | IdentityError::LastWayIn
            | IdentityError::Account(_)
            | IdentityError::Repository(_) => None,
        },
        SocialLoginError::NotConfigured
        | SocialLoginError::TooManyTries(_)
        | SocialLoginError::Repository(_) => None,
    }
}

/// Signs in with Kakao: sends the browser there
#[utoipa::path(
    tag = "social login",
    params(LoginQuery),
    responses((status = 302, description = "To the provider"), QueryProblems, ProviderProblems)
)]
#[get("/auth/kakao")]
pub(crate) async fn kakao_login(
    logins: Logins,
    settings: web::Data<CookieSettings>,
    front: web::Data<FrontEndUrl>,
    query: ValidQuery<LoginQuery>,
) -> Result<HttpResponse, Problem> {
    leave(&logins, &settings, &front, Provider::Kakao, query.0).await
}

/// Signs in with Google: sends the browser there
#[utoipa::path(
    tag = "social login",
    params(LoginQuery),
    responses((status = 302, description = "To the provider"), QueryProblems, ProviderProblems)
)]
#[get("/auth/google")]
pub(crate) async fn google_login(
    logins: Logins,
    settings: web::Data<CookieSettings>,
    front: web::Data<FrontEndUrl>,
    query: ValidQuery<LoginQuery>,
) -> Result<HttpResponse, Problem> {
    leave(&logins, &settings, &front, Provider::Google, query.0).await
}

/// Signs in with Naver: sends the browser there
#[utoipa::path(
    tag = "social login",
    params(LoginQuery),
    responses((status = 302, description = "To the provider"), QueryProblems, ProviderProblems)
)]
#[get("/auth/naver")]
pub(crate) async fn naver_login(
    logins: Logins,
    settings: web::Data<CookieSettings>,
    front: web::Data<FrontEndUrl>,
    query: ValidQuery<LoginQuery>,
) -> Result<HttpResponse, Problem> {
    leave(&logins, &settings, &front, Provider::Naver, query.0).await
}

/// Signs in with a provider: sends the browser there
///
/// `state`, `nonce` and the PKCE verifier stay in the browser, in a sealed cookie that lives for ten minutes.
#[utoipa::path(
    tag = "social login",
    params(("provider" = String, Path, description = "`kakao`, `google` or `naver`"), LoginQuery),
    responses(
        (status = 302, description = "To the provider"),
        QueryProblems,
        LookupProblems,
        ProviderProblems,
    )
)]
#[get("/auth/{provider}/login")]
pub(crate) async fn provider_login(
    provider: OfProvider,
    logins: Logins,
    settings: web::Data<CookieSettings>,
    front: web::Data<FrontEndUrl>,
    query: ValidQuery<LoginQuery>,
) -> Result<HttpResponse, Problem> {
    leave(&logins, &settings, &front, provider.0, query.0).await
}

/// Where a provider sends the browser back to
///
/// Sets the session cookie and goes to the front end: to `/consent` where the birthday is missing, else to `return_to` or
/// `/`; to `/signup?error=…` (`oauth_state`, `oauth_token`, `oauth_userinfo`, `http`, `forbidden`) where nobody was let in. Where an
/// identity was to be linked, to `return_to` or `/` with `linked=…` or `error=…`.
#[utoipa::path(
    tag = "social login",
    params(
        ("provider" = String, Path, description = "`kakao`, `google` or `naver`"),
        ("code" = Option<String>, Query, description = "What the provider gives"),
        ("state" = Option<String>, Query, description = "What the provider was told"),
    ),
    responses(
        (status = 302, description = "To the front end"),
        LookupProblems,
        ProviderProblems,
    )
)]
#[get("/auth/{provider}/callback")]
pub(crate) async fn provider_callback(
    request: HttpRequest,
    provider: OfProvider,
    arriving: Arriving,
    visitor: Visitor,
    logins: Logins,
    settings: web::Data<CookieSettings>,
    front: web::Data<FrontEndUrl>,
) -> Result<HttpResponse, Problem> {
    let name = provider.0.as_str();
    let kept = request.cookie(&settings.flow_name(name));
    let given = |wanted: &str| {
        let mut pairs = form_urlencoded::parse(request.query_string().as_bytes());
        pairs
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.into_owned())
            .filter(|value| rules::credential(value).is_ok())
    };
    let back = Return {
        kept: kept.map(|cookie| cookie.value().to_owned()),
        state: given("state"),
        code: given("code").map(Into::into),
        signed_in: match visitor {
            Visitor::Member(principal) => Some(principal.user_id),
            Visitor::Guest(_) | Visitor::Stranger => None,
        },
    };
    let arrival = arriving.in_browser(&request);
    let Returned {
        return_to,
        was_link,
        outcome,
    } = logins.finish(provider.0, back, arrival).await;
    let path = return_to.as_ref().map_or("/", FrontEndPath::as_str);
    let mut response = match outcome {
        Ok(Came::In(social)) => {
            let pair = &social.admitted.pair;
            let cookie = new_session_cookie(&request, pair.user_id, pair.session_id)?;
            let mut response = redirect(&arrival_page(&front, &social, return_to.as_ref())?)?;
            response.cookie(cookie);
            response
        }
        Ok(Came::Linked(_)) => redirect(&front.page(path, &[("linked", name)])?)?,
        Err(error) => match word(&error) {
            Some(word) if was_link => redirect(&front.page(path, &[("error", word)])?)?,
            Some(word) => redirect(&front.page("/signup", &[("error", word)])?)?,
            None => return Err(error.into()),
        },
    };
    let spent = settings.flow(name, String::new(), Duration::ZERO);
    Ok(response.cookie(spent).finish())
}

/// The page for somebody who is in.
fn arrival_page(
    front: &FrontEndUrl,
    social: &SocialAdmitted,
    return_to: Option<&FrontEndPath>,
) -> Result<String, Problem> {
    match (social.needs_consent, return_to) {
        (true, None) => front.page("/consent", &[]),
        // The front end goes there once it has asked.
        (true, Some(path)) => front.page("/consent", &[("return_to", path.as_str())]),
        (false, path) => front.page(path.map_or("/", FrontEndPath::as_str), &[]),
    }
}

/// Tokens, and what the client may want to do next.
#[derive(Serialize, ToSchema)]
pub(crate) struct SocialTokens {
    #[serde(flatten)]
    tokens: Tokens,
    /// Whether the account was made just now.
    is_new: bool,
    /// Whether the birthday is not known yet.
    needs_consent: bool,
    /// Whether the address that the provider proved belongs to another account: sign in there and link this one, if it is
    /// yours.
    email_elsewhere: bool,
}

impl From<SocialAdmitted> for SocialTokens {
    fn from(social: SocialAdmitted) -> Self {
        Self {
            tokens: social.admitted.into(),
            is_new: social.is_new,
            needs_consent: social.needs_consent,
            email_elsewhere: social.email_elsewhere,
        }
    }
}

/// Signs in with what a provider gave to an app
///
/// A code (with its PKCE verifier and `redirect_uri`), an ID token (Google, Kakao), an access token (Kakao; Naver for people who
/// were here before, for it does not tell for whom it was made) or a refresh token (Kakao, Naver). What was made for another
/// app is refused: 401 `oauth_token`.
#[utoipa::path(
    tag = "social login",
    request_body = ProofBody,
    params(("provider" = String, Path, description = "`kakao`, `google` or `naver`")),
    responses(
        (status = 200, body = SocialTokens),
        BodyProblems,
        LookupProblems,
        ProviderSignInProblems,
        ProviderProblems,
        ThrottleProblems,
    )
)]
#[post("/api/v1/auth/{provider}/token")]
pub(crate) async fn provider_token(
    provider: OfProvider,
    arriving: Arriving,
    logins: Logins,
    body: Valid<ProofBody>,
) -> Result<HttpResponse, Problem> {
    let proof = body.0.into_proof();
    let proof = proof.ok_or_else(|| Problem::internal("a validated proof is none"))?;
    let admitted = logins.sign_in(provider.0, proof, arriving.0).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .json(SocialTokens::from(admitted)))
}
