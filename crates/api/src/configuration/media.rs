//! Section `media`: how much of pictures is too much.

use std::time::Duration;

use super::limits::queue;
use super::reader::Reader;
use super::server::whole_or_spare_cores;

/// How pictures are worked on and kept. Where they are kept stands in section `storage`.
#[derive(Clone, Debug)]
pub struct MediaLimits {
    /// Pictures a person may keep.
    pub files_per_person: u64,
    /// Bytes of all of a person's pictures.
    pub bytes_per_person: u64,
    /// How long a picture is kept that nothing shows.
    pub unused_for: Duration,
    /// How long the address of a private picture is good.
    pub address_lifetime: Duration,
    /// Pictures worked on at the same time; the setting 0 has become the number of cores but one.
    pub concurrency: usize,
    /// How many may queue for their turn.
    pub queue: usize,
    /// How long a picture may queue for its turn.
    pub wait: Duration,
}

impl MediaLimits {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let hours = reader.whole::<u64>("media.unused_hours", 1..=8_760);
        let concurrency = whole_or_spare_cores(reader, "media.concurrency");
        Self {
            files_per_person: reader.whole("media.files_per_person", 1..=1_000_000),
            bytes_per_person: reader.whole("media.bytes_per_person", 1024..=(1 << 40)),
            unused_for: Duration::from_secs(hours * 3_600),
            address_lifetime: reader.seconds("media.address_seconds", 60..=604_800),
            queue: queue(reader, "media.queue", concurrency),
            concurrency,
            wait: reader.seconds("media.wait_seconds", 1..=600),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{faults, loaded};
    use super::*;

    #[test]
    fn pictures_are_bounded_by_default() {
        let media = loaded(&[]).media;
        assert_eq!(media.files_per_person, 200);
        assert_eq!(media.unused_for, Duration::from_secs(86_400));
        assert!(media.concurrency >= 1);
    }

    #[test]
    fn bounds_that_bound_nothing_are_faults() {
        let found = faults(&[
            ("ENSEMBLE__MEDIA__FILES_PER_PERSON", "0"),
            ("ENSEMBLE__MEDIA__UNUSED_HOURS", "0"),
        ]);
        assert_eq!(found.len(), 2);
    }
}
