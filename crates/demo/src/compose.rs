//! Dresses outfits: chooses pieces that go together, and the rest of what is said of them.

use crate::brand::Brand;
use crate::calendar::{self, DAY};
use crate::cluster::Cluster;
use crate::garment::{Bottom, Dress, Fit, Hat, Neck, Shoes, Top};
use crate::names::{OCCUPATIONS, REGIONS, REPORTERS};
use crate::outfit::{DemoOutfit, Gender, Season};
use crate::palette::VARIANTS;
use crate::random::{Random, mix};
use crate::tag::{Meaning, Tag};

/// How far back the first outfit lies.
const SPAN: i64 = 730 * DAY;

/// Makes the outfits of a seed, in the order in which they came in.
pub(crate) fn outfits(count: u32, seed: u64, until: i64) -> Vec<DemoOutfit> {
    let tags: Vec<Tag> = Tag::all().collect();
    (1..=count)
        .map(|number| outfit(number, count, seed, until, &tags))
        .collect()
}

fn outfit(number: u32, count: u32, seed: u64, until: i64, tags: &[Tag]) -> DemoOutfit {
    let mut chance = Random::new(seed, 0x0F_0000_0000 + u64::from(number));
    // Evenly spread, each somewhere within its own share of the time, so that order holds.
    let share = SPAN / i64::from(count);
    let created_at = until - SPAN + share * i64::from(number - 1) + chance.between(0, share / 2);
    // Photographed up to nine days before; the season is the one of that day.
    let day = i32::try_from(created_at.div_euclid(DAY) - chance.between(0, 9)).unwrap_or_default();
    let season = Season::of_month(calendar::civil(day).1);
    // A permutation of the styles for each dozen, so that each has its share at any size.
    let turn = mix(seed ^ u64::from((number - 1) / 12)) as u32;
    let cluster = Cluster::ALL[((number - 1) * 5 + turn % 12) as usize % Cluster::COUNT];
    let gender = match chance.below(100) {
        0..=52 => Some(Gender::F),
        53..=90 => Some(Gender::M),
        _ => None,
    };
    let look = chance.next();
    let wearer = gender.unwrap_or(DemoOutfit::anybody(look));
    let mut picker = Picker {
        tags,
        place: (cluster, season, wearer),
        chosen: vec![],
        chance: &mut chance,
    };
    picker.style();
    picker.pieces();
    picker.words();
    let tags = picker.chosen;
    DemoOutfit {
        number,
        cluster,
        gender,
        age: chance
            .percent(86)
            .then(|| (17 + chance.below(12) + chance.below(12) + chance.below(11)) as u8),
        reporter: REPORTERS[early(&mut chance, REPORTERS.len())],
        brands: brands(&mut chance, cluster),
        region: REGIONS[early(&mut chance, REGIONS.len())],
        occupation: OCCUPATIONS[early(&mut chance, OCCUPATIONS.len())],
        style: cluster.name(),
        season,
        day,
        created_at,
        palette: chance.below(u64::from(VARIANTS)) as u8,
        look,
        tags,
    }
}

/// An index that is likelier the smaller it is.
fn early(chance: &mut Random, length: usize) -> usize {
    chance.index(length).min(chance.index(length))
}

/// One to three brands, nearly always of the style.
fn brands(chance: &mut Random, cluster: Cluster) -> Vec<Brand> {
    let mut brands = vec![];
    for _ in 0..=chance.below(3) {
        let from = if chance.percent(88) {
            cluster
        } else {
            cluster.neighbours()[chance.index(3)]
        };
        let of_style: Vec<Brand> = Brand::of(from).collect();
        if let Some(brand) = chance.pick(&of_style)
            && !brands.contains(&brand)
        {
            brands.push(brand);
        }
    }
    brands
}

/// Chooses tags one after another, each in view of those before.
struct Picker<'a> {
    tags: &'a [Tag],
    place: (Cluster, Season, Gender),
    chosen: Vec<Tag>,
    chance: &'a mut Random,
}

