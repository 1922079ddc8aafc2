//! Section `chat`: how patient the socket is, and in which zone it writes times.

use std::time::Duration;

use chrono::FixedOffset;

use super::reader::Reader;

/// Friends and direct messages.
#[derive(Clone, Copy, Debug)]
pub struct Chat {
    /// How long a connection may stay without signing in.
    pub auth: Duration,
    /// How long one may stay without a heartbeat, grace included.
    pub heartbeat: Duration,
    /// How often a connection is pinged.
    pub ping: Duration,
    /// The zone that times are written in.
    pub zone: FixedOffset,
    /// The most requests for friendship of one person that wait for an answer.
    pub pending_requests: u32,
    /// Frames a second that a connection may send in the long run.
    pub frames_per_second: u32,
}

impl Chat {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let auth: u32 = reader.whole("chat.auth_seconds", 1..=600);
        let heartbeat: u32 = reader.whole("chat.heartbeat_seconds", 1..=3_600);
        let utc = || FixedOffset::east_opt(0).unwrap_or_else(|| unreachable!("UTC is an offset"));
        let text = reader.required("chat.utc_offset");
        let zone = text.parse().unwrap_or_else(|_| {
            reader.fault("chat.utc_offset", "must be an offset like +09:00");
            utc()
        });
        Self {
            auth: Duration::from_secs(auth.into()),
            heartbeat: Duration::from_secs(heartbeat.into()),
            ping: reader.seconds("chat.ping_seconds", 1..=3_600),
            zone,
            pending_requests: reader.whole("chat.pending_requests", 1..=5_000),
            frames_per_second: reader.whole("chat.frames_per_second", 1..=1_000_000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{faults, loaded};

    #[test]
    fn times_are_written_as_in_seoul_unless_told() {
        let zone = loaded(&[]).chat.zone;
        assert_eq!(zone.local_minus_utc(), 9 * 3_600);
        let zone = loaded(&[("ENSEMBLE__CHAT__UTC_OFFSET", "-03:30")])
            .chat
            .zone;
        assert_eq!(zone.local_minus_utc(), -12_600);
        for text in ["Seoul", "9", "+25:00"] {
            let found = faults(&[("ENSEMBLE__CHAT__UTC_OFFSET", text)]);
            assert_eq!(found.len(), 1, "{text}");
        }
    }
}
