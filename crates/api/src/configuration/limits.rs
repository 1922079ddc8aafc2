//! Section `limits`: how much is too much.

use std::time::Duration;

use super::reader::Reader;
use super::server::whole_or_cores;

/// How much is too much.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Whether requests are throttled at all; off only for load tests. Sizes hold in any case.
    pub enabled: bool,
    /// Bytes of a request body.
    pub body_bytes: usize,
    /// Bytes of an uploaded import.
    pub import_bytes: usize,
    /// How long a request may take.
    pub request_timeout: Duration,
    /// Failed sign-ins to one account before it is throttled.
    pub sign_in_failures_per_account: u32,
    /// After that, one more every so often.
    pub sign_in_refill: Duration,
    /// Failed sign-ins from one address before it is throttled.
    pub sign_in_failures_per_address: u32,
    /// Sign-ups with taken names or addresses from one address before it is throttled.
    pub sign_up_conflicts_per_address: u32,
    /// Mails to one address before it is throttled.
    pub mails_per_address: u32,
    /// After that, one more every so often.
    pub mail_refill: Duration,
    /// Passwords hashed at the same time; the setting 0 has become the number of cores.
    pub hash_concurrency: usize,
    /// How long a request may queue for its hash.
    pub hash_wait: Duration,
    /// Personas a user may have.
    pub personas_per_user: u32,
    /// Active API keys a user may have.
    pub api_keys_per_user: u32,
    /// Messages that an account's programs may send in a row.
    pub messages_per_user: u32,
    /// After that, one more every so often.
    pub message_refill: Duration,
    /// Sessions an account may have at a time; another one ends the oldest.
    pub sessions_per_user: u32,
    /// Portraits a member may ask for in a row.
    pub portraits_per_member: u32,
    /// Portraits that everybody else at one address may ask for in a row.
    pub portraits_per_address: u32,
    /// After that, one more every so often.
    pub portrait_refill: Duration,
}

impl Limits {
    pub(super) fn read(reader: &mut Reader) -> Self {
        const COUNTS: std::ops::RangeInclusive<u64> = 1..=1_000_000;
        const BYTES: std::ops::RangeInclusive<u64> = 1024..=(1 << 30);
        Self {
            enabled: reader.boolean("limits.enabled"),
            body_bytes: reader.whole("limits.body_bytes", BYTES),
            import_bytes: reader.whole("limits.import_bytes", BYTES),
            request_timeout: reader.seconds("limits.request_seconds", 1..=3600),
            sign_in_failures_per_account: reader
                .whole("limits.sign_in_failures_per_account", COUNTS),
            sign_in_refill: reader.seconds("limits.sign_in_refill_seconds", 1..=86_400),
            sign_in_failures_per_address: reader
                .whole("limits.sign_in_failures_per_address", COUNTS),
            sign_up_conflicts_per_address: reader
                .whole("limits.sign_up_conflicts_per_address", COUNTS),
            mails_per_address: reader.whole("limits.mails_per_address", COUNTS),
            mail_refill: reader.seconds("limits.mail_refill_seconds", 1..=86_400),
            hash_concurrency: whole_or_cores(reader, "limits.hash_concurrency"),
            hash_wait: reader.seconds("limits.hash_wait_seconds", 1..=600),
            personas_per_user: reader.whole("limits.personas_per_user", 1..=1000),
            api_keys_per_user: reader.whole("limits.api_keys_per_user", 1..=1000),
            messages_per_user: reader.whole("limits.messages_per_user", COUNTS),
            message_refill: reader.seconds("limits.message_refill_seconds", 1..=86_400),
            sessions_per_user: reader.whole("limits.sessions_per_user", 1..=10_000),
            portraits_per_member: reader.whole("limits.portraits_per_member", COUNTS),
            portraits_per_address: reader.whole("limits.portraits_per_address", COUNTS),
            portrait_refill: reader.seconds("limits.portrait_refill_seconds", 1..=86_400),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{faults, loaded};

    #[test]
    fn zero_tasks_mean_one_a_core() {
        assert!(loaded(&[]).limits.hash_concurrency >= 1);
        assert_eq!(
            loaded(&[("ENSEMBLE__LIMITS__HASH_CONCURRENCY", "3")])
                .limits
                .hash_concurrency,
            3
        );
    }

    #[test]
    fn a_limit_of_nothing_is_a_fault_and_switching_off_is_a_switch() {
        assert_eq!(faults(&[("ENSEMBLE__LIMITS__BODY_BYTES", "0")]).len(), 1);
        assert!(
            !loaded(&[("ENSEMBLE__LIMITS__ENABLED", "Off")])
                .limits
                .enabled
        );
        assert_eq!(faults(&[("ENSEMBLE__LIMITS__ENABLED", "maybe")]).len(), 1);
    }
}
