//! Everything an engine has learned, as bytes.
//!
//! "ENSEMBLE", the version of the format, the content (`content`), and at the end an xxh3 of all before it. Numbers are
//! little-endian. Lists are written as they are, so that an engine that was read ranks exactly as the one that was
//! written.

mod content;
mod wire;

use std::io::{self, Write};

use super::Engine;
use wire::{Reader, Writer};

const MAGIC: [u8; 8] = *b"ENSEMBLE";
/// To be increased with every change of what is written.
const VERSION: u32 = 1;

/// Why a snapshot cannot be read. Either way the engine is to be rebuilt from the event log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// It is cut off, or some of its bytes are not what was written.
    #[error("the snapshot is damaged")]
    Corrupt,
    /// It was written by a program that keeps other things.
    #[error("the snapshot was written in another version of the format")]
    OtherVersion,
}

impl Engine {
    /// Writes everything that was learned, including [`position`](Self::position): reading it and then learning what
    /// follows in the event log gives the same engine.
    ///
    /// Learning waits meanwhile, ranking does not. Where `out` may be slow, write to memory first.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_snapshot(&self, out: &mut dyn Write) -> io::Result<()> {
        let _turn = self.learner.lock();
        let mut writer = Writer::new(out);
        writer.bytes(&MAGIC)?;
        writer.u32(VERSION)?;
        self.write_content(&mut writer)?;
        writer.finish()
    }

    /// Reads what [`write_snapshot`](Self::write_snapshot) wrote.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::OtherVersion`] if another program wrote it, [`SnapshotError::Corrupt`] if it is damaged.
    pub fn read_snapshot(input: &[u8]) -> Result<Self, SnapshotError> {
        let mut reader = Reader::checked(input)?;
        if reader.bytes(MAGIC.len())? != MAGIC {
            return Err(SnapshotError::Corrupt);
        }
        if reader.u32()? != VERSION {
            return Err(SnapshotError::OtherVersion);
        }
        let engine = Self::read_content(&mut reader)?;
        if reader.is_empty() {
            Ok(engine)
        } else {
            Err(SnapshotError::Corrupt)
        }
    }
}
