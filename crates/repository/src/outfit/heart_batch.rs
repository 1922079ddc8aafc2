//! How hearts are set: one, or many at a time.

use std::collections::{BTreeMap, HashMap};

use domain::RepositoryError;
use domain::outfit::{HeartOutcome, OutfitEvent};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, RelationTrait, Statement,
};

use super::heart_entity::{ActiveModel, Column, Entity, Relation};
use super::hearts::added;
use super::{entity as outfit, event_entity as event};
use crate::batch::write_all;
use crate::error::translate;
use crate::executor::Transaction;
use crate::time::to_micros;

/// What is known of a heart before it is set: whether its outfit is hidden, and whether the heart
/// is taken back, if there is one. `None` where there is no outfit.
type State = Option<(bool, Option<bool>)>;

/// What setting a heart comes to, and whether it is the person's first on the outfit.
fn judge(state: State, wanted: bool) -> (HeartOutcome, bool) {
    let outcome = match (state, wanted) {
        (None, _) | (Some((true, _)), true) => HeartOutcome::Absent,
        // Who never hearted it is not told that it is there.
        (Some((true, None)), false) => HeartOutcome::Absent,
        (Some((_, None | Some(true))), false) | (Some((_, Some(false))), true) => {
            HeartOutcome::Unchanged
        }
        (Some((_, Some(false))), false) | (Some((false, None | Some(true))), true) => {
            HeartOutcome::Changed
        }
    };
    (outcome, matches!(state, Some((_, None))))
}

/// Sets the state of one heart.
pub(super) async fn set_one(
    transaction: &Transaction,
    event: &OutfitEvent,
    wanted: bool,
) -> Result<HeartOutcome, RepositoryError> {
    let (person, outfit) = (event.person.get(), event.outfit.get());
    let (outcome, is_first) = judge(state(transaction, person, outfit).await?, wanted);
    if outcome != HeartOutcome::Changed {
        return Ok(outcome);
    }
    let backend = transaction.get_database_backend();
    let heart = if is_first {
        Entity::insert(first(event)).build(backend)
    } else {
        turned(event, wanted, backend)
    };
    let count = added(&[outfit], if wanted { 1 } else { -1 }).build(backend);
    let event = event::Entity::insert(event::ActiveModel::from(event)).build(backend);
    write_all(transaction, vec![heart, count, event]).await?;
    Ok(outcome)
}

/// Sets the states of many hearts, one after the other; what each came to.
pub(super) async fn set_all(
    transaction: &Transaction,
    wishes: &[(OutfitEvent, bool)],
) -> Result<Vec<HeartOutcome>, RepositoryError> {
    if let [(event, wanted)] = wishes {
        return Ok(vec![set_one(transaction, event, *wanted).await?]);
    }
    let mut states = states(transaction, wishes).await?;
    let (mut firsts, mut turns) = (Vec::new(), Vec::new());
    let (mut events, mut counts) = (Vec::new(), BTreeMap::<i64, i64>::new());
    let mut outcomes = Vec::with_capacity(wishes.len());
    let backend = transaction.get_database_backend();
    for (event, wanted) in wishes {
        let pair = (event.person.get(), event.outfit.get());
        let state = states.get_mut(&pair);
        let (outcome, is_first) = judge(state.as_deref().copied(), *wanted);
        outcomes.push(outcome);
        if outcome != HeartOutcome::Changed {
            continue;
        }
        if is_first {
            firsts.push(first(event));
        } else {
            // What is turned was there, or is among the first, which are written before.
            turns.push(turned(event, *wanted, backend));
        }
        if let Some((_, is_deleted)) = state {
            *is_deleted = Some(!wanted);
        }
        *counts.entry(pair.1).or_default() += if *wanted { 1 } else { -1 };
        events.push(event::ActiveModel::from(event));
    }
    let mut by_number = BTreeMap::<i64, Vec<i64>>::new();
    for (outfit, number) in counts.into_iter().filter(|(_, number)| *number != 0) {
        by_number.entry(number).or_default().push(outfit);
    }
    let mut writes = Vec::new();
    if !firsts.is_empty() {
        writes.push(Entity::insert_many(firsts).build(backend));
    }
    writes.extend(turns);
    let added = |(number, outfits): (i64, Vec<i64>)| added(&outfits, number).build(backend);
    writes.extend(by_number.into_iter().map(added));
    if !events.is_empty() {
        writes.push(event::Entity::insert_many(events).build(backend));
        write_all(transaction, writes).await?;
    }
    Ok(outcomes)
}

