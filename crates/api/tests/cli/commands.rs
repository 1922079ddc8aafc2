//! The small commands.

use crate::home::{Home, PASSWORD};

#[test]
fn help_teaches_by_example() {
    let home = Home::new();
    let help = home.run(["--help"]).succeeded();
    for word in [
        "serve",
        "migrate",
        "import",
        "export",
        "openapi",
        "routes",
        "user",
        "backup",
        "restore",
        "doctor",
        "Examples:",
    ] {
        assert!(help.contains(word), "{word}");
    }
    let version = home.run(["--version"]).succeeded();
    assert_eq!(
        version.trim(),
        format!("ensemble {}", env!("CARGO_PKG_VERSION"))
    );
    home.run(["nonsense"]).failed(["nonsense", "Usage"]);
    // Neither of them touches anything.
    let left = std::fs::read_dir(home.folder()).expect("a folder").count();
    assert_eq!(left, 0);
}

#[test]
fn the_schema_goes_up_and_down_step_by_step() {
    let home = Home::new();
    let states = |out: &str| {
        let of = |state| out.lines().filter(|line| line.starts_with(state)).count();
        (of("taken"), of("pending"))
    };
    let (none, steps) = states(&home.run(["migrate", "status"]).succeeded());
    assert!(none == 0 && steps > 0);
    for _ in 0..2 {
        let up = home.run(["migrate", "up"]).succeeded();
        assert_eq!(states(&up), (steps, 0));
    }
    let down = home.run(["migrate", "down"]).succeeded();
    assert_eq!(states(&down), (steps - 1, 1));
    let all = (steps - 1).to_string();
    let down = home.run(["migrate", "down", "--steps", &all]).succeeded();
    assert_eq!(states(&down), (0, steps));
    let up = home.run(["migrate", "up"]).succeeded();
    assert_eq!(states(&up), (steps, 0));
}

#[test]
fn looking_at_the_schema_changes_nothing() {
    for look in [&["migrate", "status"][..], &["doctor"]] {
        let home = Home::new();
        let looked = home.command(look).output().expect("the program");
        let looked = crate::home::Ran::of(looked).succeeded();
        assert!(looked.contains("pending"), "{looked}");
        let database = std::fs::read(home.path("data/ensemble.db")).expect("a database");
        let database = String::from_utf8_lossy(&database).into_owned();
        assert!(!database.contains("CREATE TABLE"), "{look:?}");
    }
}

#[test]
fn an_operator_promotes_and_blocks_by_any_name_of_an_account() {
    let home = Home::new();
    let id = home.user("010-1234-5678");
    for verb in ["promote", "demote", "block", "unblock"] {
        for who in [id.as_str(), "+82 10 1234 5678"] {
            let said = home.run(["user", verb, who]).succeeded();
            assert_eq!(said.trim(), id);
        }
        home.run(["user", verb, "nobody1"])
            .failed(["no such account"]);
        home.run(["user", verb]).failed(["USER"]);
    }
}

