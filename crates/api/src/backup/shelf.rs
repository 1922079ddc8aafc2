//! The folder that backups lie in.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime, Utc};

use super::Failure;
use super::manifest::Manifest;
use crate::private;

/// The form of a backup's name: the moment at which it was begun.
const NAME: &str = "ensemble-%Y%m%dT%H%M%S%.3fZ";
/// What the name of one that is not finished begins with.
const UNFINISHED: &str = ".unfinished-";
/// Held by whoever makes a backup here.
const LOCK: &str = ".lock";

/// A folder of backups in which nobody else makes one at the moment.
pub(super) struct Shelf {
    folder: PathBuf,
    #[expect(dead_code, reason = "closing the file releases the lock")]
    lock: File,
}

impl Shelf {
    /// Takes the folder for oneself; it is made where it is not there. What others began and left
    /// unfinished is removed.
    ///
    /// # Errors
    /// Where somebody else makes a backup there, or the folder cannot be used.
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        let cannot = |error: io::Error| format!("{}: {error}", folder.display());
        private::create_dir(folder).map_err(cannot)?;
        // Absolute: SQLite would take a relative name that begins with `file:` for an address.
        let folder = std::path::absolute(folder).map_err(cannot)?;
        let path = folder.join(LOCK);
        let opened = match private::create_new(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                File::options().write(true).open(&path)
            }
            made => made,
        };
        let lock = opened.map_err(cannot)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(format!("{}: a backup is being made there", folder.display()).into());
            }
            Err(TryLockError::Error(error)) => return Err(cannot(error).into()),
        }
        for entry in fs::read_dir(&folder).map_err(cannot)? {
            let entry = entry.map_err(cannot)?;
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                fs::remove_dir_all(entry.path()).map_err(cannot)?;
            }
        }
        Ok(Self { folder, lock })
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Begins a backup.
    pub(super) fn begin(&self, at: DateTime<Utc>) -> io::Result<Draft> {
        let name = at.format(NAME).to_string();
        let finished = self.folder.join(&name);
        let folder = self.folder.join(format!("{UNFINISHED}{name}"));
        if finished.exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        private::create_dir(&folder)?;
        Ok(Draft {
            folder,
            finished,
            is_finished: false,
        })
    }

    /// Removes all backups but the latest; how many that were.
    pub(super) fn keep(&self, latest: usize) -> io::Result<usize> {
        let all = finished(&self.folder)?;
        let old = all.len().saturating_sub(latest);
        for (_, backup) in &all[..old] {
            // Under its unfinished name first: one that is half removed does not look whole.
            let name = backup.file_name().unwrap_or_default().to_string_lossy();
            let leaving = self.folder.join(format!("{UNFINISHED}{name}"));
            fs::rename(backup, &leaving)?;
            fs::remove_dir_all(&leaving)?;
        }
        Ok(old)
    }
}

/// A backup that is being made. Dropped before it is finished it is removed.
pub(super) struct Draft {
    folder: PathBuf,
    finished: PathBuf,
    is_finished: bool,
}

impl Draft {
    /// Where its files go.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Gives it its name, once all of it is on the disk.
    pub(super) fn finish(mut self) -> io::Result<PathBuf> {
        fs::rename(&self.folder, &self.finished)?;
        self.is_finished = true;
        Ok(self.finished.clone())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_finished {
            // What stays is removed before the next one.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// All backups in a folder, oldest first; none where there is no such folder.
fn finished(folder: &Path) -> io::Result<Vec<(DateTime<Utc>, PathBuf)>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let at = NaiveDateTime::parse_from_str(&name.to_string_lossy(), NAME);
        if let Ok(at) = at
            && Manifest::is_in(&entry.path())
        {
            found.push((at.and_utc(), entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

/// The latest backup in a folder, and when it was begun.
pub(crate) fn latest(folder: &Path) -> io::Result<Option<(DateTime<Utc>, PathBuf)>> {
    Ok(finished(folder)?.pop())
}

#[cfg(test)]
mod tests {
    use super::super::manifest::{Engine, Media};
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000 + seconds, 123_000_000).expect("a time")
    }

    fn make(shelf: &Shelf, seconds: i64) -> PathBuf {
        let draft = shelf.begin(at(seconds)).expect("a draft");
        let (schema, key) = ("m1".to_owned(), "v1.0.".to_owned());
        let manifest = Manifest::new(Engine::Sqlite, schema, at(seconds), Media::Folder, key);
        manifest.write(draft.folder()).expect("a manifest");
        draft.finish().expect("a backup")
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<_> = names
            .map(|name| name.to_string_lossy().into_owned())
            .filter(|name| name != LOCK)
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_latest_are_kept_and_what_is_not_ours_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(latest(&folder.path().join("no")).expect("a look").is_none());
        let shelf = Shelf::open(folder.path()).expect("a shelf");
        for seconds in [30, 10, 20] {
            make(&shelf, seconds);
        }
        for other in ["ensemble-notes", "ensemble-20200101T000000.000Z"] {
            fs::create_dir(folder.path().join(other)).expect("a folder");
        }
        let (newest, path) = latest(folder.path()).expect("a look").expect("one");
        assert_eq!(newest, at(30));
        assert_eq!(shelf.keep(2).expect("it tidies up"), 1);
        assert_eq!(shelf.keep(5).expect("nothing to do"), 0);
        let left = names(folder.path());
        assert_eq!(left.len(), 4, "{left:?}");
        assert!(path.exists());
    }

    #[test]
    fn one_at_a_time_and_what_was_left_unfinished_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::open(folder.path()).expect("a shelf");
        let refused = Shelf::open(folder.path()).err().expect("it is taken");
        assert!(refused.to_string().contains("a backup is being made"));
        let draft = shelf.begin(at(0)).expect("a draft");
        fs::write(draft.folder().join("half"), "x").expect("a file");
        assert!(latest(folder.path()).expect("a look").is_none());
        drop(draft);
        assert!(names(folder.path()).is_empty(), "a failure leaves nothing");
        // As after a death: nobody was there to clear away.
        std::mem::forget(shelf.begin(at(1)).expect("a draft"));
        assert_eq!(names(folder.path()).len(), 1);
        drop(shelf);
        Shelf::open(folder.path()).expect("a shelf");
        assert!(names(folder.path()).is_empty());
    }
}
