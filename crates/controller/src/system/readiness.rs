//! Whether the server is up, and whether it does all it can.

use std::time::Duration;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use service::health::{HealthService, Readiness};
use utoipa::ToSchema;

use crate::build;
use crate::http::{Code, Problem, ReadinessProblems};

/// When it may be worth asking again.
const SOON: Duration = Duration::from_secs(1);

/// The server is up.
#[derive(Serialize, ToSchema)]
struct Health {
    #[schema(example = "ok")]
    status: &'static str,
    version: &'static str,
    /// The commit it was built from, or `unknown`.
    commit: &'static str,
}

/// Whether the server is up, in the old clients' words.
#[derive(Serialize, ToSchema)]
struct Healthz {
    ok: bool,
}

/// Whether the server does all it can.
#[derive(Serialize, ToSchema)]
struct Ready {
    /// `ready`, or `degraded`: requests are answered, but less well than they could be.
    #[schema(example = "ready")]
    status: &'static str,
    checks: Checks,
    /// For how many seconds the message that is due longest has been waiting.
    #[schema(example = 0)]
    queue_age_seconds: u64,
}

/// The parts.
#[derive(Serialize, ToSchema)]
struct Checks {
    /// `ready`; without the database the answer is 503.
    #[schema(example = "ready")]
    database: &'static str,
    /// `ready`, or `late`: messages wait for longer than two minutes after they were due.
    #[schema(example = "ready")]
    queue: &'static str,
    /// `ready`, or `cut_off`: nothing is heard of the other nodes.
    #[schema(example = "ready")]
    bus: &'static str,
    /// `ready`, or `learning`: feeds show what is popular until the recommender remembers.
    #[schema(example = "ready")]
    recommender: &'static str,
    /// `ready`, or `failing`: the last few mails did not leave. They are tried again.
    #[schema(example = "ready")]
    mail: &'static str,
    /// `ready`, or `failing`: the same of notes to Kakao.
    #[schema(example = "ready")]
    kakao: &'static str,
    /// `ready`; `resting`: the portrait service failed and is left alone for a while; or `local`:
    /// there is none. Portraits are drawn here then.
    #[schema(example = "local")]
    portraits: &'static str,
}

impl From<&Readiness> for Checks {
    fn from(found: &Readiness) -> Self {
        let or = |is_well: bool, otherwise| if is_well { "ready" } else { otherwise };
        Self {
            database: "ready",
            queue: or(found.is_in_time(), "late"),
            bus: or(found.bus, "cut_off"),
            recommender: or(found.recommender, "learning"),
            mail: or(found.mail, "failing"),
            kakao: or(found.kakao, "failing"),
            portraits: found.portraits.map_or("local", |well| or(well, "resting")),
        }
    }
}

/// Whether the server is up
#[utoipa::path(tag = "system", responses((status = 200, body = Health)))]
#[get("/health")]
pub(crate) async fn health() -> HttpResponse {
    up()
}

/// Whether the server is up, for orchestrators
///
/// The same as `/health`: it asks nobody, so that a database that is away makes nobody restart a
/// healthy server.
#[utoipa::path(tag = "system", responses((status = 200, body = Health)))]
#[get("/livez")]
pub(crate) async fn livez() -> HttpResponse {
    up()
}

fn up() -> HttpResponse {
    HttpResponse::Ok().json(Health {
        status: "ok",
        version: build::VERSION,
        commit: build::COMMIT,
    })
}

/// Whether the server is up, for old clients
#[utoipa::path(tag = "system", responses((status = 200, body = Healthz)))]
#[get("/healthz")]
pub(crate) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(Healthz { ok: true })
}

/// Whether the server does all it can
///
/// Degraded is not down: it answers 200 as long as it serves. Without its database it does not, and
/// a node that is about to stop wants no more requests.
#[utoipa::path(tag = "system", responses((status = 200, body = Ready), ReadinessProblems))]
#[get("/readyz")]
pub(crate) async fn readyz(
    everything: web::Data<dyn HealthService>,
) -> Result<HttpResponse, Problem> {
    let found = everything.readiness().await;
    let Some(age) = found.queue_age.filter(|_| !found.leaving) else {
        return Err(Problem::new(Code::Unavailable).retry_after(SOON));
    };
    let status = if found.is_whole() {
        "ready"
    } else {
        "degraded"
    };
    let answer = Ready {
        status,
        checks: Checks::from(&found),
        queue_age_seconds: age.as_secs(),
    };
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(answer))
}
