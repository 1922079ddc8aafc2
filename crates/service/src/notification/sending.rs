//! Sending on behalf of programs, and what became of it.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::notification::{
    Channel, KakaoNote, Mail, MessageId, MessageStatus, NewMessage, OutboxRepository,
};
use domain::once::{AnswerRepository, KeptAnswer};
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{Email, IdentityRepository, Provider, User, UserId, UserStatus};
use domain::{Clock, IdGenerator, RepositoryError};
use serde::Serialize;
use sha2::{Digest, Sha256};
use thiserror::Error;
use trace::Origin;
use tracing::{info, instrument};

use super::kakao_note::NoteToSelf;
use super::postbox::context;
use super::program_mail::ProgramMail;
use super::{Bells, MailOrder, OnceKey, Subscriptions, Terms};
use crate::hex::hexadecimal;
use crate::retry::retrying;
use crate::sealing::{SealError, Sealer};
use crate::throttle::{Throttle, Wait};

/// How long the answer to a request is kept for when it comes again.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// Why nothing was sent, told or called off.
#[derive(Debug, Error)]
pub enum SendError {
    /// The text has a variable of this name, and there is no value for it.
    #[error("a variable has no value")]
    Variable(String),
    /// No Kakao account is linked, or none of whose tokens are kept.
    #[error("no Kakao account is linked")]
    KakaoNotLinked,
    /// This server knows no Kakao.
    #[error("Kakao is not configured")]
    KakaoMissing,
    /// The key came with another request before.
    #[error("the key belongs to another request")]
    KeyReused,
    /// There is no such message.
    #[error("no such message")]
    NotFound,
    /// The message was tried, sent, given up or called off already.
    #[error("too late")]
    TooLate,
    /// The account's programs sent too much; how long until they may send more.
    #[error("too many messages")]
    TooMany(Wait),
    /// The account is gone.
    #[error("the account is gone")]
    Gone,
    /// A message could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// What programs send, by the account whose key they hold.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SendService: Send + Sync {
    /// The mails that an order would send.
    fn preview(&self, sender: &User, order: &MailOrder) -> Result<Vec<Mail>, SendError>;

    /// Accepts mails; their ids, in the order of the recipients. Accepted is stored: they are
    /// delivered at least once, or end as given up.
    async fn send_mails(
        &self,
        sender: &User,
        order: &MailOrder,
        terms: &Terms,
    ) -> Result<Vec<MessageId>, SendError>;

    /// Accepts a note to the account's own Kakao chat; likewise.
    async fn send_kakao(
        &self,
        sender: &User,
        note: &KakaoNote,
        terms: &Terms,
    ) -> Result<Vec<MessageId>, SendError>;

    /// What became of a message.
    async fn status(&self, sender: UserId, id: MessageId) -> Result<MessageStatus, SendError>;

    /// What became of messages, the newest first, from below `before` on.
    async fn statuses(
        &self,
        sender: UserId,
        before: Option<MessageId>,
        limit: u64,
    ) -> Result<Vec<MessageStatus>, SendError>;

    /// Calls a message off that was not tried yet.
    async fn cancel(&self, sender: UserId, id: MessageId) -> Result<MessageStatus, SendError>;

    /// Lets an address get mails again that bounced or was unsubscribed; whether it got none.
    async fn resume(&self, sender: UserId, email: &Email) -> Result<bool, SendError>;
}

