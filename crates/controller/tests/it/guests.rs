//! Who is asking: members, guests, strangers, and pages of other sites.

use std::sync::Arc;

use actix_web::test::TestRequest;
use domain::RepositoryError;
use domain::user::PersonId;
use mockall::predicate::eq;
use serde_json::json;
use service::outfit::MockHeartService;
use service::user::{CookieHolder, MockGuestService, NewGuest};

use crate::world::{Asking, Found, OWNER, SESSION, ask, cookies, get, guard, post, services};
use controller::Services;

const GUEST: i64 = 30;
const SECRET: &str = "g_a-secret-of-a-guest-who-was-here";

/// Guests of whom one was here before, and any number may be made.
fn guests(made: usize) -> MockGuestService {
    let mut guests = MockGuestService::new();
    guests
        .expect_recognise()
        .returning(|id| Ok((id == SECRET).then(|| GUEST.into())));
    guests.expect_begin().times(made).returning(|| {
        Ok(NewGuest {
            person: 31.into(),
            guest_id: "g_new".into(),
        })
    });
    guests
}

/// Services where this person, and nobody else, gives a heart so many times.
fn heart_of(person: i64, hearted: usize, made: usize) -> Services {
    let mut hearts = MockHeartService::new();
    hearts
        .expect_set()
        .with(
            eq(PersonId::from(person)),
            eq(domain::outfit::OutfitId::from(5)),
            eq(true),
        )
        .times(hearted)
        .returning(|_, _, _| Ok(()));
    Services {
        hearts: Arc::new(hearts),
        guests: Arc::new(guests(made)),
        ..services()
    }
}

fn heart(path: &str) -> TestRequest {
    post(path).json(json!({"outfit_id": "5"}))
}

/// A session cookie for somebody.
fn cookie(holder: &CookieHolder) -> String {
    format!("sid={}", cookies().issue(holder).expect("a cookie"))
}

fn guest_cookie() -> String {
    cookie(&CookieHolder::Guest(SECRET.into()))
}

fn member_cookie() -> String {
    cookie(&CookieHolder::Session(OWNER.into(), SESSION.into()))
}

#[actix_web::test]
async fn a_stranger_becomes_a_guest_and_is_told_so() {
    let answer = ask(heart_of(31, 1, 1), heart("/heart")).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"ok": true})));
    assert_eq!(answer.header("x-guest-id"), Some("g_new"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let set = answer.header("set-cookie").expect("a cookie");
    let (value, attributes) = set.split_once("; ").expect("attributes");
    let value = value.strip_prefix("sid=").expect("our cookie");
    let named = cookies().read(value);
    assert!(matches!(named, Some(CookieHolder::Guest(_))));
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=86400"] {
        assert!(attributes.split("; ").any(|is| is == attribute), "{set}");
    }
    assert!(!set.contains("Secure") && !set.contains("Domain"), "{set}");
}

#[actix_web::test]
async fn who_is_refused_on_the_first_visit_is_told_who_they_are_all_the_same() {
    let mut hearts = MockHeartService::new();
    hearts
        .expect_set()
        .returning(|_, _, _| Err(service::outfit::OutfitError::NotFound));
    let services = Services {
        hearts: Arc::new(hearts),
        ..heart_of(31, 0, 1)
    };
    let answer = ask(services, heart("/heart")).await;
    answer.assert_problem(404, "outfit_not_found");
    assert_eq!(answer.header("x-guest-id"), Some("g_new"));
    assert!(answer.header("set-cookie").is_some());
}

#[actix_web::test]
async fn a_guest_is_known_by_cookie_or_by_any_name_of_the_parameter() {
    for path in [
        format!("/heart?userid={SECRET}"),
        format!("/heart?user_id={SECRET}"),
        format!("/heart?guest_id={SECRET}"),
        format!("/heart?x=1&userid={SECRET}"),
    ] {
        let answer = ask(heart_of(GUEST, 1, 0), heart(&path)).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("x-guest-id"), None);
        assert_eq!(answer.header("set-cookie"), None);
    }
    let request = heart("/heart").insert_header(("cookie", guest_cookie()));
    let answer = ask(heart_of(GUEST, 1, 0), request).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("set-cookie"), None);
    // The cookie comes first.
    let request = heart("/heart?userid=g_other").insert_header(("cookie", guest_cookie()));
    assert_eq!(ask(heart_of(GUEST, 1, 0), request).await.status, 200);
}

