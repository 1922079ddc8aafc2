//! Reading interactions, and dividing them into what is learned and what is held out.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use flate2::read::GzDecoder;

use crate::models::Model;

/// Of each user, the last part that is held out: one in so many.
const HELD_OUT: usize = 5;
/// Between two hearts learned, in microseconds: all of a data set happens in a few days, since files that only know an
/// order do not tell how long it took.
const STEP: i64 = 1_000_000;
/// When the first is learned.
pub(crate) const START: i64 = 1_700_000_000_000_000;

/// What an item is, beside who hearted it.
#[derive(Clone, Default)]
pub(crate) struct Item {
    pub(crate) tags: Vec<u32>,
    pub(crate) brand: Option<u32>,
}

/// A data set, users and items numbered from 0.
pub(crate) struct Data {
    pub(crate) items: Vec<Item>,
    /// User and item, in the order of time.
    pub(crate) learned: Vec<(u32, u32)>,
    /// By user, in the order of time.
    pub(crate) test: Vec<HashSet<u32>>,
}

impl Data {
    pub(crate) fn read(interactions: &Path, items: Option<&Path>) -> io::Result<Self> {
        let (mut users, mut known) = (HashMap::new(), HashMap::new());
        let mut by_user: Vec<Vec<(i64, u32)>> = Vec::new();
        for line in lines(interactions)? {
            let line = line?;
            let mut fields = line.split('\t');
            let (Some(user), Some(item)) = (fields.next(), fields.next()) else {
                continue;
            };
            let Some(order) = fields.next().and_then(|order| order.parse::<f64>().ok()) else {
                continue;
            };
            let (user, item) = (number(&mut users, user), number(&mut known, item));
            by_user.resize_with(users.len(), Vec::new);
            by_user[user as usize].push((order as i64, item));
        }
        let mut described = vec![Item::default(); known.len()];
        let mut labels = HashMap::new();
        for line in items.map(lines).transpose()?.into_iter().flatten() {
            let line = line?;
            let mut fields = line.split('\t');
            let Some(&item) = fields.next().and_then(|item| known.get(item)) else {
                continue;
            };
            let brand = fields
                .next()
                .filter(|brand| !brand.is_empty())
                .map(|brand| number(&mut labels, brand));
            let tags = fields
                .next()
                .unwrap_or_default()
                .split('|')
                .filter(|tag| !tag.is_empty());
            described[item as usize] = Item {
                tags: tags.map(|tag| number(&mut labels, tag)).collect(),
                brand,
            };
        }
        Ok(Self::divide(by_user, described))
    }

    fn divide(by_user: Vec<Vec<(i64, u32)>>, items: Vec<Item>) -> Self {
        let (mut timed, mut test) = (Vec::new(), Vec::new());
        for (user, mut hearts) in (0..).zip(by_user) {
            hearts.sort_by_key(|&(order, _)| order);
            let held_out = if hearts.len() > 1 {
                (hearts.len() / HELD_OUT).max(1)
            } else {
                0
            };
            let (before, after) = hearts.split_at(hearts.len() - held_out);
            let learned: HashSet<u32> = before.iter().map(|&(_, item)| item).collect();
            test.push(
                after
                    .iter()
                    .map(|&(_, item)| item)
                    .filter(|item| !learned.contains(item))
                    .collect(),
            );
            timed.extend(before.iter().map(|&(order, item)| (order, user, item)));
        }
        timed.sort_by_key(|&(order, user, _)| (order, user));
        Self {
            items,
            learned: timed
                .into_iter()
                .map(|(_, user, item)| (user, item))
                .collect(),
            test,
        }
    }

    pub(crate) fn users(&self) -> usize {
        self.test.len()
    }

    pub(crate) fn items(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn held_out(&self) -> usize {
        self.test.iter().map(HashSet::len).sum()
    }

    /// Tells a model of all items and all that is not held out.
    pub(crate) fn teach(&self, model: &mut dyn Model) {
        self.teach_those(model, |_| true);
    }

    /// The same, but only of some users.
    pub(crate) fn teach_those(&self, model: &mut dyn Model, is_known: impl Fn(u32) -> bool) {
        for (number, item) in (0..).zip(&self.items) {
            model.put(number, item, START);
        }
        for (step, &(user, item)) in (0..).zip(&self.learned) {
            if is_known(user) {
                model.heart(user, item, START + step * STEP);
            }
        }
        model.fit();
    }

    /// When everything has been learned.
    pub(crate) fn end(&self) -> i64 {
        START + i64::try_from(self.learned.len()).unwrap_or_default() * STEP
    }
}

fn number(numbers: &mut HashMap<String, u32>, text: &str) -> u32 {
    if let Some(&number) = numbers.get(text) {
        return number;
    }
    let number = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    numbers.insert(text.to_owned(), number);
    number
}

fn lines(path: &Path) -> io::Result<io::Lines<BufReader<Box<dyn Read>>>> {
    let file = File::open(path)?;
    let packed = path.extension().is_some_and(|extension| extension == "gz");
    let read: Box<dyn Read> = if packed {
        Box::new(GzDecoder::new(file))
    } else {
        Box::new(file)
    };
    Ok(BufReader::new(read).lines())
}
