//! Signing up and in, as clients of the outfit contract know it.

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, post, web};
use domain::user::{Identifier, Username};
use serde::{Deserialize, Serialize};
use service::user::{AccountService, GuestService, SessionService, SignUp};
use utoipa::ToSchema;
use validator::{Validate, ValidationError, ValidationErrors};

use crate::http::{
    AuthProblems, BodyProblems, ClientAddress, Code, ConflictProblems, IdText, Problem,
    ThrottleProblems, Valid,
};
use crate::identity::{Arriving, OwnPage, new_session_cookie};
use crate::rules;
use crate::user::MovedDto;

/// A user name and a password.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = FlatLogin)]
pub(crate) struct LoginBody {
    /// The user name.
    #[validate(required)]
    #[schema(required, nullable = false)]
    id: Option<String>,
    #[validate(required)]
    #[schema(required, nullable = false, format = Password)]
    password: Option<String>,
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[schema(as = FlatSignUp)]
pub(crate) struct SignUpBody {
    /// 4 to 12 letters or digits.
    #[schema(required, nullable = false)]
    id: Option<String>,
    /// 8 to 128 characters of any kind.
    #[schema(required, nullable = false, format = Password)]
    password: Option<String>,
    /// The same again.
    #[schema(required, nullable = false, format = Password)]
    confirm_password: Option<String>,
}

impl Validate for SignUpBody {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut findings = ValidationErrors::new();
        let mut add = |field, finding: Result<(), ValidationError>| {
            if let Err(finding) = finding {
                findings.add(field, finding);
            }
        };
        let required = || Err(ValidationError::new("required"));
        add(
            "id",
            self.id
                .as_deref()
                .map_or_else(required, rules::short_username),
        );
        add(
            "password",
            self.password
                .as_deref()
                .map_or_else(required, rules::new_password),
        );
        add(
            "confirm_password",
            match &self.confirm_password {
                None => required(),
                same if *same == self.password => Ok(()),
                _ => Err(ValidationError::new("password_mismatch")),
            },
        );
        if findings.is_empty() {
            Ok(())
        } else {
            Err(findings)
        }
    }
}

/// Who that is.
#[derive(Serialize, ToSchema)]
#[schema(as = FlatUser)]
pub(crate) struct FlatUser {
    #[schema(example = true)]
    ok: bool,
    user_id: IdText,
    /// What was a guest's until this sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<MovedDto>,
}

/// Signs in with a user name
///
/// Sets the session cookie. What the client did as a guest becomes the member's.
#[utoipa::path(
    tag = "outfits (flat)",
    request_body = LoginBody,
    responses((status = 200, body = FlatUser), BodyProblems, AuthProblems, ThrottleProblems)
)]
#[post("/login")]
pub(crate) async fn login(
    request: HttpRequest,
    arriving: Arriving,
    sessions: web::Data<dyn SessionService>,
    body: Valid<LoginBody>,
) -> Result<HttpResponse, Problem> {
    // What cannot be a user name is nobody's.
    let name = Username::parse(&body.0.id.unwrap_or_default());
    let name = name.map_err(|_| Problem::new(Code::InvalidCredentials))?;
    let password = body.0.password.unwrap_or_default().into();
    let admitted = sessions
        .sign_in(
            &Identifier::Username(name),
            &password,
            arriving.in_browser(&request),
        )
        .await?;
    let pair = admitted.pair;
    Ok(HttpResponse::Ok()
        .cookie(new_session_cookie(&request, pair.user_id, pair.session_id)?)
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .json(FlatUser {
            ok: true,
            user_id: IdText(pair.user_id.get()),
            moved: admitted.moved.map(Into::into),
        }))
}

/// Makes an account with a user name
#[utoipa::path(
    tag = "outfits (flat)",
    request_body = SignUpBody,
    responses((status = 201, body = FlatUser), BodyProblems, ThrottleProblems, ConflictProblems)
)]
#[post("/signin")]
pub(crate) async fn flat_sign_up(
    accounts: web::Data<dyn AccountService>,
    address: ClientAddress,
    body: Valid<SignUpBody>,
) -> Result<HttpResponse, Problem> {
    sign_up(&accounts, address, body.0).await
}

/// Makes an account with a user name, as old clients spell it
#[utoipa::path(
    tag = "outfits (flat)",
    request_body = SignUpBody,
    responses((status = 201, body = FlatUser), BodyProblems, ThrottleProblems, ConflictProblems)
)]
#[post("/singin")]
pub(crate) async fn flat_sign_up_misspelt(
    accounts: web::Data<dyn AccountService>,
    address: ClientAddress,
    body: Valid<SignUpBody>,
) -> Result<HttpResponse, Problem> {
    sign_up(&accounts, address, body.0).await
}

async fn sign_up(
    accounts: &web::Data<dyn AccountService>,
    address: ClientAddress,
    body: SignUpBody,
) -> Result<HttpResponse, Problem> {
    let name = Username::parse(&body.id.unwrap_or_default())
        .map_err(|_| Problem::internal("a validated user name is none"))?;
    let sign_up = SignUp {
        phone_number: None,
        email: None,
        username: Some(name),
        name: None,
        password: body.password.unwrap_or_default().into(),
    };
    let user = accounts.sign_up(sign_up, Some(address.0)).await?;
    Ok(HttpResponse::Created().json(FlatUser {
        ok: true,
        user_id: IdText(user.id.get()),
        moved: None,
    }))
}

/// A guest's secret id.
#[derive(Serialize, ToSchema)]
#[schema(as = Guest)]
pub(crate) struct GuestDto {
    /// Keep it secret: who has it is the guest.
    guest_id: String,
}

/// Starts without signing in
///
/// Makes a guest. The id is also set as a cookie; clients without cookies pass it as `userid`.
#[utoipa::path(
    tag = "sessions",
    responses((status = 201, description = "Made", body = GuestDto))
)]
#[post("/api/v1/sessions/guest")]
pub(crate) async fn begin_guest(
    _: OwnPage,
    request: HttpRequest,
    guests: web::Data<dyn GuestService>,
) -> Result<HttpResponse, Problem> {
    let guest = guests.begin().await?;
    let guest_id = guest.expose().to_owned();
    crate::identity::introduced(&request, guest);
    Ok(HttpResponse::Created().json(GuestDto { guest_id }))
}
