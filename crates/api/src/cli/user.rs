//! `ensemble user`

use std::error::Error;
use std::io::{BufRead, IsTerminal, stdin};

use clap::{Args, Subcommand};
use domain::user::{
    Email, Identifier, Name, PhoneNumber, Role, Standing, UserId, UserRepository, UserStatus,
    Username,
};
use repository::user::SeaUsers;
use service::user::SignUp;

use super::{Outcome, core};
use crate::configuration::Configuration;
use crate::wiring::Core;

/// Accounts.
#[derive(Subcommand)]
pub(super) enum User {
    /// Make an account; its password is the first line of standard input
    Create(Create),
    /// List all accounts, oldest first
    List,
    /// Let somebody administer: change the catalogue of outfits, and more
    Promote(Who),
    /// Take that back
    Demote(Who),
    /// Shut somebody out: at once where nodes hear of it, at the latest when their memory of sessions ends
    Block(Who),
    /// Let them in again
    Unblock(Who),
}

#[derive(Args)]
pub(super) struct Who {
    /// An id, phone number, e-mail address or user name
    user: String,
}

#[derive(Args)]
pub(super) struct Create {
    /// A mobile number to sign in with
    #[arg(long, required_unless_present_any = ["email", "username"])]
    phone: Option<String>,
    /// An e-mail address to sign in with
    #[arg(long)]
    email: Option<String>,
    /// A user name to sign in with
    #[arg(long)]
    username: Option<String>,
    /// What friends type [default: a free one]
    #[arg(long)]
    name: Option<String>,
}

impl User {
    pub(super) async fn run(self, configuration: &Configuration) -> Outcome {
        let core = core(configuration).await?;
        match self {
            Self::Create(arguments) => create(&core, arguments).await?,
            Self::List => list(&core).await?,
            Self::Promote(who) => set(&core, &who, role(Role::Admin)).await?,
            Self::Demote(who) => set(&core, &who, role(Role::User)).await?,
            Self::Block(who) => set(&core, &who, status(UserStatus::Blocked)).await?,
            Self::Unblock(who) => set(&core, &who, status(UserStatus::Active)).await?,
        }
        drop(core.services);
        Ok(core.database.close().await?)
    }
}

fn role(role: Role) -> Standing {
    Standing {
        role: Some(role),
        status: None,
    }
}

fn status(status: UserStatus) -> Standing {
    Standing {
        role: None,
        status: Some(status),
    }
}

async fn set(core: &Core, who: &Who, standing: Standing) -> Outcome {
    let id = find(core, &who.user).await?;
    core.services.accounts.set_standing(id, standing).await?;
    println!("{id}");
    Ok(())
}

async fn create(core: &Core, arguments: Create) -> Outcome {
    let refused = |what: &'static str| move |error: domain::ValueError| format!("{what}: {error}");
    let sign_up = SignUp {
        phone_number: arguments
            .phone
            .as_deref()
            .map(PhoneNumber::parse)
            .transpose()
            .map_err(refused("--phone"))?,
        email: arguments
            .email
            .as_deref()
            .map(Email::parse)
            .transpose()
            .map_err(refused("--email"))?,
        username: arguments
            .username
            .as_deref()
            .map(Username::parse)
            .transpose()
            .map_err(refused("--username"))?,
        name: arguments
            .name
            .as_deref()
            .map(Name::parse)
            .transpose()
            .map_err(refused("--name"))?,
        password: read_password()?.into(),
    };
    let user = core.services.accounts.sign_up(sign_up, None).await?;
    println!("{}  {}", user.id, user.name.as_str());
    Ok(())
}

fn read_password() -> std::io::Result<String> {
    if stdin().is_terminal() {
        eprint!("Password: ");
    }
    let mut line = String::new();
    stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn list(core: &Core) -> Outcome {
    let mut after = None;
    loop {
        let page = core.services.accounts.list(after, 500).await?;
        for user in &page {
            println!(
                "{}  {}  {}",
                user.id,
                user.created_at.format("%Y-%m-%d"),
                user.name.as_str()
            );
        }
        match page.last() {
            Some(last) => after = Some(last.id),
            None => return Ok(()),
        }
    }
}

/// Finds an account by its id or by what it signs in with.
pub(super) async fn find(core: &Core, text: &str) -> Result<UserId, Box<dyn Error + Send + Sync>> {
    let users = SeaUsers::new(core.database.clone());
    if let Ok(id) = text.parse::<i64>()
        && let Some(user) = users.find(id.into()).await?
    {
        return Ok(user.id);
    }
    let candidates = [
        PhoneNumber::parse(text).ok().map(Identifier::Phone),
        Email::parse(text).ok().map(Identifier::Email),
        Username::parse(text).ok().map(Identifier::Username),
    ];
    for identifier in candidates.into_iter().flatten() {
        if let Some(found) = users.find_by_identifier(&identifier).await? {
            return Ok(found.user.id);
        }
    }
    Err("there is no such account; `ensemble user list` lists them".into())
}
