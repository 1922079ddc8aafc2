//! The snapshot of a mind as bytes: the ids it learned last, and its engine.

use std::io::{self, Write};

use domain::outfit::EventId;
use recommender::Engine;

/// Marks our snapshots, and their layout.
const MAGIC: &[u8; 8] = b"ENSMIND1";

/// Writes the snapshot. The engine's part has a checksum of its own.
pub(super) fn write(
    engine: &Engine,
    learned: &mut dyn Iterator<Item = EventId>,
) -> io::Result<Vec<u8>> {
    let ids: Vec<EventId> = learned.collect();
    let mut bytes = Vec::new();
    bytes.write_all(MAGIC)?;
    bytes.write_all(&u32::try_from(ids.len()).unwrap_or(u32::MAX).to_le_bytes())?;
    for id in ids {
        bytes.write_all(&id.get().to_le_bytes())?;
    }
    engine.write_snapshot(&mut bytes)?;
    Ok(bytes)
}

/// Reads what [`write`] wrote.
///
/// # Errors
/// Where the bytes are damaged, or another version's.
pub(super) fn read(bytes: &[u8]) -> Result<(Engine, Vec<EventId>), recommender::SnapshotError> {
    use recommender::SnapshotError::{Corrupt, OtherVersion};
    let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(OtherVersion)?;
    let (count, rest) = rest.split_first_chunk::<4>().ok_or(Corrupt)?;
    let length = usize::try_from(u32::from_le_bytes(*count)).map_err(|_| Corrupt)? * 8;
    let (ids, rest) = rest.split_at_checked(length).ok_or(Corrupt)?;
    let (ids, _) = ids.as_chunks::<8>();
    let ids = ids.iter().map(|id| EventId::from(i64::from_le_bytes(*id)));
    Ok((Engine::read_snapshot(rest)?, ids.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_read_back_and_a_damaged_one_refused() {
        let ids = [3_i64, 4, 5].map(EventId::from);
        let bytes = write(&Engine::new(), &mut ids.into_iter()).expect("a snapshot");
        let (_, learned) = read(&bytes).expect("a snapshot");
        assert_eq!(learned, ids);
        assert!(read(&bytes[..bytes.len() - 1]).is_err());
        assert!(read(&bytes[1..]).is_err());
        assert!(read(&bytes[..10]).is_err());
        assert!(read(&[]).is_err());
    }
}
