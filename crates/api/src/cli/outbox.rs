//! `ensemble outbox`

use chrono::TimeDelta;
use clap::{Args, Subcommand};
use domain::notification::MessageId;

use super::{Outcome, core};
use crate::configuration::Configuration;
use crate::wiring::Core;

/// Messages that wait, and what became of others.
#[derive(Subcommand)]
pub(super) enum Outbox {
    /// Count messages by channel and state, and list the latest that were given up
    List {
        /// How many of those
        #[arg(long, default_value_t = 20)]
        dead: u64,
    },
    /// Try messages again that were given up; a running server begins within seconds
    Retry(Which),
    /// Forget messages that were sent, given up or called off
    Purge {
        /// Only what is older than this
        #[arg(long, default_value_t = 30)]
        days: u16,
    },
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(super) struct Which {
    /// Their ids
    ids: Vec<i64>,
    /// All of them
    #[arg(long)]
    all: bool,
}

impl Outbox {
    pub(super) async fn run(self, configuration: &Configuration) -> Outcome {
        let core = core(configuration).await?;
        match self {
            Self::List { dead } => list(&core, dead).await?,
            Self::Retry(which) => retry(&core, which).await?,
            Self::Purge { days } => {
                let before = core.clock.now() - TimeDelta::days(days.into());
                println!("{} forgotten", core.outbox.purge(before).await?);
            }
        }
        drop(core.services);
        Ok(core.database.close().await?)
    }
}

async fn list(core: &Core, dead: u64) -> Outcome {
    for (channel, state, count) in core.outbox.summary().await? {
        println!("{:<6} {:<9} {count}", channel.as_str(), state.as_str());
    }
    for message in core.outbox.dead(dead).await? {
        let reason = message.reason.unwrap_or_default();
        let given_up = message.settled_at.unwrap_or(message.due_at);
        println!(
            "{}  {}  {:<6} tries: {}  {reason}",
            message.id,
            given_up.format("%Y-%m-%dT%H:%M:%SZ"),
            message.channel.as_str(),
            message.attempts,
        );
    }
    Ok(())
}

async fn retry(core: &Core, which: Which) -> Outcome {
    let now = core.clock.now();
    let mut revived = 0;
    if which.all {
        revived = core.outbox.revive(None, now).await?;
    }
    for id in which.ids {
        let one = core.outbox.revive(Some(MessageId::from(id)), now).await?;
        if one == 0 {
            eprintln!("{id}: no message of this id was given up");
        }
        revived += one;
    }
    println!("{revived} wait again");
    Ok(())
}