/// [`SendService`] over the outbox.
pub struct DefaultSendService {
    /// Messages.
    pub outbox: Arc<dyn OutboxRepository>,
    /// Answers to requests that may come again.
    pub answers: Arc<dyn AnswerRepository>,
    /// Providers' tokens.
    pub identities: Arc<dyn IdentityRepository>,
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Who gets no mails.
    pub subscriptions: Arc<Subscriptions>,
    /// Seals what messages say.
    pub sealer: Arc<Sealer>,
    /// Wakes the workers.
    pub bells: Bells,
    /// How much an account's programs may send.
    pub quota: Arc<Throttle>,
    /// Whether there is somebody who delivers notes to Kakao.
    pub has_kakao: bool,
    /// New ids.
    pub ids: Arc<IdGenerator>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl DefaultSendService {
    fn message(
        &self,
        sender: UserId,
        channel: Channel,
        content: &impl Serialize,
        terms: &Terms,
    ) -> Result<NewMessage, SendError> {
        let id: MessageId = self.ids.next();
        let now = self.clock.now();
        let plain = serde_json::to_vec(content).map_err(RepositoryError::storage)?;
        Ok(NewMessage {
            id,
            channel,
            priority: terms.priority,
            owner: Some(sender),
            payload: self.sealer.seal(&context(id), &plain)?,
            due_at: terms.send_at.map_or(now, |at| at.max(now)),
            expires_at: None,
            created_at: now,
            is_blank: false,
            trace: Origin::current().map(|origin| origin.to_string()),
        })
    }

    /// Takes so many messages from what the account may send, or none.
    async fn take(&self, sender: UserId, count: u32) -> Result<(), SendError> {
        let taken = self.quota.take_many(&sender.to_string(), count).await;
        taken.map_err(SendError::TooMany)
    }

    /// Stores messages, and under the client's key which they are.
    async fn accept(
        &self,
        sender: UserId,
        channel: Channel,
        messages: &[NewMessage],
        terms: &Terms,
    ) -> Result<Vec<MessageId>, SendError> {
        let once = terms.once.as_ref();
        // No request has so many.
        let count = u32::try_from(messages.len()).unwrap_or(u32::MAX);
        if let Err(error) = self.take(sender, count).await {
            // What was accepted is answered again, however much was sent since.
            return self.accepted_before(sender, once).await?.ok_or(error);
        }
        let accepted = retrying(|| self.try_accept(sender, messages, once)).await;
        if !matches!(accepted, Ok(Some(_))) {
            let key = sender.to_string();
            self.quota.give_back_many(&key, count).await;
        }
        let Some(ids) = accepted? else {
            let before = self.accepted_before(sender, once).await?;
            // Its time was up in this very moment: the next attempt finds the key free.
            return before.ok_or_else(|| RepositoryError::Contention.into());
        };
        info!(user_id = %sender, channel = channel.as_str(), count = ids.len(), "messages were accepted");
        self.bells.of(channel).ring();
        Ok(ids)
    }

    /// `None` where the request was answered before.
    async fn try_accept(
        &self,
        sender: UserId,
        messages: &[NewMessage],
        once: Option<&OnceKey>,
    ) -> Result<Option<Vec<MessageId>>, SendError> {
        let now = self.clock.now();
        let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
        let unit = self.units.begin().await?;
        // Held: an account that is just being removed leaves no message behind.
        let held = unit.users().hold(sender).await?;
        held.filter(|held| held.user.status == UserStatus::Active)
            .ok_or(SendError::Gone)?;
        if let Some(once) = once {
            let answer = KeptAnswer {
                id: answer_id(sender, &once.key),
                owner: sender,
                request: once.request.clone(),
                answer: serde_json::to_string(&ids.iter().map(|id| id.get()).collect::<Vec<_>>())
                    .map_err(RepositoryError::storage)?,
                until: now + KEPT,
            };
            if !unit.answers().keep(&answer, now).await? {
                return Ok(None);
            }
        }
        unit.outbox().insert_all(messages).await?;
        unit.commit().await?;
        Ok(Some(ids))
    }

    /// What was answered under the client's key, if anything was.
    async fn accepted_before(
        &self,
        sender: UserId,
        once: Option<&OnceKey>,
    ) -> Result<Option<Vec<MessageId>>, SendError> {
        let Some(once) = once else { return Ok(None) };
        let Some(kept) = self.answers.find(&answer_id(sender, &once.key)).await? else {
            return Ok(None);
        };
        if kept.request != once.request {
            return Err(SendError::KeyReused);
        }
        let ids: Vec<i64> = serde_json::from_str(&kept.answer).map_err(RepositoryError::storage)?;
        Ok(Some(ids.into_iter().map(Into::into).collect()))
    }
}

/// What stands for a person and a key of theirs.
fn answer_id(sender: UserId, key: &str) -> String {
    hexadecimal(&Sha256::digest(format!("{sender} {key}").as_bytes()))
}

#[async_trait]
impl SendService for DefaultSendService {
    fn preview(&self, sender: &User, order: &MailOrder) -> Result<Vec<Mail>, SendError> {
        order.write(sender, &self.subscriptions)
    }

    #[instrument(skip_all, fields(user_id = %sender.id))]
    async fn send_mails(
        &self,
        sender: &User,
        order: &MailOrder,
        terms: &Terms,
    ) -> Result<Vec<MessageId>, SendError> {
        let channel = order.channel();
        let mails = order.write(sender, &self.subscriptions)?;
        let messages: Result<Vec<_>, _> = mails
            .into_iter()
            .map(|mail| {
                let sender_id = sender.id.get();
                let content = ProgramMail {
                    sender: sender_id,
                    mail,
                };
                self.message(sender.id, channel, &content, terms)
            })
            .collect();
        self.accept(sender.id, channel, &messages?, terms).await
    }

    #[instrument(skip_all, fields(user_id = %sender.id))]
    async fn send_kakao(
        &self,
        sender: &User,
        note: &KakaoNote,
        terms: &Terms,
    ) -> Result<Vec<MessageId>, SendError> {
        let tokens = self.identities.tokens(sender.id, Provider::Kakao).await?;
        tokens.ok_or(SendError::KakaoNotLinked)?;
        if !self.has_kakao {
            return Err(SendError::KakaoMissing);
        }
        let content = NoteToSelf {
            owner: sender.id.get(),
            note: note.clone(),
        };
        let message = self.message(sender.id, Channel::Kakao, &content, terms)?;
        self.accept(sender.id, Channel::Kakao, &[message], terms)
            .await
    }

    async fn status(&self, sender: UserId, id: MessageId) -> Result<MessageStatus, SendError> {
        let found = self.outbox.status(sender, id).await?;
        found.ok_or(SendError::NotFound)
    }

    async fn statuses(
        &self,
        sender: UserId,
        before: Option<MessageId>,
        limit: u64,
    ) -> Result<Vec<MessageStatus>, SendError> {
        Ok(self.outbox.statuses(sender, before, limit).await?)
    }

    #[instrument(skip_all, fields(user_id = %sender, message_id = %id))]
    async fn cancel(&self, sender: UserId, id: MessageId) -> Result<MessageStatus, SendError> {
        let is_done = self.outbox.cancel(sender, id, self.clock.now()).await?;
        let status = self.status(sender, id).await?;
        if !is_done {
            return Err(SendError::TooLate);
        }
        info!("a message was called off");
        Ok(status)
    }

    async fn resume(&self, sender: UserId, email: &Email) -> Result<bool, SendError> {
        Ok(self.subscriptions.resume(sender, email).await?)
    }
}

#[cfg(test)]
mod tests;