#[actix_web::test]
async fn who_cannot_be_recognised_becomes_a_new_guest() {
    for path in [
        "/heart?userid=g_unknown",
        "/heart?userid=",
        "/heart?userid=x",
    ] {
        let answer = ask(heart_of(31, 1, 1), heart(path)).await;
        assert_eq!(answer.header("x-guest-id"), Some("g_new"), "{path}");
    }
    let forged = format!("sid={}x", &guest_cookie()[4..]);
    let lost = cookie(&CookieHolder::Guest("g_unknown".into()));
    for cookie in [forged, lost, "sid=".into(), "other=1".into()] {
        let request = heart("/heart").insert_header(("cookie", cookie));
        let answer = ask(heart_of(31, 1, 1), request).await;
        assert_eq!(answer.header("x-guest-id"), Some("g_new"));
    }
}

#[actix_web::test]
async fn a_member_is_known_by_token_else_by_cookie() {
    let by_token = heart("/heart").signed_in();
    let by_cookie = heart("/heart").insert_header(("cookie", member_cookie()));
    // The token counts, whatever else is there.
    let both = heart("/heart")
        .signed_in()
        .insert_header(("cookie", guest_cookie()));
    let with_guest = heart(&format!("/heart?userid={SECRET}")).signed_in();
    for request in [by_token, by_cookie, both, with_guest] {
        let answer = ask(heart_of(OWNER, 1, 0), request).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("set-cookie"), None);
    }
}

#[actix_web::test]
async fn a_members_id_proves_nothing() {
    let own = format!("/heart?userid={OWNER}");
    let answer = ask(heart_of(OWNER, 1, 0), heart(&own).signed_in()).await;
    assert_eq!(answer.status, 200);
    let refused = [
        heart(&own),
        heart(&own).insert_header(("cookie", guest_cookie())),
        heart("/heart?userid=8").signed_in(),
        heart("/heart?user_id=8").signed_in(),
        heart("/heart?guest_id=8").insert_header(("cookie", member_cookie())),
        heart("/heart?userid=-1").signed_in(),
    ];
    for request in refused {
        let answer = ask(heart_of(OWNER, 0, 0), request).await;
        answer.assert_problem(403, "forbidden");
    }
}

#[actix_web::test]
async fn a_token_that_is_not_good_is_refused_where_guests_are_welcome() {
    for header in ["Bearer x", "Bearer", "Basic eDp4", ""] {
        for request in [
            heart("/heart"),
            get("/images"),
            get("/heart"),
            get("/image?outfit_id=5"),
            post("/shared").json(json!({"outfit_id": "5"})),
            get("/api/v1/outfits/feed"),
            get("/api/v1/outfits"),
            get("/api/v1/outfits/5"),
        ] {
            let request = request
                .insert_header(("authorization", header))
                .insert_header(("cookie", guest_cookie()));
            let answer = ask(heart_of(OWNER, 0, 0), request).await;
            answer.assert_problem(401, "invalid_token");
        }
    }
    let ended = Services {
        guard: guard(Found::Ended),
        ..heart_of(OWNER, 0, 0)
    };
    let answer = ask(ended, heart("/heart").signed_in()).await;
    answer.assert_problem(401, "invalid_token");
}

#[actix_web::test]
async fn the_cookie_of_a_session_that_ended_is_a_strangers() {
    let services = Services {
        guard: guard(Found::Ended),
        ..heart_of(31, 1, 1)
    };
    let request = heart("/heart").insert_header(("cookie", member_cookie()));
    let answer = ask(services, request).await;
    assert_eq!(answer.header("x-guest-id"), Some("g_new"));
}

#[actix_web::test]
async fn a_failure_to_look_somebody_up_is_not_a_stranger() {
    let services = Services {
        guard: guard(Found::Broken),
        ..heart_of(31, 0, 0)
    };
    let request = heart("/heart").insert_header(("cookie", member_cookie()));
    ask(services, request).await.assert_problem(500, "internal");
    let mut guests = MockGuestService::new();
    guests
        .expect_recognise()
        .returning(|_| Err(RepositoryError::storage("a secret of the database")));
    let services = Services {
        guests: Arc::new(guests),
        ..heart_of(31, 0, 0)
    };
    let request = heart("/heart").insert_header(("cookie", guest_cookie()));
    ask(services, request).await.assert_problem(500, "internal");
}

