//! A folder in which the program is run.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A password that is not among the common ones.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A working directory of its own. The program sees no variable but those it is given here.
pub(crate) struct Home {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            variables: Vec::new(),
        };
        home.with("ENSEMBLE__SERVER__PORT", "0")
            .with("ENSEMBLE__METRICS__PORT", "0")
            // Nobody has to be told to send requests elsewhere.
            .with("ENSEMBLE__SERVER__DRAIN_SECONDS", "0")
            .with("ENSEMBLE__LIMITS__ENABLED", "false")
            .with("ENSEMBLE__LOG__FORMAT", "json")
    }

    /// The same with one more variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub(crate) fn write(&self, name: &str, content: &str) {
        std::fs::write(self.path(name), content).expect("a file");
    }

    /// The program with these arguments, not started yet.
    pub(crate) fn command<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ensemble"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(self.variables.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run<const N: usize>(&self, arguments: [&str; N]) -> Ran {
        self.run_with_input(arguments, "")
    }

    /// Runs the program to its end, with something to read.
    pub(crate) fn run_with_input<const N: usize>(&self, arguments: [&str; N], input: &str) -> Ran {
        let mut child = self.command(arguments).spawn().expect("the program");
        let mut stdin = child.stdin.take().expect("its input");
        // A program that does not read its input may have closed it already.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        Ran::of(child.wait_with_output().expect("its end"))
    }

    /// Makes an account; its id.
    pub(crate) fn user(&self, phone: &str) -> String {
        let made = self.run_with_input(["user", "create", "--phone", phone], PASSWORD);
        let line = made.succeeded();
        line.split_whitespace().next().expect("an id").to_owned()
    }

    /// The folder itself.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Fails unless it went well; what it printed.
    #[track_caller]
    pub(crate) fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self.out
    }

    /// Fails unless it said that it failed, and mentioned all of that.
    #[track_caller]
    pub(crate) fn failed<const N: usize>(self, words: [&str; N]) {
        assert_ne!(self.code, Some(0), "{}{}", self.out, self.err);
        assert!(self.code.is_some(), "it was killed");
        for word in words {
            let said = self.err.contains(word) || self.out.contains(word);
            assert!(said, "{word} is missing in:\n{}{}", self.out, self.err);
        }
    }
}
