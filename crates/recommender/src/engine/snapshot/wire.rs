//! Numbers as bytes, with a checksum over all.

use std::io::{self, Write};

use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

use super::SnapshotError;

/// So much is collected before it is passed on.
const BUFFER: usize = 1 << 16;

/// Writes and sums up.
pub(super) struct Writer<'a> {
    out: &'a mut dyn Write,
    buffer: Vec<u8>,
    sum: Xxh3Default,
}

impl<'a> Writer<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self {
            out,
            buffer: Vec::with_capacity(2 * BUFFER),
            sum: Xxh3Default::new(),
        }
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER {
            self.pass_on()
        } else {
            Ok(())
        }
    }

    fn pass_on(&mut self) -> io::Result<()> {
        self.sum.update(&self.buffer);
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    pub(super) fn u8(&mut self, value: u8) -> io::Result<()> {
        self.bytes(&[value])
    }

    pub(super) fn u32(&mut self, value: u32) -> io::Result<()> {
        self.bytes(&value.to_le_bytes())
    }

    pub(super) fn u64(&mut self, value: u64) -> io::Result<()> {
        self.bytes(&value.to_le_bytes())
    }

    pub(super) fn i64(&mut self, value: i64) -> io::Result<()> {
        self.bytes(&value.to_le_bytes())
    }

    pub(super) fn f32(&mut self, value: f32) -> io::Result<()> {
        self.u32(value.to_bits())
    }

    pub(super) fn len(&mut self, value: usize) -> io::Result<()> {
        self.u64(value as u64)
    }

    pub(super) fn list(&mut self, values: &[u32]) -> io::Result<()> {
        self.len(values.len())?;
        values.iter().try_for_each(|&value| self.u32(value))
    }

    /// Writes the checksum.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.pass_on()?;
        self.out.write_all(&self.sum.digest().to_le_bytes())?;
        self.out.flush()
    }
}

/// Reads what was checked.
pub(super) struct Reader<'a> {
    left: &'a [u8],
}

type Read<T> = Result<T, SnapshotError>;

impl<'a> Reader<'a> {
    /// Compares the checksum first, so that what follows is what was written.
    pub(super) fn checked(input: &'a [u8]) -> Read<Self> {
        let (left, sum) = input.split_last_chunk().ok_or(SnapshotError::Corrupt)?;
        if xxh3_64(left) == u64::from_le_bytes(*sum) {
            Ok(Self { left })
        } else {
            Err(SnapshotError::Corrupt)
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    pub(super) fn bytes(&mut self, count: usize) -> Read<&'a [u8]> {
        let (bytes, left) = self
            .left
            .split_at_checked(count)
            .ok_or(SnapshotError::Corrupt)?;
        self.left = left;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Read<[u8; N]> {
        let (bytes, left) = self
            .left
            .split_first_chunk()
            .ok_or(SnapshotError::Corrupt)?;
        self.left = left;
        Ok(*bytes)
    }

    pub(super) fn u8(&mut self) -> Read<u8> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn u32(&mut self) -> Read<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Read<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(super) fn i64(&mut self) -> Read<i64> {
        self.array().map(i64::from_le_bytes)
    }

    pub(super) fn f32(&mut self) -> Read<f32> {
        self.u32().map(f32::from_bits)
    }

    /// A number of things that follow, each of a byte at least.
    pub(super) fn len(&mut self) -> Read<usize> {
        let len = usize::try_from(self.u64()?).map_err(|_| SnapshotError::Corrupt)?;
        if len <= self.left.len() {
            Ok(len)
        } else {
            Err(SnapshotError::Corrupt)
        }
    }

    pub(super) fn list(&mut self) -> Read<Vec<u32>> {
        (0..self.len()?).map(|_| self.u32()).collect()
    }
}
