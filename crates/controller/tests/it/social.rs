//! Routes of signing in with a provider, over mocks: what is asked of the services, and what of their
//! answers reaches the client.

use std::sync::Arc;
use std::time::Duration;

use actix_web::cookie::Cookie;
use async_trait::async_trait;
use controller::Services;
use domain::RepositoryError;
use domain::user::{FrontEndPath, Identity, Provider, SocialError, SocialProof, Subject, UserId};
use mockall::predicate::eq;
use secrecy::SecretString;
use serde_json::json;
use service::user::{
    AccountError, Begun, IdentityError, IdentityService, LinkedIdentity, MockIdentityService,
    MockSocialLoginService, Principal, Returned, SocialLoginError,
};

use crate::world::{Answer, Asking, ask, delete, get, post, services, wait};

fn with_social(social: MockSocialLoginService) -> Services {
    Services {
        social: Arc::new(social),
        ..services()
    }
}

fn with_identities(identities: MockIdentityService) -> Services {
    Services {
        identities: Arc::new(identities),
        ..services()
    }
}

async fn back(outcome: SocialLoginError, was_link: bool) -> Answer {
    let mut social = MockSocialLoginService::new();
    social
        .expect_finish()
        .withf(|provider, back, _| {
            *provider == Provider::Kakao
                && back.kept.as_deref() == Some("kept")
                && back.state.as_deref() == Some("s")
                && back.code.is_some()
                && back.signed_in.is_none()
        })
        .return_once(move |_, _, _| Returned {
            return_to: None,
            was_link,
            outcome: Err(outcome),
        });
    let request = get("/auth/kakao/callback?code=c&state=s");
    ask(
        with_social(social),
        request.cookie(Cookie::new("sid_kakao", "kept")),
    )
    .await
}

