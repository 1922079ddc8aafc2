//! What is written of labels, outfits and people, and how it is read again: every `write` has its `read` beside it, in
//! the same order.

use std::{
    io,
    sync::{Arc, atomic::Ordering::Relaxed},
};

use super::{
    SnapshotError,
    wire::{Reader, Writer},
};
use crate::{
    Gender, LabelKey, OutfitKey, PersonKey,
    engine::Engine,
    store::{
        Decay, Dislikes, Facts, Generation, Kind, Mark, Outfit, Person, Seen, SeenFilter,
        Shortlist, Signature, Taste,
    },
};

type Read<T> = Result<T, SnapshotError>;

impl Engine {
    pub(super) fn write_content(&self, to: &mut Writer<'_>) -> io::Result<()> {
        to.u64(self.position.load(Relaxed))?;
        to.i64(self.latest.load(Relaxed))?;
        to.u64(self.hearts.load(Relaxed))?;
        to.u64(self.views.load(Relaxed))?;
        to.i64(self.decay.epoch())?;
        to.list(&self.newest.to_vec())?;
        to.list(&self.popular.to_vec())?;
        to.len(self.labels.len())?;
        for (_, label) in self.labels.iter() {
            to.u8(label.kind() as u8)?;
            to.u64(label.key().0)?;
            to.u32(label.outfits.load(Relaxed))?;
            to.u32(label.hearts.load(Relaxed))?;
            to.u32(label.views.load(Relaxed))?;
            to.list(&label.list.to_vec())?;
        }
        to.len(self.outfits.len())?;
        self.outfits
            .iter()
            .try_for_each(|(slot, outfit)| write_outfit(to, outfit, self.mass(slot)))?;
        for shard in self.persons.shards() {
            let shard = shard.read();
            to.len(shard.len())?;
            for (key, person) in shard.iter() {
                to.u64(key.0)?;
                write_person(to, person)?;
            }
        }
        Ok(())
    }

    pub(super) fn read_content(from: &mut Reader<'_>) -> Read<Self> {
        let mut engine = Self::new();
        engine.position = from.u64()?.into();
        engine.latest = from.i64()?.into();
        engine.hearts = from.u64()?.into();
        engine.views = from.u64()?.into();
        engine.decay = Decay::with_epoch(from.i64()?);
        engine.newest = Shortlist::with(from.list()?);
        engine.popular = Shortlist::with(from.list()?);
        for _ in 0..from.len()? {
            let kind = Kind::from_byte(from.u8()?).ok_or(SnapshotError::Corrupt)?;
            let slot = engine.labels.find_or_add(kind, LabelKey(from.u64()?));
            let label = slot
                .and_then(|slot| engine.labels.get(slot))
                .ok_or(SnapshotError::Corrupt)?;
            label.outfits.store(from.u32()?, Relaxed);
            label.hearts.store(from.u32()?, Relaxed);
            label.views.store(from.u32()?, Relaxed);
            label.list.replace(from.list()?);
        }
        for _ in 0..from.len()? {
            let slot = engine.find_or_add(OutfitKey(from.u64()?));
            let slot = slot.ok_or(SnapshotError::Corrupt)?;
            engine.read_outfit(from, slot)?;
        }
        for _ in engine.persons.shards() {
            for _ in 0..from.len()? {
                let key = PersonKey(from.u64()?);
                engine.persons.insert(key, Box::new(read_person(from)?));
            }
        }
        Ok(engine)
    }

    fn read_outfit(&self, from: &mut Reader<'_>, slot: u32) -> Read<()> {
        let outfit = self.outfits.get(slot).ok_or(SnapshotError::Corrupt)?;
        let flags = from.u8()?;
        outfit.created_at.store(from.i64()?, Relaxed);
        outfit.hearts.store(from.u32()?, Relaxed);
        outfit.views.store(from.u32()?, Relaxed);
        let mass = from.f32()?;
        if let Some(stored) = self.masses.get(slot) {
            stored.set(mass);
        }
        outfit.trend.store(from.u64()?, Relaxed);
        if flags & TOLD != 0 {
            let age = Some(from.u8()?).filter(|_| flags & AGED != 0);
            let labels = from.list()?;
            let of = |wanted: Kind| {
                labels.iter().copied().find(|&slot| {
                    self.labels
                        .get(slot)
                        .is_some_and(|label| label.kind() == wanted)
                })
            };
            let gender = match flags & (FEMALE | MALE) {
                FEMALE => Some(Gender::Female),
                MALE => Some(Gender::Male),
                _ => None,
            };
            outfit.describe(
                gender,
                of(Kind::Season),
                of(Kind::Style),
                flags & VISIBLE != 0,
            );
            outfit.facts.store(Some(Arc::new(self.facts(labels, age))));
        }
        for _ in 0..from.len()? {
            let (neighbour, weight) = (from.u32()?, from.f32()?);
            outfit.row.add(neighbour, weight);
        }
        Ok(())
    }

    /// What follows from the labels of an outfit.
    pub(in crate::engine) fn facts(&self, labels: Vec<u32>, age: Option<u8>) -> Facts {
        let kind = |slot: u32| self.labels.get(slot).map(|label| label.kind());
        let mut signature = Signature::default();
        labels
            .iter()
            .filter(|&&slot| kind(slot).is_some_and(Kind::is_taste))
            .for_each(|&slot| signature.insert(slot));
        let capped = labels
            .iter()
            .copied()
            .filter(|&slot| matches!(kind(slot), Some(Kind::Brand | Kind::Reporter)))
            .collect();
        let tasted = labels
            .iter()
            .take_while(|&&slot| kind(slot).is_some_and(Kind::is_taste));
        Facts {
            tasted: tasted.count(),
            labels: labels.into(),
            capped,
            signature,
            age,
        }
    }
}

