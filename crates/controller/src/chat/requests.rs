//! Doing what somebody asks over the socket.

use domain::user::UserId;
use service::chat::{ChatError, Sending};

use super::frames::{self, Asked};
use super::socket::Desk;

impl Desk {
    /// Does what is asked; what is answered at once. What happens to the person is sent when their
    /// log has it.
    pub(super) async fn ask(&self, me: UserId, asked: Asked) -> Result<Vec<String>, ChatError> {
        let zone = self.settings.zone;
        let with = |room| frames::other(room, me).ok_or(ChatError::NoSuchPerson);
        match asked {
            Asked::Send {
                room,
                content,
                nonce,
            } => {
                let sending = Sending { content, nonce };
                let stored = self.messages.send(me, with(room)?, sending).await?;
                // Nobody hears of it a second time, but who asks a second time.
                let again = (!stored.is_new).then(|| frames::chat(&stored.message, me, zone));
                Ok(again.into_iter().collect())
            }
            Asked::Edit { id, room, content } => {
                self.messages.edit(me, with(room)?, id, content).await?;
                Ok(Vec::new())
            }
            Asked::LoadChat {
                room,
                before,
                count,
                mark_end,
            } => {
                let messages = &self.messages;
                let found = messages.history(me, with(room)?, before, count).await?;
                let chats = found.iter().map(|one| frames::chat(one, me, zone));
                let mut answers: Vec<String> = chats.collect();
                if mark_end {
                    answers.push(frames::load_end(room, found.len()));
                }
                Ok(answers)
            }
            Asked::LoadFriends => {
                let friends = self.friends.list(me).await?;
                Ok(vec![frames::friends(&friends)])
            }
            Asked::Friend(what, name) => {
                self.friends.act(me, what, &name).await?;
                Ok(vec![frames::ok()])
            }
            Asked::Read { room, id } => {
                self.conversations.read(me, with(room)?, id).await?;
                Ok(vec![frames::ok()])
            }
            Asked::Typing { room } => {
                self.friends.typing(me, with(room)?).await?;
                Ok(Vec::new())
            }
            // The connection's own business: where it is in the log, and whom it watches.
            Asked::Resume(_) | Asked::Presence => Ok(Vec::new()),
        }
    }
}
