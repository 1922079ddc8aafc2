//! Dividing people into the buckets of an experiment.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// How many buckets there are: each holds 0.01 % of the people.
pub const COUNT: u16 = 10_000;

/// The bucket, from 0 to 9,999, of a guest or member in the experiment with this salt.
///
/// It is the same in every process and after every restart, and in another experiment (salt) it is independent.
#[must_use]
pub fn of(salt: &str, key: u64) -> u16 {
    let hash = xxh3_64_with_seed(salt.as_bytes(), key);
    u16::try_from(hash % u64::from(COUNT)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_stay_the_same_and_are_evenly_filled() {
        assert_eq!(of("feed", 1), of("feed", 1));
        let popular = (0..100_000).filter(|&key| of("feed", key) < 500).count();
        assert!(
            (4_700..5_300).contains(&popular),
            "{popular} of 100,000 in 5 %"
        );
        let both = (0..100_000)
            .filter(|&key| of("feed", key) < 5_000 && of("other", key) < 5_000)
            .count();
        assert!(
            (24_000..26_000).contains(&both),
            "{both} of 100,000 in half of both"
        );
    }
}
