//! Signing in with Kakao, Google and Naver.

use std::sync::Arc;

use async_trait::async_trait;
use domain::once::OnceRepository;
use domain::user::{
    FrontEndPath, Identity, Provider, SocialError, SocialProof, SocialProvider, UserId,
};
use secrecy::SecretString;
use tracing::{instrument, warn};

use super::session::address_key;
use super::social_flow::Flow;
use super::{
    Arrival, AuthenticationError, Begun, Flows, IdentityBook, SessionGuard, SocialAdmitted,
    SocialLoginError,
};
use crate::throttle::Throttle;

/// The providers that are configured.
#[derive(Clone, Default)]
pub struct Providers {
    /// Kakao.
    pub kakao: Option<Arc<dyn SocialProvider>>,
    /// Google.
    pub google: Option<Arc<dyn SocialProvider>>,
    /// Naver.
    pub naver: Option<Arc<dyn SocialProvider>>,
}

impl Providers {
    /// The provider, if it is configured.
    #[must_use]
    pub fn get(&self, provider: Provider) -> Option<&Arc<dyn SocialProvider>> {
        match provider {
            Provider::Kakao => self.kakao.as_ref(),
            Provider::Google => self.google.as_ref(),
            Provider::Naver => self.naver.as_ref(),
        }
    }
}

/// A browser that comes back from a provider.
#[derive(Clone, Debug, Default)]
pub struct Return {
    /// What it kept meanwhile.
    pub kept: Option<String>,
    /// What the provider was told.
    pub state: Option<String>,
    /// What the provider gave; none where the person changed their mind.
    pub code: Option<SecretString>,
    /// Who is signed in in this browser.
    pub signed_in: Option<UserId>,
}

/// What coming back was good for.
#[derive(Clone, Debug)]
pub enum Came {
    /// Somebody is signed in.
    In(Box<SocialAdmitted>),
    /// An identity was linked.
    Linked(Box<Identity>),
}

/// How coming back ended, and what was wanted.
#[derive(Debug)]
pub struct Returned {
    /// The path to go to, if the person said so in the beginning.
    pub return_to: Option<FrontEndPath>,
    /// Whether an identity was to be linked.
    pub was_link: bool,
    /// What came of it.
    pub outcome: Result<Came, SocialLoginError>,
}

/// Signing in with a provider.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SocialLoginService: Send + Sync {
    /// Sends a browser to the provider; in the end it goes to `return_to`.
    async fn begin(
        &self,
        provider: Provider,
        return_to: Option<FrontEndPath>,
    ) -> Result<Begun, SocialLoginError>;

    /// Takes a browser back, and lets it in or links what it brought.
    async fn finish(&self, provider: Provider, back: Return, arrival: Arrival) -> Returned;

    /// Lets an app in that shows what the provider gave it.
    async fn sign_in(
        &self,
        provider: Provider,
        proof: SocialProof,
        arrival: Arrival,
    ) -> Result<SocialAdmitted, SocialLoginError>;
}

/// [`SocialLoginService`] over the providers and the repositories.
pub struct DefaultSocialLoginService {
    /// Who vouches.
    pub providers: Providers,
    /// What browsers keep.
    pub flows: Arc<Flows>,
    /// States that came back.
    pub once: Arc<dyn OnceRepository>,
    /// Which account a provider's word opens.
    pub book: Arc<IdentityBook>,
    /// Whether the session still lives in which linking was asked for.
    pub guard: Arc<SessionGuard>,
    /// What was shown in vain, by address.
    pub failures: Arc<Throttle>,
}

impl DefaultSocialLoginService {
    fn provider(&self, provider: Provider) -> Result<&Arc<dyn SocialProvider>, SocialLoginError> {
        let found = self.providers.get(provider);
        found.ok_or(SocialLoginError::NotConfigured)
    }

    /// The flow that a browser comes back by, spent: of several that try exactly one does.
    async fn flow(&self, provider: Provider, back: &Return) -> Result<Flow, SocialLoginError> {
        let kept = back.kept.as_deref();
        let flow = kept.and_then(|kept| self.flows.open(provider, kept));
        let state = back.state.as_deref().unwrap_or_default();
        let flow = flow.filter(|flow| flow.is(state));
        let flow = flow.ok_or(SocialLoginError::State)?;
        let (key, until) = flow.key();
        if self.once.spend(&key, until).await? {
            Ok(flow)
        } else {
            Err(SocialLoginError::State)
        }
    }

