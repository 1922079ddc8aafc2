//! What the providers answer.

use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Url;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Forgery, Grant, Pairs, State};

/// The page where people say yes, and do.
pub(super) async fn authorize(
    state: web::Data<State>,
    provider: web::Path<String>,
    asked: web::Query<Pairs>,
) -> HttpResponse {
    let asked = asked.into_inner();
    let code = state.grant(Grant {
        provider: provider.into_inner(),
        redirect_uri: asked["redirect_uri"].clone(),
        challenge: asked.get("code_challenge").cloned(),
        nonce: asked.get("nonce").cloned(),
        human: state.human.lock().clone(),
    });
    let mut back = Url::parse(&asked["redirect_uri"]).expect("an address");
    back.query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("state", &asked["state"]);
    state.asked.lock().push(asked);
    HttpResponse::Found()
        .insert_header(("location", back.as_str()))
        .finish()
}

/// Gives tokens for a code, once, or for a refresh token, to whoever knows our secret.
pub(super) async fn token(
    state: web::Data<State>,
    request: HttpRequest,
    form: web::Form<Pairs>,
) -> HttpResponse {
    if let Some(trouble) = state.trouble(request.path()).await {
        return trouble;
    }
    let provider = request.match_info()["provider"].to_owned();
    let refused = || match provider.as_str() {
        "naver" => HttpResponse::Ok().json(json!({"error": "invalid_request"})),
        _ => HttpResponse::BadRequest().json(json!({"error": "invalid_grant"})),
    };
    let given = |name: &str| form.get(name).cloned().unwrap_or_default();
    let is_us = given("client_id") == format!("{provider}-client")
        && given("client_secret") == format!("{provider}-secret");
    if !is_us {
        return refused();
    }
    let app = crate::social::APP_ID;
    if given("grant_type") == "refresh_token" {
        let known = state.tokens.lock().get(&given("refresh_token")).cloned();
        return match known {
            Some((human, whose)) if whose == app => {
                let access = state.hand_out(human, app);
                HttpResponse::Ok().json(json!({"access_token": access, "expires_in": "3600"}))
            }
            _ => refused(),
        };
    }
    let Some(grant) = state.codes.lock().remove(&given("code")) else {
        return refused();
    };
    let shown = URL_SAFE_NO_PAD.encode(Sha256::digest(given("code_verifier")));
    let is_right = grant.provider == provider
        && grant.redirect_uri == given("redirect_uri")
        && grant.challenge.is_none_or(|challenge| challenge == shown)
        && (provider != "naver" || !given("state").is_empty());
    if !is_right {
        return refused();
    }
    let mut answer = json!({
        "access_token": state.hand_out(grant.human.clone(), app),
        "refresh_token": state.hand_out(grant.human.clone(), app),
        "token_type": "bearer",
        "expires_in": 3_600,
        "refresh_token_expires_in": 5_184_000,
        "scope": "profile_nickname talk_message",
    });
    if provider == "google" && *state.forgery.lock() != Some(Forgery::Absent) {
        let nonce = grant.nonce.as_deref();
        let token = state.id_token("google", &grant.human, "google-client", nonce);
        answer["id_token"] = json!(token);
    }
    HttpResponse::Ok().json(answer)
}

