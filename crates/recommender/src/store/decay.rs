//! How co-hearts age: new ones grow instead of old ones shrinking.

use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

/// After how many days a co-heart counts half.
pub(crate) const HALF_LIFE_DAYS: f64 = 30.0;
const DAY: f64 = 86_400.0 * 1e6;
/// When one heart would be stored as 2^40, everything stored is brought back to the size of one. That is after 3.3
/// years; with 24 bits of mantissa and 8 of exponent nothing is lost that still counts.
const GREATEST_POWER: f64 = 40.0;

/// Forward decay (Cormode, Shkapenyuk, Srivastava, Xu: "Forward Decay", ICDE 2009): what happens at `t` is stored as
/// 2^((t - epoch) / half-life), and what is stored is divided by that of the present when it is read. So nothing has
/// to be swept as time passes.
#[derive(Debug)]
pub(crate) struct Decay {
    epoch: AtomicI64,
}

const UNSET: i64 = i64::MIN;

impl Default for Decay {
    fn default() -> Self {
        Self {
            epoch: AtomicI64::new(UNSET),
        }
    }
}

impl Decay {
    pub(crate) fn with_epoch(epoch: i64) -> Self {
        Self {
            epoch: AtomicI64::new(epoch),
        }
    }

    pub(crate) fn epoch(&self) -> i64 {
        self.epoch.load(Relaxed)
    }

    fn power(&self, at: i64) -> f64 {
        let epoch = self.epoch();
        if epoch == UNSET {
            0.0
        } else {
            (at as f64 - epoch as f64) / (HALF_LIFE_DAYS * DAY)
        }
    }

    /// What one heart at this time is stored as; the first sets the epoch. `Err` holds the factor by which everything
    /// stored has to be multiplied before asking again: the epoch has moved.
    pub(crate) fn stored(&self, at: i64) -> Result<f32, f32> {
        if self.epoch() == UNSET {
            self.epoch.store(at, Relaxed);
        }
        let power = self.power(at);
        if power > GREATEST_POWER {
            self.epoch.store(at, Relaxed);
            return Err((-power).exp2() as f32);
        }
        Ok(power.exp2() as f32)
    }

    /// What stored values are multiplied by to be read at this time.
    pub(crate) fn scale(&self, now: i64) -> f32 {
        // Bounded, so that a clock that stands wrong gives odd scores and not infinite ones.
        (-self.power(now)).clamp(-120.0, GREATEST_POWER).exp2() as f32
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MONTH: i64 = 30 * 86_400 * 1_000_000;

    #[test]
    fn a_heart_of_last_month_counts_half() {
        let decay = Decay::default();
        let old = decay.stored(5 * MONTH).expect("the first");
        let new = decay.stored(6 * MONTH).expect("near the first");
        assert_eq!(
            (old * decay.scale(6 * MONTH), new * decay.scale(6 * MONTH)),
            (0.5, 1.0)
        );
    }

    proptest! {
        #[test]
        fn rescaling_changes_no_order(times in prop::collection::vec(0..400_i64, 2..30)) {
            let decay = Decay::default();
            let mut stored: Vec<(f32, i64)> = Vec::new();
            let mut latest = 0;
            for step in times {
                latest += step * MONTH / 10;
                let weight = loop {
                    match decay.stored(latest) {
                        Ok(weight) => break weight,
                        Err(factor) => stored.iter_mut().for_each(|(weight, _)| *weight *= factor),
                    }
                };
                stored.push((weight, latest));
            }
            prop_assert!(stored.iter().all(|(weight, _)| weight.is_finite()));
            prop_assert!(stored.is_sorted_by(|a, b| a.0 <= b.0), "{stored:?}");
        }
    }
}
