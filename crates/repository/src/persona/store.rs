//! Personas.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::persona::{InstagramLink, Persona, PersonaId, PersonaRepository, WhichPersona};
use domain::user::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DeleteMany, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, UpdateMany,
};

use super::entity::{Column, Entity, GOOD, Model, row};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::to_micros;

/// [`PersonaRepository`] on the database.
pub struct SeaPersonas(pub(crate) Executor);

impl SeaPersonas {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }

    /// Runs a change; how many personas it found.
    async fn change(&self, update: UpdateMany<Entity>) -> Result<u64, RepositoryError> {
        let change = self.0.retrying(|| async {
            let update = update.clone();
            update.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(change.await?.rows_affected)
    }

    async fn remove(&self, delete: DeleteMany<Entity>) -> Result<u64, RepositoryError> {
        let remove = self.0.retrying(|| async {
            let delete = delete.clone();
            delete.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(remove.await?.rows_affected)
    }
}

fn which(owner: UserId, which: WhichPersona) -> Select<Entity> {
    let is_it = match which {
        WhichPersona::Number(number) => Column::Number.eq(number.get()),
        WhichPersona::Id(id) => Column::Id.eq(id.get()),
    };
    Entity::find()
        .filter(Column::OwnerId.eq(owner.get()))
        .filter(is_it)
}

fn change(owner: UserId, id: PersonaId, at: DateTime<Utc>) -> UpdateMany<Entity> {
    Entity::update_many()
        .filter(Column::Id.eq(id.get()))
        .filter(Column::OwnerId.eq(owner.get()))
        .col_expr(Column::UpdatedAt, Expr::value(to_micros(at)))
}

fn persona(row: Option<Model>) -> Result<Option<Persona>, RepositoryError> {
    row.map(Persona::try_from).transpose()
}

#[async_trait]
impl PersonaRepository for SeaPersonas {
    async fn insert(&self, persona: &Persona) -> Result<(), RepositoryError> {
        let insert = self.0.retrying(|| async {
            Entity::insert(row(persona))
                .exec_without_returning(&self.0.write())
                .await
                .map_err(translate)
        });
        insert.await.map(|_| ())
    }

    async fn list(&self, owner: UserId) -> Result<Vec<Persona>, RepositoryError> {
        let rows = Entity::find()
            .filter(Column::OwnerId.eq(owner.get()))
            .order_by_asc(Column::Number)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        rows.into_iter().map(Persona::try_from).collect()
    }

    async fn find(
        &self,
        owner: UserId,
        named: WhichPersona,
    ) -> Result<Option<Persona>, RepositoryError> {
        let found = which(owner, named).one(&self.0.read()).await;
        persona(found.map_err(translate)?)
    }

    async fn hold(
        &self,
        owner: UserId,
        named: WhichPersona,
    ) -> Result<Option<Persona>, RepositoryError> {
        let query = which(owner, named).lock_exclusive();
        let hold = self
            .0
            .retrying(|| async { query.clone().one(&self.0.write()).await.map_err(translate) });
        persona(hold.await?)
    }

    async fn save(&self, persona: &Persona) -> Result<bool, RepositoryError> {
        let draft = &persona.draft;
        let save = change(persona.owner_id, persona.id, persona.updated_at)
            .col_expr(Column::Image, Expr::value(draft.image.as_str()))
            .col_expr(Column::Parameters, Expr::value(draft.parameters.to_json()));
        Ok(self.change(save).await? == 1)
    }

    async fn delete(&self, owner: UserId, id: PersonaId) -> Result<bool, RepositoryError> {
        let delete = Entity::delete_many()
            .filter(Column::Id.eq(id.get()))
            .filter(Column::OwnerId.eq(owner.get()));
        Ok(self.remove(delete).await? == 1)
    }

    async fn delete_all(&self, owner: UserId) -> Result<u64, RepositoryError> {
        self.remove(Entity::delete_many().filter(Column::OwnerId.eq(owner.get())))
            .await
    }

    async fn link(
        &self,
        owner: UserId,
        id: PersonaId,
        link: &InstagramLink,
    ) -> Result<bool, RepositoryError> {
        let name = link
            .ig_username
            .as_ref()
            .map(|name| name.as_str().to_owned());
        let change = change(owner, id, link.linked_at)
            .filter(Column::IgToken.is_not_null())
            .filter(Column::IgTokenState.eq(GOOD))
            .col_expr(Column::IgUserId, Expr::value(link.ig_user_id.as_str()))
            .col_expr(Column::IgUsername, Expr::value(name))
            .col_expr(Column::FbPageId, Expr::value(link.fb_page_id.as_str()))
            .col_expr(Column::IgLinkedAt, Expr::value(to_micros(link.linked_at)));
        Ok(self.change(change).await? == 1)
    }

    async fn unlink(
        &self,
        owner: UserId,
        id: PersonaId,
        at: DateTime<Utc>,
    ) -> Result<bool, RepositoryError> {
        let texts = [
            Column::IgUserId,
            Column::IgUsername,
            Column::FbPageId,
            Column::IgToken,
        ];
        let numbers = [
            Column::IgLinkedAt,
            Column::IgTokenExpiresAt,
            Column::IgTokenRenewAt,
        ];
        let mut change =
            change(owner, id, at).col_expr(Column::IgTokenState, Expr::value(None::<i16>));
        for text in texts {
            change = change.col_expr(text, Expr::value(None::<String>));
        }
        for number in numbers {
            change = change.col_expr(number, Expr::value(None::<i64>));
        }
        Ok(self.change(change).await? == 1)
    }
}
