//! Products.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::product::{
    ImportId, Product, ProductChange, ProductId, ProductOutcome, ProductQuery, ProductRepository,
    Version,
};
use domain::user::UserId;
use sea_orm::sea_query::{Expr, IntoCondition};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::entity::{Column, Entity, Model, Status, row};
use super::{index, search};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::{Executor, Transaction};

/// Rows removed at a time.
const BATCH: u64 = 500;
/// Rows a statement inserts: at seventeen values each, below every engine's limit on bound values
/// (SQLite's, the lowest, is 32,766).
const ROWS: usize = 500;

/// [`ProductRepository`] on the database. Every write keeps the search index in step, in the
/// same transaction.
pub struct SeaProducts(pub(crate) Executor);

impl SeaProducts {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }

    /// Finds the owner's product and holds it until the transaction ends.
    async fn lock(
        transaction: &Transaction,
        owner: UserId,
        id: ProductId,
        status: Status,
    ) -> Result<Option<Product>, RepositoryError> {
        Entity::find_by_id(id.get())
            .filter(Column::OwnerId.eq(owner.get()))
            .filter(Column::Status.eq(status.number()))
            .lock_exclusive()
            .one(transaction)
            .await
            .map_err(translate)?
            .map(Product::try_from)
            .transpose()
    }

    /// Changes the owner's product under a lock; `change` answers what it becomes and where it
    /// goes.
    async fn change(
        &self,
        owner: UserId,
        id: ProductId,
        (from, to): (Status, Status),
        expected: Option<Version>,
        change: impl Fn(&Product) -> Product + Send + Sync,
    ) -> Result<ProductOutcome, RepositoryError> {
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                let transaction = scope.transaction();
                let Some(before) = Self::lock(transaction, owner, id, from).await? else {
                    return Ok(ProductOutcome::Absent);
                };
                if expected.is_some_and(|version| version != before.version) {
                    return Ok(ProductOutcome::Stale);
                }
                let after = change(&before);
                if after != before {
                    let stored = row(&after, to, None).reset_all();
                    stored
                        .update_without_returning(transaction)
                        .await
                        .map_err(translate)?;
                    reindex(transaction, from, &before, to, &after).await?;
                }
                scope.finish().await?;
                Ok(ProductOutcome::Done(Box::new(after)))
            })
            .await
    }

    /// Removes what `which` names, a batch at a time; how many products. Each is held before its
    /// name is looked at: one that was renamed or published meanwhile would leave its pieces in
    /// the index, or go although it is no longer named.
    ///
    /// Outside a unit of work each batch is a transaction: clearing away a large import in one
    /// would keep every other writer waiting.
    async fn remove_all(&self, which: sea_orm::Condition) -> Result<u64, RepositoryError> {
        let mut removed = 0;
        loop {
            let batch = self.0.retrying(|| async {
                let scope = self.0.scope().await?;
                let batch = remove_batch(scope.transaction(), &which).await?;
                scope.finish().await?;
                Ok(batch)
            });
            match batch.await? {
                0 => return Ok(removed),
                batch => removed += batch,
            }
        }
    }
}

/// Removes up to [`BATCH`] of what `which` names; how many products.
async fn remove_batch(
    transaction: &Transaction,
    which: &sea_orm::Condition,
) -> Result<u64, RepositoryError> {
    let rows: Vec<(i64, i64, i16, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::OwnerId, Column::Status, Column::Name])
        .filter(which.clone())
        .order_by_asc(Column::Id)
        .limit(BATCH)
        .lock_exclusive()
        .into_tuple()
        .all(transaction)
        .await
        .map_err(translate)?;
    for (id, owner, status, name) in &rows {
        if *status != Status::Bin.number() {
            index::remove(transaction, *owner, *id, name).await?;
        }
    }
    let ids = rows.iter().map(|(id, ..)| *id);
    let delete = Entity::delete_many().filter(Column::Id.is_in(ids));
    delete.exec(transaction).await.map_err(translate)?;
    Ok(rows.len() as u64)
}

/// Brings the index from one state of a product to the next.
async fn reindex(
    connection: &impl ConnectionTrait,
    from: Status,
    before: &Product,
    to: Status,
    after: &Product,
) -> Result<(), RepositoryError> {
    let (owner, id) = (before.owner_id.get(), before.id.get());
    let (old, new) = (before.draft.name.as_str(), after.draft.name.as_str());
    match (from == Status::Bin, to == Status::Bin) {
        (false, false) if old != new => index::rename(connection, owner, id, old, new).await,
        (false, true) => index::remove(connection, owner, id, old).await,
        (true, false) => index::add(connection, [(owner, id, new)]).await,
        _ => Ok(()),
    }
}

