//! Notes on their way to Kakao.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::Clock;
use domain::notification::{Channel, DeliveryError, KakaoError, KakaoNote, KakaoTalk, MessageId};
use domain::user::{IdentityId, IdentityRepository, Provider, SealedTokens, UserId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tracing::warn;

use super::Delivery;
use crate::sealing::SealError;
use crate::user::TokenVault;

/// A token that is as near to its end as this is renewed first.
const NEAR: TimeDelta = TimeDelta::minutes(2);

/// A note, and who gets it from themselves.
#[derive(Serialize, Deserialize)]
pub(super) struct NoteToSelf {
    /// The account.
    pub(super) owner: i64,
    /// The note.
    pub(super) note: KakaoNote,
}

/// Delivers notes with the tokens that Kakao gave at sign-in, and renews those in time.
pub struct KakaoDelivery {
    /// Kakao.
    pub talk: Arc<dyn KakaoTalk>,
    /// Where tokens are kept.
    pub identities: Arc<dyn IdentityRepository>,
    /// Opens them.
    pub vault: TokenVault,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

fn never(reason: &'static str) -> DeliveryError {
    DeliveryError::Never {
        reason,
        status: None,
    }
}

fn later(reason: &'static str) -> DeliveryError {
    DeliveryError::Later {
        reason,
        status: None,
    }
}

fn unsealed(error: &SealError) -> DeliveryError {
    match error {
        // The key may come back with the next start.
        SealError::UnknownKey => later("sealed"),
        SealError::Key | SealError::Random | SealError::Forged => never("sealed"),
    }
}

/// What is left to say of Kakao's refusal: a token that is not good stays so.
fn refused(error: KakaoError) -> DeliveryError {
    match error {
        KakaoError::Token => never("kakao_token"),
        KakaoError::Delivery(error) => error,
    }
}

impl KakaoDelivery {
    /// The next access token. Whoever else renews at the same time gets one that is as good; the
    /// first to say so is stored.
    async fn renew(
        &self,
        id: IdentityId,
        sealed: &SealedTokens,
        refresh: Option<&SecretString>,
    ) -> Result<SecretString, DeliveryError> {
        let refresh = refresh.ok_or_else(|| never("kakao_token"))?;
        let tokens = self.talk.renew(refresh).await.map_err(refused)?;
        let next = self.vault.seal(id, &tokens).map_err(|_| later("sealed"))?;
        let stored = self
            .identities
            .renew_tokens(id, &sealed.access_token, &next);
        if let Err(error) = stored.await {
            // This note can go all the same; the refresh token there is goes on working.
            warn!(%error, "a renewed token was not stored");
        }
        Ok(tokens.access_token)
    }

    async fn send(&self, owner: UserId, note: &KakaoNote) -> Result<(), DeliveryError> {
        let found = self.identities.tokens(owner, Provider::Kakao).await;
        let found = found.map_err(|_| later("storage"))?;
        let (id, sealed) = found.ok_or_else(|| never("kakao_not_linked"))?;
        let tokens = self.vault.open(id, &sealed);
        let tokens = tokens.map_err(|error| unsealed(&error))?;
        let refresh = tokens.refresh_token.as_ref();
        let soon = self.clock.now() + NEAR;
        if tokens.expires_at.is_some_and(|end| end <= soon) {
            let token = self.renew(id, &sealed, refresh).await?;
            return self.talk.send_to_me(&token, note).await.map_err(refused);
        }
        match self.talk.send_to_me(&tokens.access_token, note).await {
            // It ended early: a sign-out at Kakao does that.
            Err(KakaoError::Token) => {
                let token = self.renew(id, &sealed, refresh).await?;
                self.talk.send_to_me(&token, note).await.map_err(refused)
            }
            done => done.map_err(refused),
        }
    }
}

#[async_trait]
impl Delivery for KakaoDelivery {
    fn channel(&self) -> Channel {
        Channel::Kakao
    }

    async fn deliver(
        &self,
        _: MessageId,
        _: DateTime<Utc>,
        payload: &[u8],
    ) -> Result<(), DeliveryError> {
        let read = serde_json::from_slice(payload);
        let NoteToSelf { owner, note } = read.map_err(|_| never("payload"))?;
        self.send(owner.into(), &note).await
    }
}

#[cfg(test)]
mod tests {
    use domain::notification::MockKakaoTalk;
    use domain::user::{MockIdentityRepository, ProviderTokens};
    use secrecy::ExposeSecret;

    use super::*;
    use crate::testing::{OWNER, clock, sealer, start};

    fn tokens(access: &str, minutes: i64, refresh: Option<&str>) -> ProviderTokens {
        ProviderTokens {
            access_token: access.into(),
            expires_at: Some(start() + TimeDelta::minutes(minutes)),
            refresh_token: refresh.map(Into::into),
            refresh_expires_at: None,
            scopes: vec!["talk_message".into()],
        }
    }

    /// A delivery with these tokens stored, of which the access token `good` is taken.
    fn delivery(
        stored: Option<ProviderTokens>,
        good: &'static str,
        renewals: usize,
    ) -> KakaoDelivery {
        let vault = TokenVault(sealer());
        let sealed = stored.map(|tokens| vault.seal(3.into(), &tokens).expect("sealed"));
        let mut identities = MockIdentityRepository::new();
        identities
            .expect_tokens()
            .returning(move |_, _| Ok(sealed.clone().map(|sealed| (3.into(), sealed))));
        identities
            .expect_renew_tokens()
            .times(renewals)
            .returning(|_, _, _| Ok(true));
        let mut talk = MockKakaoTalk::new();
        talk.expect_send_to_me().returning(move |token, _| {
            if token.expose_secret() == good {
                Ok(())
            } else {
                Err(KakaoError::Token)
            }
        });
        talk.expect_renew().times(renewals).returning(|refresh| {
            assert_eq!(refresh.expose_secret(), "refresh");
            Ok(tokens("renewed", 360, None))
        });
        KakaoDelivery {
            talk: Arc::new(talk),
            identities: Arc::new(identities),
            vault,
            clock: clock(),
        }
    }

    async fn deliver(delivery: &KakaoDelivery) -> Result<(), DeliveryError> {
        let note = KakaoNote {
            text: "안녕".into(),
            link: "https://shop.example".into(),
        };
        let payload = serde_json::to_vec(&NoteToSelf { owner: OWNER, note }).expect("JSON");
        delivery.deliver(1.into(), start(), &payload).await
    }

    #[tokio::test]
    async fn a_token_is_renewed_when_it_ends_soon_or_is_refused() {
        for (access, minutes, good, renewals) in [
            ("access", 60, "access", 0),
            ("access", 1, "renewed", 1),
            ("access", 60, "renewed", 1),
        ] {
            let stored = tokens(access, minutes, Some("refresh"));
            let delivery = delivery(Some(stored), good, renewals);
            assert_eq!(deliver(&delivery).await, Ok(()), "{minutes} {good}");
        }
    }

    #[tokio::test]
    async fn without_a_token_that_can_be_renewed_it_is_given_up() {
        let none = delivery(None, "", 0);
        assert_eq!(deliver(&none).await, Err(never("kakao_not_linked")));
        let stuck = delivery(Some(tokens("access", 60, None)), "other", 0);
        assert_eq!(deliver(&stuck).await, Err(never("kakao_token")));
        let revoked = delivery(Some(tokens("access", 60, Some("refresh"))), "other", 1);
        assert_eq!(deliver(&revoked).await, Err(never("kakao_token")));
    }
}
