//! Who else on the machine may read what the program makes.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::home::{Home, Ran};
use crate::process::Server;

fn mode(path: &Path) -> u32 {
    let found = fs::metadata(path).expect("it is there");
    found.permissions().mode() & 0o777
}

/// Everything in a folder, and the folder itself.
fn all(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(all(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[track_caller]
fn assert_private(folder: &Path) {
    for path in all(folder) {
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), expected, "{}", path.display());
    }
}

/// Runs the program where nothing is private by itself.
fn run_openly<const N: usize>(home: &Home, arguments: [&str; N]) -> Ran {
    let program = home.command(arguments);
    let variables = program.get_envs();
    let output = Command::new("/bin/sh")
        .args(["-c", "umask 000; exec \"$0\" \"$@\""])
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(home.folder())
        .env_clear()
        .envs(variables.filter_map(|(name, value)| Some((name, value?))))
        .output();
    Ran::of(output.expect("a shell"))
}

#[test]
fn nobody_else_can_read_what_a_command_makes() {
    for command in ["up", "status"] {
        let home = Home::new();
        run_openly(&home, ["migrate", command]).succeeded();
        assert_private(&home.path("data"));
    }
    let home = Home::new();
    run_openly(&home, ["doctor"]).succeeded();
    assert_private(&home.path("data"));
    let home = Home::new().with("ENSEMBLE__AUTH__JWT_ALGORITHM", "EdDSA");
    run_openly(&home, ["user", "list"]).succeeded();
    assert_private(&home.path("data"));
}

#[test]
fn nobody_else_can_read_a_backup_nor_what_comes_back_of_it() {
    let home = Home::new();
    run_openly(&home, ["migrate", "up"]).succeeded();
    let taken = run_openly(&home, ["backup", "elsewhere"]).succeeded();
    assert_private(&home.path("elsewhere"));
    let fresh = Home::new();
    run_openly(&fresh, ["restore", taken.trim()]).succeeded();
    assert_private(&fresh.path("data"));
}

#[test]
fn nobody_else_can_read_a_database_elsewhere_whatever_its_name() {
    let home = Home::new().with(
        "DATABASE_URL",
        "sqlite://of/my%20shop/products%3F.db?mode=rwc",
    );
    run_openly(&home, ["migrate", "up"]).succeeded();
    assert!(home.path("of/my shop/products?.db").exists());
    assert_private(&home.path("of"));
}

#[test]
fn nobody_else_can_read_what_a_server_writes_while_it_serves() {
    let home = Home::new();
    let server = Server::start(&home);
    let data = home.path("data");
    assert!(all(&data).len() > 4, "the file, its journals, the secrets");
    assert_private(&data);
    drop(server);
}

#[test]
fn what_is_there_already_keeps_its_permissions() {
    let home = Home::new();
    let data = home.path("data");
    let database = data.join("ensemble.db");
    fs::create_dir(&data).expect("a folder");
    fs::write(&database, "").expect("a file");
    fs::set_permissions(&data, Permissions::from_mode(0o750)).expect("permissions");
    fs::set_permissions(&database, Permissions::from_mode(0o640)).expect("permissions");
    home.run(["migrate", "up"]).succeeded();
    assert_eq!(mode(&data), 0o750);
    assert_eq!(mode(&database), 0o640);
}
