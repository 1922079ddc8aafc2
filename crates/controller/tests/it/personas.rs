//! Personas and Instagram on the wire: what is read, what is answered, what is refused.

use std::sync::Arc;

use controller::Services;
use domain::RepositoryError;
use domain::persona::{Connection, PersonaNumber};
use domain::persona::{GraphError, Parameters, Persona, PersonaDraft, PersonaImage, WhichPersona};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use service::persona::{
    InstagramError, Mapping, MockInstagramService, MockPersonaService, PersonaError,
};

use crate::world::{Asking, OWNER, ask, delete, get, patch, post, services, start};

fn persona() -> Persona {
    let draft = PersonaDraft {
        image: PersonaImage::parse("/media/1.png").expect("a picture"),
        parameters: Parameters::parse(&json!({"name": "유나"})).expect("parameters"),
    };
    let number = PersonaNumber::new(2).expect("a number");
    Persona::new(700.into(), OWNER.into(), number, draft, start())
}

fn with_personas(personas: MockPersonaService) -> Services {
    Services {
        personas: Arc::new(personas),
        ..services()
    }
}

fn with_instagram(instagram: MockInstagramService) -> Services {
    Services {
        instagram: Arc::new(instagram),
        ..services()
    }
}

#[actix_web::test]
async fn a_stranger_learns_nothing_of_any_route() {
    for request in [
        get("/api/personas/me"),
        get("/api/v1/personas"),
        get("/api/v1/personas/1"),
        post("/api/v1/personas").json("{"),
        patch("/api/personas/1").json("{"),
        delete("/api/personas/nobody"),
        delete("/api/v1/personas/1"),
        get("/oauth/instagram/start?persona_num=x"),
        get("/oauth/instagram/accounts"),
        get("/oauth/instagram/mapping"),
        post("/oauth/instagram/link"),
        post("/oauth/instagram/unlink"),
    ] {
        ask(services(), request)
            .await
            .assert_problem(401, "unauthenticated");
    }
}

#[actix_web::test]
async fn a_persona_is_named_by_number_or_id() {
    for (path, expected) in [
        ("2", WhichPersona::of(2)),
        (
            "7211849320960032768",
            WhichPersona::Id(7_211_849_320_960_032_768.into()),
        ),
    ] {
        let mut personas = MockPersonaService::new();
        let find = personas
            .expect_find()
            .withf(move |_, which| *which == expected);
        find.times(1).returning(|_, _| Ok(persona()));
        let request = get(&format!("/api/v1/personas/{path}")).signed_in();
        let shown = ask(with_personas(personas), request).await;
        assert_eq!(shown.status, 200);
        assert_eq!(
            shown.json(),
            json!({
                "persona_id": "700", "persona_num": 2, "persona_img": "/media/1.png",
                "name": "유나", "persona_parameters": {"name": "유나"}, "ig_status": "none",
                "ig_user_id": null, "ig_username": null, "fb_page_id": null,
                "ig_linked_at": null, "created_at": "2026-11-21T09:00:00Z",
                "updated_at": "2026-11-21T09:00:00Z",
            })
        );
    }
}

#[actix_web::test]
async fn every_end_of_a_persona_has_its_problem() {
    let gone = || RepositoryError::storage("a secret of the database");
    for (error, status, code) in [
        (PersonaError::NotFound, 404, "persona_not_found"),
        (PersonaError::LimitReached, 400, "persona_limit_reached"),
        (PersonaError::Gone, 401, "invalid_token"),
        (PersonaError::Repository(gone()), 500, "internal"),
    ] {
        let mut personas = MockPersonaService::new();
        personas.expect_create().return_once(|_, _| Err(error));
        let body = json!({"persona_img": "/media/1.png", "persona_parameters": {}});
        let request = post("/api/v1/personas").signed_in().json(body);
        let answer = ask(with_personas(personas), request).await;
        answer.assert_problem(status, code);
        assert!(!answer.json().to_string().contains("secret of"));
    }
}

#[actix_web::test]
async fn a_private_picture_without_its_signature_is_named() {
    let mut personas = MockPersonaService::new();
    let create = personas.expect_create();
    create.return_once(|_, _| Err(PersonaError::PictureClosed));
    let body = json!({"persona_img": "/media/1.png", "persona_parameters": {}});
    let request = post("/api/v1/personas").signed_in().json(body);
    let answer = ask(with_personas(personas), request).await;
    answer.assert_invalid(&[("/persona_img", "signed_address")]);
}

