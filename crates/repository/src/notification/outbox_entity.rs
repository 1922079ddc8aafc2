//! The table of messages.

use domain::RepositoryError;
use domain::notification::{
    Channel, ClaimedMessage, MessageState, MessageStatus, NewMessage, Priority,
};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

/// It waits, or somebody has it in hand.
pub(super) const WAITING: i16 = 0;
/// It was delivered.
pub(super) const SENT: i16 = 1;
/// It was given up.
pub(super) const DEAD: i16 = 2;
/// It was called off.
pub(super) const CANCELLED: i16 = 3;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub channel: i16,
    pub priority: i16,
    pub status: i16,
    pub owner_id: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub payload: String,
    pub attempts: i64,
    pub due_at: i64,
    pub expires_at: Option<i64>,
    pub created_at: i64,
    pub settled_at: Option<i64>,
    pub reason: Option<String>,
    pub trace: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The stored number of a channel.
pub(super) fn channel_number(channel: Channel) -> i16 {
    match channel {
        Channel::Mail => 0,
        Channel::Gmail => 1,
        Channel::Ses => 2,
        Channel::Kakao => 3,
    }
}

/// The channel of a stored number.
pub(super) fn channel(number: i16) -> Result<Channel, RepositoryError> {
    Channel::ALL
        .into_iter()
        .find(|channel| channel_number(*channel) == number)
        .ok_or_else(|| RepositoryError::storage(format!("{number} is no channel")))
}

/// The state of a stored number.
pub(super) fn state(number: i16) -> Result<MessageState, RepositoryError> {
    match number {
        WAITING => Ok(MessageState::Waiting),
        SENT => Ok(MessageState::Sent),
        DEAD => Ok(MessageState::Dead),
        CANCELLED => Ok(MessageState::Cancelled),
        other => Err(RepositoryError::storage(format!(
            "{other} is no state of a message"
        ))),
    }
}

/// The stored number of a priority: what goes first is smallest.
fn priority_number(priority: Priority) -> i16 {
    match priority {
        Priority::High => 0,
        Priority::Normal => 1,
        Priority::Low => 2,
    }
}

impl From<&NewMessage> for ActiveModel {
    fn from(message: &NewMessage) -> Self {
        let created_at = to_micros(message.created_at);
        let blank = message.is_blank;
        Self {
            id: Set(message.id.get()),
            channel: Set(channel_number(message.channel)),
            priority: Set(priority_number(message.priority)),
            status: Set(if blank { SENT } else { WAITING }),
            owner_id: Set(message.owner.map(|owner| owner.get())),
            // What nobody gets need not be kept: it names somebody's address.
            payload: Set(if blank {
                String::new()
            } else {
                message.payload.clone()
            }),
            attempts: Set(0),
            due_at: Set(to_micros(message.due_at)),
            expires_at: Set(message.expires_at.map(to_micros)),
            created_at: Set(created_at),
            settled_at: Set(blank.then_some(created_at)),
            reason: Set(None),
            trace: Set(message.trace.clone()),
        }
    }
}

impl TryFrom<Model> for ClaimedMessage {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        let attempt = u32::try_from(row.attempts).map_err(RepositoryError::storage)?;
        Ok(Self {
            id: row.id.into(),
            payload: row.payload,
            attempt,
            created_at: from_micros(row.created_at)?,
            expires_at: row.expires_at.map(from_micros).transpose()?,
            trace: row.trace,
        })
    }
}

impl TryFrom<Model> for MessageStatus {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        Ok(Self {
            id: row.id.into(),
            channel: channel(row.channel)?,
            state: state(row.status)?,
            attempts: u32::try_from(row.attempts).map_err(RepositoryError::storage)?,
            reason: row.reason,
            created_at: from_micros(row.created_at)?,
            due_at: from_micros(row.due_at)?,
            settled_at: row.settled_at.map(from_micros).transpose()?,
        })
    }
}
