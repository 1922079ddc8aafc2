//! Outfits, people and what they did: the demonstration at any size, written faster than by the
//! program. Its people are guests whose secrets we know.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use demo::{Demo, DemoOutfit, Sizes};
use domain::outfit::{
    Action, Age, Gender, LabelId, LabelKind, LabelName, Link, OutfitDraft, OutfitId,
    OutfitRepository,
};
use domain::user::{GuestIdHash, PersonId};
use domain::{Clock, IdGenerator, SystemClock, ValueError};
use repository::outfit::SeaOutfits;
use repository::{Database, Engine};
use sea_orm::{ConnectionTrait, TransactionTrait};

use crate::Outcome;

/// The same data each time.
const SEED: u64 = 3;
/// Outfits stored at a time.
const OUTFITS: usize = 500;
/// Rows a statement.
const ROWS: usize = 2_000;
/// Hearts of each person.
const HEARTS: u32 = 10;
/// Of the views that the demonstration has, one in so many is written down.
const VIEWS: usize = 3;
/// The program's own id generator is node 0.
const NODE: u16 = 7;
/// So long ago the ids were made: a start looks back on the log of the last minute.
const AGO: TimeDelta = TimeDelta::hours(2);

/// The clock that ids are made by.
struct Earlier;

impl Clock for Earlier {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() - AGO
    }
}

/// What was loaded.
pub struct Loaded {
    /// The secrets of the people.
    pub people: Vec<String>,
    /// The outfits.
    pub outfits: Vec<OutfitId>,
    /// By person, the outfits they heart.
    pub hearted: Vec<HashSet<OutfitId>>,
    /// How many events the log has.
    pub events: u64,
}

/// Loads so many outfits, people with ten hearts each, and views, into an empty, migrated database.
///
/// # Errors
/// Where the database refuses.
pub async fn load(database: &Database, outfits: u32, people: u32) -> Outcome<Loaded> {
    let now = SystemClock.now();
    let sizes = Sizes {
        outfits,
        people,
        hearts: people * HEARTS,
    };
    let demo = Demo::generate(&sizes, SEED, now.timestamp_micros());
    let ids = IdGenerator::new(NODE, Arc::new(Earlier));
    let outfits = save(database, &demo.outfits, &ids, now).await?;
    let people: Vec<(PersonId, String)> = (0..people)
        .map(|number| {
            let id: PersonId = ids.next();
            // As long as a real one, and as unlikely to be met elsewhere.
            (id, format!("g_bench{number:08}{:019}", id.get()))
        })
        .collect();
    let until = (now + TimeDelta::days(90)).timestamp_micros();
    let micros = now.timestamp_micros();
    let guests = people.iter().map(|(id, secret)| {
        let hash = GuestIdHash::of(secret);
        format!("({id},'{}',{micros},{until},NULL)", hash.as_str())
    });
    let columns = "guests (id,hash,created_at,expires_at,merged_into)";
    insert(database, columns, guests).await?;

    let person = |number: u32| people[number as usize - 1].0;
    let outfit = |number: u32| outfits[number as usize - 1];
    let mut hearted = vec![HashSet::new(); people.len()];
    for heart in &demo.hearts {
        hearted[heart.person as usize - 1].insert(outfit(heart.outfit));
    }
    let rows = demo.hearts.iter().map(|heart| {
        let (person, outfit, at) = (person(heart.person), outfit(heart.outfit), heart.at);
        format!("({person},{outfit},{at},FALSE,{at})")
    });
    let columns = "hearts (person_id,outfit_id,hearted_at,is_deleted,changed_at)";
    insert(database, columns, rows).await?;

    let mut events: Vec<(i64, u32, u32, Action)> = demo
        .views()
        .step_by(VIEWS)
        .map(|view| (view.at, view.person, view.outfit, Action::View))
        .collect();
    let hearts = demo.hearts.iter();
    events.extend(hearts.map(|heart| (heart.at, heart.person, heart.outfit, Action::Heart)));
    events.sort_by_key(|event| event.0);
    let rows = events.iter().map(|&(at, by, what, action)| {
        let (id, action) = (ids.next::<i64>(), action.number());
        format!(
            "({id},{},{},{action},NULL,NULL,NULL,NULL,0,{at})",
            person(by),
            outfit(what)
        )
    });
    let columns = "outfit_events (id,person_id,outfit_id,action,subject,feed_id,position,propensity,bucket,at)";
    insert(database, columns, rows).await?;
    settle(database).await?;
    Ok(Loaded {
        people: people.into_iter().map(|(_, secret)| secret).collect(),
        outfits,
        hearted,
        events: events.len() as u64,
    })
}