#[async_trait]
impl ProductRepository for SeaProducts {
    async fn insert(&self, product: &Product) -> Result<(), RepositoryError> {
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                let transaction = scope.transaction();
                Entity::insert(row(product, Status::Shelf, None))
                    .exec_without_returning(transaction)
                    .await
                    .map_err(translate)?;
                let name = product.draft.name.as_str();
                index::add(
                    transaction,
                    [(product.owner_id.get(), product.id.get(), name)],
                )
                .await?;
                scope.finish().await
            })
            .await
    }

    async fn find_owned(
        &self,
        owner: UserId,
        id: ProductId,
    ) -> Result<Option<Product>, RepositoryError> {
        Entity::find_by_id(id.get())
            .filter(Column::OwnerId.eq(owner.get()))
            .filter(Column::Status.eq(Status::Shelf.number()))
            .one(&self.0.read())
            .await
            .map_err(translate)?
            .map(Product::try_from)
            .transpose()
    }

    async fn list(
        &self,
        owner: UserId,
        query: &ProductQuery,
    ) -> Result<Vec<Product>, RepositoryError> {
        let rows: Vec<Model> = search::list(&self.0.read(), owner, query).await?;
        rows.into_iter().map(Product::try_from).collect()
    }

    async fn update(
        &self,
        owner: UserId,
        id: ProductId,
        expected: Option<Version>,
        change: &ProductChange,
        now: DateTime<Utc>,
    ) -> Result<ProductOutcome, RepositoryError> {
        let places = (Status::Shelf, Status::Shelf);
        self.change(owner, id, places, expected, |product| {
            change.apply(product, now)
        })
        .await
    }

    async fn delete(
        &self,
        owner: UserId,
        id: ProductId,
        expected: Option<Version>,
        now: DateTime<Utc>,
    ) -> Result<ProductOutcome, RepositoryError> {
        let bin = |product: &Product| Product {
            version: product.version.next(),
            updated_at: now,
            deleted_at: Some(now),
            ..product.clone()
        };
        self.change(owner, id, (Status::Shelf, Status::Bin), expected, bin)
            .await
    }

    async fn restore(
        &self,
        owner: UserId,
        id: ProductId,
        now: DateTime<Utc>,
    ) -> Result<ProductOutcome, RepositoryError> {
        let take_out = |product: &Product| Product {
            version: product.version.next(),
            updated_at: now,
            deleted_at: None,
            ..product.clone()
        };
        match self
            .change(owner, id, (Status::Bin, Status::Shelf), None, take_out)
            .await?
        {
            ProductOutcome::Absent => {
                // Restoring twice is restoring once.
                let on_shelf = self.find_owned(owner, id).await?;
                Ok(on_shelf.map_or(ProductOutcome::Absent, |p| {
                    ProductOutcome::Done(Box::new(p))
                }))
            }
            outcome => Ok(outcome),
        }
    }

    async fn stage(&self, import: ImportId, products: &[Product]) -> Result<(), RepositoryError> {
        if products.is_empty() {
            return Ok(());
        }
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                let transaction = scope.transaction();
                for chunk in products.chunks(ROWS) {
                    let rows = chunk
                        .iter()
                        .map(|p| row(p, Status::Staged, Some(import.get())));
                    Entity::insert_many(rows)
                        .exec_without_returning(transaction)
                        .await
                        .map_err(translate)?;
                }
                let named = products
                    .iter()
                    .map(|p| (p.owner_id.get(), p.id.get(), p.draft.name.as_str()));
                index::add(transaction, named).await?;
                scope.finish().await
            })
            .await
    }

    async fn publish(&self, import: ImportId) -> Result<u64, RepositoryError> {
        let update = Entity::update_many()
            .filter(Column::ImportId.eq(import.get()))
            .filter(Column::Status.eq(Status::Staged.number()))
            .col_expr(Column::Status, Expr::value(Status::Shelf.number()))
            .col_expr(Column::ImportId, Expr::value(Option::<i64>::None));
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
        Ok(done.rows_affected)
    }

    async fn discard_staged(&self, before: ImportId) -> Result<u64, RepositoryError> {
        self.remove_all(Column::ImportId.lt(before.get()).into_condition())
            .await
    }

    async fn discard(&self, import: ImportId) -> Result<u64, RepositoryError> {
        self.remove_all(Column::ImportId.eq(import.get()).into_condition())
            .await
    }

    async fn delete_all(&self, owner: UserId) -> Result<u64, RepositoryError> {
        self.remove_all(Column::OwnerId.eq(owner.get()).into_condition())
            .await
    }
}
