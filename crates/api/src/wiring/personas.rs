//! The part of the wiring for personas and their Instagram accounts.

use std::error::Error;
use std::sync::Arc;

use domain::once::OnceRepository;
use domain::persona::{InstagramGraph, InstagramTokenRepository, PersonaRepository};
use domain::unit_of_work::UnitOfWorkFactory;
use domain::{Clock, IdGenerator};
use gateway::meta_graph::{MetaApp, MetaGraph, MetaSettings};
use repository::Database;
use repository::persona::{SeaInstagramTokens, SeaPersonas};
use service::persona::{
    DefaultInstagramService, DefaultPersonaService, MediaAddresses, SharedToken, StateSeal,
    TokenRefusals, TokenRenewal, TokenReseal, TokenVault,
};
use service::sealing::Sealer;
use service::user::Correspondence;

use crate::configuration::{self, Configuration};

/// What personas stand on.
pub(super) struct Ground {
    pub(super) database: Database,
    pub(super) units: Arc<dyn UnitOfWorkFactory>,
    pub(super) once: Arc<dyn OnceRepository>,
    pub(super) sealer: Arc<Sealer>,
    pub(super) mails: Arc<Correspondence>,
    pub(super) addresses: Arc<MediaAddresses>,
    pub(super) ids: Arc<IdGenerator>,
    pub(super) clock: Arc<dyn Clock>,
}

/// What was put together for personas.
pub(super) struct Personas {
    /// Personas.
    pub(super) personas: Arc<DefaultPersonaService>,
    /// Linking them with Instagram.
    pub(super) instagram: Arc<DefaultInstagramService>,
    /// What seals tokens again when the key has changed.
    pub(super) reseal: Arc<TokenReseal>,
    /// What renews tokens before they end.
    pub(super) renewal: Arc<TokenRenewal>,
}

/// Puts together what personas need.
///
/// # Errors
/// Where no client of Instagram can be made.
pub(super) fn personas(
    configuration: &Configuration,
    ground: Ground,
) -> Result<Personas, Box<dyn Error + Send + Sync>> {
    let Ground {
        database,
        units,
        once,
        sealer,
        mails,
        addresses,
        ids,
        clock,
    } = ground;
    let personas: Arc<dyn PersonaRepository> = Arc::new(SeaPersonas::new(database.clone()));
    let tokens: Arc<dyn InstagramTokenRepository> = Arc::new(SeaInstagramTokens::new(database));
    let graph: Arc<dyn InstagramGraph> = Arc::new(MetaGraph::new(meta_settings(configuration))?);
    let vault = Arc::new(TokenVault {
        sealer: sealer.clone(),
        clock: clock.clone(),
    });
    let refusals = Arc::new(TokenRefusals {
        units: units.clone(),
        mails,
        page: format!("{}/mypage", configuration.frontend_url().as_str()),
    });
    Ok(Personas {
        personas: Arc::new(DefaultPersonaService {
            personas: personas.clone(),
            units,
            addresses,
            limit: configuration.limits.personas_per_user as usize,
            ids,
            clock: clock.clone(),
        }),
        instagram: Arc::new(DefaultInstagramService {
            personas,
            tokens: tokens.clone(),
            graph: graph.clone(),
            states: StateSeal {
                sealer,
                once,
                clock: clock.clone(),
            },
            vault: vault.clone(),
            refusals: refusals.clone(),
            shared: shared_token(&configuration.meta),
            clock,
        }),
        reseal: Arc::new(TokenReseal::new(tokens.clone(), vault.clone())),
        renewal: Arc::new(TokenRenewal {
            tokens,
            graph,
            vault,
            refusals,
        }),
    })
}

/// Where Meta is, and who we are there.
fn meta_settings(configuration: &Configuration) -> MetaSettings {
    let meta = &configuration.meta;
    let app = meta.app_id.clone().zip(meta.app_secret.clone());
    MetaSettings {
        graph: meta.graph_base_url.as_str().to_owned(),
        dialog: meta.dialog_base_url.as_str().to_owned(),
        app: app.map(|(id, secret)| MetaApp { id, secret }),
        redirect_uri: meta.redirect_uri(&configuration.server.public_url),
        scopes: meta.scopes.clone(),
        timeout: meta.timeout,
    }
}

/// What personas without a token of their own use.
fn shared_token(meta: &configuration::Meta) -> SharedToken {
    match (&meta.user_token, meta.user_token_fallback) {
        (_, false) => SharedToken::Off,
        (None, true) => SharedToken::Missing,
        (Some(token), true) => SharedToken::Token(token.clone()),
    }
}