impl Picker<'_> {
    /// Adds a fitting tag that `wanted` accepts, `percent` times in a hundred.
    fn add(&mut self, percent: u64, wanted: impl Fn(Meaning) -> bool) -> Option<Meaning> {
        if !self.chance.percent(percent) {
            return None;
        }
        let (cluster, season, wearer) = self.place;
        let fitting: Vec<Tag> = self
            .tags
            .iter()
            .filter(|tag| wanted(tag.meaning()) && tag.suits(cluster, season, wearer))
            .filter(|tag| !self.chosen.contains(tag))
            .copied()
            .collect();
        let tag = self.chance.pick(&fitting)?;
        self.chosen.push(tag);
        Some(tag.meaning())
    }

    fn style(&mut self) {
        self.add(100, |it| matches!(it, Meaning::Style));
    }

    /// What is worn and carried.
    fn pieces(&mut self) {
        let (cluster, season, wearer) = self.place;
        let dresses = match (cluster, wearer) {
            (Cluster::Romantic | Cluster::Resort, Gender::F) => 42,
            (Cluster::Hanbok, Gender::F) => 24,
            (Cluster::Street | Cluster::Workwear, _) => 9,
            (_, Gender::F) => 20,
            (_, Gender::M) => 0,
        };
        let dress = self.add(dresses, |it| matches!(it, Meaning::Dress(..)));
        let mut bottom = None;
        let mut top = None;
        if dress.is_none() {
            top = self.add(100, |it| matches!(it, Meaning::Top(..)));
            bottom = self.add(100, |it| matches!(it, Meaning::Bottom(..)));
        }
        let overall = matches!(bottom, Some(Meaning::Bottom(Bottom::Overall, _)));
        let outer = match season {
            Season::Winter => 100,
            Season::Spring | Season::Fall => 62,
            Season::Summer => 12,
        };
        // A hood under a hood, or a bib under a zip, is more than a drawing can bear.
        let hooded = matches!(top, Some(Meaning::Top(Top::Hoodie, _)));
        self.add(if overall && season != Season::Winter { 0 } else { outer }, |it| {
            matches!(it, Meaning::Outer(kind, _) if !hooded || kind != crate::garment::Outer::ZipHoodie)
        });
        // Wide hems and tall shafts would fight each other.
        let trousers = dress.is_none() && !shows_legs(bottom)
            || matches!(dress, Some(Meaning::Dress(Dress::Jumpsuit, _)));
        let shoes = self.add(100, |it| {
            matches!(it, Meaning::Shoes(kind)
                if !trousers || !matches!(kind, Shoes::LongBoots | Shoes::FurBoots | Shoes::MaryJane))
        });
        let tall = matches!(
            shoes,
            Some(Meaning::Shoes(Shoes::LongBoots | Shoes::FurBoots))
        );
        if !trousers && !tall {
            let legs = if season == Season::Winter { 85 } else { 34 };
            self.add(legs, |it| matches!(it, Meaning::Legs(_)));
        }
        self.add(58, |it| matches!(it, Meaning::Bag(_)));
        let hats = match cluster {
            Cluster::Street | Cluster::Gorpcore | Cluster::Resort => 46,
            Cluster::Formal | Cluster::Minimal => 8,
            _ => 26,
        };
        let hat = self.add(hats, |it| matches!(it, Meaning::Hat(_)));
        let shaded = matches!(hat, Some(Meaning::Hat(Hat::Raffia)));
        self.add(if shaded { 8 } else { 17 }, |it| {
            matches!(it, Meaning::Eyes(_))
        });
        // A tie wants a collar, and nothing else lies well on a high or hooded neck.
        let collared = matches!(top, Some(Meaning::Top(Top::Shirt | Top::KnitVest, _)));
        let crowded = matches!(
            top,
            Some(Meaning::Top(
                Top::Turtleneck | Top::Hoodie | Top::HalfZip | Top::BowBlouse,
                _
            ))
        );
        let share = if season == Season::Winter { 46 } else { 26 };
        self.add(if crowded { share / 3 } else { share }, |it| match it {
            Meaning::Neck(Neck::Tie) => collared,
            Meaning::Neck(Neck::Muffler | Neck::Norigae) => true,
            Meaning::Neck(_) => !crowded,
            _ => false,
        });
    }

    /// Cut, tone, print and mood.
    fn words(&mut self) {
        let has = |chosen: &[Tag], wanted: fn(Meaning) -> bool| {
            chosen.iter().any(|tag| wanted(tag.meaning()))
        };
        let dressed = has(&self.chosen, |it| matches!(it, Meaning::Dress(..)));
        let short = has(&self.chosen, |it| {
            matches!(
                it,
                Meaning::Top(
                    Top::Bustier | Top::Tube | Top::OffShoulder | Top::CropTee | Top::Jeogori,
                    _
                )
            )
        });
        self.add(44, |it| match it {
            Meaning::Fit(Fit::Tucked | Fit::Cropped) => !dressed && !short,
            Meaning::Fit(_) => !dressed,
            _ => false,
        });
        self.add(26, |it| matches!(it, Meaning::Tone(_)));
        // Only where there is plain cloth for it.
        let plain = has(&self.chosen, |it| {
            use crate::garment::Cloth::{Plain, Rib};
            matches!(
                it,
                Meaning::Top(_, Plain | Rib) | Meaning::Bottom(_, Plain) | Meaning::Dress(_, Plain)
            )
        });
        self.add(if plain { 30 } else { 0 }, |it| {
            matches!(it, Meaning::Print(_))
        });
        for percent in [100, 60, 22] {
            self.add(percent, |it| matches!(it, Meaning::Mood));
        }
    }
}

/// Whether legs show under a bottom.
fn shows_legs(bottom: Option<Meaning>) -> bool {
    matches!(
        bottom,
        Some(Meaning::Bottom(
            Bottom::Mini
                | Bottom::Tennis
                | Bottom::CargoSkirt
                | Bottom::Midi
                | Bottom::ALine
                | Bottom::Pencil
                | Bottom::Shorts
                | Bottom::Bermuda
                | Bottom::Biker
                | Bottom::Wrap,
            _
        ))
    )
}
