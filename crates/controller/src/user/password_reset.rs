//! Routes for those who forgot their password.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use domain::user::Email;
use serde::Deserialize;
use service::user::PasswordResetService;
use utoipa::ToSchema;
use validator::Validate;

use super::email_address::MailOnItsWay;
use crate::account_page::{Form, Page, Wish, page_of};
use crate::http::{
    BodyProblems, ClientAddress, Code, HashingProblems, LookupProblems, Problem, ThrottleProblems,
    ValidForm,
};
use crate::rules;

type Resets = web::Data<dyn PasswordResetService>;

/// Whose password it is.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(example = json!({"email": "yuna@example.com"}))]
pub(crate) struct ForgotBody {
    #[validate(required, custom(function = "rules::email"))]
    #[schema(required, nullable = false)]
    email: Option<String>,
}

/// The key of a mailed link, and the new password.
#[derive(Deserialize, Validate, ToSchema)]
pub(crate) struct ResetBody {
    /// The last part of the link.
    #[validate(required, length(max = 256))]
    #[schema(required, nullable = false)]
    token: Option<String>,
    /// 8 to 128 characters of any kind, but none of the common ones.
    #[validate(required)]
    #[schema(required, nullable = false, format = Password)]
    password: Option<String>,
}

/// Asks for a new password
///
/// Mails a link that sets one, for 24 hours. An address without an account answers alike. Takes a
/// form, too; a browser gets a page.
#[utoipa::path(
    tag = "accounts",
    request_body(content((ForgotBody = "application/json"), (ForgotBody = "application/x-www-form-urlencoded"))),
    responses(
        (status = 202, description = "A link is on its way, if there is an account", body = MailOnItsWay),
        BodyProblems,
        ThrottleProblems,
    )
)]
#[post("/api/v1/auth/password/forgot")]
pub(crate) async fn forgot_password(
    wish: Wish,
    address: ClientAddress,
    resets: Resets,
    body: Result<ValidForm<ForgotBody>, Problem>,
) -> Result<HttpResponse, Problem> {
    let done = async {
        let email = Email::parse(&body?.0.email.unwrap_or_default());
        let email = email.map_err(|_| Problem::internal("a validated address is none"))?;
        let asked = resets.forgot(&email, Some(address.0), wish.language.into());
        asked.await.map_err(Problem::from)
    };
    match done.await {
        Err(problem) => page_of(problem, Form::Forgot, wish),
        Ok(()) if wish.page => {
            let title = wish
                .language
                .choose("Look into your mail", "메일을 확인해 주세요");
            let page =
                Page::new(wish.language, title).paragraph(MailOnItsWay::words(wish.language));
            Ok(page.answer(StatusCode::ACCEPTED))
        }
        Ok(()) => Ok(MailOnItsWay::answer(wish.language)),
    }
}

/// Sets a new password
///
/// With the key of a mailed link, which works once. Ends every session. Takes a form, too; a
/// browser gets a page.
#[utoipa::path(
    tag = "accounts",
    request_body(content((ResetBody = "application/json"), (ResetBody = "application/x-www-form-urlencoded"))),
    responses(
        (status = 204, description = "The password was set"),
        BodyProblems,
        LookupProblems,
        HashingProblems,
    )
)]
#[post("/api/v1/auth/password/reset")]
pub(crate) async fn reset_password(
    wish: Wish,
    resets: Resets,
    body: Result<ValidForm<ResetBody>, Problem>,
) -> Result<HttpResponse, Problem> {
    // The form needs the key again; what was not readable had none.
    let mut key = String::new();
    let done = async {
        let body = body?.0;
        key = body.token.unwrap_or_default();
        let password = body.password.unwrap_or_default().into();
        let token = key.clone().into();
        let set = resets.reset(&token, &password, wish.language.into());
        set.await.map_err(Problem::from)
    };
    let outcome = done.await;
    match outcome {
        Err(problem) if problem.code() == Code::LinkNotFound => {
            page_of(problem, Form::Forgot, wish)
        }
        Err(problem) => page_of(problem, Form::Reset(&key), wish),
        Ok(()) if wish.page => {
            let title = wish
                .language
                .choose("Your new password is set", "새 비밀번호가 설정되었습니다");
            let sign_in = wish.language.choose("Sign in", "로그인");
            let page = Page::new(wish.language, title).links(&[("/login", sign_in)]);
            Ok(page.answer(StatusCode::OK))
        }
        Ok(()) => Ok(HttpResponse::NoContent().finish()),
    }
}
