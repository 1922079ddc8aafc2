//! What happened to each person, in order.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::chat::{
    ChatLogRepository, DmFrom, Entry, FriendEvent, Held, Logged, Privacy, Seq, Span,
};
use domain::user::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::log_entity as log;
use super::person_entity::{ActiveModel, Column, Entity, Model};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::insert::insert_absent;
use crate::time::to_micros;

/// People whose logs are shortened in one transaction.
const BATCH: u64 = 500;

/// [`ChatLogRepository`] on the database.
pub struct SeaChatLog(pub(crate) Executor);

impl SeaChatLog {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }

    /// Makes the rows of people that are not there.
    async fn make(&self, people: &[i64]) -> Result<(), RepositoryError> {
        let rows = people.iter().map(|id| ActiveModel {
            id: Set(*id),
            last_seq: Set(0),
            removed_seq: Set(0),
            dm_from: Set(dm_number(DmFrom::default())),
            read_receipts: Set(Privacy::default().read_receipts),
        });
        let insert = Entity::insert_many(rows).into_query();
        insert_absent(&self.0.write(), insert).await.map(|_| ())
    }

    /// Locks the rows of people, in the order of their ids.
    async fn lock(&self, people: &[i64]) -> Result<Vec<Model>, RepositoryError> {
        let rows = Entity::find()
            .filter(Column::Id.is_in(people.iter().copied()))
            .order_by_asc(Column::Id)
            .lock_exclusive()
            .all(&self.0.write())
            .await;
        rows.map_err(translate)
    }

    /// Moves the places of people on, each by as much as is given.
    async fn advance(&self, by: &BTreeMap<i64, i64>) -> Result<(), RepositoryError> {
        // Few people get more than a few entries at once: a statement for each number.
        let mut steps: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (id, by) in by {
            steps.entry(*by).or_default().push(*id);
        }
        for (by, people) in steps {
            Entity::update_many()
                .filter(Column::Id.is_in(people))
                .col_expr(Column::LastSeq, Expr::col(Column::LastSeq).add(by))
                .exec(&self.0.write())
                .await
                .map_err(translate)?;
        }
        Ok(())
    }
}

fn privacy(row: &Model) -> Privacy {
    Privacy {
        dm_from: dm_from(row.dm_from),
        read_receipts: row.read_receipts,
    }
}

fn dm_number(from: DmFrom) -> i16 {
    match from {
        DmFrom::Friends => 0,
        DmFrom::Anyone => 1,
        DmFrom::Nobody => 2,
    }
}

/// What a stored number says; one we do not know lets nobody write.
fn dm_from(number: i16) -> DmFrom {
    match number {
        0 => DmFrom::Friends,
        1 => DmFrom::Anyone,
        _ => DmFrom::Nobody,
    }
}

/// The stored numbers of an entry: its kind and whom or what it is about.
fn numbers(entry: Entry) -> (i16, i64) {
    match entry {
        Entry::Sent(id) => (1, id.get()),
        Entry::Edited(id) => (2, id.get()),
        Entry::Friend(FriendEvent::Request, user) => (3, user.get()),
        Entry::Friend(FriendEvent::Response, user) => (4, user.get()),
        Entry::Friend(FriendEvent::Remove, user) => (5, user.get()),
        Entry::Friend(FriendEvent::Delete, user) => (6, user.get()),
        Entry::Friend(FriendEvent::Block, user) => (7, user.get()),
        Entry::Friend(FriendEvent::Unblock, user) => (8, user.get()),
        Entry::Read(id) => (9, id.get()),
        Entry::Seen(id) => (10, id.get()),
    }
}

fn logged(row: &log::Model) -> Result<Logged, RepositoryError> {
    let subject = row.subject_id;
    let entry = match row.kind {
        1 => Entry::Sent(subject.into()),
        2 => Entry::Edited(subject.into()),
        3 => Entry::Friend(FriendEvent::Request, subject.into()),
        4 => Entry::Friend(FriendEvent::Response, subject.into()),
        5 => Entry::Friend(FriendEvent::Remove, subject.into()),
        6 => Entry::Friend(FriendEvent::Delete, subject.into()),
        7 => Entry::Friend(FriendEvent::Block, subject.into()),
        8 => Entry::Friend(FriendEvent::Unblock, subject.into()),
        9 => Entry::Read(subject.into()),
        10 => Entry::Seen(subject.into()),
        _ => return Err(RepositoryError::storage("a stored entry is not valid")),
    };
    Ok(Logged {
        seq: row.seq,
        entry,
    })
}

#[async_trait]
impl ChatLogRepository for SeaChatLog {
    async fn hold(&self, people: &[UserId]) -> Result<Vec<Held>, RepositoryError> {
        let ids: BTreeSet<i64> = people.iter().map(|person| person.get()).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let mut rows = self.lock(&ids).await?;
        if rows.len() < ids.len() {
            self.make(&ids).await?;
            rows = self.lock(&ids).await?;
        }
        let held = rows.iter().map(|row| Held {
            person: row.id.into(),
            privacy: privacy(row),
        });
        Ok(held.collect())
    }

