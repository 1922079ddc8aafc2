//! Short hands for the tests of this module.

use super::{Configuration, ConfigurationErrors, Environment, Fault, Loaded};

/// Secrets that are set unless a test sets its own, so that no test makes any by accident.
pub(super) const GOOD: [(&str, &str); 3] = [
    (
        "ENSEMBLE__AUTH__JWT_SECRET",
        "fKq0s1n4zP7YwR3vXb9LmT2cUe8HjD5g",
    ),
    ("SESSION_SECRET", "Zr6Nw1QyB4tLk9VxE3mCs7GpJ0hFu2Da"),
    (
        "ENSEMBLE__CRYPTO__KEY",
        "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
    ),
];

/// Loads development settings.
pub(super) fn load(pairs: &[(&str, &str)]) -> Result<Loaded, ConfigurationErrors> {
    let environment = Environment::from_iter(GOOD.iter().chain(pairs).copied());
    Configuration::load(&environment, None)
}

/// Loads development settings that are right.
pub(super) fn loaded(pairs: &[(&str, &str)]) -> Configuration {
    load(pairs).expect("these settings are right").configuration
}

/// Loads development settings that are wrong.
pub(super) fn faults(pairs: &[(&str, &str)]) -> Vec<Fault> {
    load(pairs).expect_err("these settings are wrong").faults
}

/// Loads production settings that are right but for what is given.
pub(super) fn production(pairs: &[(&str, &str)]) -> Result<Loaded, ConfigurationErrors> {
    let mut all = vec![
        ("ENSEMBLE__ENVIRONMENT", "production"),
        ("BACKEND_URL", "https://shop.example"),
    ];
    all.extend(pairs);
    load(&all)
}

/// Loads production settings that are wrong.
pub(super) fn production_faults(pairs: &[(&str, &str)]) -> Vec<Fault> {
    production(pairs)
        .expect_err("these settings are wrong")
        .faults
}
