//! Dumps by the engines' own programs: nobody knows better what belongs to one.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use tempfile::NamedTempFile;
use tokio::time::sleep;

use super::Failure;
use super::manifest::Engine;
use super::place::Place;
use crate::private;

/// How often a program is looked after.
const LOOK: Duration = Duration::from_millis(50);
/// Of what a program complains about, so much is passed on.
const COMPLAINT: u64 = 4_000;

/// Which way data goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Out of a server.
    Dump,
    /// Into one.
    Load,
}

/// The first of the programs for this that is installed.
///
/// # Errors
/// Where none is.
pub(super) async fn find(engine: Engine, way: Way) -> Result<&'static str, Failure> {
    let (programs, package): (&[&str], _) = match (engine, way) {
        (Engine::Sqlite, _) => return Err("SQLite needs no program of its own".into()),
        (Engine::Postgres, Way::Dump) => (&["pg_dump"], "postgresql-client"),
        (Engine::Postgres, Way::Load) => (&["pg_restore"], "postgresql-client"),
        (Engine::Mysql, Way::Dump) => (&["mariadb-dump", "mysqldump"], "mariadb-client"),
        (Engine::Mysql, Way::Load) => (&["mariadb", "mysql"], "mariadb-client"),
    };
    for program in programs {
        let mut command = Command::new(program);
        command.arg("--version").stdout(Stdio::null());
        if end(&mut command).await?.is_some() {
            return Ok(program);
        }
    }
    let names = programs.join("` or `");
    Err(format!(
        "`{names}` is needed for {} and is not installed (on Debian: {package})",
        engine.name()
    )
    .into())
}

/// Writes all of a database into a new file.
pub(super) async fn dump(engine: Engine, url: &str, to: &Path) -> Result<(), Failure> {
    let program = find(engine, Way::Dump).await?;
    let place = Place::parse(url)?;
    let mut command = Command::new(program);
    let file = private::create_new(to)?;
    command.stdout(file.try_clone()?);
    // Dropped, and with that removed, after the program has ended.
    let mut options = None;
    if engine == Engine::Postgres {
        place.tell_postgres(&mut command);
        command.args([
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--no-password",
        ]);
    } else {
        let options = options.insert(option_file(&place)?);
        command
            .arg(defaults(options.path()))
            // One moment of all tables, with nobody held up.
            .args(["--single-transaction", "--quick", "--skip-lock-tables"])
            .args(["--no-tablespaces", "--hex-blob", "--default-character-set=utf8mb4"])
            .args(["--", &place.database]);
    }
    run(program, &mut command).await?;
    file.sync_all()?;
    Ok(())
}

/// Brings a dump into an empty database.
pub(super) async fn load(engine: Engine, url: &str, from: &Path) -> Result<(), Failure> {
    let program = find(engine, Way::Load).await?;
    let place = Place::parse(url)?;
    let mut command = Command::new(program);
    command.stdin(File::open(from)?).stdout(Stdio::null());
    let mut options = None;
    if engine == Engine::Postgres {
        place.tell_postgres(&mut command);
        command
            .args(["--single-transaction", "--exit-on-error", "--no-password"])
            .args(["--no-owner", "--no-privileges"])
            .arg(format!("--dbname={}", place.postgres_name()));
    } else {
        let options = options.insert(option_file(&place)?);
        command
            .arg(defaults(options.path()))
            .args(["--batch", "--default-character-set=utf8mb4"])
            .args(["--", &place.database]);
    }
    run(program, &mut command).await
}

/// A file that only we and what we start can read.
fn option_file(place: &Place) -> Result<NamedTempFile, Failure> {
    let mut file = tempfile::Builder::new().prefix(".ensemble").tempfile()?;
    file.write_all(place.mysql_options()?.as_bytes())?;
    file.flush()?;
    Ok(file)
}

/// This file and no other: somebody's `~/.my.cnf` would win over what the settings say.
fn defaults(path: &Path) -> std::ffi::OsString {
    let mut argument = std::ffi::OsString::from("--defaults-file=");
    argument.push(path);
    argument
}

/// Runs a program to its end.
async fn run(program: &str, command: &mut Command) -> Result<(), Failure> {
    let Some((status, complaint)) = end(command).await? else {
        return Err(format!("`{program}` is not installed").into());
    };
    match status.success() {
        true => Ok(()),
        false => Err(format!("`{program}` failed ({status}): {}", complaint.trim()).into()),
    }
}

/// Waits for the end of a program and what it complained of; `None` where there is no such program.
/// Whoever stops waiting ends it.
async fn end(command: &mut Command) -> Result<Option<(ExitStatus, String)>, Failure> {
    struct Ours(Child);
    impl Drop for Ours {
        fn drop(&mut self) {
            // It has ended already, unless nobody waits any more.
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
    let mut complaints = tempfile::tempfile()?;
    command.stderr(complaints.try_clone()?);
    let mut child = match command.spawn() {
        Ok(child) => Ours(child),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let status = loop {
        match child.0.try_wait()? {
            Some(status) => break status,
            None => sleep(LOOK).await,
        }
    };
    let mut complaint = Vec::new();
    complaints.rewind()?;
    complaints.take(COMPLAINT).read_to_end(&mut complaint)?;
    Ok(Some((
        status,
        String::from_utf8_lossy(&complaint).into_owned(),
    )))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).stdin(Stdio::null());
        command
    }

    #[tokio::test]
    async fn what_a_program_complains_of_is_passed_on() {
        run("sh", &mut shell("echo note >&2"))
            .await
            .expect("it went well");
        let failed = run("sh", &mut shell("echo no such table >&2; exit 3")).await;
        let message = failed.expect_err("it failed").to_string();
        assert!(
            message.contains("no such table") && message.contains('3'),
            "{message}"
        );
        let missing = run("nothing", &mut Command::new("/nowhere/nothing")).await;
        let message = missing.expect_err("there is none").to_string();
        assert!(message.contains("not installed"), "{message}");
    }

    #[tokio::test]
    async fn a_program_nobody_waits_for_is_ended() {
        let folder = tempfile::tempdir().expect("a folder");
        let (begun, left) = (folder.path().join("begun"), folder.path().join("left"));
        let script = format!(
            "echo $$ > {0}.new; mv {0}.new {0}; read line; : > {1}",
            begun.display(),
            left.display()
        );
        let (reader, writer) = std::io::pipe().expect("a pipe");
        let mut command = shell(&script);
        command.stdin(reader);
        let waiting = async {
            let mut rounds = tokio::time::interval(Duration::from_millis(1));
            while !begun.exists() {
                rounds.tick().await;
            }
        };
        tokio::select! {
            ended = end(&mut command) => assert!(ended.is_err(), "it waits for its input"),
            () = waiting => {}
        }
        // Had it not been waited for, it would still read this.
        drop((command, writer));
        assert!(!left.exists());
        let process = std::fs::read_to_string(&begun).expect("its number");
        let alive = Path::new("/proc")
            .join(process.trim())
            .join("stat")
            .exists();
        assert!(!alive, "it is gone");
    }
}