    /// What a browser that came back is good for.
    async fn settle(
        &self,
        provider: Provider,
        flow: Flow,
        back: Return,
        arrival: &Arrival,
    ) -> Result<Came, SocialLoginError> {
        let link = flow.link();
        if let Some((owner, session)) = link {
            // Who asked is still signed in, and this browser is not somebody else's by now.
            let asking = self.guard.recognise(owner, session).await;
            asking.map_err(|error| match error {
                AuthenticationError::InvalidToken => SocialLoginError::State,
                AuthenticationError::Repository(error) => error.into(),
            })?;
            if back.signed_in.is_some_and(|present| present != owner) {
                return Err(SocialLoginError::State);
            }
        }
        let declined = SocialError::Token("there is no code");
        let proof = flow.proof(back.code.ok_or(declined)?);
        let vouched = self.provider(provider)?.vouch(&proof).await?;
        match link {
            Some((owner, _)) => {
                let linked = self.book.link_confirmed(owner, provider, &vouched).await;
                let (identity, _) = linked.map_err(|e| SocialLoginError::Link(Box::new(e)))?;
                Ok(Came::Linked(Box::new(identity)))
            }
            None => {
                let admitted = self.book.admit(provider, &vouched, arrival).await?;
                Ok(Came::In(Box::new(admitted)))
            }
        }
    }
}

#[async_trait]
impl SocialLoginService for DefaultSocialLoginService {
    #[instrument(skip_all, fields(provider = provider.as_str()))]
    async fn begin(
        &self,
        provider: Provider,
        return_to: Option<FrontEndPath>,
    ) -> Result<Begun, SocialLoginError> {
        let there = self.provider(provider)?;
        let (outset, kept, lifetime) = self.flows.begin(provider, return_to, None)?;
        Ok(Begun {
            url: there.authorization_url(&outset).await?,
            kept,
            lifetime,
        })
    }

    #[instrument(skip_all, fields(provider = provider.as_str()))]
    async fn finish(&self, provider: Provider, back: Return, arrival: Arrival) -> Returned {
        let refused = |error| Returned {
            return_to: None,
            was_link: false,
            outcome: Err(error),
        };
        if let Err(error) = self.provider(provider) {
            return refused(error);
        }
        let flow = match self.flow(provider, &back).await {
            Ok(flow) => flow,
            Err(error) => return refused(error),
        };
        let (return_to, was_link) = (flow.return_to(), flow.link().is_some());
        let address = address_key(arrival.device.ip);
        let outcome = match self.failures.take(&address).await {
            Ok(()) => self.settle(provider, flow, back, &arrival).await,
            Err(wait) => Err(SocialLoginError::TooManyTries(wait)),
        };
        if !was_wrong(&outcome) && !matches!(outcome, Err(SocialLoginError::TooManyTries(_))) {
            self.failures.give_back(&address).await;
        }
        if let Err(SocialLoginError::Provider(error)) = &outcome {
            told(error);
        }
        Returned {
            return_to,
            was_link,
            outcome,
        }
    }

    #[instrument(skip_all, fields(provider = provider.as_str()))]
    async fn sign_in(
        &self,
        provider: Provider,
        proof: SocialProof,
        arrival: Arrival,
    ) -> Result<SocialAdmitted, SocialLoginError> {
        let there = self.provider(provider)?;
        let address = address_key(arrival.device.ip);
        let taken = self.failures.take(&address).await;
        taken.map_err(SocialLoginError::TooManyTries)?;
        let admitted = match there.vouch(&proof).await {
            Ok(vouched) => self.book.admit(provider, &vouched, &arrival).await,
            Err(error) => {
                told(&error);
                Err(error.into())
            }
        };
        if !was_wrong(&admitted) {
            self.failures.give_back(&address).await;
        }
        admitted
    }
}

/// Whether the provider was shown what it did not hand out: each try costs a request to it.
fn was_wrong<T>(outcome: &Result<T, SocialLoginError>) -> bool {
    matches!(
        outcome,
        Err(SocialLoginError::Provider(SocialError::Token(_)))
    )
}

/// Tells the operator why a provider vouched for nobody: a wrong secret shows nowhere else.
pub(super) fn told(error: &SocialError) {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    warn!(%error, cause, "nobody was vouched for");
}

#[cfg(test)]
mod tests;
