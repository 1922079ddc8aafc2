//! Wiring of what leaves: mails, notes, and the workers that carry them.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use domain::notification::{Channel, KakaoTalk, Mailer, OutboxRepository};
use domain::once::AnswerRepository;
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{IdentityRepository, UserRepository};
use domain::{Clock, IdGenerator};
use gateway::mail::{FileMailer, ProfileMailer, SmtpError, SmtpMailer, SmtpOptions, Tls};
use repository::Database;
use repository::notification::SeaSuppressions;
use repository::user::SeaIdentities;
use service::notification::{
    Bells, DefaultSendService, Delivery, DispatchSettings, Dispatcher, KakaoDelivery, MailDelivery,
    ProgramMailDelivery, SendService, Subscriptions,
};
use service::sealing::Sealer;
use service::throttle::{Limit, Throttle};
use service::user::TokenVault;
use tracing::info;

use crate::configuration::{Configuration, Outbox, SmtpProfile, SmtpTls};

/// What it stands on.
pub(super) struct Ground {
    pub(super) database: Database,
    pub(super) outbox: Arc<dyn OutboxRepository>,
    pub(super) answers: Arc<dyn AnswerRepository>,
    pub(super) users: Arc<dyn UserRepository>,
    pub(super) units: Arc<dyn UnitOfWorkFactory>,
    pub(super) sealer: Arc<Sealer>,
    pub(super) talk: Option<Arc<dyn KakaoTalk>>,
    pub(super) bells: Bells,
    pub(super) quota: Arc<Throttle>,
    pub(super) ids: Arc<IdGenerator>,
    pub(super) clock: Arc<dyn Clock>,
}

/// What was put together.
pub(super) struct Outgoing {
    /// What programs send.
    pub(super) sending: Arc<dyn SendService>,
    /// Who gets no more of that.
    pub(super) subscriptions: Arc<Subscriptions>,
    /// A worker for each channel.
    pub(super) dispatchers: Vec<Arc<Dispatcher>>,
}

/// Puts together what sends.
///
/// # Errors
/// Where the settings of a mail server cannot be used.
pub(super) fn wire(
    configuration: &Configuration,
    ground: Ground,
) -> Result<Outgoing, Box<dyn Error + Send + Sync>> {
    let identities: Arc<dyn IdentityRepository> =
        Arc::new(SeaIdentities::new(ground.database.clone()));
    let subscriptions = Arc::new(Subscriptions {
        suppressions: Arc::new(SeaSuppressions::new(ground.database.clone())),
        users: ground.users.clone(),
        sealer: ground.sealer.clone(),
        public_url: configuration.server.public_url.as_str().to_owned(),
        clock: ground.clock.clone(),
    });
    let mailer = mailer(configuration)?;
    let of_programs = |channel| {
        Arc::new(ProgramMailDelivery {
            channel,
            mailer: mailer.clone(),
            subscriptions: subscriptions.clone(),
        })
    };
    let mut deliveries: Vec<Arc<dyn Delivery>> = vec![
        Arc::new(MailDelivery(mailer.clone())),
        of_programs(Channel::Gmail),
        of_programs(Channel::Ses),
    ];
    let has_kakao = ground.talk.is_some();
    if let Some(talk) = ground.talk.clone() {
        deliveries.push(Arc::new(KakaoDelivery {
            talk,
            identities: identities.clone(),
            vault: TokenVault(ground.sealer.clone()),
            clock: ground.clock.clone(),
        }));
    }
    let dispatchers = deliveries
        .into_iter()
        .map(|delivery| dispatcher(&configuration.outbox, &ground, delivery))
        .collect();
    let sending = Arc::new(DefaultSendService {
        outbox: ground.outbox,
        answers: ground.answers,
        identities,
        units: ground.units,
        subscriptions: subscriptions.clone(),
        sealer: ground.sealer,
        bells: ground.bells,
        quota: ground.quota,
        has_kakao,
        ids: ground.ids,
        clock: ground.clock,
    });
    Ok(Outgoing {
        sending,
        subscriptions,
        dispatchers,
    })
}

/// The worker of one channel.
fn dispatcher(settings: &Outbox, ground: &Ground, delivery: Arc<dyn Delivery>) -> Arc<Dispatcher> {
    let channel = delivery.channel();
    let per_second = match channel {
        Channel::Mail => settings.mail_per_second,
        Channel::Gmail => settings.gmail_per_second,
        Channel::Ses => settings.ses_per_second,
        Channel::Kakao => settings.kakao_per_second,
    };
    let pace = Limit {
        capacity: per_second,
        refill: Duration::from_secs(1) / per_second,
    };
    Arc::new(Dispatcher {
        outbox: ground.outbox.clone(),
        delivery,
        sealer: ground.sealer.clone(),
        bell: ground.bells.of(channel).clone(),
        settings: DispatchSettings::new(
            settings.retry_base,
            settings.max_attempts,
            settings.timeout,
        ),
        pace: Arc::new(Throttle::new(Some(pace), ground.clock.clone())),
        tally: Arc::default(),
        clock: ground.clock.clone(),
    })
}

/// What mails leave through: files, where no server is configured.
fn mailer(configuration: &Configuration) -> Result<Arc<dyn Mailer>, SmtpError> {
    let mail = &configuration.mail;
    let smtp = |profile: &SmtpProfile| {
        let options = SmtpOptions {
            sender: profile.sender.clone(),
            host: profile.host.clone(),
            port: profile.port,
            tls: match profile.tls {
                SmtpTls::Implicit => Tls::Implicit,
                SmtpTls::StartTls => Tls::StartTls,
                SmtpTls::None => Tls::None,
            },
            credentials: profile.credentials.clone(),
        };
        let mailer: Arc<dyn Mailer> = Arc::new(SmtpMailer::new(&options)?);
        Ok::<_, SmtpError>(mailer)
    };
    let folder = configuration.storage.mail_dir();
    if mail.gmail.is_none() && mail.ses.is_none() {
        info!(folder = %folder.display(), "no mail server is configured: mails become .eml files");
    }
    Ok(Arc::new(ProfileMailer {
        gmail: mail.gmail.as_ref().map(smtp).transpose()?,
        ses: mail.ses.as_ref().map(smtp).transpose()?,
        files: Arc::new(FileMailer::new(folder, &mail.sender)?),
    }))
}
