//! Linking a persona with an Instagram account.

use std::sync::Arc;

use async_trait::async_trait;
use domain::Clock;
use domain::persona::{
    Connection, GraphError, GraphId, InstagramAccount, InstagramGraph, InstagramLink,
    InstagramName, InstagramTokenRepository, Persona, PersonaRepository, TokenOf, WhichPersona,
};
use domain::user::UserId;
use secrecy::SecretString;
use tracing::{info, instrument};

use super::{InstagramError, StateSeal, TokenRefusals, TokenVault};
use crate::user::Principal;

/// What Meta sent the browser back with.
#[derive(Clone, Debug)]
pub struct Consent {
    /// The code to be exchanged for a token; none where the person refused.
    pub code: Option<SecretString>,
    /// The state as we made it.
    pub state: Option<String>,
}

/// The account that somebody chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRequest {
    /// The account.
    pub ig_user_id: GraphId,
    /// What it is called.
    pub ig_username: Option<InstagramName>,
    /// The Facebook page it belongs to.
    pub fb_page_id: GraphId,
}

/// What a persona is linked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The account that was chosen.
    pub link: Option<InstagramLink>,
    /// Whether there is a token.
    pub connection: Connection,
}

/// What personas without a token of their own use; for development only.
#[derive(Clone, Debug)]
pub enum SharedToken {
    /// Nothing: they have to be connected.
    Off,
    /// A token that should be there, and is not.
    Missing,
    /// This token.
    Token(SecretString),
}

/// Linking personas. `None` for a persona is one that nobody named.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait InstagramService: Send + Sync {
    /// Where to send the browser, for the consent to be given.
    async fn start(
        &self,
        principal: Principal,
        which: Option<WhichPersona>,
    ) -> Result<String, InstagramError>;

    /// Takes the consent that came back: the persona has a token from now on. `None` for a
    /// principal is somebody who is not signed in, whose state cannot be good.
    async fn finish(
        &self,
        principal: Option<Principal>,
        consent: Consent,
    ) -> Result<(), InstagramError>;

    /// The accounts that the persona's token may act for.
    async fn accounts(
        &self,
        owner: UserId,
        which: Option<WhichPersona>,
    ) -> Result<Vec<InstagramAccount>, InstagramError>;

    /// Notes which account the persona stands for.
    async fn link(
        &self,
        owner: UserId,
        which: Option<WhichPersona>,
        request: &LinkRequest,
    ) -> Result<(), InstagramError>;

    /// Forgets account and token; doing it again changes nothing.
    async fn unlink(
        &self,
        owner: UserId,
        which: Option<WhichPersona>,
    ) -> Result<(), InstagramError>;

    /// What the persona is linked with.
    async fn mapping(
        &self,
        owner: UserId,
        which: Option<WhichPersona>,
    ) -> Result<Mapping, InstagramError>;
}

/// [`InstagramService`] over the repositories and Meta.
pub struct DefaultInstagramService {
    /// Personas.
    pub personas: Arc<dyn PersonaRepository>,
    /// Their tokens.
    pub tokens: Arc<dyn InstagramTokenRepository>,
    /// Meta.
    pub graph: Arc<dyn InstagramGraph>,
    /// What travels to Meta and back.
    pub states: StateSeal,
    /// The keys of tokens.
    pub vault: Arc<TokenVault>,
    /// What becomes of tokens that work no more.
    pub refusals: Arc<TokenRefusals>,
    /// What personas without a token use.
    pub shared: SharedToken,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl From<GraphError> for InstagramError {
    fn from(error: GraphError) -> Self {
        match error {
            GraphError::NotConfigured => Self::NotConfigured,
            GraphError::TokenRefused => Self::NotConnected,
            GraphError::TimedOut => Self::TimedOut,
            GraphError::Failed(_) => Self::Upstream(error),
        }
    }
}

impl DefaultInstagramService {
    async fn persona(
        &self,
        owner: UserId,
        which: Option<WhichPersona>,
    ) -> Result<Persona, InstagramError> {
        let which = which.ok_or(InstagramError::PersonaUnnamed)?;
        let found = self.personas.find(owner, which).await?;
        found.ok_or(InstagramError::PersonaNotFound)
    }

    /// The accounts of a persona's own token. One that Meta refuses is noted: that persona has to
    /// be connected again, and no other.
    async fn own_accounts(
        &self,
        stored: &TokenOf,
    ) -> Result<Vec<InstagramAccount>, InstagramError> {
        self.must_work(stored).await?;
        let token = self.vault.open(stored)?;
        let accounts = self.graph.accounts(&token).await;
        if matches!(accounts, Err(GraphError::TokenRefused)) {
            self.refusals.note(stored).await?;
        }
        Ok(accounts?)
    }

