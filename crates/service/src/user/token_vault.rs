//! Providers' tokens at rest.

use std::sync::Arc;

use domain::RepositoryError;
use domain::user::{IdentityId, ProviderTokens, SealedTokens};
use secrecy::{ExposeSecret, SecretString};

use crate::sealing::{SealError, Sealer};

/// What scopes may take of their column.
const MAX_SCOPES: usize = 1_024;

/// Seals providers' tokens, each for the row it is stored in.
pub struct TokenVault(pub Arc<Sealer>);

impl TokenVault {
    /// The tokens as this identity's row stores them.
    ///
    /// # Errors
    /// Where nothing can be sealed.
    pub fn seal(
        &self,
        identity: IdentityId,
        tokens: &ProviderTokens,
    ) -> Result<SealedTokens, RepositoryError> {
        let seal = |kind, token: &SecretString| {
            let plain = token.expose_secret().as_bytes();
            self.0.seal(&context(identity, kind), plain)
        };
        let refresh_token = tokens.refresh_token.as_ref();
        let refresh_token = refresh_token.map(|token| seal("refresh_token", token));
        let mut scopes = String::new();
        for scope in &tokens.scopes {
            if scopes.len() + scope.len() < MAX_SCOPES {
                scopes += if scopes.is_empty() { "" } else { " " };
                scopes += scope;
            }
        }
        Ok(SealedTokens {
            access_token: seal("access_token", &tokens.access_token)
                .map_err(RepositoryError::storage)?,
            expires_at: tokens.expires_at,
            refresh_token: refresh_token
                .transpose()
                .map_err(RepositoryError::storage)?,
            refresh_expires_at: tokens.refresh_expires_at,
            scopes,
        })
    }

    /// What tokens that are sealed now begin with.
    pub(super) fn mark(&self) -> String {
        self.0.mark()
    }

    /// The tokens that this identity's row stores.
    ///
    /// # Errors
    /// Where they were sealed elsewhere, or with a key that is gone.
    pub fn open(
        &self,
        identity: IdentityId,
        sealed: &SealedTokens,
    ) -> Result<ProviderTokens, SealError> {
        let open = |kind, token: &str| {
            let plain = self.0.open(&context(identity, kind), token)?;
            let plain = String::from_utf8(plain.expose_secret().to_vec());
            plain.map(SecretString::from).map_err(|_| SealError::Forged)
        };
        let refresh_token = sealed.refresh_token.as_deref();
        Ok(ProviderTokens {
            access_token: open("access_token", &sealed.access_token)?,
            expires_at: sealed.expires_at,
            refresh_token: refresh_token
                .map(|token| open("refresh_token", token))
                .transpose()?,
            refresh_expires_at: sealed.refresh_expires_at,
            scopes: sealed
                .scopes
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
        })
    }
}

fn context(identity: IdentityId, kind: &str) -> String {
    format!("identity {identity} {kind}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{sealer, start};

    #[test]
    fn tokens_open_in_their_own_row_only() {
        let vault = TokenVault(sealer());
        let tokens = ProviderTokens {
            access_token: "access".into(),
            expires_at: Some(start()),
            refresh_token: Some("refresh".into()),
            refresh_expires_at: None,
            scopes: vec!["talk_message".into(), "profile_nickname".into()],
        };
        let sealed = vault.seal(7.into(), &tokens).expect("sealed");
        assert!(!format!("{sealed:?}").contains("refresh\""), "{sealed:?}");
        assert_eq!(sealed.scopes, "talk_message profile_nickname");
        let opened = vault.open(7.into(), &sealed).expect("opened");
        assert_eq!(opened.access_token.expose_secret(), "access");
        let refresh = opened.refresh_token.expect("a refresh token");
        assert_eq!(refresh.expose_secret(), "refresh");
        assert_eq!(opened.scopes, tokens.scopes);
        assert!(vault.open(8.into(), &sealed).is_err());
        let swapped = SealedTokens {
            access_token: sealed.refresh_token.clone().unwrap_or_default(),
            ..sealed
        };
        assert!(vault.open(7.into(), &swapped).is_err());
    }
}
