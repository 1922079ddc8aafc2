//! The neighbours of one outfit: what the people who hearted it hearted too.

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering::Relaxed},
};

/// How many neighbours an outfit keeps at most.
pub(crate) const BOUND: usize = 128;
/// Most outfits never have more than these, and take 200 bytes instead of 1,050.
const FEW: usize = 24;

/// At most 128 cells of neighbour and weight. Each cell is one atomic word, so a reader sees a neighbour with its own
/// weight whatever the learner does meanwhile. Cells fill from the front and are never emptied.
#[derive(Debug, Default)]
pub(crate) struct Row {
    few: OnceLock<Box<[AtomicU64]>>,
    many: OnceLock<Box<[AtomicU64]>>,
}

fn empty(cells: usize) -> Box<[AtomicU64]> {
    (0..cells).map(|_| AtomicU64::new(0)).collect()
}

/// Zero is an empty cell, so neighbours count from one in here.
fn pack(neighbour: u32, weight: f32) -> u64 {
    (u64::from(neighbour) + 1) << 32 | u64::from(weight.to_bits())
}

fn unpack(cell: u64) -> Option<(u32, f32)> {
    let neighbour = u32::try_from((cell >> 32).checked_sub(1)?).ok()?;
    Some((neighbour, f32::from_bits(cell as u32)))
}

impl Row {
    fn cells(&self) -> impl Iterator<Item = &AtomicU64> {
        let parts = [self.few.get(), self.many.get()];
        parts.into_iter().flatten().flat_map(|part| part.iter())
    }

    /// The neighbours with their stored weights, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, f32)> {
        self.cells().map_while(|cell| unpack(cell.load(Relaxed)))
    }

    /// Adds to a neighbour's weight. Where there is no room, the weakest neighbour goes. Only the learner calls it.
    ///
    /// The new one does not inherit the weight of the one that goes, as it would in SpaceSaving (Metwally, Agrawal,
    /// El Abbadi 2005): that keeps a popular outfit's list from losing heavy neighbours, which it does not anyway, at the
    /// price of chance meetings that weigh as much as old ones. Measured, it cost a third of the NDCG.
    pub(crate) fn add(&self, neighbour: u32, amount: f32) {
        let few = self.few.get_or_init(|| empty(FEW));
        let mut weakest: Option<(&AtomicU64, f32)> = None;
        for part in [Some(few), self.many.get()].into_iter().flatten() {
            for cell in part {
                let Some((held, weight)) = unpack(cell.load(Relaxed)) else {
                    return cell.store(pack(neighbour, amount), Relaxed);
                };
                if held == neighbour {
                    return cell.store(pack(neighbour, weight + amount), Relaxed);
                }
                if weakest.is_none_or(|(_, least)| weight < least) {
                    weakest = Some((cell, weight));
                }
            }
        }
        if self.many.get().is_none() {
            let many = self.many.get_or_init(|| empty(BOUND - FEW));
            many[0].store(pack(neighbour, amount), Relaxed);
        } else if let Some((cell, _)) = weakest {
            cell.store(pack(neighbour, amount), Relaxed);
        }
    }

    /// Adds a neighbour nobody has confirmed yet: only where there is room, and not to one that is here already.
    pub(crate) fn suggest(&self, neighbour: u32, amount: f32) {
        let held = self
            .iter()
            .take(FEW + 1)
            .filter(|&(held, _)| held == neighbour)
            .count();
        if held == 0 && self.iter().take(FEW).count() < FEW {
            self.add(neighbour, amount);
        }
    }

    /// Multiplies every weight, when the epoch of the decay moves.
    pub(crate) fn rescale(&self, factor: f32) {
        for cell in self.cells() {
            if let Some((neighbour, weight)) = unpack(cell.load(Relaxed)) {
                cell.store(pack(neighbour, weight * factor), Relaxed);
            }
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        8 * self.cells().count()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_row_is_bounded_and_its_weights_are_sound(added in prop::collection::vec((0..400_u32, 0.01..2.0_f32), 0..2_000)) {
            let row = Row::default();
            for &(neighbour, amount) in &added {
                row.add(neighbour, amount);
            }
            let held: Vec<_> = row.iter().collect();
            prop_assert!(held.len() <= BOUND);
            prop_assert_eq!(held.iter().map(|(neighbour, _)| neighbour).collect::<HashSet<_>>().len(), held.len());
            prop_assert!(held.iter().all(|(_, weight)| weight.is_finite() && *weight > 0.0));
            let total: f32 = added.iter().map(|cell| cell.1).sum();
            prop_assert!(held.iter().map(|cell| cell.1).sum::<f32>() <= total * 1.001);
        }

        #[test]
        fn rescaling_keeps_the_order(added in prop::collection::vec((0..100_u32, 0.01..2.0_f32), 1..200)) {
            let row = Row::default();
            added.iter().for_each(|&(neighbour, amount)| row.add(neighbour, amount));
            let order = |row: &Row| {
                let mut held: Vec<_> = row.iter().collect();
                held.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                held.into_iter().map(|(neighbour, _)| neighbour).collect::<Vec<_>>()
            };
            let before = order(&row);
            row.rescale(0.25);
            prop_assert_eq!(order(&row), before);
        }
    }

    #[test]
    fn a_reader_never_sees_a_neighbour_with_anothers_weight() {
        let row = Row::default();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // Neighbour n has a multiple of 2^(n % 8) as its weight at all times, replaced ones aside.
                for round in 0..20_000_u32 {
                    let neighbour = round % 100;
                    row.add(neighbour, f32::from(1_u16 << (neighbour % 8)));
                }
            });
            for _ in 0..2_000 {
                for (neighbour, weight) in row.iter() {
                    assert_eq!(
                        weight % f32::from(1_u16 << (neighbour % 8)),
                        0.0,
                        "{neighbour} with {weight}"
                    );
                }
            }
        });
    }
}