const TOLD: u8 = 1;
const VISIBLE: u8 = 2;
const FEMALE: u8 = 4;
const MALE: u8 = 8;
const AGED: u8 = 16;

fn write_outfit(to: &mut Writer<'_>, outfit: &Outfit, mass: f32) -> io::Result<()> {
    let facts = outfit.facts.load();
    let age = facts.as_ref().and_then(|facts| facts.age);
    let gender = match outfit.gender() {
        None => 0,
        Some(Gender::Female) => FEMALE,
        Some(Gender::Male) => MALE,
    };
    let flag = |holds: bool, flag: u8| if holds { flag } else { 0 };
    to.u64(outfit.key.load(Relaxed))?;
    to.u8(flag(outfit.is_told(), TOLD)
        | flag(outfit.is_visible(), VISIBLE)
        | flag(age.is_some(), AGED)
        | gender)?;
    to.i64(outfit.created_at.load(Relaxed))?;
    to.u32(outfit.hearts.load(Relaxed))?;
    to.u32(outfit.views.load(Relaxed))?;
    to.f32(mass)?;
    to.u64(outfit.trend.load(Relaxed))?;
    if outfit.is_told() {
        to.u8(age.unwrap_or_default())?;
        to.list(facts.as_ref().map_or(&[][..], |facts| &facts.labels))?;
    }
    to.len(outfit.row.iter().count())?;
    outfit.row.iter().try_for_each(|(neighbour, weight)| {
        to.u32(neighbour)?;
        to.f32(weight)
    })
}

fn write_person(to: &mut Writer<'_>, person: &Person) -> io::Result<()> {
    to.len(person.marks.len())?;
    for mark in &person.marks {
        to.u32(mark.outfit)?;
        to.u8(mark.kinds)?;
        to.i64(mark.at)?;
    }
    to.i64(person.tastes_at)?;
    to.len(person.tastes.len())?;
    for taste in &person.tastes {
        to.u32(taste.label)?;
        to.f32(taste.liked)?;
        to.f32(taste.passed)?;
    }
    let nothing = Dislikes::default();
    let dislikes = person.dislikes.as_deref().unwrap_or(&nothing);
    to.list(&dislikes.outfits)?;
    to.list(&dislikes.labels)?;
    let generations = person
        .seen
        .as_deref()
        .map(|seen| [Some(&seen.younger), seen.older.as_ref()]);
    for generation in generations.into_iter().flatten().flatten() {
        write_generation(to, generation)?;
    }
    to.u8(NO_MORE)
}

fn read_person(from: &mut Reader<'_>) -> Read<Person> {
    let mark = |from: &mut Reader<'_>| {
        Ok(Mark {
            outfit: from.u32()?,
            kinds: from.u8()?,
            at: from.i64()?,
        })
    };
    let taste = |from: &mut Reader<'_>| {
        Ok(Taste {
            label: from.u32()?,
            liked: from.f32()?,
            passed: from.f32()?,
        })
    };
    let marks = (0..from.len()?).map(|_| mark(from)).collect::<Read<_>>()?;
    let tastes_at = from.i64()?;
    let tastes = (0..from.len()?).map(|_| taste(from)).collect::<Read<_>>()?;
    let dislikes = Dislikes {
        outfits: from.list()?,
        labels: from.list()?,
    };
    let dislikes = (dislikes != Dislikes::default()).then(|| Box::new(dislikes));
    let mut seen: Option<Box<Seen>> = None;
    while let Some(generation) = read_generation(from)? {
        match &mut seen {
            None => {
                seen = Some(Box::new(Seen {
                    younger: generation,
                    older: None,
                }))
            }
            Some(seen) => seen.older = Some(generation),
        }
    }
    Ok(Person {
        marks,
        tastes,
        tastes_at,
        dislikes,
        seen,
        version: 0,
    })
}

const NO_MORE: u8 = 0;
const EXACT: u8 = 1;
const BLOOM: u8 = 2;

fn write_generation(to: &mut Writer<'_>, generation: &Generation) -> io::Result<()> {
    match &generation.filter {
        SeenFilter::Exact(ids) => {
            to.u8(EXACT)?;
            to.list(ids)?;
        }
        SeenFilter::Bloom(words) => {
            to.u8(BLOOM)?;
            words.iter().try_for_each(|&word| to.u64(word))?;
        }
    }
    to.u32(generation.count)?;
    to.i64(generation.first)?;
    to.i64(generation.last)
}

fn read_generation(from: &mut Reader<'_>) -> Read<Option<Generation>> {
    let filter = match from.u8()? {
        NO_MORE => return Ok(None),
        EXACT => SeenFilter::Exact(from.list()?),
        BLOOM => SeenFilter::Bloom(
            (0..SeenFilter::WORDS)
                .map(|_| from.u64())
                .collect::<Read<_>>()?,
        ),
        _ => return Err(SnapshotError::Corrupt),
    };
    Ok(Some(Generation {
        filter,
        count: from.u32()?,
        first: from.i64()?,
        last: from.i64()?,
    }))
}
