//! What Meta tells of tokens and accounts.

use std::time::Duration;

use domain::persona::{GraphError, GraphId, GraphToken, InstagramAccount, InstagramName};
use futures_util::{StreamExt, TryStreamExt, stream};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::MetaGraph;
use super::wire::{is_refusal, read};

/// What is asked of a page.
const PAGE_FIELDS: &str = "id,name,instagram_business_account{id,username}";
/// Pages in an answer, and answers that are read.
const PAGES: &str = "100";
const ANSWERS: usize = 10;
/// Pages that are looked at one by one, and how many of them at once.
const SINGLE_PAGES: usize = 50;
const AT_ONCE: usize = 5;

/// A token.
#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    access_token: String,
    /// Seconds.
    expires_in: Option<u64>,
}

impl From<TokenAnswer> for GraphToken {
    fn from(answer: TokenAnswer) -> Self {
        Self {
            secret: answer.access_token.into(),
            // Meta writes 0 for "never".
            lifetime: answer
                .expires_in
                .filter(|seconds| *seconds > 0)
                .map(Duration::from_secs),
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Listed {
    pub(crate) data: Vec<Page>,
    paging: Option<Paging>,
}

#[derive(Deserialize)]
struct Paging {
    cursors: Option<Cursors>,
    /// The address of the next answer. Only that there is one counts: we make our own.
    next: Option<String>,
}

#[derive(Deserialize)]
struct Cursors {
    after: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Page {
    id: String,
    name: Option<String>,
    instagram_business_account: Option<Account>,
}

#[derive(Deserialize)]
struct Account {
    id: String,
    username: Option<String>,
}

#[derive(Deserialize)]
struct Debugged {
    data: Permissions,
}

#[derive(Deserialize)]
struct Permissions {
    #[serde(default)]
    granular_scopes: Vec<Granted>,
}

/// A permission, and to what it was limited.
#[derive(Deserialize)]
struct Granted {
    scope: String,
    #[serde(default)]
    target_ids: Vec<String>,
}

/// The accounts of all pages the token may see. Where it sees no page, those that the consent was
/// limited to are looked at one by one: Meta leaves out of the list pages that belong to a
/// business.
pub(super) async fn accounts(
    graph: &MetaGraph,
    token: &SecretString,
) -> Result<Vec<InstagramAccount>, GraphError> {
    let mut pages = listed(graph, token).await?;
    if pages.is_empty() {
        pages = granted(graph, token).await?;
    }
    let accounts: Vec<_> = pages.into_iter().filter_map(account).collect();
    stream::iter(accounts)
        .map(|account| named(graph, token, account))
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

/// The account of a page; none for a page without one, or with an id that is none.
pub(crate) fn account(page: Page) -> Option<InstagramAccount> {
    let account = page.instagram_business_account?;
    let name = |name: Option<String>| InstagramName::from_elsewhere(&name?);
    Some(InstagramAccount {
        page_id: GraphId::parse(&page.id).ok()?,
        page_name: name(page.name),
        ig_user_id: GraphId::parse(&account.id).ok()?,
        ig_username: name(account.username),
    })
}

/// The account with what it is called, where its page did not say that.
async fn named(
    graph: &MetaGraph,
    token: &SecretString,
    mut account: InstagramAccount,
) -> Result<InstagramAccount, GraphError> {
    if account.ig_username.is_none() {
        let request = graph.get(account.ig_user_id.as_str(), token);
        let found = read::<Account>(request.query(&[("fields", "id,username")])).await;
        let username = unless_refused(found)?.and_then(|found| found.username);
        account.ig_username = username.and_then(|name| InstagramName::from_elsewhere(&name));
    }
    Ok(account)
}

async fn listed(graph: &MetaGraph, token: &SecretString) -> Result<Vec<Page>, GraphError> {
    let mut pages = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..ANSWERS {
        let mut request = graph
            .get("me/accounts", token)
            .query(&[("fields", PAGE_FIELDS), ("limit", PAGES)]);
        if let Some(after) = &after {
            request = request.query(&[("after", after)]);
        }
        let answer: Listed = read(request).await?;
        let is_empty = answer.data.is_empty();
        pages.extend(answer.data);
        let paging = answer.paging.filter(|paging| paging.next.is_some());
        after = paging.and_then(|paging| paging.cursors?.after);
        if is_empty || after.is_none() {
            break;
        }
    }
    Ok(pages)
}

/// The pages that the consent was limited to.
async fn granted(graph: &MetaGraph, token: &SecretString) -> Result<Vec<Page>, GraphError> {
    // Meta takes the token that is asked about in the query only.
    let request = graph
        .http
        .get(format!("{}/debug_token", graph.settings.graph))
        .query(&[("input_token", token.expose_secret())]);
    let request = match &graph.settings.app {
        Some(app) => {
            let secret = app.secret.expose_secret();
            request.bearer_auth(format!("{}|{secret}", app.id))
        }
        None => request.bearer_auth(token.expose_secret()),
    };
    let answer: Debugged = read(request).await?;
    let mut ids = Vec::new();
    for granted in answer.data.granular_scopes {
        if granted.scope.starts_with("pages_") {
            for id in granted.target_ids {
                if !ids.contains(&id) && GraphId::parse(&id).is_ok() {
                    ids.push(id);
                }
            }
        }
    }
    ids.truncate(SINGLE_PAGES);
    let found: Vec<Option<Page>> = stream::iter(ids)
        .map(|id| async move {
            let request = graph.get(&id, token).query(&[("fields", PAGE_FIELDS)]);
            unless_refused(read(request).await)
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(found.into_iter().flatten().collect())
}

/// Nothing where Meta refuses this one thing: one page that may not be seen hides no other.
fn unless_refused<T>(outcome: Result<T, GraphError>) -> Result<Option<T>, GraphError> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error) if is_refusal(&error) => Ok(None),
        Err(error) => Err(error),
    }
}
