//! Accounts by e-mail, as clients of the chat contract know them.

use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use domain::user::{Email, Identifier, Name};
use serde::{Deserialize, Serialize};
use service::user::{EmailAccountService, Opened, Registration, SessionService};
use utoipa::ToSchema;
use validator::Validate;

use super::dialects::Chat;
use crate::account_page::{Form, Page, Wish, page_of};
use crate::http::{
    BodyProblems, ClientAddress, Code, ConflictProblems, HashingProblems, Language, LookupProblems,
    Problem, SignInProblems, Speak, ThrottleProblems, ValidForm, is_head,
};
use crate::identity::{Arriving, new_session_cookie, own_page};
use crate::rules;

/// An account that is asked for.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = EmailRegistration)]
#[schema(example = json!({"name": "유나", "email": "yuna@example.com", "password": "correct horse"}))]
pub(crate) struct RegisterBody {
    /// What friends type, unique.
    #[validate(required, custom(function = "rules::name"))]
    #[schema(required, nullable = false)]
    name: Option<String>,
    /// The address a link is mailed to.
    #[validate(required, custom(function = "rules::email"))]
    #[schema(required, nullable = false)]
    email: Option<String>,
    /// 8 to 128 characters of any kind, but none of the common ones.
    #[validate(required, custom(function = "rules::new_password"))]
    #[schema(required, nullable = false, format = Password)]
    password: Option<String>,
}

/// An e-mail address and a password.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = EmailLogin)]
#[schema(example = json!({"email": "yuna@example.com", "password": "correct horse"}))]
pub(crate) struct LoginBody {
    #[validate(required)]
    #[schema(required, nullable = false)]
    email: Option<String>,
    #[validate(required, length(max = 1024))]
    #[schema(required, nullable = false, format = Password)]
    password: Option<String>,
}

/// A word about what was done.
#[derive(Serialize, ToSchema)]
pub(crate) struct Info {
    #[schema(example = "info")]
    r#type: &'static str,
    payload: InfoPayload,
}

/// The word.
#[derive(Serialize, ToSchema)]
pub(crate) struct InfoPayload {
    message: &'static str,
}

impl Info {
    fn new(message: &'static str) -> Self {
        Self {
            r#type: "info",
            payload: InfoPayload { message },
        }
    }
}

/// Somebody who is in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Auth {
    #[schema(example = "auth")]
    r#type: &'static str,
    payload: AuthPayload,
}

/// What they show from now on.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuthPayload {
    /// An access token: a bearer's.
    token: String,
}

/// Asks for an account
///
/// Mails a link; the account exists once it is opened. Asking again replaces what was asked for
/// before. An address that is taken answers alike, and its owner gets a mail. Takes a form, too;
/// a browser gets a page.
#[utoipa::path(
    tag = "accounts (chat)",
    request_body(content((RegisterBody = "application/json"), (RegisterBody = "application/x-www-form-urlencoded"))),
    responses(
        (status = 201, description = "A link is on its way", body = Info),
        BodyProblems,
        ConflictProblems,
        ThrottleProblems,
        HashingProblems,
    )
)]
#[post("/api/v1/auth/register", wrap = "Speak(&Chat)")]
pub(crate) async fn register(
    wish: Wish,
    accounts: web::Data<dyn EmailAccountService>,
    address: ClientAddress,
    body: Result<ValidForm<RegisterBody>, Problem>,
) -> Result<HttpResponse, Problem> {
    let done = async {
        let body = body?.0;
        let unread = || Problem::internal("a validated body is not valid");
        let asked = Registration {
            name: Name::parse(&body.name.unwrap_or_default()).map_err(|_| unread())?,
            email: Email::parse(&body.email.unwrap_or_default()).map_err(|_| unread())?,
            password: body.password.unwrap_or_default().into(),
        };
        let language = wish.language.into();
        let registered = accounts.register(asked, Some(address.0), language).await;
        registered.map_err(Problem::from)
    };
    match done.await {
        Err(problem) => page_of(problem, Form::Register, wish),
        Ok(()) if wish.page => {
            let title = wish
                .language
                .choose("Look into your mail", "메일을 확인해 주세요");
            let text = wish.language.choose(
                "We have sent you a link. Your account is ready once you open it.",
                "확인 링크를 보냈습니다. 링크를 열면 계정이 만들어집니다.",
            );
            let page = Page::new(wish.language, title).paragraph(text);
            Ok(page.answer(StatusCode::CREATED))
        }
        Ok(()) => Ok(HttpResponse::Created().json(Info::new(
            "successfully created an account creation request.",
        ))),
    }
}