/// What a page of another site sends along.
const FOREIGN: [(&str, &str); 4] = [
    ("origin", "https://evil.example"),
    ("origin", "null"),
    ("origin", "http://localhost:8081"),
    ("sec-fetch-site", "cross-site"),
];

#[actix_web::test]
async fn a_page_of_another_site_changes_nothing_with_a_cookie() {
    for cookie in [guest_cookie(), member_cookie()] {
        for header in FOREIGN {
            let request = heart("/heart")
                .insert_header(("host", "localhost:8080"))
                .insert_header(("cookie", cookie.clone()))
                .insert_header(header);
            let answer = ask(heart_of(GUEST, 0, 0), request).await;
            answer.assert_problem(403, "csrf");
        }
    }
    // Also where the cookie's session has ended: it is a cookie's request.
    let services = Services {
        guard: guard(Found::Ended),
        ..heart_of(GUEST, 0, 0)
    };
    let request = heart("/heart")
        .insert_header(("cookie", member_cookie()))
        .insert_header(FOREIGN[0]);
    ask(services, request).await.assert_problem(403, "csrf");
}

#[actix_web::test]
async fn a_page_of_another_site_neither_signs_in_nor_begins_a_guest_with_a_cookie() {
    for path in ["/login", "/api/v1/sessions/guest"] {
        for cookie in [guest_cookie(), member_cookie()] {
            for header in FOREIGN {
                let request = post(path)
                    .json(json!({"id": "yuna", "password": "correct horse"}))
                    .insert_header(("host", "localhost:8080"))
                    .insert_header(("cookie", cookie.clone()))
                    .insert_header(header);
                let answer = ask(heart_of(GUEST, 0, 0), request).await;
                answer.assert_problem(403, "csrf");
            }
        }
    }
}

#[actix_web::test]
async fn our_own_pages_and_clients_that_are_no_browsers_pass() {
    let own: [&[(&str, &str)]; 6] = [
        &[],
        &[("origin", "http://localhost:8080")],
        &[
            ("origin", "http://localhost:8080"),
            ("sec-fetch-site", "same-origin"),
        ],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        // The front end, which lives elsewhere.
        &[
            ("origin", "https://front.example"),
            ("sec-fetch-site", "cross-site"),
        ],
    ];
    for headers in own {
        let mut request = heart("/heart")
            .insert_header(("host", "localhost:8080"))
            .insert_header(("cookie", guest_cookie()));
        for header in headers {
            request = request.insert_header(*header);
        }
        let answer = ask(heart_of(GUEST, 1, 0), request).await;
        assert_eq!(answer.status, 200, "{headers:?}");
    }
    // Without a cookie nothing is taken from anybody.
    for header in FOREIGN {
        let request = heart(&format!("/heart?userid={SECRET}")).insert_header(header);
        assert_eq!(ask(heart_of(GUEST, 1, 0), request).await.status, 200);
        let request = heart("/heart").signed_in().insert_header(header);
        assert_eq!(ask(heart_of(OWNER, 1, 0), request).await.status, 200);
    }
    // Looking is no change.
    let mut hearts = MockHeartService::new();
    hearts.expect_collection().returning(|_, _, _| {
        Ok(service::outfit::Collection {
            outfits: vec![],
            is_last: true,
        })
    });
    let services = Services {
        hearts: Arc::new(hearts),
        ..heart_of(GUEST, 0, 0)
    };
    let request = get("/heart")
        .insert_header(("cookie", guest_cookie()))
        .insert_header(FOREIGN[0]);
    assert_eq!(ask(services, request).await.status, 200);
}

#[actix_web::test]
async fn a_guest_is_begun_on_request() {
    let answer = ask(heart_of(31, 0, 1), post("/api/v1/sessions/guest")).await;
    let told = (answer.status, answer.json());
    assert_eq!(told, (201, json!({"guest_id": "g_new"})));
    assert_eq!(answer.header("x-guest-id"), Some("g_new"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.header("set-cookie").is_some());
}