    async fn append(
        &self,
        entries: &[(UserId, Entry)],
        at: DateTime<Utc>,
    ) -> Result<Vec<Seq>, RepositoryError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let mut by: BTreeMap<i64, i64> = BTreeMap::new();
        for (person, _) in entries {
            *by.entry(person.get()).or_default() += 1;
        }
        self.advance(&by).await?;
        // Held by this transaction: nobody else counts on.
        let reached: Vec<(i64, i64)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::LastSeq])
            .filter(Column::Id.is_in(by.keys().copied()))
            .into_tuple()
            .all(&self.0.write())
            .await
            .map_err(translate)?;
        let mut next: BTreeMap<i64, Seq> = reached
            .into_iter()
            .filter_map(|(id, last)| Some((id, last - by.get(&id)?)))
            .collect();
        let mut places = Vec::with_capacity(entries.len());
        let mut rows = Vec::with_capacity(entries.len());
        for (person, entry) in entries {
            let place = next.get_mut(&person.get());
            let place = place.ok_or_else(|| RepositoryError::storage("nobody held the person"))?;
            *place += 1;
            places.push(*place);
            let (kind, subject) = numbers(*entry);
            rows.push(log::ActiveModel {
                person_id: Set(person.get()),
                seq: Set(*place),
                kind: Set(kind),
                subject_id: Set(subject),
                at: Set(to_micros(at)),
            });
        }
        let insert = log::Entity::insert_many(rows)
            .exec_without_returning(&self.0.write())
            .await;
        insert.map(|_| places).map_err(translate)
    }

    async fn after(
        &self,
        person: UserId,
        seq: Seq,
        limit: u64,
    ) -> Result<Vec<Logged>, RepositoryError> {
        let rows = log::Entity::find()
            .filter(log::Column::PersonId.eq(person.get()))
            .filter(log::Column::Seq.gt(seq))
            .order_by_asc(log::Column::Seq)
            .limit(limit)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        rows.iter().map(logged).collect()
    }

    async fn span(&self, person: UserId) -> Result<Span, RepositoryError> {
        let row = Entity::find_by_id(person.get()).one(&self.0.read()).await;
        let row = row.map_err(translate)?;
        Ok(row.map_or_else(Span::default, |row| Span {
            last: row.last_seq,
            removed: row.removed_seq,
        }))
    }

    async fn privacy(&self, person: UserId) -> Result<Privacy, RepositoryError> {
        let row = Entity::find_by_id(person.get()).one(&self.0.read()).await;
        let row = row.map_err(translate)?;
        Ok(row.as_ref().map_or_else(Privacy::default, privacy))
    }

    async fn set_privacy(&self, person: UserId, privacy: Privacy) -> Result<(), RepositoryError> {
        let set = self.0.retrying(|| async {
            self.make(&[person.get()]).await?;
            Entity::update_many()
                .filter(Column::Id.eq(person.get()))
                .col_expr(Column::DmFrom, Expr::value(dm_number(privacy.dm_from)))
                .col_expr(Column::ReadReceipts, Expr::value(privacy.read_receipts))
                .exec(&self.0.write())
                .await
                .map_err(translate)
        });
        set.await.map(|_| ())
    }

    async fn purge(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let before = to_micros(before);
        let mut purged = 0;
        loop {
            let old: Vec<(i64, i64)> = log::Entity::find()
                .select_only()
                .columns([log::Column::PersonId, log::Column::Seq])
                .filter(log::Column::At.lt(before))
                .order_by_asc(log::Column::At)
                .limit(BATCH)
                .into_tuple()
                .all(&self.0.read())
                .await
                .map_err(translate)?;
            let count = old.len() as u64;
            for (person, seq) in old {
                purged += self.forget(person, seq).await?;
            }
            if count < BATCH {
                return Ok(purged);
            }
        }
    }

    async fn remove_all(&self, person: UserId) -> Result<(), RepositoryError> {
        log::Entity::delete_many()
            .filter(log::Column::PersonId.eq(person.get()))
            .exec(&self.0.write())
            .await
            .map_err(translate)?;
        let gone = Entity::delete_by_id(person.get())
            .exec(&self.0.write())
            .await;
        gone.map(|_| ()).map_err(translate)
    }
}

impl SeaChatLog {
    /// Removes a person's entries up to one, after noting that they are gone.
    async fn forget(&self, person: i64, seq: Seq) -> Result<u64, RepositoryError> {
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                Entity::update_many()
                    .filter(Column::Id.eq(person))
                    .filter(Column::RemovedSeq.lt(seq))
                    .col_expr(Column::RemovedSeq, Expr::value(seq))
                    .exec(scope.transaction())
                    .await
                    .map_err(translate)?;
                let gone = log::Entity::delete_many()
                    .filter(log::Column::PersonId.eq(person))
                    .filter(log::Column::Seq.lte(seq))
                    .exec(scope.transaction())
                    .await
                    .map_err(translate)?;
                scope.finish().await?;
                Ok(gone.rows_affected)
            })
            .await
    }
}
