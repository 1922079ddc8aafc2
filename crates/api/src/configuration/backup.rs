//! Section `backup`: backups that the server makes by itself.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::reader::Reader;

/// Where backups lie, and whether the server makes them.
#[derive(Clone, Debug)]
pub struct Backup {
    /// The folder of backups.
    pub folder: PathBuf,
    /// How old the latest may become; `None`: the server makes none.
    pub every: Option<Duration>,
    /// How many of the latest stay when the server makes one; `None`: all.
    pub keep: Option<usize>,
}

impl Backup {
    pub(super) fn read(reader: &mut Reader, data_dir: &Path) -> Self {
        let folder = reader.text("backup.dir").map(PathBuf::from);
        let hours = reader.whole::<u64>("backup.every_hours", 0..=8_760);
        let keep = reader.whole::<usize>("backup.keep", 0..=10_000);
        Self {
            folder: folder.unwrap_or_else(|| data_dir.join("backups")),
            every: (hours > 0).then(|| Duration::from_secs(hours * 3_600)),
            keep: (keep > 0).then_some(keep),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{faults, loaded};
    use super::*;

    #[test]
    fn none_are_made_unless_asked_for() {
        let backup = loaded(&[("ENSEMBLE__STORAGE__DATA_DIR", "/tmp/d")]).backup;
        assert_eq!(backup.folder, Path::new("/tmp/d/backups"));
        assert_eq!((backup.every, backup.keep), (None, Some(7)));
        let backup = loaded(&[
            ("ENSEMBLE__BACKUP__DIR", "/mnt/b"),
            ("ENSEMBLE__BACKUP__EVERY_HOURS", "24"),
            ("ENSEMBLE__BACKUP__KEEP", "0"),
        ])
        .backup;
        assert_eq!(backup.folder, Path::new("/mnt/b"));
        assert_eq!(backup.every, Some(Duration::from_secs(86_400)));
        assert_eq!(backup.keep, None);
    }

    #[test]
    fn hours_are_whole() {
        for hours in ["-1", "0.5", "daily"] {
            let found = faults(&[("ENSEMBLE__BACKUP__EVERY_HOURS", hours)]);
            assert_eq!(found.len(), 1, "{hours}");
        }
    }
}
