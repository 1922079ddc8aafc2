//! Section `limits`: how much is too much.

use std::time::Duration;

use super::reader::Reader;
use super::server::{cores, whole_or_spare_cores};

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
    /// Passwords hashed at the same time; the setting 0 has become the number of cores but one.
    pub hash_concurrency: usize,
    /// How many requests may queue for their hash.
    pub hash_queue: usize,
    /// How long a request may queue for its hash.
    pub hash_wait: Duration,
    /// Requests a minute of an account; 0 is no limit.
    pub requests_per_account: u32,
    /// Requests a minute of an API key; 0 is no limit.
    pub requests_per_key: u32,
    /// Requests a minute of an address; 0 is no limit.
    pub requests_per_address: u32,
    /// Requests of a kind in hand at the same time; the setting 0 has become a number a core.
    pub requests_in_flight: usize,
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
        const A_MINUTE: std::ops::RangeInclusive<u64> = 0..=10_000_000;
        const BYTES: std::ops::RangeInclusive<u64> = 1024..=(1 << 30);
        let hash_concurrency = whole_or_spare_cores(reader, "limits.hash_concurrency");
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
            hash_queue: queue(reader, "limits.hash_queue", hash_concurrency),
            hash_concurrency,
            hash_wait: reader.seconds("limits.hash_wait_seconds", 1..=600),
            requests_per_account: reader.whole("limits.requests_per_account", A_MINUTE),
            requests_per_key: reader.whole("limits.requests_per_key", A_MINUTE),
            requests_per_address: reader.whole("limits.requests_per_address", A_MINUTE),
            requests_in_flight: match reader.whole("limits.requests_in_flight", 0..=1_000_000) {
                0 => IN_FLIGHT_PER_CORE * cores(),
                count => count,
            },
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

/// Requests of a kind that a core has in hand at most: at a millisecond each, a quarter of a second.
const IN_FLIGHT_PER_CORE: usize = 256;
/// How many may queue for each that is worked on, by default: a second or so of work.
const QUEUE_PER_PLACE: usize = 64;

/// The length of a queue for so many places.
pub(super) fn queue(reader: &mut Reader, key: &str, places: usize) -> usize {
    match reader.whole(key, 0..=1_000_000) {
        0 => places.saturating_mul(QUEUE_PER_PLACE),
        length => length,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{faults, loaded};

    #[test]
    fn queues_follow_the_places_unless_they_are_told() {
        let places = ("ENSEMBLE__LIMITS__HASH_CONCURRENCY", "3");
        assert_eq!(loaded(&[places]).limits.hash_queue, 192);
        let told = ("ENSEMBLE__LIMITS__HASH_QUEUE", "5");
        assert_eq!(loaded(&[places, told]).limits.hash_queue, 5);
        assert!(loaded(&[]).limits.requests_in_flight >= 256);
    }

    #[test]
    fn zero_tasks_leave_a_core_to_others() {
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