    /// A token that was refused or has ended is not shown to Meta. That it ended is noted, so that
    /// its persona says so.
    async fn must_work(&self, stored: &TokenOf) -> Result<(), InstagramError> {
        if stored.refused {
            return Err(InstagramError::NotConnected);
        }
        if self.vault.is_over(stored.term) {
            self.refusals.note(stored).await?;
            return Err(InstagramError::NotConnected);
        }
        Ok(())
    }
}

#[async_trait]
impl InstagramService for DefaultInstagramService {
    async fn start(
        &self,
        principal: Principal,
        which: Option<WhichPersona>,
    ) -> Result<String, InstagramError> {
        let persona = match which {
            Some(_) => Some(self.persona(principal.user_id, which).await?.id),
            None => None,
        };
        let state = self.states.issue(principal, persona)?;
        Ok(self.graph.dialog(&state)?)
    }

    #[instrument(skip_all)]
    async fn finish(
        &self,
        principal: Option<Principal>,
        consent: Consent,
    ) -> Result<(), InstagramError> {
        let invalid = InstagramError::StateInvalid;
        let (Some(principal), Some(state)) = (principal, consent.state) else {
            return Err(invalid);
        };
        let returned = self.states.read(principal, &state)?;
        let id = returned.persona.ok_or(InstagramError::PersonaRequired)?;
        let code = consent.code.ok_or(InstagramError::CodeMissing)?;
        let owner = principal.user_id;
        // One that went meanwhile costs nobody a request.
        self.persona(owner, Some(WhichPersona::Id(id))).await?;
        self.states.spend(&returned).await?;
        let token = self
            .graph
            .exchange(&code)
            .await
            .map_err(|error| match error {
                GraphError::NotConfigured => InstagramError::NotConfigured,
                // Whatever went wrong: the code did not become a token.
                GraphError::TokenRefused | GraphError::TimedOut | GraphError::Failed(_) => {
                    InstagramError::Upstream(error)
                }
            })?;
        let sealed = self.vault.seal(owner, id, &token.secret)?;
        let term = self.vault.term(&token);
        if !self.tokens.store(owner, id, &sealed, term).await? {
            return Err(InstagramError::PersonaNotFound);
        }
        info!(user_id = %owner, persona_id = %id, "connected with Instagram");
        Ok(())
    }

    #[instrument(skip_all, fields(user_id = %owner))]
    async fn accounts(
        &self,
        owner: UserId,
        which: Option<WhichPersona>,
    ) -> Result<Vec<InstagramAccount>, InstagramError> {
        let persona = self.persona(owner, which).await?;
        match (self.tokens.find(owner, persona.id).await?, &self.shared) {
            (Some(stored), _) => self.own_accounts(&stored).await,
            (None, SharedToken::Off) => Err(InstagramError::NotConnected),
            (None, SharedToken::Missing) => Err(InstagramError::SharedTokenMissing),
            (None, SharedToken::Token(token)) => Ok(self.graph.accounts(token).await?),
        }
    }

    async fn link(
        &self,
        owner: UserId,
        which: Option<WhichPersona>,
        request: &LinkRequest,
    ) -> Result<(), InstagramError> {
        let persona = self.persona(owner, which).await?;
        if let Some(stored) = self.tokens.find(owner, persona.id).await? {
            self.must_work(&stored).await?;
        }
        let link = InstagramLink {
            ig_user_id: request.ig_user_id.clone(),
            ig_username: request.ig_username.clone(),
            fb_page_id: request.fb_page_id.clone(),
            linked_at: self.clock.now(),
        };
        match self.personas.link(owner, persona.id, &link).await? {
            true => Ok(()),
            false => Err(InstagramError::NotConnected),
        }
    }

    #[instrument(skip_all, fields(user_id = %owner))]
    async fn unlink(
        &self,
        owner: UserId,
        which: Option<WhichPersona>,
    ) -> Result<(), InstagramError> {
        let persona = self.persona(owner, which).await?;
        let now = self.clock.now();
        match self.personas.unlink(owner, persona.id, now).await? {
            true => Ok(()),
            false => Err(InstagramError::PersonaNotFound),
        }
    }

    async fn mapping(
        &self,
        owner: UserId,
        which: Option<WhichPersona>,
    ) -> Result<Mapping, InstagramError> {
        let persona = self.persona(owner, which).await?;
        Ok(Mapping {
            link: persona.instagram,
            connection: persona.connection,
        })
    }
}

#[cfg(test)]
mod tests;
