//! The accounts elsewhere that open one's own account: seeing, linking and unlinking them.

use std::sync::Arc;

use async_trait::async_trait;
use domain::RepositoryError;
use domain::user::{
    FrontEndPath, Identifier, Identity, IdentityRepository, Provider, SocialProof, SocialUnlinker,
    Subject, UserId, UserRepository,
};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tracing::instrument;

use super::social_login::told;
use super::{Begun, Confirmation, Flows, IdentityBook, IdentityError, Principal, Providers};

/// An identity, and what its owner may want to know of it.
#[derive(Clone, Debug)]
pub struct LinkedIdentity {
    /// The identity.
    pub identity: Identity,
    /// Whether the address the provider proved belongs to another account: its owner may sign in
    /// there and link this one.
    pub email_elsewhere: bool,
}

/// One's own identities.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait IdentityService: Send + Sync {
    /// Those that are linked, the oldest first.
    async fn list(&self, owner: UserId) -> Result<Vec<LinkedIdentity>, IdentityError>;

    /// Links the account elsewhere that an app shows, once the owner confirmed it; whether it was
    /// not linked before.
    async fn link(
        &self,
        principal: Principal,
        provider: Provider,
        proof: SocialProof,
        password: Option<SecretString>,
    ) -> Result<(Identity, bool), IdentityError>;

    /// Sends the owner's browser to the provider, to link what it comes back with, once the owner
    /// confirmed it.
    async fn begin_link(
        &self,
        principal: Principal,
        provider: Provider,
        return_to: Option<FrontEndPath>,
        password: Option<SecretString>,
    ) -> Result<Begun, IdentityError>;

    /// Unlinks any but the last way in, once the owner confirmed it.
    async fn unlink(
        &self,
        principal: Principal,
        provider: Provider,
        password: Option<SecretString>,
    ) -> Result<(), IdentityError>;

    /// Ends what the owner has with us at the provider as well, even where it is the last way in: they
    /// can come back by it.
    async fn unlink_there(
        &self,
        principal: Principal,
        provider: Provider,
        password: Option<SecretString>,
    ) -> Result<(), IdentityError>;

    /// Whether somebody speaks for the provider, who shows its administrator's key.
    fn speaks_for(&self, provider: Provider, key: &str) -> Result<bool, IdentityError>;

    /// Follows an unlinking at the provider. Of somebody unknown there is nothing to unlink.
    async fn unlinked_there(
        &self,
        provider: Provider,
        subject: &Subject,
    ) -> Result<(), RepositoryError>;
}

/// What a provider lets our administrator do.
#[derive(Clone)]
pub struct ProviderAdministration {
    /// Ends what people have with us there.
    pub unlinker: Arc<dyn SocialUnlinker>,
    /// What proves that it is us, or the provider telling us.
    pub key: SecretString,
}

/// [`IdentityService`] over the providers and the repositories.
pub struct DefaultIdentityService {
    /// Identities.
    pub identities: Arc<dyn IdentityRepository>,
    /// Accounts.
    pub users: Arc<dyn UserRepository>,
    /// Who vouches.
    pub providers: Providers,
    /// What Kakao lets our administrator do.
    pub kakao: Option<ProviderAdministration>,
    /// What browsers keep.
    pub flows: Arc<Flows>,
    /// The transactions.
    pub book: Arc<IdentityBook>,
    /// Asks the owner once more.
    pub confirmation: Arc<Confirmation>,
}

impl DefaultIdentityService {
    fn administration(&self, provider: Provider) -> Result<&ProviderAdministration, IdentityError> {
        let found = match provider {
            Provider::Kakao => self.kakao.as_ref(),
            Provider::Google | Provider::Naver => None,
        };
        found.ok_or(IdentityError::NotConfigured)
    }

    /// Whether the address the provider proved belongs to another account.
    async fn is_elsewhere(&self, identity: &Identity) -> Result<bool, RepositoryError> {
        let Some(email) = identity.email.clone().filter(|_| identity.email_verified) else {
            return Ok(false);
        };
        let holder = self
            .users
            .find_by_identifier(&Identifier::Email(email))
            .await?;
        Ok(holder.is_some_and(|holder| holder.user.id != identity.user_id))
    }
}

