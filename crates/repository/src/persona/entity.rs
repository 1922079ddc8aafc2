//! The table of personas.

use domain::RepositoryError;
use domain::persona::{
    Connection, GraphId, InstagramLink, InstagramName, Parameters, Persona, PersonaDraft,
    PersonaImage, PersonaNumber, SealedToken, TokenOf, TokenTerm,
};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

/// A token that Meta took when it was last asked.
pub(super) const GOOD: i16 = 0;
/// A token that Meta refused.
pub(super) const REFUSED: i16 = 1;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "personas")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub owner_id: i64,
    pub number: i16,
    #[sea_orm(column_type = "Text")]
    pub image: String,
    #[sea_orm(column_type = "Text")]
    pub parameters: String,
    pub ig_user_id: Option<String>,
    pub ig_username: Option<String>,
    pub fb_page_id: Option<String>,
    pub ig_linked_at: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub ig_token: Option<String>,
    pub ig_token_state: Option<i16>,
    pub ig_token_expires_at: Option<i64>,
    pub ig_token_renew_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The row of a new persona, linked with nothing.
pub(super) fn row(persona: &Persona) -> ActiveModel {
    ActiveModel {
        id: Set(persona.id.get()),
        owner_id: Set(persona.owner_id.get()),
        number: Set(i16::try_from(persona.number.get()).unwrap_or(i16::MAX)),
        image: Set(persona.draft.image.as_str().to_owned()),
        parameters: Set(persona.draft.parameters.to_json()),
        ig_user_id: NotSet,
        ig_username: NotSet,
        fb_page_id: NotSet,
        ig_linked_at: NotSet,
        ig_token: NotSet,
        ig_token_state: NotSet,
        ig_token_expires_at: NotSet,
        ig_token_renew_at: NotSet,
        created_at: Set(to_micros(persona.created_at)),
        updated_at: Set(to_micros(persona.updated_at)),
    }
}

fn broken<E>(_: E) -> RepositoryError {
    RepositoryError::storage("a stored persona is not valid")
}

impl Model {
    fn link(&self) -> Result<Option<InstagramLink>, RepositoryError> {
        let (Some(user), Some(page), Some(at)) =
            (&self.ig_user_id, &self.fb_page_id, self.ig_linked_at)
        else {
            return Ok(None);
        };
        let name = self.ig_username.as_deref().map(InstagramName::parse);
        Ok(Some(InstagramLink {
            ig_user_id: GraphId::parse(user).map_err(broken)?,
            ig_username: name.transpose().map_err(broken)?,
            fb_page_id: GraphId::parse(page).map_err(broken)?,
            linked_at: from_micros(at)?,
        }))
    }

    fn connection(&self) -> Connection {
        match (&self.ig_token, self.ig_token_state) {
            (None, _) => Connection::Absent,
            (Some(_), Some(GOOD)) => Connection::Connected,
            (Some(_), _) => Connection::ReconnectRequired,
        }
    }
}

impl TryFrom<Model> for Persona {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        let parameters = serde_json::from_str(&row.parameters).map_err(broken)?;
        Ok(Self {
            id: row.id.into(),
            owner_id: row.owner_id.into(),
            number: PersonaNumber::new(row.number.into()).ok_or_else(|| broken(()))?,
            draft: PersonaDraft {
                image: PersonaImage::parse(&row.image).map_err(broken)?,
                parameters: Parameters::parse(&parameters).map_err(broken)?,
            },
            instagram: row.link()?,
            connection: row.connection(),
            created_at: from_micros(row.created_at)?,
            updated_at: from_micros(row.updated_at)?,
        })
    }
}

/// The token of a row that has one.
pub(super) fn token(row: Model) -> Result<TokenOf, RepositoryError> {
    Ok(TokenOf {
        persona: row.id.into(),
        owner: row.owner_id.into(),
        refused: row.ig_token_state != Some(GOOD),
        token: SealedToken::new(row.ig_token.ok_or_else(|| broken(()))?),
        term: TokenTerm {
            expires_at: row.ig_token_expires_at.map(from_micros).transpose()?,
            renew_at: row.ig_token_renew_at.map(from_micros).transpose()?,
        },
    })
}
