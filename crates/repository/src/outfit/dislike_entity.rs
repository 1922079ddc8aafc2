//! The table of dislikes.

use domain::RepositoryError;
use domain::outfit::{Dislike, Disliked};
use domain::user::PersonId;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dislikes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: i16,
    #[sea_orm(primary_key, auto_increment = false)]
    pub target_id: i64,
    pub at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The stored kind and id of what is disliked; they sort as [`Disliked`] does.
pub(super) fn target(what: Disliked) -> (i16, i64) {
    match what {
        Disliked::Outfit(id) => (0, id.get()),
        Disliked::Label(id) => (1, id.get()),
    }
}

/// The row of a dislike.
pub(super) fn row(person: PersonId, dislike: &Dislike) -> ActiveModel {
    let (kind, target) = target(dislike.what);
    ActiveModel {
        person_id: Set(person.get()),
        kind: Set(kind),
        target_id: Set(target),
        at: Set(to_micros(dislike.at)),
    }
}

impl TryFrom<Model> for Dislike {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        let what = match row.kind {
            0 => Disliked::Outfit(row.target_id.into()),
            1 => Disliked::Label(row.target_id.into()),
            _ => return Err(RepositoryError::storage("a stored dislike is not valid")),
        };
        Ok(Self {
            what,
            at: from_micros(row.at)?,
        })
    }
}
