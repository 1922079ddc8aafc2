//! Filling an empty database with the demonstration, so that the first feed is not empty.

use std::collections::HashMap;
use std::error::Error;

use chrono::{DateTime, Days, NaiveDate, Utc};
use controller::demo::{SEED, picture};
use demo::{Demo, DemoHeart, DemoOutfit, DemoView, Sizes};
use domain::outfit::{
    Action, Age, EventId, Gender, LabelKind, LabelName, Link, OutfitDraft, OutfitEvent, OutfitId,
    Place,
};
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{Name, NewUser, PersonId, User, UserId, Username};
use domain::{IdGenerator, ValueError};
use tracing::info;

use crate::wiring::Core;

type Failure = Box<dyn Error + Send + Sync>;

/// Outfits stored at a time.
const OUTFITS: usize = 200;
/// Hearts of a transaction.
const HEARTS: usize = 1_000;
/// Views of a statement.
const VIEWS: usize = 2_000;

/// Why nothing was filled.
#[derive(Debug, thiserror::Error)]
#[error("the catalogue holds outfits already: the demonstration goes into an empty database only")]
pub(crate) struct NotEmpty;

/// Fills the database. The same outfits, people and hearts each time, ending now.
///
/// # Errors
/// [`NotEmpty`], and where storage fails.
pub(crate) async fn fill(core: &Core) -> Result<(), Failure> {
    if !core.outfits.after(None, 1).await?.is_empty() {
        return Err(NotEmpty.into());
    }
    let until = core.clock.now();
    let demo = Demo::generate(&Sizes::default(), SEED, until.timestamp_micros());
    let outfits = put_outfits(core, &demo.outfits).await?;
    let people = put_people(core, demo.people.len(), until).await?;
    let happened = Happened {
        units: core.units.as_ref(),
        ids: &core.ids,
        outfits,
        people,
    };
    happened.write(&demo).await?;
    info!(
        outfits = demo.outfits.len(),
        people = demo.people.len(),
        hearts = demo.hearts.len(),
        "filled with the demonstration"
    );
    Ok(())
}

fn draft(outfit: &DemoOutfit) -> Result<OutfitDraft, ValueError> {
    let day = u64::try_from(outfit.day).unwrap_or_default();
    let date = NaiveDate::default().checked_add_days(Days::new(day));
    let mut draft = OutfitDraft {
        img_url: Link::parse(&picture(outfit))?,
        gender: outfit
            .gender
            .map(|gender| Gender::parse(gender.code()))
            .transpose()?,
        age: outfit.age.map(|age| Age::parse(age.into())).transpose()?,
        origin_url: Some(Link::parse(&outfit.origin_url())?),
        date,
        labels: Vec::new(),
    };
    let names = |texts: Vec<&str>| {
        texts
            .into_iter()
            .map(LabelName::parse)
            .collect::<Result<Vec<_>, _>>()
    };
    for (kind, texts) in [
        (
            LabelKind::Tag,
            outfit.tags.iter().copied().map(demo::Tag::name).collect(),
        ),
        (
            LabelKind::Brand,
            outfit
                .brands
                .iter()
                .copied()
                .map(demo::Brand::name)
                .collect(),
        ),
        (LabelKind::Style, vec![outfit.style]),
        (LabelKind::Season, vec![outfit.season.name()]),
        (LabelKind::Region, vec![outfit.region]),
        (LabelKind::Occupation, vec![outfit.occupation]),
        (LabelKind::Reporter, vec![outfit.reporter]),
    ] {
        draft.set(kind, names(texts)?);
    }
    Ok(draft)
}

async fn put_outfits(
    core: &Core,
    outfits: &[DemoOutfit],
) -> Result<HashMap<u32, OutfitId>, Failure> {
    let mut ids = HashMap::with_capacity(outfits.len());
    for batch in outfits.chunks(OUTFITS) {
        let drafts: Result<Vec<_>, ValueError> = batch
            .iter()
            .map(|outfit| Ok((None, draft(outfit)?)))
            .collect();
        let saved = core.services.outfits.save(drafts?).await?;
        ids.extend(
            batch
                .iter()
                .zip(&saved)
                .map(|(demo, saved)| (demo.number, saved.id)),
        );
    }
    Ok(ids)
}

/// Members without a password: nobody can sign in as one of them.
async fn put_people(
    core: &Core,
    count: usize,
    now: DateTime<Utc>,
) -> Result<Vec<PersonId>, Failure> {
    let unit = core.units.begin().await?;
    let mut people = Vec::with_capacity(count);
    for number in 1..=count {
        let id: UserId = core.ids.next();
        let name = format!("demo{number:03}");
        let user = User {
            username: Some(Username::parse(&name)?),
            ..User::new(id, Name::parse(&name)?, now)
        };
        let new = NewUser {
            user,
            password_hash: None,
        };
        unit.users().insert(&new).await?;
        people.push(id.into());
    }
    unit.commit().await?;
    Ok(people)
}

/// What the people of the demonstration did.
struct Happened<'a> {
    units: &'a dyn UnitOfWorkFactory,
    ids: &'a IdGenerator,
    outfits: HashMap<u32, OutfitId>,
    people: Vec<PersonId>,
}

impl Happened<'_> {
    /// Writes it down in the order in which it happened, as nearly as transactions allow.
    async fn write(&self, demo: &Demo) -> Result<(), Failure> {
        let mut views = demo.views().peekable();
        for hearts in demo.hearts.chunks(HEARTS) {
            let until = hearts.last().map_or(i64::MAX, |heart| heart.at);
            let unit = self.units.begin().await?;
            let mut seen = Vec::with_capacity(VIEWS);
            while let Some(view) = views.next_if(|view| view.at <= until) {
                seen.extend(self.view(&view));
                if seen.len() == VIEWS {
                    unit.outfit_events().append(&seen).await?;
                    seen.clear();
                }
            }
            unit.outfit_events().append(&seen).await?;
            for heart in hearts {
                if let Some(event) = self.heart(heart) {
                    unit.hearts().set(&event, true).await?;
                }
            }
            unit.commit().await?;
        }
        Ok(())
    }

    fn view(&self, view: &DemoView) -> Option<OutfitEvent> {
        self.event(view.person, view.outfit, Action::View, view.at)
    }

    fn heart(&self, heart: &DemoHeart) -> Option<OutfitEvent> {
        self.event(heart.person, heart.outfit, Action::Heart, heart.at)
    }

    fn event(&self, person: u32, outfit: u32, action: Action, at: i64) -> Option<OutfitEvent> {
        let person = usize::try_from(person).ok()?.checked_sub(1)?;
        let id: EventId = self.ids.next();
        Some(OutfitEvent {
            id,
            person: *self.people.get(person)?,
            outfit: *self.outfits.get(&outfit)?,
            action,
            place: Place::default(),
            bucket: 0,
            at: DateTime::from_timestamp_micros(at)?,
        })
    }
}
