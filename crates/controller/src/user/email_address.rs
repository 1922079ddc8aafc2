//! Routes of one's own e-mail address.

use actix_web::{HttpResponse, post, web};
use domain::user::Email;
use serde::{Deserialize, Serialize};
use service::user::{Asking, EmailAddressService};
use utoipa::ToSchema;
use validator::Validate;

use crate::account_page::Wish;
use crate::http::{
    AuthProblems, BodyProblems, ClientAddress, ConfirmationProblems, ConflictProblems,
    HashingProblems, Language, Problem, ThrottleProblems, Valid,
};
use crate::identity::{SignedIn, SignedInWith};
use crate::rules;

type Addresses = web::Data<dyn EmailAddressService>;

/// Another address, and the password as proof that the owner means it.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(example = json!({"email": "yuna@example.com", "password": "correct horse"}))]
pub(crate) struct ChangeEmail {
    /// The address a link is mailed to.
    #[validate(required, custom(function = "rules::email"))]
    #[schema(required, nullable = false)]
    email: Option<String>,
    /// The account's password, where it has one.
    #[validate(length(max = 1024))]
    #[schema(format = Password)]
    password: Option<String>,
}

/// It was taken down; what comes of it comes by mail.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailOnItsWay {
    message: &'static str,
}

impl MailOnItsWay {
    /// The answer to whoever asked for a link.
    pub(super) fn answer(language: Language) -> HttpResponse {
        HttpResponse::Accepted().json(Self {
            message: Self::words(language),
        })
    }

    /// What is said, whether there is an account or not.
    pub(super) fn words(language: Language) -> &'static str {
        language.choose(
            "If the address can be used, a mail is on its way there.",
            "사용할 수 있는 주소라면 메일이 곧 도착합니다.",
        )
    }
}

/// Asks for another e-mail address
///
/// Mails a link to it; once that is opened, the address is the account's own. The address of
/// before is told. Needs the password; an account without one needs a sign-in less than five
/// minutes old. An address that is another's answers alike.
#[utoipa::path(
    tag = "accounts",
    request_body = ChangeEmail,
    responses(
        (status = 202, description = "A link is on its way", body = MailOnItsWay),
        BodyProblems,
        AuthProblems,
        ConfirmationProblems,
        ThrottleProblems,
        HashingProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/users/me/email")]
pub(crate) async fn change_email(
    SignedInWith(who, body): SignedInWith<Valid<ChangeEmail>>,
    wish: Wish,
    address: ClientAddress,
    addresses: Addresses,
) -> Result<HttpResponse, Problem> {
    let email = Email::parse(&body.0.email.unwrap_or_default())
        .map_err(|_| Problem::internal("a validated address is none"))?;
    let asking = Asking {
        principal: who,
        from: Some(address.0),
        language: wish.language.into(),
    };
    let password = body.0.password.map(Into::into);
    addresses.ask_change(asking, &email, password).await?;
    Ok(MailOnItsWay::answer(wish.language))
}

/// Asks for a link that proves my e-mail address
///
/// In place of any before. 409 `email_missing` where there is no address, `email_already_verified`
/// where it was proved.
#[utoipa::path(
    tag = "accounts",
    responses(
        (status = 202, description = "A link is on its way", body = MailOnItsWay),
        AuthProblems,
        ConflictProblems,
        ThrottleProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/users/me/email/verification")]
pub(crate) async fn prove_email(
    who: SignedIn,
    wish: Wish,
    address: ClientAddress,
    addresses: Addresses,
) -> Result<HttpResponse, Problem> {
    let asking = Asking {
        principal: who.0,
        from: Some(address.0),
        language: wish.language.into(),
    };
    addresses.ask_proof(asking).await?;
    Ok(MailOnItsWay::answer(wish.language))
}
