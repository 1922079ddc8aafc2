//! The program `ensemble`.

use std::process::ExitCode;

/// Returns memory after a burst of password hashing, where glibc keeps it (docs/PERFORMANCE.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    api::cli::main()
}
