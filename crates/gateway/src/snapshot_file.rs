//! The recommender's snapshot as a file of this node.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use domain::outfit::{SnapshotError, SnapshotStore};

/// Keeps the snapshot in one file. A new one is written beside it, to the disk, and then takes its
/// name: a process that dies while writing leaves the old one as it was.
#[derive(Clone, Debug)]
pub struct SnapshotFile(PathBuf);

impl SnapshotFile {
    /// A snapshot at `path`, whose folder exists.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }
}

/// Replaces the file with these bytes, for its owner's eyes only: it tells what people like.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&beside, path)
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> SnapshotError {
    SnapshotError(error.into())
}

#[async_trait]
impl SnapshotStore for SnapshotFile {
    async fn read(&self) -> Result<Option<Vec<u8>>, SnapshotError> {
        match tokio::fs::read(&self.0).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    async fn write(&self, snapshot: Vec<u8>) -> Result<(), SnapshotError> {
        let path = self.0.clone();
        let written = tokio::task::spawn_blocking(move || replace(&path, &snapshot)).await;
        written.map_err(failed)?.map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_latest_snapshot_is_read_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SnapshotFile::new(folder.path().join("mind"));
        assert!(store.read().await.expect("a look").is_none());
        for bytes in [vec![1, 2, 3], vec![4]] {
            store.write(bytes.clone()).await.expect("a snapshot");
            assert_eq!(store.read().await.expect("a look"), Some(bytes));
        }
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("a folder").count(),
            1
        );
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_an_error() {
        let store = SnapshotFile::new("/nonexistent/folder/mind".into());
        assert!(store.write(vec![1]).await.is_err());
    }
}
