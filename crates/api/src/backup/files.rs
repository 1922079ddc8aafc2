//! Files, read, copied and hashed piece by piece: a task that is dropped meanwhile stops.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::private;

/// Bytes read at a time.
const PIECE: usize = 256 * 1024;

/// What tells one content from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Digest {
    /// How long it is.
    pub(super) bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub(super) sha256: String,
}

/// Reads a file.
pub(super) async fn digest(path: &Path) -> io::Result<Digest> {
    pass(File::open(path).await?, None).await
}

/// Copies a file into a new one that nobody else can read, to the disk.
///
/// # Errors
/// `NotFound` where there is none to copy, before anything is made; `AlreadyExists` where there is
/// one already.
pub(super) async fn copy(from: &Path, to: &Path) -> io::Result<Digest> {
    let source = File::open(from).await?;
    let mut file = File::from_std(private::create_new(to)?);
    let digest = pass(source, Some(&mut file)).await?;
    file.flush().await?;
    file.sync_all().await?;
    Ok(digest)
}

async fn pass(mut from: File, mut to: Option<&mut File>) -> io::Result<Digest> {
    let mut hash = Context::new(&SHA256);
    let mut piece = vec![0; PIECE];
    let mut bytes = 0;
    loop {
        let length = from.read(&mut piece).await?;
        if length == 0 {
            break;
        }
        hash.update(&piece[..length]);
        bytes += length as u64;
        if let Some(file) = to.as_deref_mut() {
            file.write_all(&piece[..length]).await?;
        }
    }
    Ok(Digest {
        bytes,
        sha256: hexadecimal(hash.finish().as_ref()),
    })
}

/// The SHA-256 of a text.
pub(super) fn sum(text: &[u8]) -> String {
    hexadecimal(aws_lc_rs::digest::digest(&SHA256, text).as_ref())
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Sees a file to the disk.
pub(super) async fn sync(path: &Path) -> io::Result<()> {
    File::open(path).await?.sync_all().await
}

/// Sees the names in a folder to the disk, where the system knows how.
pub(super) async fn sync_names(folder: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => sync(folder).await,
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_copy_is_what_it_was_made_of() {
        let folder = tempfile::tempdir().expect("a folder");
        let (from, to) = (folder.path().join("a"), folder.path().join("b"));
        let content = vec![7; 2 * PIECE + 1];
        std::fs::write(&from, &content).expect("a file");
        let copied = copy(&from, &to).await.expect("a copy");
        assert_eq!(copied.bytes, content.len() as u64);
        assert_eq!(copied.sha256, sum(&content));
        assert_eq!(std::fs::read(&to).expect("the copy"), content);
        assert_eq!(digest(&to).await.expect("a look"), copied);
        copy(&from, &to).await.expect_err("it is there already");
    }

    #[tokio::test]
    async fn what_is_gone_leaves_no_empty_copy() {
        let folder = tempfile::tempdir().expect("a folder");
        let to = folder.path().join("b");
        let gone = copy(&folder.path().join("a"), &to).await;
        assert_eq!(gone.expect_err("gone").kind(), io::ErrorKind::NotFound);
        assert!(!to.exists());
    }

    #[test]
    fn the_sum_is_the_one_of_the_standard() {
        // FIPS 180-4, the example of one block.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sum(b"abc"), expected);
    }
}
