//! The file of an SQLite database, made before SQLite does.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

use sea_orm::DbErr;
use sqlx::sqlite::SqliteConnectOptions;

/// Makes the file and its folder where they are missing, so that nobody but the program's own
/// user can read them. SQLite would let everybody; what it puts beside the file it makes like the
/// file itself.
pub(super) fn make(url: &str) -> Result<(), DbErr> {
    if !is_to_be_made(url) {
        return Ok(());
    }
    let options: SqliteConnectOptions = url
        .parse()
        .map_err(|error: sqlx::Error| DbErr::Custom(error.to_string()))?;
    let path = options.get_filename();
    let folder = path.parent().unwrap_or(Path::new(""));
    make_folder(folder).map_err(|error| failed(folder, &error))?;
    match make_file(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(failed(path, &error)),
        _ => Ok(()),
    }
}

/// Whether the URL names a file that may be written.
fn is_to_be_made(url: &str) -> bool {
    let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
    let forbids_it = ["mode=ro", "immutable=true", "immutable=1"];
    !is_in_memory(url) && !parameters.split('&').any(|one| forbids_it.contains(&one))
}

/// Whether the URL names no file at all.
pub(super) fn is_in_memory(url: &str) -> bool {
    let (database, parameters) = url.split_once('?').unwrap_or((url, ""));
    database.ends_with(":memory:") || parameters.split('&').any(|one| one == "mode=memory")
}

fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// An empty file is an empty database.
fn make_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}

fn failed(path: &Path, error: &io::Error) -> DbErr {
    DbErr::Custom(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_that_may_be_written_is_made() {
        for url in [
            "sqlite://a.db",
            "sqlite:a.db?mode=rwc",
            "sqlite:///a/memory",
        ] {
            assert!(is_to_be_made(url), "{url}");
        }
        for url in [
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite://a.db?mode=ro",
            "sqlite://a.db?cache=shared&mode=memory",
            "sqlite://a.db?immutable=1",
        ] {
            assert!(!is_to_be_made(url), "{url}");
        }
    }
}
