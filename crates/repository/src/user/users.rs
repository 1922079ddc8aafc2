//! Accounts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::user::{
    Credentials, Email, Identifier, Name, NewUser, Standing, User, UserChange, UserId,
    UserRepository, UserStatus,
};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::entity::{
    ActiveModel, Column, Entity, Model, gender_number, role_number, status_number,
};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::to_micros;

/// [`UserRepository`] on the database.
pub struct SeaUsers(pub(crate) Executor);

impl SeaUsers {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }

    async fn one(&self, query: Select<Entity>) -> Result<Option<Model>, RepositoryError> {
        query.one(&self.0.read()).await.map_err(translate)
    }
}

#[async_trait]
impl UserRepository for SeaUsers {
    async fn insert(&self, user: &NewUser) -> Result<(), RepositoryError> {
        self.0
            .retrying(|| async {
                let row = ActiveModel::from(user);
                let insert = Entity::insert(row)
                    .exec_without_returning(&self.0.write())
                    .await;
                insert.map(|_| ()).map_err(translate)
            })
            .await
    }

    async fn find(&self, id: UserId) -> Result<Option<User>, RepositoryError> {
        self.one(Entity::find_by_id(id.get()))
            .await?
            .map(User::try_from)
            .transpose()
    }

    async fn find_all(&self, ids: &[UserId]) -> Result<Vec<User>, RepositoryError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = Entity::find()
            .filter(Column::Id.is_in(ids.iter().map(|id| id.get())))
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        rows.into_iter().map(User::try_from).collect()
    }

    async fn active_among(&self, ids: &[UserId]) -> Result<Vec<UserId>, RepositoryError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<i64> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::Id.is_in(ids.iter().map(|id| id.get())))
            .filter(Column::Status.eq(status_number(UserStatus::Active)))
            .into_tuple()
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        Ok(rows.into_iter().map(UserId::from).collect())
    }

    async fn find_credentials(&self, id: UserId) -> Result<Option<Credentials>, RepositoryError> {
        self.one(Entity::find_by_id(id.get()))
            .await?
            .map(credentials)
            .transpose()
    }

    async fn hold(&self, id: UserId) -> Result<Option<Credentials>, RepositoryError> {
        let query = Entity::find_by_id(id.get()).lock_exclusive();
        let hold = self
            .0
            .retrying(|| async { query.clone().one(&self.0.write()).await.map_err(translate) });
        hold.await?.map(credentials).transpose()
    }

    async fn find_by_identifier(
        &self,
        identifier: &Identifier,
    ) -> Result<Option<Credentials>, RepositoryError> {
        let is_named = match identifier {
            Identifier::Phone(number) => Column::PhoneNumber.eq(number.as_str()),
            Identifier::Email(email) => Column::EmailKey.eq(email.key()),
            Identifier::Username(name) => Column::UsernameKey.eq(name.key()),
        };
        self.one(Entity::find().filter(is_named))
            .await?
            .map(credentials)
            .transpose()
    }

    async fn find_by_name(&self, name: &Name) -> Result<Option<User>, RepositoryError> {
        let query = Entity::find().filter(Column::NameKey.eq(name.key()));
        self.one(query).await?.map(User::try_from).transpose()
    }

    async fn update(
        &self,
        id: UserId,
        change: &UserChange,
        at: DateTime<Utc>,
    ) -> Result<Option<User>, RepositoryError> {
        let mut update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .col_expr(Column::UpdatedAt, Expr::value(to_micros(at)));
        if let Some(name) = &change.name {
            update = update
                .col_expr(Column::Name, Expr::value(name.as_str()))
                .col_expr(Column::NameKey, Expr::value(name.key()));
        }
        if let Some(image) = &change.profile_img {
            update = update.col_expr(Column::ProfileImg, Expr::value(image.clone()));
        }
        if let Some(nickname) = &change.nickname {
            let nickname = nickname.as_ref().map(|name| name.as_str().to_owned());
            update = update.col_expr(Column::Nickname, Expr::value(nickname));
        }
        if let Some(birthday) = change.birthday {
            update = update.col_expr(Column::Birthday, Expr::value(birthday.day()));
        }
        if let Some(gender) = change.gender {
            update = update.col_expr(Column::Gender, Expr::value(gender_number(gender)));
        }
        if let Some(locale) = &change.locale {
            let locale = locale.as_ref().map(|tag| tag.as_str().to_owned());
            update = update.col_expr(Column::Locale, Expr::value(locale));
        }
        if let Some(number) = &change.phone_number {
            update = update.col_expr(Column::PhoneNumber, Expr::value(number.as_str()));
        }
        self.0
            .retrying(|| async {
                update
                    .clone()
                    .exec(&self.0.write())
                    .await
                    .map_err(translate)
            })
            .await?;
        let row = Entity::find_by_id(id.get())
            .one(&self.0.write())
            .await
            .map_err(translate)?;
        row.map(User::try_from).transpose()
    }

    async fn set_standing(
        &self,
        id: UserId,
        standing: Standing,
        at: DateTime<Utc>,
    ) -> Result<bool, RepositoryError> {
        let mut update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .col_expr(Column::UpdatedAt, Expr::value(to_micros(at)));
        if let Some(role) = standing.role {
            update = update.col_expr(Column::Role, Expr::value(role_number(role)));
        }
        if let Some(status) = standing.status {
            update = update.col_expr(Column::Status, Expr::value(status_number(status)));
        }
        let set = self.0.retrying(|| async {
            let update = update.clone();
            update.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(set.await?.rows_affected == 1)
    }

    async fn replace_password_hash(
        &self,
        id: UserId,
        current: Option<String>,
        replacement: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, RepositoryError> {
        let is_current = match current {
            Some(hash) => Column::PasswordHash.eq(hash),
            None => Column::PasswordHash.is_null(),
        };
        let update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .filter(is_current)
            .col_expr(Column::PasswordHash, Expr::value(replacement))
            .col_expr(Column::UpdatedAt, Expr::value(to_micros(at)));
        let done = self
            .0
            .retrying(|| async {
                update
                    .clone()
                    .exec(&self.0.write())
                    .await
                    .map_err(translate)
            })
            .await?;
        Ok(done.rows_affected == 1)
    }

    async fn prove_email(
        &self,
        id: UserId,
        email: &Email,
        at: DateTime<Utc>,
    ) -> Result<bool, RepositoryError> {
        let update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .col_expr(Column::Email, Expr::value(email.as_str()))
            .col_expr(Column::EmailKey, Expr::value(email.key()))
            .col_expr(Column::EmailVerifiedAt, Expr::value(to_micros(at)))
            .col_expr(Column::UpdatedAt, Expr::value(to_micros(at)));
        let prove = self.0.retrying(|| async {
            let update = update.clone();
            update.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(prove.await?.rows_affected == 1)
    }

    async fn drop_email_claim(
        &self,
        id: UserId,
        email: &Email,
        at: DateTime<Utc>,
    ) -> Result<bool, RepositoryError> {
        // A password needs somebody to go with: a number or a user name.
        let is_named = Column::PhoneNumber
            .is_not_null()
            .or(Column::UsernameKey.is_not_null());
        let kept = CaseStatement::new()
            .case(is_named, Expr::col(Column::PasswordHash))
            .finally(Expr::value(None::<String>));
        let update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .filter(Column::EmailKey.eq(email.key()))
            .filter(Column::EmailVerifiedAt.is_null())
            .col_expr(Column::Email, Expr::value(None::<String>))
            .col_expr(Column::EmailKey, Expr::value(None::<String>))
            .col_expr(Column::PasswordHash, kept.into())
            .col_expr(Column::UpdatedAt, Expr::value(to_micros(at)));
        let release = self.0.retrying(|| async {
            let update = update.clone();
            update.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(release.await?.rows_affected == 1)
    }

    async fn delete(&self, id: UserId) -> Result<bool, RepositoryError> {
        let delete = self.0.retrying(|| async {
            let delete = Entity::delete_by_id(id.get());
            delete.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(delete.await?.rows_affected == 1)
    }

    async fn list(&self, after: Option<UserId>, limit: u64) -> Result<Vec<User>, RepositoryError> {
        let mut query = Entity::find().order_by_asc(Column::Id).limit(limit);
        if let Some(after) = after {
            query = query.filter(Column::Id.gt(after.get()));
        }
        let rows = query.all(&self.0.read()).await.map_err(translate)?;
        rows.into_iter().map(User::try_from).collect()
    }
}

fn credentials(row: Model) -> Result<Credentials, RepositoryError> {
    let password_hash = row.password_hash.clone();
    Ok(Credentials {
        user: row.try_into()?,
        password_hash,
    })
}