/// Everything else.
pub(super) async fn document(
    state: web::Data<State>,
    request: HttpRequest,
    body: Option<web::Form<Pairs>>,
) -> HttpResponse {
    let path = request.path();
    if let Some(trouble) = state.trouble(path).await {
        return trouble;
    }
    let base = &state.base;
    match path {
        "/google/.well-known/openid-configuration" => {
            let issuer = match *state.forgery.lock() {
                Some(Forgery::OtherDocument) => "https://evil.example".to_owned(),
                _ => format!("{base}/google"),
            };
            return HttpResponse::Ok().json(json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{base}/google/authorize"),
                "token_endpoint": format!("{base}/google/token"),
                "jwks_uri": format!("{base}/google/jwks"),
            }));
        }
        "/google/jwks" | "/kakao/.well-known/jwks.json" => {
            return HttpResponse::Ok().json(json!({"keys": [{"kty": "new"}, state.public()]}));
        }
        "/kakao/v1/user/unlink" => return unlink(&state, &request, body),
        _ => {}
    }
    let header = request.headers().get("authorization");
    let header = header.and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.strip_prefix("Bearer "));
    let known = token.and_then(|token| state.tokens.lock().get(token).cloned());
    let Some((human, app)) = known else {
        return HttpResponse::Unauthorized().json(json!({"code": -401}));
    };
    if path == "/kakao/v2/api/talk/memo/default/send" {
        let template = body.and_then(|form| form.get("template_object").cloned());
        let template = template.and_then(|text| serde_json::from_str(&text).ok());
        state.notes.lock().extend(template);
        return HttpResponse::Ok().json(json!({"result_code": 0}));
    }
    let number = |text: &str| text.parse::<u64>().unwrap_or_default();
    let (born, gender) = ((1999, 1, 31), "female");
    match path {
        "/kakao/v1/user/access_token_info" => HttpResponse::Ok()
            .json(json!({"id": human.id, "app_id": number(&app), "expires_in": 3_600})),
        "/kakao/v2/user/me" => {
            let mut account = json!({
                "profile": {
                    "nickname": human.name,
                    "profile_image_url": "https://k.example/yuna.jpg",
                },
                "email": human.email,
                "is_email_valid": true,
                "is_email_verified": true,
            });
            if human.is_grown_up {
                account["birthyear"] = json!(born.0.to_string());
                account["birthday"] = json!("0131");
                account["gender"] = json!(gender);
                account["phone_number"] = json!(human.phone());
            }
            HttpResponse::Ok().json(json!({"id": human.id, "kakao_account": account}))
        }
        "/google/oauth2/v3/userinfo" => HttpResponse::Ok().json(json!({
            "sub": human.id.to_string(),
            "name": human.name,
            "email": human.email,
            "email_verified": human.email_verified,
        })),
        "/google/v1/people/me" if human.is_grown_up => HttpResponse::Ok().json(json!({
            "photos": [{"url": "https://g.example/default", "default": true}, {"url": "https://g.example/yuna.jpg"}],
            "birthdays": [
                {"date": {"month": born.1, "day": born.2}},
                {"date": {"year": born.0, "month": born.1, "day": born.2}},
            ],
            "genders": [{"value": gender}],
            "phoneNumbers": [{"value": "no number"}, {"value": human.phone(), "canonicalForm": human.phone()}],
        })),
        "/google/v1/people/me" => HttpResponse::Ok().json(json!({})),
        "/naver/v1/nid/me" => {
            let mut person = json!({
                "id": human.id.to_string(),
                "nickname": human.name,
                "email": human.email,
                "profile_image": "https://n.example/yuna.jpg",
            });
            if human.is_grown_up {
                person["birthyear"] = json!(born.0.to_string());
                person["birthday"] = json!("01-31");
                person["gender"] = json!("F");
                person["mobile"] = json!(human.phone());
            }
            HttpResponse::Ok()
                .json(json!({"resultcode": "00", "message": "success", "response": person}))
        }
        _ => HttpResponse::NotFound().finish(),
    }
}

fn unlink(state: &State, request: &HttpRequest, body: Option<web::Form<Pairs>>) -> HttpResponse {
    let header = request.headers().get("authorization");
    let expected = format!("KakaoAK {}", crate::social::ADMIN_KEY);
    let form = body.map(web::Form::into_inner).unwrap_or_default();
    let is_meant = form
        .get("target_id_type")
        .is_some_and(|kind| kind == "user_id");
    if header.is_none_or(|header| header.as_bytes() != expected.as_bytes()) || !is_meant {
        return HttpResponse::Unauthorized().json(json!({"code": -401}));
    }
    let person = form["target_id"].clone();
    let mut unlinked = state.unlinked.lock();
    if unlinked.contains(&person) {
        return HttpResponse::BadRequest()
            .json(json!({"code": -101, "msg": "NotRegisteredUserException"}));
    }
    unlinked.push(person.clone());
    HttpResponse::Ok().json(json!({"id": person}))
}