/// Stores outfits in the program's own way.
async fn save(
    database: &Database,
    outfits: &[DemoOutfit],
    ids: &IdGenerator,
    now: DateTime<Utc>,
) -> Outcome<Vec<OutfitId>> {
    let repository = SeaOutfits::new(database.clone());
    let mut saved = Vec::with_capacity(outfits.len());
    for batch in outfits.chunks(OUTFITS) {
        let drafts: Vec<(OutfitId, OutfitDraft)> = batch
            .iter()
            .map(|outfit| Ok((ids.next(), draft(outfit)?)))
            .collect::<Result<_, ValueError>>()?;
        let labels = drafts.iter().map(|(_, draft)| draft.labels.len()).sum();
        let labels: Vec<LabelId> = (0..labels).map(|_| ids.next()).collect();
        repository.save(&drafts, &labels, now).await?;
        saved.extend(drafts.into_iter().map(|(id, _)| id));
    }
    Ok(saved)
}

/// An outfit as `ensemble seed` stores it.
fn draft(outfit: &DemoOutfit) -> Result<OutfitDraft, ValueError> {
    let day = u64::try_from(outfit.day).unwrap_or_default();
    let gender = outfit.gender.map(|gender| Gender::parse(gender.code()));
    let mut draft = OutfitDraft {
        img_url: Link::parse(&format!("/media/demo/{:06}.svg", outfit.number))?,
        gender: gender.transpose()?,
        age: outfit.age.map(|age| Age::parse(age.into())).transpose()?,
        origin_url: Some(Link::parse(&outfit.origin_url())?),
        date: NaiveDate::default().checked_add_days(Days::new(day)),
        labels: Vec::new(),
    };
    let tags = outfit.tags.iter().copied().map(demo::Tag::name);
    let brands = outfit.brands.iter().copied().map(demo::Brand::name);
    for (kind, texts) in [
        (LabelKind::Tag, tags.collect()),
        (LabelKind::Brand, brands.collect()),
        (LabelKind::Style, vec![outfit.style]),
        (LabelKind::Season, vec![outfit.season.name()]),
        (LabelKind::Region, vec![outfit.region]),
        (LabelKind::Occupation, vec![outfit.occupation]),
        (LabelKind::Reporter, vec![outfit.reporter]),
    ] {
        let names = texts.into_iter().map(LabelName::parse);
        draft.set(kind, names.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(draft)
}

/// Inserts rows, `ROWS` a statement, all in one transaction.
async fn insert(
    database: &Database,
    columns: &str,
    mut rows: impl Iterator<Item = String>,
) -> Outcome<()> {
    let transaction = database.write().begin().await?;
    loop {
        let values: Vec<String> = rows.by_ref().take(ROWS).collect();
        if values.is_empty() {
            return Ok(transaction.commit().await?);
        }
        let sql = format!("INSERT INTO {columns} VALUES {}", values.join(","));
        transaction.execute_unprepared(&sql).await?;
    }
}

/// Makes counts agree, and does what each engine does by itself sooner or later.
async fn settle(database: &Database) -> Outcome<()> {
    let writer = database.write();
    let counts = "UPDATE outfits SET hearts = \
                  (SELECT count(*) FROM hearts WHERE hearts.outfit_id = outfits.id)";
    writer.execute_unprepared(counts).await?;
    let tables = ["outfits", "hearts", "guests", "outfit_events"];
    match database.engine() {
        Engine::Sqlite => {
            let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
            writer.execute_unprepared(sql).await?;
        }
        Engine::Postgres => {
            for table in tables {
                let sql = format!("VACUUM (ANALYZE) {table}");
                writer.execute_unprepared(&sql).await?;
            }
        }
        Engine::MySql => {
            let sql = format!("ANALYZE TABLE {}", tables.join(","));
            writer.execute_unprepared(&sql).await?;
        }
    }
    Ok(())
}

/// Removes everything that [`load`] wrote, so that a database that was given can be used again.
///
/// # Errors
/// Where the database refuses.
pub async fn clear(database: &Database) -> Outcome<()> {
    for table in [
        "outfit_events",
        "hearts",
        "outfit_labels",
        "outfits",
        "guests",
    ] {
        let sql = format!("DELETE FROM {table}");
        database.write().execute_unprepared(&sql).await?;
    }
    Ok(())
}