#[async_trait]
impl IdentityService for DefaultIdentityService {
    async fn list(&self, owner: UserId) -> Result<Vec<LinkedIdentity>, IdentityError> {
        let mut linked = Vec::new();
        for identity in self.identities.list(owner).await? {
            if identity.is_linked() {
                linked.push(LinkedIdentity {
                    email_elsewhere: self.is_elsewhere(&identity).await?,
                    identity,
                });
            }
        }
        Ok(linked)
    }

    #[instrument(skip_all, fields(user_id = %principal.user_id, provider = provider.as_str()))]
    async fn link(
        &self,
        principal: Principal,
        provider: Provider,
        proof: SocialProof,
        password: Option<SecretString>,
    ) -> Result<(Identity, bool), IdentityError> {
        let there = self.providers.get(provider);
        let there = there.ok_or(IdentityError::NotConfigured)?;
        // First: what is shown may be good only once.
        let proved = self.confirmation.prove(principal, password).await?;
        let vouched = there.vouch(&proof).await.inspect_err(told)?;
        self.book
            .link(principal.user_id, provider, &vouched, proved.as_deref())
            .await
    }

    #[instrument(skip_all, fields(user_id = %principal.user_id, provider = provider.as_str()))]
    async fn begin_link(
        &self,
        principal: Principal,
        provider: Provider,
        return_to: Option<FrontEndPath>,
        password: Option<SecretString>,
    ) -> Result<Begun, IdentityError> {
        let there = self.providers.get(provider);
        let there = there.ok_or(IdentityError::NotConfigured)?;
        self.confirmation.prove(principal, password).await?;
        let link = Some((principal.user_id, principal.session_id));
        let (outset, kept, lifetime) = self.flows.begin(provider, return_to, link)?;
        let url = there.authorization_url(&outset).await.inspect_err(told)?;
        Ok(Begun {
            url,
            kept,
            lifetime,
        })
    }

    #[instrument(skip_all, fields(user_id = %principal.user_id, provider = provider.as_str()))]
    async fn unlink(
        &self,
        principal: Principal,
        provider: Provider,
        password: Option<SecretString>,
    ) -> Result<(), IdentityError> {
        let proved = self.confirmation.prove(principal, password).await?;
        self.book
            .unlink(principal.user_id, provider, proved.as_deref())
            .await
    }

    #[instrument(skip_all, fields(user_id = %principal.user_id, provider = provider.as_str()))]
    async fn unlink_there(
        &self,
        principal: Principal,
        provider: Provider,
        password: Option<SecretString>,
    ) -> Result<(), IdentityError> {
        let owner = principal.user_id;
        let all = self.identities.list(owner).await?;
        let mut all = all.into_iter().filter(Identity::is_linked);
        let identity = all.find(|one| one.provider == provider);
        let identity = identity.ok_or(IdentityError::NotFound)?;
        let administration = self.administration(provider)?;
        self.confirmation.prove(principal, password).await?;
        // The provider first: what fails there has changed nothing here, and may be asked for again.
        let unlinked = administration.unlinker.unlink(&identity.subject).await;
        unlinked.inspect_err(told)?;
        self.book
            .cut_off(owner, provider, &identity.subject)
            .await?;
        Ok(())
    }

    fn speaks_for(&self, provider: Provider, key: &str) -> Result<bool, IdentityError> {
        let ours = self.administration(provider)?.key.expose_secret();
        Ok(ours.as_bytes().ct_eq(key.as_bytes()).into())
    }

    #[instrument(skip_all, fields(provider = provider.as_str()))]
    async fn unlinked_there(
        &self,
        provider: Provider,
        subject: &Subject,
    ) -> Result<(), RepositoryError> {
        match self.identities.find_by_subject(provider, subject).await? {
            Some(identity) => self.book.cut_off(identity.user_id, provider, subject).await,
            None => Ok(()),
        }
    }
}