#[actix_web::test]
async fn every_end_of_linking_repeats_its_code_in_any_language() {
    let failed = || GraphError::Failed("a secret of Meta's".into());
    for (error, status, code) in [
        (InstagramError::PersonaUnnamed, 400, "persona_num_required"),
        (InstagramError::PersonaRequired, 400, "persona_required"),
        (InstagramError::PersonaNotFound, 404, "persona_not_found"),
        (InstagramError::StateInvalid, 400, "state_invalid"),
        (InstagramError::CodeMissing, 400, "code_missing"),
        (InstagramError::NotConnected, 401, "persona_oauth_required"),
        (
            InstagramError::SharedTokenMissing,
            500,
            "server_token_missing",
        ),
        (
            InstagramError::NotConfigured,
            503,
            "provider_not_configured",
        ),
        (InstagramError::TimedOut, 504, "upstream_timeout"),
        (InstagramError::Upstream(failed()), 502, "upstream_failed"),
    ] {
        let mut instagram = MockInstagramService::new();
        instagram.expect_accounts().return_once(|_, _| Err(error));
        let request = get("/oauth/instagram/accounts?persona_num=1").signed_in();
        let request = request.insert_header(("accept-language", "ko"));
        let answer = ask(with_instagram(instagram), request).await;
        answer.assert_problem(status, code);
        let document = answer.json();
        assert_eq!(document["detail"], code);
        assert!(!document.to_string().contains("secret of"));
        let title = document["title"].as_str().expect("a title");
        assert!(
            title.chars().any(|sign| ('가'..='힣').contains(&sign)),
            "{title}"
        );
    }
}

#[actix_web::test]
async fn a_callback_is_for_everybody_and_its_code_is_not_repeated() {
    let mut instagram = MockInstagramService::new();
    let finish = instagram.expect_finish().times(1);
    finish.returning(|principal, consent| {
        assert!(principal.is_none());
        assert_eq!(consent.code.expect("a code").expose_secret(), "c");
        assert_eq!(consent.state.as_deref(), Some("s"));
        Err(InstagramError::StateInvalid)
    });
    let request = get("/oauth/instagram/callback?code=c&state=s");
    let answer = ask(with_instagram(instagram), request).await;
    answer.assert_problem(400, "state_invalid");
    let mut instagram = MockInstagramService::new();
    instagram
        .expect_finish()
        .times(1)
        .returning(|principal, _| {
            assert!(principal.is_some());
            Ok(())
        });
    let request = get("/oauth/instagram/callback?code=c&state=s").signed_in();
    let answer = ask(with_instagram(instagram), request).await;
    assert_eq!(answer.status, 302);
    let address = answer.header("location");
    assert_eq!(address, Some("https://front.example/mypage?ig=connected"));
}

#[actix_web::test]
async fn a_mapping_says_when_to_connect_again() {
    let told = async |connection| {
        let mut instagram = MockInstagramService::new();
        let mapping = instagram.expect_mapping().times(1);
        mapping.returning(move |_, which| {
            assert_eq!(which, Some(WhichPersona::Id(700.into())));
            Ok(Mapping {
                link: None,
                connection,
            })
        });
        let request = get("/oauth/instagram/mapping?persona_id=700&persona_num=1").signed_in();
        ask(with_instagram(instagram), request).await.json()
    };
    let plain: Value = json!({"ok": true, "linked": false});
    assert_eq!(told(Connection::Connected).await, plain);
    assert_eq!(
        told(Connection::ReconnectRequired).await,
        json!({"ok": true, "linked": false, "reconnect_required": true})
    );
}

#[actix_web::test]
async fn parameters_of_the_query_that_are_no_ids_are_named() {
    let request = get("/oauth/instagram/accounts?persona_num=one&persona_id=-1").signed_in();
    let answer = ask(services(), request).await;
    answer.assert_invalid(&[
        ("/persona_id", "invalid_value"),
        ("/persona_num", "invalid_value"),
    ]);
    assert_eq!(answer.json()["detail"], "invalid_request");
}
