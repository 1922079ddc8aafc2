//! The pictures of a backup.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;

use domain::persona::MediaKey;
use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::MEDIA;
use super::files;
use super::manifest::Entry;
use crate::private;

/// The state of a picture whose file is there, and of one whose file is being removed.
const STORED: i16 = 1;
const DOOMED: i16 = 2;

/// Copies the pictures of a folder that are not among `files` yet. Smaller copies are left out,
/// they are made again, and so is what is being written.
pub(super) async fn add(folder: &Path, draft: &Path, files: &mut Vec<Entry>) -> io::Result<()> {
    let target = draft.join(MEDIA);
    private::create_dir(&target)?;
    let here: HashSet<String> = files.iter().map(|entry| entry.path.clone()).collect();
    for key in list(folder)? {
        let path = entry_path(&key);
        if here.contains(&path) {
            continue;
        }
        match files::copy(&folder.join(key.as_str()), &target.join(key.as_str())).await {
            Ok(digest) => files.push(Entry::new(path, digest)),
            // Removed since the folder was listed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    files::sync_names(&target).await
}

/// The pictures in a folder; none where there is no folder.
fn list(folder: &Path) -> io::Result<Vec<MediaKey>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut keys = Vec::new();
    for entry in entries {
        let entry = entry?;
        let key = MediaKey::parse(&entry.file_name().to_string_lossy());
        if let Some(key) = key
            && entry.file_type()?.is_file()
        {
            keys.push(key);
        }
    }
    Ok(keys)
}

/// Where a picture is in a backup.
fn entry_path(key: &MediaKey) -> String {
    format!("{MEDIA}/{key}")
}

/// The picture that a file of a backup is.
pub(super) fn of_entry(entry: &Entry) -> Option<MediaKey> {
    let (folder, name) = entry.path.split_once('/')?;
    MediaKey::parse(name).filter(|_| folder == MEDIA)
}

/// The pictures whose files are there, as a database has it.
pub(super) async fn stored<C: ConnectionTrait>(database: &C) -> Result<HashSet<String>, DbErr> {
    select(database, &format!("state = {STORED}")).await
}

/// The pictures that a database knows: also those whose files were about to be written.
pub(super) async fn known<C: ConnectionTrait>(database: &C) -> Result<HashSet<String>, DbErr> {
    select(database, &format!("state <> {DOOMED}")).await
}

async fn select<C: ConnectionTrait>(
    database: &C,
    condition: &str,
) -> Result<HashSet<String>, DbErr> {
    let sql = format!("SELECT media_key FROM media WHERE {condition}");
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let rows = database.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| row.try_get("", "media_key"))
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::persona::MediaKind;

    use super::*;

    #[tokio::test]
    async fn each_picture_comes_once_and_nothing_else_does() {
        let (folder, draft) = (
            tempfile::tempdir().expect("a folder"),
            tempfile::tempdir().expect("a folder"),
        );
        let put = |name: &str| fs::write(folder.path().join(name), name).expect("a file");
        let (one, two) = (
            MediaKey::public(b"1", MediaKind::Png),
            MediaKey::private(7.into(), b"2", MediaKind::Jpeg),
        );
        put(one.as_str());
        put(&format!("{one}#1"));
        put("notes.txt");
        fs::create_dir(folder.path().join("thumbnails")).expect("a folder");
        let mut files = Vec::new();
        for _ in 0..2 {
            let added = add(folder.path(), draft.path(), &mut files).await;
            added.expect("they are copied");
            assert_eq!(files.len(), 1);
        }
        put(two.as_str());
        let added = add(folder.path(), draft.path(), &mut files).await;
        added.expect("they are copied");
        let keys: Vec<_> = files.iter().filter_map(of_entry).collect();
        assert_eq!(keys, [one, two]);
        let copied = fs::read_dir(draft.path().join(MEDIA)).expect("a folder");
        assert_eq!(copied.count(), 2);
    }

    #[tokio::test]
    async fn where_no_picture_ever_was_there_is_none() {
        let draft = tempfile::tempdir().expect("a folder");
        let mut files = Vec::new();
        let added = add(&draft.path().join("no"), draft.path(), &mut files).await;
        added.expect("there is nothing to copy");
        assert!(files.is_empty());
    }
}
