//! What a browser keeps while it is away at a provider.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta};
use domain::user::{FrontEndPath, Outset, Provider, SessionId, SocialProof, UserId};
use domain::{Clock, RepositoryError};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::access_token::random_text;
use crate::sealing::Sealer;

/// How long somebody may take to sign in at a provider.
const LIFETIME: Duration = Duration::from_secs(600);

/// A browser about to leave for a provider.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Where it goes.
    pub url: String,
    /// What it keeps meanwhile, sealed.
    pub kept: String,
    /// For how long.
    pub lifetime: Duration,
}

/// One way to a provider and back. Whoever does not hold it cannot come back by it: it binds the
/// state to the browser (RFC 6749, 10.12), and holds the PKCE verifier and the nonce.
#[derive(Serialize, Deserialize)]
pub(super) struct Flow {
    state: String,
    nonce: String,
    verifier: String,
    expires: i64,
    /// Where to go in the end.
    return_to: Option<String>,
    /// Whose account to link, and in which session they asked for it; `None` to sign in.
    link: Option<(i64, i64)>,
}

impl Flow {
    /// Where to go in the end.
    pub(super) fn return_to(&self) -> Option<FrontEndPath> {
        FrontEndPath::parse(self.return_to.as_deref()?).ok()
    }

    /// Whose account to link, and in which session they asked for it.
    pub(super) fn link(&self) -> Option<(UserId, SessionId)> {
        self.link
            .map(|(user, session)| (user.into(), session.into()))
    }

    /// What to spend, so that nobody comes back by it twice, and until when that has to be known.
    pub(super) fn key(&self) -> (String, DateTime<chrono::Utc>) {
        let digest = Sha256::digest(format!("oauth state {}", self.state));
        let until = DateTime::from_timestamp(self.expires, 0).unwrap_or_default();
        (URL_SAFE_NO_PAD.encode(digest), until)
    }

    /// What to show for the code.
    pub(super) fn proof(self, code: SecretString) -> SocialProof {
        SocialProof::Code {
            code,
            redirect_uri: None,
            verifier: Some(self.verifier.into()),
            state: Some(self.state),
            nonce: Some(self.nonce),
        }
    }
}

/// Makes flows, and knows them again.
pub struct Flows {
    /// Seals what browsers keep.
    pub sealer: Arc<Sealer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Flows {
    /// A new flow: what to tell the provider, and what the browser keeps for how long.
    pub(super) fn begin(
        &self,
        provider: Provider,
        return_to: Option<FrontEndPath>,
        link: Option<(UserId, SessionId)>,
    ) -> Result<(Outset, String, Duration), RepositoryError> {
        let random = || random_text::<32>().map_err(RepositoryError::storage);
        let lifetime = TimeDelta::from_std(LIFETIME).unwrap_or_default();
        let flow = Flow {
            state: random()?,
            nonce: random()?,
            verifier: random()?,
            expires: (self.clock.now() + lifetime).timestamp(),
            return_to: return_to.map(|path| path.as_str().to_owned()),
            link: link.map(|(user, session)| (user.get(), session.get())),
        };
        let plain = serde_json::to_vec(&flow).map_err(RepositoryError::storage)?;
        let kept = self.sealer.seal(&context(provider), &plain);
        let outset = Outset {
            challenge: URL_SAFE_NO_PAD.encode(Sha256::digest(&flow.verifier)),
            state: flow.state,
            nonce: flow.nonce,
        };
        Ok((outset, kept.map_err(RepositoryError::storage)?, LIFETIME))
    }

    /// The flow that a browser kept, if it was on the way to this provider and is not too late.
    pub(super) fn open(&self, provider: Provider, kept: &str) -> Option<Flow> {
        let plain = self.sealer.open(&context(provider), kept).ok()?;
        let flow: Flow = serde_json::from_slice(plain.expose_secret()).ok()?;
        (flow.expires > self.clock.now().timestamp()).then_some(flow)
    }
}

impl Flow {
    /// Whether the provider sent the browser back with the state of this flow.
    pub(super) fn is(&self, state: &str) -> bool {
        self.state.as_bytes().ct_eq(state.as_bytes()).into()
    }
}

fn context(provider: Provider) -> String {
    format!("oauth flow {}", provider.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clock, sealer};

    #[test]
    fn a_flow_is_known_again_at_its_own_provider_in_time() {
        let clock = clock();
        let flows = Flows {
            sealer: sealer(),
            clock: clock.clone(),
        };
        let link = Some((7.into(), 70.into()));
        let path = FrontEndPath::parse("/mypage").expect("a path");
        let begun = flows.begin(Provider::Kakao, Some(path.clone()), link);
        let (outset, kept, _) = begun.expect("a flow");
        assert!(!kept.contains(&outset.state) && kept.len() < 1_000);
        let flow = flows.open(Provider::Kakao, &kept).expect("the flow");
        assert!(flow.is(&outset.state) && !flow.is("another"));
        assert_eq!(flow.return_to(), Some(path));
        assert_eq!(flow.link(), link);
        assert!(flows.open(Provider::Naver, &kept).is_none());
        assert!(flows.open(Provider::Kakao, "v1.x.y").is_none());
        clock.advance(TimeDelta::minutes(10));
        assert!(flows.open(Provider::Kakao, &kept).is_none());
    }

    #[test]
    fn the_challenge_is_the_verifiers_digest() {
        let flows = Flows {
            sealer: sealer(),
            clock: clock(),
        };
        let begun = flows.begin(Provider::Google, None, None);
        let (outset, kept, _) = begun.expect("a flow");
        let flow = flows.open(Provider::Google, &kept).expect("the flow");
        let proof = flow.proof("code".into());
        let SocialProof::Code {
            verifier: Some(verifier),
            nonce,
            ..
        } = proof
        else {
            unreachable!("a flow has a code and a verifier");
        };
        let digest = Sha256::digest(verifier.expose_secret());
        assert_eq!(outset.challenge, URL_SAFE_NO_PAD.encode(digest));
        assert_eq!(nonce, Some(outset.nonce));
    }
}
