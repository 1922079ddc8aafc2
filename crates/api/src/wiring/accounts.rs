//! The part of the wiring for accounts, their mails and their sessions.

use std::sync::Arc;
use std::time::Duration;

use domain::notification::Channel;
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{SessionRepository, UserRepository};
use domain::{Clock, IdGenerator};
use repository::Database;
use repository::user::{SeaAccountLinks, SeaSignUpRequests};
use service::notification::{Bells, Postbox};
use service::persona::MediaAddresses;
use service::sealing::Sealer;
use service::user::{
    AccessTokens, Admission, Confirmation, Correspondence, DefaultAccountService,
    DefaultEmailAccountService, DefaultEmailAddressService, DefaultGuestService,
    DefaultPasswordResetService, DefaultSessionService, HashSettings, PasswordHasher, PersonalData,
    SessionGuard, StaleLinks,
};

use super::ADDRESS_REFILL;
use super::limits::Limiting;
use crate::configuration::Configuration;

/// Sign-ups for taken identifiers: how long until one more is allowed.
const CONFLICT_REFILL: Duration = Duration::from_secs(12);
/// Mails that one client causes: likewise.
const CLIENT_MAIL_REFILL: Duration = Duration::from_secs(12);

/// What accounts stand on.
pub(super) struct Ground<'a> {
    pub(super) database: Database,
    pub(super) limiting: &'a Limiting,
    pub(super) bells: &'a Bells,
    pub(super) users: Arc<dyn UserRepository>,
    pub(super) sessions: Arc<dyn SessionRepository>,
    pub(super) units: Arc<dyn UnitOfWorkFactory>,
    pub(super) tokens: Arc<AccessTokens>,
    pub(super) guests: Arc<DefaultGuestService>,
    pub(super) guard: Arc<SessionGuard>,
    pub(super) personal: Vec<Arc<dyn PersonalData>>,
    pub(super) sealer: Arc<Sealer>,
    pub(super) addresses: Arc<MediaAddresses>,
    pub(super) ids: Arc<IdGenerator>,
    pub(super) clock: Arc<dyn Clock>,
}

/// What was put together for accounts.
pub(super) struct Accounts {
    /// Accounts.
    pub(super) accounts: Arc<DefaultAccountService>,
    /// Sessions.
    pub(super) sessions: Arc<DefaultSessionService>,
    /// Accounts by e-mail.
    pub(super) email_accounts: Arc<DefaultEmailAccountService>,
    /// Addresses of accounts.
    pub(super) email_addresses: Arc<DefaultEmailAddressService>,
    /// Forgotten passwords.
    pub(super) password_resets: Arc<DefaultPasswordResetService>,
    /// What hashes passwords.
    pub(super) hasher: PasswordHasher,
    /// Mails to people.
    pub(super) mails: Arc<Correspondence>,
    /// What makes sessions.
    pub(super) admission: Arc<Admission>,
    /// What asks for the password again.
    pub(super) confirmation: Arc<Confirmation>,
    /// What removes links that nobody may follow any more.
    pub(super) stale_links: Arc<StaleLinks>,
}

/// Puts together what accounts need.
pub(super) fn accounts(configuration: &Configuration, ground: Ground<'_>) -> Accounts {
    let Ground {
        database,
        limiting,
        bells,
        users,
        sessions,
        units,
        tokens,
        guests,
        guard,
        personal,
        sealer,
        addresses,
        ids,
        clock,
    } = ground;
    let (limits, auth) = (&configuration.limits, &configuration.auth);
    let throttle = |name, capacity, refill| limiting.throttle(name, capacity, refill);
    let links = Arc::new(SeaAccountLinks::new(database.clone()));
    let hasher = PasswordHasher::new(HashSettings::recommended(
        limits.hash_concurrency,
        limits.hash_queue,
        limits.hash_wait,
    ))
    .taking_turns(limiting.cores.clone());
    let mails = Arc::new(Correspondence {
        postbox: Arc::new(Postbox {
            sealer,
            bell: bells.of(Channel::Mail).clone(),
            ids: ids.clone(),
            clock: clock.clone(),
        }),
        public_url: configuration.server.public_url.as_str().to_owned(),
        per_address: throttle("mails", limits.mails_per_address, limits.mail_refill),
        per_client: throttle(
            "mails_of_client",
            limits.sign_up_conflicts_per_address,
            CLIENT_MAIL_REFILL,
        ),
    });
    let admission = Arc::new(Admission {
        tokens,
        guests,
        personal: personal.clone(),
        guard: guard.clone(),
        sessions_per_user: limits.sessions_per_user.into(),
        refresh_lifetime: auth.refresh_token_lifetime,
        session_lifetime: auth.session_lifetime,
        ids: ids.clone(),
        clock: clock.clone(),
    });
    let confirmation = Arc::new(Confirmation {
        users: users.clone(),
        hasher: hasher.clone(),
        proofs: throttle(
            "proofs",
            limits.sign_in_failures_per_account,
            limits.sign_in_refill,
        ),
        clock: clock.clone(),
    });
    let accounts = Arc::new(DefaultAccountService {
        users: users.clone(),
        units: units.clone(),
        hasher: hasher.clone(),
        guard: guard.clone(),
        personal,
        addresses,
        mails: mails.clone(),
        conflicts: throttle(
            "conflicts",
            limits.sign_up_conflicts_per_address,
            CONFLICT_REFILL,
        ),
        confirmation: confirmation.clone(),
        ids: ids.clone(),
        clock: clock.clone(),
    });
    Accounts {
        sessions: Arc::new(DefaultSessionService {
            users: users.clone(),
            sessions,
            units: units.clone(),
            hasher: hasher.clone(),
            admission: admission.clone(),
            guard: guard.clone(),
            account_failures: throttle(
                "sign_in_account",
                limits.sign_in_failures_per_account,
                limits.sign_in_refill,
            ),
            address_failures: throttle(
                "sign_in_address",
                limits.sign_in_failures_per_address,
                ADDRESS_REFILL,
            ),
            clock: clock.clone(),
        }),
        email_accounts: Arc::new(DefaultEmailAccountService {
            users,
            units: units.clone(),
            accounts: accounts.clone(),
            admission: admission.clone(),
            hasher: hasher.clone(),
            mails: mails.clone(),
            guard: guard.clone(),
            ids: ids.clone(),
            clock: clock.clone(),
        }),
        email_addresses: Arc::new(DefaultEmailAddressService {
            accounts: accounts.clone(),
            units: units.clone(),
            mails: mails.clone(),
            clock: clock.clone(),
        }),
        password_resets: Arc::new(DefaultPasswordResetService {
            links: links.clone(),
            units,
            hasher: hasher.clone(),
            mails: mails.clone(),
            guard,
            ids,
            clock,
        }),
        stale_links: Arc::new(StaleLinks {
            requests: Arc::new(SeaSignUpRequests::new(database)),
            links,
        }),
        accounts,
        hasher,
        mails,
        admission,
        confirmation,
    }
}