/// Opens a mailed link
///
/// Makes the account that the link stands for. A browser gets a page with a button instead, and a link that proves an
/// address wants it pressed (or a `POST` here): programs that look at mails before people do open links, too.
#[utoipa::path(
    tag = "accounts (chat)",
    params(("key" = String, Path, description = "The key of the link")),
    responses(
        (status = 201, description = "There is an account now", body = Info),
        (status = 200, description = "A page with a button", content_type = "text/html", body = String),
        LookupProblems,
    )
)]
#[get("/api/v1/auth/email_verify/{key}", wrap = "Speak(&Chat)")]
pub(crate) async fn email_verify(
    request: HttpRequest,
    wish: Wish,
    accounts: web::Data<dyn EmailAccountService>,
    key: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    // Whoever only looks changes nothing.
    if is_head(&request) {
        return Ok(HttpResponse::Ok().finish());
    }
    let key = key.into_inner();
    if wish.page {
        return Ok(Form::Open(&key)
            .page(wish.language, &[])
            .answer(StatusCode::OK));
    }
    accounts.make_account(&key.into()).await?;
    Ok(HttpResponse::Created().json(Info::new("account successfully created.")))
}

/// Does what a mailed link is for
///
/// Makes the account, or proves the address of one. What the button of the link's page sends.
#[utoipa::path(
    tag = "accounts (chat)",
    params(("key" = String, Path, description = "The key of the link")),
    responses(
        (status = 201, description = "There is an account now", body = Info),
        (status = 200, description = "The address is proved", body = Info),
        LookupProblems,
    )
)]
#[post("/api/v1/auth/email_verify/{key}", wrap = "Speak(&Chat)")]
pub(crate) async fn open_link(
    wish: Wish,
    accounts: web::Data<dyn EmailAccountService>,
    key: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let key = key.into_inner().into();
    let opened = accounts.open_link(&key, wish.language.into()).await;
    match opened.map_err(Problem::from) {
        Err(problem) => page_of(problem, Form::Login, wish),
        Ok(opened) if wish.page => Ok(opened_page(opened, wish.language)),
        Ok(Opened::AccountMade(_)) => {
            Ok(HttpResponse::Created().json(Info::new("account successfully created.")))
        }
        Ok(Opened::AddressProved(_)) => {
            Ok(HttpResponse::Ok().json(Info::new("e-mail address successfully verified.")))
        }
    }
}

fn opened_page(opened: Opened, language: Language) -> HttpResponse {
    let (status, text) = match opened {
        Opened::AccountMade(_) => (
            StatusCode::CREATED,
            language.choose("Your account is ready.", "계정이 만들어졌습니다."),
        ),
        Opened::AddressProved(_) => (
            StatusCode::OK,
            language.choose(
                "Your address is confirmed.",
                "이메일 주소가 확인되었습니다.",
            ),
        ),
    };
    let title = language.choose("Done", "완료되었습니다");
    let sign_in = language.choose("Sign in", "로그인");
    let page = Page::new(language, title).paragraph(text);
    page.links(&[("/login", sign_in)]).answer(status)
}

/// Signs in with an e-mail address
///
/// Takes a form, too; a browser gets a page and the session cookie.
#[utoipa::path(
    tag = "accounts (chat)",
    request_body(content((LoginBody = "application/json"), (LoginBody = "application/x-www-form-urlencoded"))),
    responses(
        (status = 201, description = "Signed in", body = Auth),
        BodyProblems,
        SignInProblems,
        ThrottleProblems,
    )
)]
#[post("/api/v1/auth/login", wrap = "Speak(&Chat)")]
pub(crate) async fn chat_login(
    request: HttpRequest,
    wish: Wish,
    arriving: Arriving,
    sessions: web::Data<dyn SessionService>,
    body: Result<ValidForm<LoginBody>, Problem>,
) -> Result<HttpResponse, Problem> {
    let done = async {
        if wish.page {
            // A page of another site could sign a browser in as somebody else.
            own_page(&request)?;
        }
        let body = body?.0;
        // What cannot be an address is nobody's.
        let email = Email::parse(&body.email.unwrap_or_default());
        let email = email.map_err(|_| Problem::new(Code::InvalidCredentials))?;
        let password = body.password.unwrap_or_default().into();
        let identifier = Identifier::Email(email);
        let arrival = match wish.page {
            true => arriving.in_browser(&request),
            false => arriving.0,
        };
        let admitted = sessions.sign_in(&identifier, &password, arrival).await?;
        Ok(admitted.pair)
    };
    let pair = match done.await {
        Ok(pair) => pair,
        Err(problem) => return page_of(problem, Form::Login, wish),
    };
    if wish.page {
        let title = wish
            .language
            .choose("You are signed in", "로그인되었습니다");
        let feed = wish.language.choose("To the feed", "피드로 가기");
        let page = Page::new(wish.language, title).links(&[("/feed", feed)]);
        let mut answer = page.answer(StatusCode::CREATED);
        let cookie = new_session_cookie(&request, pair.user_id, pair.session_id)?;
        answer
            .add_cookie(&cookie)
            .map_err(|error| Problem::internal(error.to_string()))?;
        return Ok(answer);
    }
    Ok(HttpResponse::Created()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(Auth {
            r#type: "auth",
            payload: AuthPayload {
                token: pair.access_token,
            },
        }))
}
