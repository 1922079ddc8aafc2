//! A connection follows its person's log: whenever the hub wakes it, it reads on from where it is
//! and sends what it finds.

use actix_ws::CloseCode;
use domain::chat::Seq;
use domain::user::UserId;
use service::chat::Wake;
use service::user::{AuthenticationError, Principal};
use tracing::warn;

use super::frames;
use super::socket::{Socket, close};
use crate::websocket::End;

impl Socket {
    /// Sends what happened after a place, and says where that ends.
    pub(super) async fn resume(&mut self, me: Principal, seq: Seq) -> Result<(), End> {
        let now = match self.desk.moments.now(me.user_id).await {
            Ok(now) => now,
            Err(error) => return self.failed(&error).await,
        };
        let Some(person) = self.person.as_mut() else {
            return Ok(());
        };
        // From the future: another installation's place, or a restored backup.
        let is_unknown = seq > now;
        person.seq = seq.min(now);
        if is_unknown {
            self.send(frames::resync(now)).await?;
        }
        self.catch_up().await?;
        let reached = self.person.as_ref().map_or(now, |person| person.seq);
        self.send(frames::resumed(reached)).await
    }

    /// Follows what the hub says.
    pub(super) async fn wake(&mut self) -> Result<(), End> {
        let Some(person) = self.person.as_mut() else {
            return Ok(());
        };
        let wake = *person.ticket.wakes.borrow_and_update();
        let (me, session) = (person.principal.user_id, person.principal.session_id);
        if wake.doubts != person.doubts {
            person.doubts = wake.doubts;
            if let Err(AuthenticationError::InvalidToken) =
                self.desk.guard.recognise(me, session).await
            {
                return Err(close(4001));
            }
        }
        self.pass_on_typing(me).await?;
        self.pass_on_turns().await?;
        self.pass_on_moments(me, wake.reached).await?;
        self.catch_up_with(wake).await
    }

    /// Sends who is typing.
    async fn pass_on_typing(&mut self, me: UserId) -> Result<(), End> {
        let typists = self.person.as_ref().map(|person| person.ticket.typing());
        for from in typists.unwrap_or_default() {
            self.send(frames::typing(from, me)).await?;
        }
        Ok(())
    }

    /// Sends which friends are there, and from now on who comes and goes.
    pub(super) async fn watch(&mut self, me: UserId) -> Result<(), End> {
        // Twice: who stopped being a friend in between is not watched.
        let mut there = Vec::new();
        for _ in 0..2 {
            let friends = match self.desk.friends.list(me).await {
                Ok(friends) => friends.friends,
                Err(error) => return self.failed(&error).await,
            };
            let friends: Vec<UserId> = friends.iter().map(|friend| friend.id).collect();
            let person = self.person.as_ref();
            there = person.map_or_else(Vec::new, |person| person.ticket.watch(&friends));
        }
        let there = there.into_iter().map(|user| (user, true));
        self.send(frames::presence(there)).await
    }

    /// Sends which friends came and which went.
    async fn pass_on_turns(&mut self) -> Result<(), End> {
        let turns = self.person.as_ref().map(|person| person.ticket.turns());
        match turns {
            Some(turns) if !turns.is_empty() => self.send(frames::presence(turns)).await,
            _ => Ok(()),
        }
    }

    /// Sends what was stored on this node, as far as it comes next. Where the log has come further,
    /// it tells all: what waited here may have been changed or taken back since.
    async fn pass_on_moments(&mut self, me: UserId, reached: Seq) -> Result<(), End> {
        let zone = self.desk.settings.zone;
        let moments = self.person.as_ref().map(|person| person.ticket.moments());
        let moments = moments.unwrap_or_default();
        if moments.back().is_none_or(|last| last.seq < reached) {
            return Ok(());
        }
        for moment in moments {
            match self.person.as_mut() {
                Some(person) if moment.seq == person.seq + 1 => person.seq = moment.seq,
                // Known already, or there is something else before it.
                _ => continue,
            }
            self.send(frames::moment(&moment, me, zone)).await?;
        }
        Ok(())
    }

    /// Looks into the log, if it has or may have something new.
    async fn catch_up_with(&mut self, wake: Wake) -> Result<(), End> {
        let Some(person) = self.person.as_mut() else {
            return Ok(());
        };
        if wake.reached <= person.seq && wake.missed == person.missed {
            return Ok(());
        }
        person.missed = wake.missed;
        self.catch_up().await
    }

    /// Sends what happened since.
    async fn catch_up(&mut self) -> Result<(), End> {
        let zone = self.desk.settings.zone;
        loop {
            let Some(person) = self.person.as_mut() else {
                return Ok(());
            };
            let me = person.principal.user_id;
            let caught = match self.desk.moments.since(me, person.seq).await {
                Ok(caught) => caught,
                Err(error) => {
                    warn!(%error, "a device could not catch up");
                    // It resumes where it was, with whoever can read the log.
                    return Err(End::Close(CloseCode::Again));
                }
            };
            person.seq = caught.seq;
            if let Some(removed) = caught.gap {
                self.send(frames::resync(removed)).await?;
            }
            for moment in &caught.moments {
                self.send(frames::moment(moment, me, zone)).await?;
            }
            if !caught.more {
                return Ok(());
            }
            // However much is left: another node has it as well.
            if self.attendance.is_over() {
                return self.say_goodbye().await;
            }
        }
    }
}
