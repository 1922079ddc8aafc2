//! What linking with Instagram looks like on the wire.

use domain::persona::{Connection, GraphId, InstagramAccount, InstagramName, WhichPersona};
use serde::{Deserialize, Serialize};
use service::persona::{Consent, LinkRequest, Mapping};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::dto::LinkDto;
use crate::http::{FieldError, IdText, Problem};
use crate::rules;

/// Which persona.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PersonaQuery {
    /// The persona's number.
    #[param(value_type = Option<String>, example = "1")]
    persona_num: Option<IdText>,
    /// Or its id.
    #[param(value_type = Option<String>)]
    persona_id: Option<IdText>,
}

impl PersonaQuery {
    pub(super) fn which(&self) -> Option<WhichPersona> {
        which(self.persona_num, self.persona_id)
    }
}

fn which(number: Option<IdText>, id: Option<IdText>) -> Option<WhichPersona> {
    let id = id.map(|id| WhichPersona::Id(id.0.into()));
    id.or_else(|| number.map(|number| WhichPersona::of(number.0)))
}

/// What Meta sends the browser back with.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CallbackQuery {
    /// To be exchanged for a token; absent where the consent was not given.
    #[validate(length(max = 2048))]
    code: Option<String>,
    /// As `start` made it.
    #[validate(length(max = 2048))]
    state: Option<String>,
}

impl From<CallbackQuery> for Consent {
    fn from(query: CallbackQuery) -> Self {
        Self {
            code: query.code.filter(|code| !code.is_empty()).map(Into::into),
            state: query.state,
        }
    }
}

/// The chosen account, in the query or as JSON; what stands in the body counts first.
#[derive(Default, Deserialize, Validate, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[schema(as = InstagramLink, example = json!({
    "persona_num": 1, "ig_user_id": "17841400000000001", "fb_page_id": "100000000000001",
    "ig_username": "look.book"
}))]
pub(crate) struct LinkBody {
    /// The persona's number.
    #[param(value_type = Option<String>, example = "1")]
    persona_num: Option<IdText>,
    /// Or its id.
    #[param(value_type = Option<String>)]
    persona_id: Option<IdText>,
    /// The Instagram account: digits.
    #[param(value_type = Option<String>)]
    ig_user_id: Option<IdText>,
    /// The Facebook page it belongs to: digits.
    #[param(value_type = Option<String>)]
    fb_page_id: Option<IdText>,
    /// What the account is called; up to 100 characters.
    #[validate(custom(function = "rules::instagram_name"))]
    ig_username: Option<String>,
}

impl LinkBody {
    /// This, and where it says nothing, the other.
    pub(super) fn or(self, other: Self) -> Self {
        // A persona is named by one of two members: those of different places do not mix.
        let is_named = self.persona_num.is_some() || self.persona_id.is_some();
        let named = if is_named { &self } else { &other };
        Self {
            persona_num: named.persona_num,
            persona_id: named.persona_id,
            ig_user_id: self.ig_user_id.or(other.ig_user_id),
            fb_page_id: self.fb_page_id.or(other.fb_page_id),
            ig_username: self.ig_username.or(other.ig_username),
        }
    }

    pub(super) fn which(&self) -> Option<WhichPersona> {
        which(self.persona_num, self.persona_id)
    }

    /// The account that was chosen.
    ///
    /// # Errors
    /// 422 that names what is missing.
    pub(super) fn into_request(self) -> Result<LinkRequest, Problem> {
        let given = [
            ("/fb_page_id", self.fb_page_id),
            ("/ig_user_id", self.ig_user_id),
        ];
        let missing = given.iter().filter(|(_, id)| id.is_none());
        let missing: Vec<_> = missing
            .map(|(pointer, _)| FieldError::new(*pointer, "required"))
            .collect();
        let id = |id: Option<IdText>| id.and_then(|id| GraphId::parse(&id.to_string()).ok());
        match (id(self.ig_user_id), id(self.fb_page_id)) {
            (Some(ig_user_id), Some(fb_page_id)) => Ok(LinkRequest {
                ig_user_id,
                ig_username: self
                    .ig_username
                    .and_then(|name| InstagramName::parse(&name).ok()),
                fb_page_id,
            }),
            _ => Err(Problem::invalid(missing)),
        }
    }
}

/// An account that the persona's token may act for.
#[derive(Serialize, ToSchema)]
#[schema(as = InstagramAccount)]
pub(crate) struct AccountDto {
    page_id: String,
    page_name: Option<String>,
    ig_user_id: String,
    ig_username: Option<String>,
}

impl From<&InstagramAccount> for AccountDto {
    fn from(account: &InstagramAccount) -> Self {
        let text = |name: &Option<InstagramName>| name.as_ref().map(|name| name.as_str().into());
        Self {
            page_id: account.page_id.as_str().into(),
            page_name: text(&account.page_name),
            ig_user_id: account.ig_user_id.as_str().into(),
            ig_username: text(&account.ig_username),
        }
    }
}

/// The accounts to choose from.
#[derive(Serialize, ToSchema)]
#[schema(as = InstagramAccounts)]
pub(crate) struct AccountsDto {
    #[schema(example = true)]
    pub(super) ok: bool,
    pub(super) items: Vec<AccountDto>,
}

/// What a persona is linked with.
#[derive(Serialize, ToSchema)]
#[schema(as = InstagramMappingAnswer)]
pub(crate) struct MappingDto {
    #[schema(example = true)]
    ok: bool,
    linked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    mapping: Option<LinkDto>,
    /// Where Meta no longer takes the token: connect again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reconnect_required: Option<bool>,
}

impl From<&Mapping> for MappingDto {
    fn from(mapping: &Mapping) -> Self {
        let refused = mapping.connection == Connection::ReconnectRequired;
        Self {
            ok: true,
            linked: mapping.link.is_some(),
            mapping: mapping.link.as_ref().map(LinkDto::from),
            reconnect_required: refused.then_some(true),
        }
    }
}
