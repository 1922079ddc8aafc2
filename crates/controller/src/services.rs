//! What the routes are given.

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use service::chat::{ConversationService, FriendService, Hub, MessageService, MomentService};
use service::health::{Departure, HealthService};
use service::notification::{ApiKeyService, SendService, SignedCalls, Subscriptions};
use service::once::OnceRequests;
use service::outfit::{ActivityService, FeedService, HeartService, LookService, OutfitService};
use service::persona::{InstagramService, MediaService, PersonaService, PortraitService};
use service::product::ProductService;
use service::requests::RequestLimits;
use service::user::{
    AccessTokens, AccountService, EmailAccountService, EmailAddressService, GuestService,
    IdentityService, PasswordResetService, SessionCookies, SessionGuard, SessionService,
    SocialLoginService,
};

use crate::chat::ChatSettings;
use crate::http::Gate;
use crate::identity::CookieSettings;

/// What the routes are given. Made once and shared by all workers.
#[derive(Clone)]
pub struct Services {
    /// How many requests anybody may send, where there is a limit.
    pub requests: Option<Arc<RequestLimits>>,
    /// How many requests are in hand.
    pub gate: Arc<Gate>,
    /// Requests under an `Idempotency-Key`.
    pub once: Arc<OnceRequests>,
    /// Accounts.
    pub accounts: Arc<dyn AccountService>,
    /// Sessions.
    pub sessions: Arc<dyn SessionService>,
    /// Signing in with a provider.
    pub social: Arc<dyn SocialLoginService>,
    /// The accounts elsewhere that open an account.
    pub identities: Arc<dyn IdentityService>,
    /// Accounts by e-mail.
    pub email_accounts: Arc<dyn EmailAccountService>,
    /// Addresses of accounts.
    pub email_addresses: Arc<dyn EmailAddressService>,
    /// Forgotten passwords.
    pub password_resets: Arc<dyn PasswordResetService>,
    /// Products.
    pub products: Arc<dyn ProductService>,
    /// Outfits.
    pub outfits: Arc<dyn OutfitService>,
    /// The feed.
    pub feed: Arc<dyn FeedService>,
    /// Hearts.
    pub hearts: Arc<dyn HeartService>,
    /// What people do with outfits.
    pub activity: Arc<dyn ActivityService>,
    /// Which outfits show which products.
    pub looks: Arc<dyn LookService>,
    /// Pictures.
    pub media: Arc<dyn MediaService>,
    /// Portraits.
    pub portraits: Arc<dyn PortraitService>,
    /// Personas.
    pub personas: Arc<dyn PersonaService>,
    /// Linking personas with Instagram.
    pub instagram: Arc<dyn InstagramService>,
    /// Where the front end is, without a slash at its end.
    pub frontend_url: String,
    /// Whether this node is about to stop.
    pub departure: Arc<Departure>,
    /// How everything is.
    pub health: Arc<dyn HealthService>,
    /// Friendships.
    pub friends: Arc<dyn FriendService>,
    /// Messages.
    pub messages: Arc<dyn MessageService>,
    /// What happened to people who talk.
    pub moments: Arc<dyn MomentService>,
    /// Whom people talk with.
    pub conversations: Arc<dyn ConversationService>,
    /// Who is connected.
    pub hub: Arc<Hub>,
    /// How patient the socket is.
    pub chat_settings: ChatSettings,
    /// API keys.
    pub api_keys: Arc<dyn ApiKeyService>,
    /// Who signed a request with one.
    pub signed_calls: Arc<SignedCalls>,
    /// What programs send.
    pub sending: Arc<dyn SendService>,
    /// Who gets no more of that.
    pub subscriptions: Arc<Subscriptions>,
    /// Guests.
    pub guests: Arc<dyn GuestService>,
    /// What session cookies say.
    pub cookies: Arc<SessionCookies>,
    /// How session cookies are set.
    pub cookie_settings: CookieSettings,
    /// Who is let in.
    pub guard: Arc<SessionGuard>,
    /// Access tokens.
    pub tokens: Arc<AccessTokens>,
    /// The largest body, in bytes.
    pub body_bytes: usize,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
    /// The largest file to import, in bytes.
    pub import_bytes: u64,
    /// How long browsers are to insist on TLS; `None` where people come without.
    pub hsts: Option<Duration>,
    /// Proxies whose word on the client's address is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// The origin of the front end, whose pages may always read answers.
    pub frontend_origin: Option<String>,
    /// Whether pages of any other origin are refused.
    pub strict_cors: bool,
}
