//! What a test needs that can also be run as a measurement.

use std::time::Duration;

/// A number from the environment: how much of something there is to be.
pub(crate) fn number(variable: &str, otherwise: u64) -> u64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "nobody else tells a test how long to go on"
    )]
    let given = std::env::var(variable).ok();
    given.map_or(otherwise, |given| given.parse().expect(variable))
}

/// The value below which this part of them lies; nothing where there are none.
pub(crate) fn quantile(values: &[Duration], part: f64) -> Option<Duration> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let last = sorted.len().checked_sub(1)?;
    Some(sorted[(last as f64 * part).round() as usize])
}

#[test]
fn quantiles_are_values_that_occur() {
    let values = [3, 1, 2].map(Duration::from_secs);
    assert_eq!(quantile(&values, 0.5), Some(Duration::from_secs(2)));
    assert_eq!(quantile(&values, 1.0), Some(Duration::from_secs(3)));
    assert_eq!(quantile(&[], 0.5), None);
}