#[test]
fn an_account_is_made_with_a_password_on_standard_input() {
    let home = Home::new();
    let id = home.user("010-1234-5678");
    assert!(id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
    let input = format!("{PASSWORD}\r\n");
    let named = [
        "user",
        "create",
        "--email",
        "yuna@example.com",
        "--name",
        "유나",
    ];
    let second = home.run_with_input(named, &input).succeeded();
    assert!(second.contains("유나"));
    let list = home.run(["user", "list"]).succeeded();
    assert_eq!(list.lines().count(), 2);
    assert!(list.starts_with(&id) && list.contains("유나"), "{list}");
    assert!(!list.contains("1234"), "no personal data: {list}");

    let again = ["user", "create", "--phone", "01012345678"];
    home.run_with_input(again, &input).failed([]);
    let other = ["user", "create", "--username", "minji"];
    home.run_with_input(other, "password").failed([]);
    home.run_with_input(other, "").failed([]);
    let wrong = ["user", "create", "--phone", "02-123-4567"];
    home.run_with_input(wrong, &input).failed(["--phone"]);
    home.run(["user", "create"]).failed(["--phone"]);
    let list = home.run(["user", "list"]).succeeded();
    assert_eq!(list.lines().count(), 2);
}

#[test]
fn the_openapi_document_is_the_committed_one() {
    let printed = Home::new().run(["openapi"]).succeeded();
    let committed = include_str!("../../../../openapi.json");
    assert!(
        printed == committed,
        "openapi.json is out of date: run `make openapi`"
    );
}

#[test]
fn every_route_is_listed() {
    let routes = Home::new().run(["routes"]).succeeded();
    let lines: Vec<Vec<&str>> = routes
        .lines()
        .map(|line| line.split_whitespace().take(2).collect())
        .collect();
    for route in [
        ["POST", "/api/v1/users/sign-up"],
        ["POST", "/api/v1/users/sign-out"],
        ["PATCH", "/api/v1/products"],
        ["PATCH", "/api/v1/products/{product_id}"],
        ["DELETE", "/api/v1/products"],
        ["GET", "/api/v1/products/export"],
        ["GET", "/.well-known/jwks.json"],
    ] {
        assert!(lines.iter().any(|line| line[..] == route), "{route:?}");
    }
}

#[test]
fn the_doctor_finds_nothing_where_all_is_well() {
    let home = Home::new();
    let first = home.run(["doctor"]);
    assert_eq!(first.code, Some(0), "{}{}", first.out, first.err);
    assert!(first.out.contains("pending"), "{}", first.out);
    home.run(["migrate", "up"]).succeeded();
    let report = home.run(["doctor"]).succeeded();
    for check in [
        "settings",
        "data folder",
        "port",
        "clock",
        "database",
        "schema",
        "hashing",
    ] {
        let line = report.lines().find(|line| line.contains(check));
        assert!(
            line.is_some_and(|line| line.contains("ok")),
            "{check}:\n{report}"
        );
    }
    assert!(!report.contains("PROBLEM"), "{report}");
}

#[test]
fn the_doctor_says_in_plain_words_what_is_wrong() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let home = Home::new().with("ENSEMBLE__SERVER__PORT", &port);
    home.run(["doctor"])
        .failed(["PROBLEM", "is a server running already?", "one problem"]);

    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = nobody.local_addr().expect("its address").port();
    drop(nobody);
    let home = Home::new()
        .with(
            "DATABASE_URL",
            &format!("postgres://user:hunter2@127.0.0.1:{port}/app"),
        )
        .with("ENSEMBLE__DATABASE__ACQUIRE_TIMEOUT_SECONDS", "1")
        .with(
            "ENSEMBLE__REDIS__URL",
            &format!("redis://:hunter2@127.0.0.1:{port}"),
        );
    let ran = home.run(["doctor"]);
    assert!(!ran.out.contains("hunter2") && !ran.err.contains("hunter2"));
    ran.failed([
        "PROBLEM  database",
        "cannot be reached",
        "PROBLEM  redis",
        "2 problems",
    ]);

    let home = Home::new().with("ENSEMBLE__SERVER__PORT", "eighty");
    home.run(["doctor"])
        .failed(["PROBLEM  settings", "ENSEMBLE__SERVER__PORT"]);
}

#[test]
fn an_unknown_setting_stops_the_start_and_the_nearest_is_suggested() {
    let home = Home::new().with("ENSEMBLE__SERVER__PROT", "1");
    home.run(["serve"])
        .failed(["ENSEMBLE__SERVER__PROT", "ENSEMBLE__SERVER__PORT"]);
    let home = Home::new();
    home.write("ensemble.toml", "[server]\nprot = 1\n");
    home.run(["migrate", "up"]).failed(["prot", "server.port"]);
    home.write(
        "ensemble.toml",
        "[limits]\nbody_bytes = 0\n[log]\nlevel = 7\n",
    );
    home.run(["migrate", "up"])
        .failed(["limits.body_bytes", "log.level"]);
}

#[test]
fn production_does_not_start_without_secrets_of_its_own() {
    let home = Home::new()
        .with("ENSEMBLE__ENVIRONMENT", "production")
        .with("BACKEND_URL", "https://shop.example");
    home.run(["serve"]).failed([
        "ENSEMBLE__AUTH__JWT_SECRET",
        "SESSION_SECRET",
        "ENSEMBLE__CRYPTO__KEY",
    ]);
    assert!(!home.path("data").exists(), "nothing was made");
}
