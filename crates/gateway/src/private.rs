//! Folders that nobody but the program's own user can read.

use std::fs::DirBuilder;
use std::io;
use std::path::Path;

/// Makes a folder and those it is in, where they are missing; what is there keeps its permissions.
pub(crate) fn create_dir(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
