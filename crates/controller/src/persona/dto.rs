//! What personas look like on the wire.

use chrono::{DateTime, Utc};
use domain::persona::{
    InstagramLink, Parameters, Persona, PersonaChange, PersonaDraft, PersonaImage,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use crate::http::{IdText, Problem, not_null};
use crate::rules;

/// A persona.
#[derive(Serialize, ToSchema)]
#[schema(as = Persona)]
pub(crate) struct PersonaDto {
    persona_id: IdText,
    /// What its owner calls it by; free again once the persona is gone.
    #[schema(example = 1)]
    persona_num: u16,
    persona_img: String,
    /// `name` of the parameters, else `프로필` and the number.
    #[schema(example = "프로필 1")]
    name: String,
    /// What was said of it, and under `instagram` the linked account.
    #[schema(value_type = Object)]
    persona_parameters: Map<String, Value>,
    /// `none`, `connected`, or `reconnect_required` where Meta no longer takes the token.
    #[schema(example = "none")]
    ig_status: &'static str,
    ig_user_id: Option<String>,
    ig_username: Option<String>,
    fb_page_id: Option<String>,
    ig_linked_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The account a persona is linked with.
#[derive(Serialize, ToSchema)]
#[schema(as = InstagramMapping)]
pub(crate) struct LinkDto {
    #[schema(example = "17841400000000001")]
    ig_user_id: String,
    ig_username: Option<String>,
    fb_page_id: String,
    ig_linked_at: DateTime<Utc>,
}

impl From<&InstagramLink> for LinkDto {
    fn from(link: &InstagramLink) -> Self {
        Self {
            ig_user_id: link.ig_user_id.as_str().into(),
            ig_username: link.ig_username.as_ref().map(|name| name.as_str().into()),
            fb_page_id: link.fb_page_id.as_str().into(),
            ig_linked_at: link.linked_at,
        }
    }
}

impl From<&Persona> for PersonaDto {
    fn from(persona: &Persona) -> Self {
        let link = persona.instagram.as_ref().map(LinkDto::from);
        // Texts and a time can always be written.
        let shown = link
            .as_ref()
            .and_then(|link| serde_json::to_value(link).ok());
        let linked_at = link.as_ref().map(|link| link.ig_linked_at);
        let (user, name, page) = match link {
            Some(link) => (
                Some(link.ig_user_id),
                link.ig_username,
                Some(link.fb_page_id),
            ),
            None => (None, None, None),
        };
        Self {
            persona_id: IdText(persona.id.get()),
            persona_num: persona.number.get(),
            persona_img: persona.draft.image.as_str().into(),
            name: persona.name(),
            persona_parameters: persona.draft.parameters.with_instagram(shown),
            ig_status: persona.connection.as_str(),
            ig_user_id: user,
            ig_username: name,
            fb_page_id: page,
            ig_linked_at: linked_at,
            created_at: persona.created_at,
            updated_at: persona.updated_at,
        }
    }
}

/// All my personas.
#[derive(Serialize, ToSchema)]
pub(crate) struct Personas {
    pub(crate) items: Vec<PersonaDto>,
    /// Always `null`: there is one page.
    pub(crate) next_cursor: Option<String>,
}

/// A new persona.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "persona_img": "/media/3f0c9a….png", "persona_parameters": {"name": "스트릿 유나", "mood": ["힙", "편한"]}
}))]
pub(crate) struct CreatePersona {
    /// `/media/…`, an `http` or `https` address, or a PNG, JPEG, WebP or GIF as `data:` URI of up to
    /// 60,000 characters.
    #[validate(required, custom(function = "rules::persona_image"))]
    #[schema(required, nullable = false)]
    persona_img: Option<String>,
    /// Any JSON object of up to 100 members and 16 KiB; `instagram` in it is ours, and ignored.
    #[validate(required, custom(function = "rules::parameters"))]
    #[schema(value_type = Object, required, nullable = false)]
    persona_parameters: Option<Value>,
}

/// What was validated did not give a valid value: the rules and the constructors have come apart.
fn broken<E>(_: E) -> Problem {
    Problem::internal("what was validated has no valid value")
}

impl CreatePersona {
    /// The validated values.
    pub(super) fn into_draft(self) -> Result<PersonaDraft, Problem> {
        let image = self.persona_img.unwrap_or_default();
        let parameters = self.persona_parameters.unwrap_or_default();
        Ok(PersonaDraft {
            image: PersonaImage::parse(&image).map_err(broken)?,
            parameters: Parameters::parse(&parameters).map_err(broken)?,
        })
    }
}

/// A partial change: an absent field stays.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(example = json!({"persona_parameters": {"name": "출근 유나", "mood": null}}))]
pub(crate) struct UpdatePersona {
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "rules::persona_image"))]
    #[schema(nullable = false)]
    persona_img: Option<String>,
    /// Members to add or replace, each whole; `null` removes one; all others stay.
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "rules::parameters"))]
    #[schema(value_type = Object, nullable = false)]
    persona_parameters: Option<Value>,
}

impl UpdatePersona {
    /// The validated change.
    pub(super) fn into_change(self) -> Result<PersonaChange, Problem> {
        let image = self.persona_img.as_deref().map(PersonaImage::parse);
        let parameters = self.persona_parameters.as_ref().map(Parameters::parse);
        Ok(PersonaChange {
            image: image.transpose().map_err(broken)?,
            parameters: parameters.transpose().map_err(broken)?,
        })
    }
}