/// Holds the outfits, in the order of their ids, and then reads the hearts on them: what others
/// committed while one waited is seen.
async fn states(
    transaction: &Transaction,
    wishes: &[(OutfitEvent, bool)],
) -> Result<HashMap<(i64, i64), (bool, Option<bool>)>, RepositoryError> {
    let mut outfits: Vec<i64> = wishes.iter().map(|(event, _)| event.outfit.get()).collect();
    outfits.sort_unstable();
    outfits.dedup();
    let hidden: Vec<(i64, bool)> = outfit::Entity::find()
        .select_only()
        .columns([outfit::Column::Id, outfit::Column::Hidden])
        .filter(outfit::Column::Id.is_in(outfits))
        .order_by_asc(outfit::Column::Id)
        .lock_exclusive()
        .into_tuple()
        .all(transaction)
        .await
        .map_err(translate)?;
    let hidden: HashMap<i64, bool> = hidden.into_iter().collect();
    let pairs = || wishes.iter().map(|(e, _)| (e.person.get(), e.outfit.get()));
    let any = pairs().fold(Condition::any(), |any, (person, outfit)| {
        let one = Column::PersonId.eq(person);
        any.add(one.and(Column::OutfitId.eq(outfit)))
    });
    let hearts: Vec<(i64, i64, bool)> = Entity::find()
        .select_only()
        .columns([Column::PersonId, Column::OutfitId, Column::IsDeleted])
        .filter(any)
        .into_tuple()
        .all(transaction)
        .await
        .map_err(translate)?;
    let mut states: HashMap<_, _> = pairs()
        .filter_map(|pair| Some((pair, (*hidden.get(&pair.1)?, None))))
        .collect();
    for (person, outfit, is_deleted) in hearts {
        if let Some((_, heart)) = states.get_mut(&(person, outfit)) {
            *heart = Some(is_deleted);
        }
    }
    Ok(states)
}

/// Holds an outfit, and reads the person's heart on it.
///
/// One statement does on SQLite, where nobody else writes, and on MySQL, where a locking read sees
/// what is committed. PostgreSQL would see the heart as it was before the wait for the outfit.
async fn state(
    transaction: &Transaction,
    person: i64,
    outfit: i64,
) -> Result<State, RepositoryError> {
    let held = outfit::Entity::find_by_id(outfit)
        .select_only()
        .column(outfit::Column::Hidden)
        .lock_exclusive();
    let theirs = Column::PersonId.eq(person);
    if transaction.get_database_backend() != DbBackend::Postgres {
        let mine = Relation::Outfit.def().rev();
        let mine = mine.on_condition(move |_, _| theirs.clone().into_condition());
        return held
            .column(Column::IsDeleted)
            .join(JoinType::LeftJoin, mine)
            .into_tuple()
            .one(transaction)
            .await
            .map_err(translate);
    }
    let hidden: Option<bool> = held
        .into_tuple()
        .one(transaction)
        .await
        .map_err(translate)?;
    let Some(hidden) = hidden else {
        return Ok(None);
    };
    let deleted = Entity::find()
        .select_only()
        .column(Column::IsDeleted)
        .filter(theirs)
        .filter(Column::OutfitId.eq(outfit))
        .into_tuple()
        .one(transaction)
        .await
        .map_err(translate)?;
    Ok(Some((hidden, deleted)))
}

/// A person's first heart on an outfit.
fn first(event: &OutfitEvent) -> ActiveModel {
    let at = to_micros(event.at);
    ActiveModel {
        person_id: Set(event.person.get()),
        outfit_id: Set(event.outfit.get()),
        hearted_at: Set(at),
        is_deleted: Set(false),
        changed_at: Set(at),
    }
}

/// Brings a heart that is stored to the other state.
fn turned(event: &OutfitEvent, wanted: bool, backend: DbBackend) -> Statement {
    let at = to_micros(event.at);
    let mut update = Entity::update_many()
        .filter(Column::PersonId.eq(event.person.get()))
        .filter(Column::OutfitId.eq(event.outfit.get()))
        .col_expr(Column::IsDeleted, Expr::value(!wanted))
        .col_expr(Column::ChangedAt, Expr::value(at));
    if wanted {
        update = update.col_expr(Column::HeartedAt, Expr::value(at));
    }
    update.build(backend)
}
