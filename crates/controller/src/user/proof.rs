//! What an app shows of what a provider gave it.

use domain::user::SocialProof;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::rules;

/// One of `code`, `id_token`, `access_token` and `refresh_token`, and what belongs to it.
#[derive(Deserialize, Validate, ToSchema)]
#[validate(schema(function = "shows_one", skip_on_field_errors = false))]
#[schema(example = json!({"code": "Zm9v", "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "redirect_uri": "com.example.app:/callback"}))]
pub(crate) struct ProofBody {
    /// A code of any provider.
    #[validate(custom(function = "rules::credential"))]
    code: Option<String>,
    /// Where the provider sent the code; our own callback where it is absent.
    #[validate(custom(function = "rules::credential"))]
    redirect_uri: Option<String>,
    /// The PKCE verifier the code was asked for with.
    #[validate(custom(function = "rules::credential"))]
    code_verifier: Option<String>,
    /// What the code came back with; Naver wants it.
    #[validate(custom(function = "rules::credential"))]
    state: Option<String>,
    /// The nonce the sign-in was begun with, where there was one: the ID token has to hold it.
    #[validate(custom(function = "rules::credential"))]
    nonce: Option<String>,
    /// An ID token of Google or Kakao, made for us.
    #[validate(custom(function = "rules::credential"))]
    id_token: Option<String>,
    /// An access token of Kakao, made for us; of Naver for people who were here before.
    #[validate(custom(function = "rules::credential"))]
    access_token: Option<String>,
    /// A refresh token of Kakao or Naver, made for us.
    #[validate(custom(function = "rules::credential"))]
    refresh_token: Option<String>,
}

impl ProofBody {
    fn shown(&self) -> usize {
        [
            &self.code,
            &self.id_token,
            &self.access_token,
            &self.refresh_token,
        ]
        .iter()
        .filter(|one| one.is_some())
        .count()
    }

    /// The validated proof.
    pub(crate) fn into_proof(self) -> Option<SocialProof> {
        if let Some(code) = self.code {
            return Some(SocialProof::Code {
                code: code.into(),
                redirect_uri: self.redirect_uri,
                verifier: self.code_verifier.map(Into::into),
                state: self.state,
                nonce: self.nonce,
            });
        }
        if let Some(token) = self.id_token {
            return Some(SocialProof::IdToken {
                token: token.into(),
                nonce: self.nonce,
            });
        }
        let access = self.access_token.map(Into::into);
        let refresh = self.refresh_token.map(Into::into);
        access
            .map(SocialProof::AccessToken)
            .or_else(|| refresh.map(SocialProof::RefreshToken))
    }
}

fn shows_one(body: &ProofBody) -> Result<(), ValidationError> {
    one_of(body.shown(), 1)
}

fn one_of(shown: usize, at_least: usize) -> Result<(), ValidationError> {
    if (at_least..=1).contains(&shown) {
        return Ok(());
    }
    let mut finding = ValidationError::new("one_proof");
    finding.add_param("pointer".into(), &"code");
    finding.add_param(
        "also".into(),
        &["id_token", "access_token", "refresh_token"],
    );
    Err(finding)
}

/// A provider, and what it gave to the app; without that, the browser is sent there.
#[derive(Deserialize, Validate, ToSchema)]
#[validate(schema(function = "shows_at_most_one", skip_on_field_errors = false))]
#[schema(example = json!({"provider": "google", "password": "correct horse"}))]
pub(crate) struct LinkBody {
    /// `kakao`, `google` or `naver`.
    #[validate(required, custom(function = "rules::provider"))]
    #[schema(required, nullable = false)]
    pub(crate) provider: Option<String>,
    /// The account's password, where it has one.
    #[validate(length(max = 1024))]
    #[schema(format = Password)]
    pub(crate) password: Option<String>,
    /// The path of the front end to end at, where the browser is sent.
    #[validate(custom(function = "rules::front_end_path"))]
    pub(crate) return_to: Option<String>,
    #[validate(custom(function = "rules::credential"))]
    code: Option<String>,
    #[validate(custom(function = "rules::credential"))]
    redirect_uri: Option<String>,
    #[validate(custom(function = "rules::credential"))]
    code_verifier: Option<String>,
    #[validate(custom(function = "rules::credential"))]
    state: Option<String>,
    #[validate(custom(function = "rules::credential"))]
    nonce: Option<String>,
    #[validate(custom(function = "rules::credential"))]
    id_token: Option<String>,
    #[validate(custom(function = "rules::credential"))]
    access_token: Option<String>,
    #[validate(custom(function = "rules::credential"))]
    refresh_token: Option<String>,
}

impl LinkBody {
    /// What the app shows, if anything.
    pub(crate) fn into_proof(self) -> Option<SocialProof> {
        let proof = ProofBody {
            code: self.code,
            redirect_uri: self.redirect_uri,
            code_verifier: self.code_verifier,
            state: self.state,
            nonce: self.nonce,
            id_token: self.id_token,
            access_token: self.access_token,
            refresh_token: self.refresh_token,
        };
        proof.into_proof()
    }
}

fn shows_at_most_one(body: &LinkBody) -> Result<(), ValidationError> {
    let all = [
        &body.code,
        &body.id_token,
        &body.access_token,
        &body.refresh_token,
    ];
    one_of(all.iter().filter(|one| one.is_some()).count(), 0)
}