#[actix_web::test]
async fn a_browser_is_sent_to_the_provider_with_what_it_keeps() {
    for path in ["/auth/naver", "/auth/naver/login"] {
        let mut social = MockSocialLoginService::new();
        social
            .expect_begin()
            .with(eq(Provider::Naver), eq(None))
            .times(1)
            .returning(|_, _| {
                Ok(Begun {
                    url: "https://naver.example/authorize?state=s".into(),
                    kept: "kept".into(),
                    lifetime: Duration::from_secs(600),
                })
            });
        let answer = ask(with_social(social), get(path)).await;
        assert_eq!(answer.status, 302);
        let location = answer.header("location");
        assert_eq!(location, Some("https://naver.example/authorize?state=s"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let set = answer.header("set-cookie").expect("a cookie");
        assert!(
            set.starts_with("sid_naver=kept; HttpOnly; SameSite=Lax;"),
            "{set}"
        );
    }
}

#[actix_web::test]
async fn a_failure_is_told_the_front_end_in_a_word() {
    let link = |error| SocialLoginError::Link(Box::new(error));
    for (error, was_link, page) in [
        (SocialLoginError::State, false, "/signup?error=oauth_state"),
        (
            SocialError::Token("").into(),
            false,
            "/signup?error=oauth_token",
        ),
        (
            SocialError::UserInfo("").into(),
            false,
            "/signup?error=oauth_userinfo",
        ),
        (
            SocialError::Http("down".into()).into(),
            false,
            "/signup?error=http",
        ),
        (SocialLoginError::Blocked, false, "/signup?error=forbidden"),
        (link(IdentityError::Taken), true, "/?error=identity_taken"),
        (
            link(IdentityError::AlreadyLinked),
            true,
            "/?error=provider_already_linked",
        ),
    ] {
        let answer = back(error, was_link).await;
        assert_eq!(answer.status, 302);
        let expected = format!("https://front.example{page}");
        assert_eq!(answer.header("location"), Some(expected.as_str()));
        let set = answer.header("set-cookie").expect("the cookie goes");
        assert!(set.contains("Max-Age=0"), "{set}");
    }
}

#[actix_web::test]
async fn a_failure_of_ours_is_a_problem() {
    let storage = || RepositoryError::storage("the disk is full");
    let answer = back(storage().into(), false).await;
    answer.assert_problem(500, "internal");
    let answer = back(SocialLoginError::NotConfigured, false).await;
    answer.assert_problem(503, "provider_not_configured");
    let lost = IdentityError::Account(AccountError::Gone);
    let answer = back(SocialLoginError::Link(Box::new(lost)), true).await;
    answer.assert_problem(401, "invalid_token");
}

#[actix_web::test]
async fn every_refusal_of_a_proof_is_a_problem() {
    for (error, status, code) in [
        (
            SocialLoginError::NotConfigured,
            503,
            "provider_not_configured",
        ),
        (SocialLoginError::State, 400, "oauth_state"),
        (SocialError::Token("").into(), 401, "oauth_token"),
        (SocialError::UserInfo("").into(), 502, "oauth_userinfo"),
        (
            SocialError::Http("down".into()).into(),
            502,
            "upstream_failed",
        ),
        (SocialError::Unsupported.into(), 422, "invalid_request"),
        (SocialLoginError::Blocked, 403, "forbidden"),
        (
            SocialLoginError::TooManyTries(wait(Duration::from_secs(9))),
            429,
            "too_many_requests",
        ),
    ] {
        let mut social = MockSocialLoginService::new();
        social.expect_sign_in().return_once(|_, _, _| Err(error));
        let request = post("/api/v1/auth/kakao/token").json(json!({"code": "c"}));
        let answer = ask(with_social(social), request).await;
        answer.assert_problem(status, code);
    }
}

#[actix_web::test]
async fn every_refusal_of_a_link_is_a_problem() {
    for (error, status, code) in [
        (IdentityError::NotConfigured, 503, "provider_not_configured"),
        (SocialError::Token("").into(), 400, "oauth_token"),
        (SocialError::UserInfo("").into(), 502, "oauth_userinfo"),
        (IdentityError::Taken, 409, "identity_taken"),
        (IdentityError::AlreadyLinked, 409, "provider_already_linked"),
        (IdentityError::NotFound, 404, "identity_not_found"),
        (IdentityError::LastWayIn, 409, "last_way_in"),
        (
            AccountError::ConfirmationRequired.into(),
            403,
            "confirmation_required",
        ),
    ] {
        let mut identities = MockIdentityService::new();
        identities.expect_unlink().return_once(|_, _, _| Err(error));
        let request = delete("/api/v1/users/me/identities/kakao").signed_in();
        let answer = ask(with_identities(identities), request).await;
        answer.assert_problem(status, code);
    }
}

/// Storage that never answers; nothing else is asked.
struct Slow;

#[async_trait]
impl IdentityService for Slow {
    async fn list(&self, _: UserId) -> Result<Vec<LinkedIdentity>, IdentityError> {
        Err(IdentityError::NotFound)
    }

    async fn link(
        &self,
        _: Principal,
        _: Provider,
        _: SocialProof,
        _: Option<SecretString>,
    ) -> Result<(Identity, bool), IdentityError> {
        Err(IdentityError::NotFound)
    }

    async fn begin_link(
        &self,
        _: Principal,
        _: Provider,
        _: Option<FrontEndPath>,
        _: Option<SecretString>,
    ) -> Result<Begun, IdentityError> {
        Err(IdentityError::NotFound)
    }

    async fn unlink(
        &self,
        _: Principal,
        _: Provider,
        _: Option<SecretString>,
    ) -> Result<(), IdentityError> {
        Err(IdentityError::NotFound)
    }

    async fn unlink_there(
        &self,
        _: Principal,
        _: Provider,
        _: Option<SecretString>,
    ) -> Result<(), IdentityError> {
        Err(IdentityError::NotFound)
    }

    fn speaks_for(&self, _: Provider, key: &str) -> Result<bool, IdentityError> {
        Ok(key == "key")
    }

    async fn unlinked_there(&self, _: Provider, _: &Subject) -> Result<(), RepositoryError> {
        std::future::pending().await
    }
}

#[actix_web::test]
async fn a_webhook_that_takes_too_long_is_answered_before_kakao_gives_up() {
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    let services = Services {
        identities: Arc::new(Slow),
        ..services()
    };
    let request = get("/auth/kakao/unlink-webhook?user_id=1");
    let request = request.insert_header(("authorization", "KakaoAK key"));
    let answer = ask(services, request).await;
    answer.assert_problem(503, "unavailable");
    assert!(began.elapsed() < Duration::from_secs(3));
}
