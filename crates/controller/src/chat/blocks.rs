//! Whom somebody wants to hear nothing of, over HTTP.

use actix_web::{HttpResponse, delete, get, put, web};
use domain::chat::FriendEvent;
use domain::user::Name;
use serde::Serialize;
use service::chat::FriendService;
use utoipa::ToSchema;

use super::rest::FriendDto;
use crate::http::{AuthProblems, Code, ConflictProblems, LookupProblems, Problem};
use crate::identity::{SignedIn, SignedInWith};

/// Whom I blocked.
#[derive(Serialize, ToSchema)]
#[schema(as = Blocks)]
pub(crate) struct BlocksDto {
    /// The oldest block first.
    blocked: Vec<FriendDto>,
}

/// Whom I blocked
#[utoipa::path(
    tag = "chat",
    responses((status = 200, body = BlocksDto), AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/friends/blocks")]
pub(crate) async fn list_blocks(
    who: SignedIn,
    service: web::Data<dyn FriendService>,
) -> Result<HttpResponse, Problem> {
    let blocked = service.blocked(who.user_id).await?;
    Ok(HttpResponse::Ok().json(BlocksDto {
        blocked: blocked.into_iter().map(Into::into).collect(),
    }))
}

fn named(path: &str) -> Result<Name, Problem> {
    Name::parse(path).map_err(|_| Problem::new(Code::UserNotFound))
}

/// Blocks somebody
///
/// Ends a friendship and any request between you. Whoever is blocked can neither write nor ask: to them it is as if you
/// did not exist. Blocking again changes nothing.
#[utoipa::path(
    tag = "chat",
    params(("name" = String, Path, description = "The other's name, in whatever case")),
    responses(
        (status = 200, description = "Blocked; the other person", body = FriendDto),
        AuthProblems, LookupProblems, ConflictProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[put("/api/v1/friends/blocks/{name}")]
pub(crate) async fn block(
    SignedInWith(who, name): SignedInWith<web::Path<String>>,
    service: web::Data<dyn FriendService>,
) -> Result<HttpResponse, Problem> {
    let name = named(&name)?;
    let other = service.act(who.user_id, FriendEvent::Block, &name).await?;
    Ok(HttpResponse::Ok().json(FriendDto::from(other)))
}

/// Takes a block back
///
/// It makes nobody friends. Taking back what is not there changes nothing.
#[utoipa::path(
    tag = "chat",
    params(("name" = String, Path, description = "The other's name, in whatever case")),
    responses(
        (status = 204, description = "Not blocked any more"),
        AuthProblems, LookupProblems, ConflictProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete("/api/v1/friends/blocks/{name}")]
pub(crate) async fn unblock(
    SignedInWith(who, name): SignedInWith<web::Path<String>>,
    service: web::Data<dyn FriendService>,
) -> Result<HttpResponse, Problem> {
    let name = named(&name)?;
    let unblock = FriendEvent::Unblock;
    service.act(who.user_id, unblock, &name).await?;
    Ok(HttpResponse::NoContent().finish())
}
