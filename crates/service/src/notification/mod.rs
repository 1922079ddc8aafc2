//! Messages: how they are written, how they wait, how they leave; and the keys by which programs send them.

mod account_mail;
mod api_keys;
mod backoff;
mod bell;
mod chore;
mod delivery;
mod dispatcher;
mod kakao_note;
mod order;
mod page;
mod personal;
mod postbox;
mod program_mail;
mod sending;
mod signed_call;
mod subscription;
mod tally;
mod template;

pub use account_mail::AccountMail;
#[cfg(feature = "mock")]
pub use api_keys::MockApiKeyService;
pub use api_keys::{ApiKeyError, ApiKeyService, DefaultApiKeyService, NewApiKey};
pub use bell::{Bell, Bells};
pub use chore::{KeptAnswers, SettledMessages};
pub use delivery::{Delivery, MailDelivery};
pub use dispatcher::{DispatchSettings, Dispatcher};
pub use kakao_note::KakaoDelivery;
pub use order::{Content, MailOrder, OnceKey, Terms};
pub use personal::NotificationPersonalData;
pub use postbox::{Letter, Postbox};
pub use program_mail::ProgramMailDelivery;
#[cfg(feature = "mock")]
pub use sending::MockSendService;
pub use sending::{DefaultSendService, SendError, SendService};
pub use signed_call::{Caller, Form, SignatureError, SignedCall, SignedCalls};
pub use subscription::{SubscriptionError, Subscriptions};
pub use tally::{Tally, TallyRead};
pub use template::{Notice, Values};
