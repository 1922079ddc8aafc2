//! What others may do to somebody, and hear of them, over HTTP.

use actix_web::{HttpResponse, get, put, web};
use domain::chat::{DmFrom, Privacy};
use serde::{Deserialize, Serialize};
use service::chat::FriendService;
use utoipa::ToSchema;
use validator::Validate;

use crate::http::{AuthProblems, BodyProblems, Problem, Valid};
use crate::identity::{SignedIn, SignedInWith};
use crate::rules;

/// Who may write to me, and what others hear of me.
#[derive(Serialize, Deserialize, Validate, ToSchema)]
#[schema(as = ChatSettings)]
pub(crate) struct SettingsBody {
    /// `friends`, `anyone` or `nobody`.
    #[validate(required, custom(function = "rules::dm_from"))]
    #[schema(
        required,
        nullable = false,
        pattern = "^(friends|anyone|nobody)$",
        example = "friends"
    )]
    dm_from: Option<String>,
    /// Whether others hear how far I have read; stays as it is where it is not said.
    #[schema(example = true)]
    read_receipts: Option<bool>,
}

fn settings(privacy: Privacy) -> HttpResponse {
    HttpResponse::Ok().json(SettingsBody {
        dm_from: Some(privacy.dm_from.as_str().to_owned()),
        read_receipts: Some(privacy.read_receipts),
    })
}

/// Who may write to me, and what others hear of me
#[utoipa::path(
    tag = "chat",
    responses((status = 200, body = SettingsBody), AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/chats/settings")]
pub(crate) async fn chat_settings(
    who: SignedIn,
    service: web::Data<dyn FriendService>,
) -> Result<HttpResponse, Problem> {
    Ok(settings(service.privacy(who.user_id).await?))
}

/// Says who may write to me, and what others hear of me
#[utoipa::path(
    tag = "chat",
    request_body = SettingsBody,
    responses((status = 200, body = SettingsBody), BodyProblems, AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[put("/api/v1/chats/settings")]
pub(crate) async fn set_chat_settings(
    SignedInWith(who, body): SignedInWith<Valid<SettingsBody>>,
    service: web::Data<dyn FriendService>,
) -> Result<HttpResponse, Problem> {
    let from = body.0.dm_from.as_deref().and_then(DmFrom::parse);
    let dm_from = from.ok_or_else(|| Problem::internal("a validated setting is none"))?;
    let read_receipts = match body.0.read_receipts {
        Some(receipts) => receipts,
        None => service.privacy(who.user_id).await?.read_receipts,
    };
    let privacy = Privacy {
        dm_from,
        read_receipts,
    };
    service.set_privacy(who.user_id, privacy).await?;
    Ok(settings(privacy))
}
