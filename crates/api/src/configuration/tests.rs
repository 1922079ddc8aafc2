//! Configuration as a whole: layers, names, faults, `.env.example`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::names::{ALIASES, FILE_VARIABLE, variable_of};
use super::testing::{GOOD, faults, load, loaded};
use super::*;

/// The example at the repository root.
const EXAMPLE: &str = include_str!("../../../../.env.example");

/// Loads with an `ensemble.toml` in the working directory.
fn load_with_file(toml: &str, pairs: &[(&str, &str)]) -> Result<Loaded, ConfigurationErrors> {
    let directory = tempfile::tempdir().expect("a folder can be made");
    fs::write(directory.path().join("ensemble.toml"), toml).expect("can be written");
    let environment = Environment::from_iter(GOOD.iter().chain(pairs).copied());
    Configuration::load_in(directory.path(), &environment, None)
}

/// Names and values of the example, and whether each is commented out.
fn example() -> Vec<(&'static str, &'static str, bool)> {
    let lines = EXAMPLE.lines().filter_map(|line| {
        let text = line.strip_prefix("# ").unwrap_or(line);
        let (name, value) = text.split_once('=')?;
        let is_name = !name.is_empty()
            && name.chars().all(|letter| {
                letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_'
            });
        is_name.then_some((name, value, text.len() != line.len()))
    });
    lines.collect()
}

#[test]
fn later_layers_win() {
    let host = |toml: &str, pairs: &[(&str, &str)]| {
        let loaded = load_with_file(toml, pairs).expect("is right");
        loaded.configuration.server.public_url.to_string()
    };
    let toml = "[server]\npublic_url = 'http://file.example'";
    let section = ("ENSEMBLE__SERVER__PUBLIC_URL", "http://section.example");
    let alias = ("BACKEND_URL", "http://alias.example");
    assert_eq!(host("", &[]), "http://127.0.0.1:8000");
    assert_eq!(host(toml, &[]), "http://file.example");
    assert_eq!(host(toml, &[section]), "http://section.example");
    assert_eq!(host(toml, &[section, alias]), "http://alias.example");
}

#[test]
fn variables_of_the_database_beat_a_url_in_the_file() {
    let toml = "[database]\nurl = 'postgres://file/d'";
    let pairs = [("DB_HOST", "h"), ("DB_USER", "u"), ("DB_NAME", "d")];
    let loaded = load_with_file(toml, &pairs).expect("is right");
    assert_eq!(
        loaded.configuration.database.url.expose(),
        "mysql://u@h:3306/d"
    );
}

#[test]
fn a_file_takes_toml_types_and_arrays() {
    let toml = "debug = true\n[server]\nport = 81\ntrusted_proxies = ['10.0.0.0/8', '::1']\n[outbox]\nretry_base_seconds = 0.5\n[meta]\napp_id = 4711\n[oauth]";
    let configuration = load_with_file(toml, &[]).expect("is right").configuration;
    assert!(configuration.debug);
    assert_eq!(
        (
            configuration.server.port,
            configuration.server.trusted_proxies.len()
        ),
        (81, 2)
    );
    assert_eq!(configuration.outbox.retry_base.as_millis(), 500);
    assert_eq!(configuration.meta.app_id.as_deref(), Some("4711"));
}

#[test]
fn faults_of_a_file_are_told_with_those_of_the_environment() {
    let toml =
        "colour = 1\n[server]\nprot = 1\nport = 'http'\nhost = ['a']\n[sever]\n[log]\nlevel = ''";
    let pairs = [
        ("ENSEMBLE__LOG__FROMAT", "json"),
        ("ENSEMBLE__SERVER__NODE_ID", "x"),
    ];
    let message = load_with_file(toml, &pairs)
        .expect_err("is wrong")
        .to_string();
    for part in [
        "`server.prot` in ",
        "did you mean `server.port`?",
        "`sever` in ",
        "`colour` in ",
        "ENSEMBLE__SERVER__PORT (`server.port` in ",
        "ENSEMBLE__SERVER__HOST (`server.host` in ",
        "must be a single value",
        "ENSEMBLE__LOG__LEVEL (`log.level` in ",
        "ENSEMBLE__LOG__FROMAT: there is no such setting; did you mean ENSEMBLE__LOG__FORMAT?",
        "ENSEMBLE__SERVER__NODE_ID: `x` is not a whole number from 0 to 1023",
    ] {
        assert!(message.contains(part), "{part} is not in {message}");
    }
}

#[test]
fn a_section_that_is_a_value_is_unknown_and_harms_nothing_else() {
    let found = load_with_file("server = 5", &[])
        .expect_err("is wrong")
        .faults;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].name.starts_with("`server` in "));
}

#[test]
fn a_file_that_is_named_is_read_and_has_to_exist() {
    let directory = tempfile::tempdir().expect("a folder can be made");
    let path = |name: &str| directory.path().join(name);
    fs::write(path("a.toml"), "[server]\nport = 1").expect("can be written");
    fs::write(path("b.toml"), "[server]\nport = 2").expect("can be written");
    let named = path("a.toml").display().to_string();
    let environment = Environment::from_iter(
        GOOD.iter()
            .copied()
            .chain([(FILE_VARIABLE, named.as_str())]),
    );
    let port = |file| {
        Configuration::load(&environment, file)
            .expect("is right")
            .configuration
            .server
            .port
    };
    assert_eq!((port(None), port(Some(path("b.toml")))), (1, 2));
    let missing =
        Configuration::load(&environment, Some(path("c.toml"))).expect_err("is not there");
    assert!(
        missing.to_string().contains("c.toml: cannot be read"),
        "{missing}"
    );
}

#[test]
fn no_file_is_needed_and_the_one_that_was_read_is_told() {
    assert_eq!(load(&[]).expect("is right").file, None);
    let file = load_with_file("", &[]).expect("is right").file;
    assert!(file.is_some_and(|file| file.ends_with("ensemble.toml")));
}

#[test]
fn names_that_are_nearly_ours_are_faults_and_others_are_nobodys_business() {
    for name in [
        "ENSEMBLE__SERVER__PROT",
        "ENSEMBLE_SERVER__PORT",
        "ENSEMBLE__SERVER_PORT",
        "ensemble__server__port",
        "ENSEMBLE__",
        "ENSEMBLE__SERVER",
    ] {
        let found = faults(&[(name, "1")]);
        assert_eq!((found.len(), found[0].name.as_str()), (1, name));
        assert!(
            found[0].message.contains("did you mean ENSEMBLE__"),
            "{}",
            found[0]
        );
    }
    let loaded = load(&[
        ("ENSEMBLE_SERVER_PORT", "tcp://10.0.0.1:80"),
        ("ENSEMBLE_HOME", "/x"),
        ("PORT", "x"),
    ]);
    let warnings = loaded.expect("Kubernetes sets such names").warnings;
    assert_eq!(
        warnings,
        ["ENSEMBLE_SERVER_PORT is not read; did you mean ENSEMBLE__SERVER__PORT?"]
    );
}

#[test]
fn a_value_that_is_not_utf_8_is_a_fault_where_it_is_ours() {
    let environment = Environment::from_iter(GOOD)
        .with_unreadable("SESSION_SECRET")
        .with_unreadable("LS_COLORS");
    let found = Configuration::load(&environment, None)
        .expect_err("is wrong")
        .faults;
    assert_eq!((found.len(), found[0].name.as_str()), (1, "SESSION_SECRET"));
}

#[test]
fn blank_counts_as_unset_but_for_settings_with_a_default_and_no_alias() {
    let blank: Vec<_> = ALIASES
        .iter()
        .map(|(alias, _)| (*alias, " "))
        .filter(|(alias, _)| *alias != "SESSION_SECRET")
        .collect();
    assert_eq!(
        format!("{:?}", loaded(&blank)),
        format!("{:?}", loaded(&[]))
    );
    loaded(&[
        ("ENSEMBLE__REDIS__URL", ""),
        ("ENSEMBLE__AUTH__JWT_PREVIOUS_SECRETS", ""),
    ]);
    let found = faults(&[("ENSEMBLE__ENVIRONMENT", "")]);
    assert_eq!(
        (found.len(), found[0].name.as_str()),
        (1, "ENSEMBLE__ENVIRONMENT")
    );
    let kept = load_with_file(
        "[redis]\nurl = 'redis://cache'",
        &[("ENSEMBLE__REDIS__URL", "")],
    )
    .expect("is right");
    assert!(
        kept.configuration.redis.url.is_some(),
        "a blank variable does not hide the file"
    );
}

#[test]
fn every_setting_is_read_and_nothing_else_is() {
    let names = Names::embedded().expect("can be read");
    let layers = Layers::read(&names, &Environment::default(), None, Path::new(""));
    let mut reader = Reader::new(layers);
    Configuration::read(&mut reader);
    let known: BTreeSet<_> = names.defaults().keys().cloned().collect();
    assert_eq!(reader.asked(), &known);
}

#[test]
fn every_alias_arrives_where_its_setting_does() {
    let value = |key: &str| match key {
        "database.url" => "postgres://u:p@h/d",
        "database.port" => "3307",
        "session.cookie_samesite" => "strict",
        "frontend.strict_cors" => "true",
        "mail.gmail.sender" => "a@b.example",
        "traces.headers" => "x-key=hunter2",
        "traces.sample_ratio" => "0.5",
        key if key.ends_with("url") || key.ends_with("uri") || key.ends_with("endpoint") => {
            "https://other.example"
        }
        _ => "something-of-a-decent-length-for-all",
    };
    let needed = [
        ("ENSEMBLE__STORAGE__MEDIA_URL", "s3://bucket"),
        ("KAKAO_CLIENT_ID", "k"),
        ("GOOGLE_CLIENT_ID", "g"),
        ("NAVER_CLIENT_ID", "n"),
        ("GOOGLE_CLIENT_SECRET", "g"),
        ("NAVER_CLIENT_SECRET", "n"),
    ];
    let environment = |names: &BTreeMap<&str, &str>| {
        Environment::from_iter(names.iter().map(|(name, value)| (*name, *value)))
    };
    for (alias, key) in ALIASES {
        let section = variable_of(key);
        let mut base: BTreeMap<_, _> = GOOD
            .into_iter()
            .chain(needed)
            .filter(|(name, _)| name != alias)
            .collect();
        match *key {
            "storage.media_dir" => drop(base.remove("ENSEMBLE__STORAGE__MEDIA_URL")),
            "storage.s3_access_key_id" => drop(base.insert("AWS_SECRET_ACCESS_KEY", "s")),
            "storage.s3_secret_access_key" => drop(base.insert("AWS_ACCESS_KEY_ID", "i")),
            "mail.gmail.password" => drop(base.insert("MAIL_ADDRESS", "a@b.example")),
            key if key.starts_with("database.") && key != "database.url" => {
                let others = [("DB_HOST", "h"), ("DB_USER", "u"), ("DB_NAME", "n")];
                base.extend(others.into_iter().filter(|(name, _)| name != alias));
            }
            _ => {}
        }
        let read = |name: &str| {
            let mut names = base.clone();
            names.insert(name, value(key));
            let loaded = Configuration::load(&environment(&names), None).expect("is right");
            expose(&loaded.configuration)
        };
        let through_alias = read(alias);
        assert_eq!(through_alias, read(&section), "{alias} and {section}");
        if *alias != "SESSION_SECRET" {
            let without = Configuration::load(&environment(&base), None);
            assert!(
                without.map_or(true, |without| expose(&without.configuration)
                    != through_alias),
                "{alias} does nothing"
            );
        }
    }
}

/// Everything that `Debug` shows, and what it does not.
fn expose(configuration: &Configuration) -> String {
    use secrecy::ExposeSecret;
    let secret = |secret: &Option<secrecy::SecretString>| {
        secret
            .as_ref()
            .map(|secret| secret.expose_secret().to_owned())
    };
    let client =
        |client: &Option<OAuthClient>| client.as_ref().and_then(|client| secret(&client.secret));
    let s3 = match &configuration.storage.media {
        Media::S3(s3) => s3
            .credentials
            .as_ref()
            .map(|pair| pair.secret_access_key.expose_secret().to_owned()),
        Media::Folder(_) => None,
    };
    let mail = configuration
        .mail
        .gmail
        .as_ref()
        .and_then(|gmail| gmail.credentials.as_ref());
    let headers = configuration.traces.headers.iter();
    let headers: String = headers.map(|(_, value)| value.expose_secret()).collect();
    let hidden = [
        Some(headers),
        Some(configuration.database.url.expose().to_owned()),
        Some(configuration.session.secret.expose_secret().to_owned()),
        client(&configuration.oauth.kakao.client),
        client(&configuration.oauth.google.client),
        client(&configuration.oauth.naver.client),
        secret(&configuration.oauth.kakao.admin_key),
        secret(&configuration.meta.app_secret),
        secret(&configuration.meta.user_token),
        mail.map(|(_, password)| password.expose_secret().to_owned()),
        s3,
    ];
    format!("{configuration:?} {hidden:?}")
}

#[test]
fn debug_shows_no_secret() {
    let secret = "hunter2-hunter2-hunter2-hunter2-hunter2";
    let url = format!("mysql://u:{secret}@h/d?password={secret}");
    let redis = format!("redis://:{secret}@h");
    let mut pairs = vec![
        ("DATABASE_URL", url.as_str()),
        ("ENSEMBLE__REDIS__URL", redis.as_str()),
        ("ENSEMBLE__STORAGE__MEDIA_URL", "s3://bucket"),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("KAKAO_CLIENT_ID", "id"),
        ("GOOGLE_CLIENT_ID", "id"),
        ("NAVER_CLIENT_ID", "id"),
        ("MAIL_ADDRESS", "a@b.example"),
        ("ENSEMBLE__MAIL__SES__HOST", "h"),
        ("ENSEMBLE__MAIL__SES__USERNAME", "u"),
    ];
    let names = Names::embedded().expect("can be read");
    let is_secret = |key: &&String| {
        [
            "secret",
            "secrets",
            "password",
            "token",
            "admin_key",
            "access_key",
        ]
        .iter()
        .any(|end| key.ends_with(end))
    };
    let secrets: Vec<_> = names
        .defaults()
        .keys()
        .filter(is_secret)
        .map(|key| variable_of(key))
        .collect();
    assert!(secrets.len() >= 12, "{secrets:?}");
    pairs.extend(secrets.iter().map(|name| (name.as_str(), secret)));
    let pairs: Vec<_> = GOOD
        .iter()
        .filter(|(name, _)| *name == "ENSEMBLE__CRYPTO__KEY")
        .chain(&pairs)
        .copied()
        .collect();
    let environment = Environment::from_iter(pairs);
    let loaded = Configuration::load(&environment, None).expect("is right");
    assert!(expose(&loaded.configuration).contains("hunter2"));
    for shown in [
        format!("{loaded:?}"),
        format!("{loaded:#?}"),
        format!("{environment:?}"),
    ] {
        assert!(
            !shown.contains("hunter2") && !shown.contains("q83v"),
            "{shown}"
        );
    }
    let bytes = format!("{:?}", [0xab_u8, 0xcd]);
    assert!(!format!("{loaded:?}").contains(bytes.trim_matches(['[', ']'])));
}

#[test]
fn no_fault_repeats_what_was_given_for_a_secret() {
    let names = Names::embedded().expect("can be read");
    let all: Vec<_> = names
        .defaults()
        .keys()
        .map(|key| variable_of(key))
        .collect();
    let pairs: Vec<_> = all
        .iter()
        .filter(|name| {
            name.contains("SECRET")
                || name.contains("PASSWORD")
                || name.contains("KEY")
                || name.contains("URL")
                || name.contains("TOKEN")
        })
        .filter(|name| {
            !name.ends_with("FILE")
                && !name.ends_with("FILES")
                && !name.contains("SECONDS")
                && !name.contains("_PER_")
                && !name.ends_with("FALLBACK")
        })
        .map(|name| (name.as_str(), "hunter2://hunter2"))
        .collect();
    let message = load(&pairs).expect_err("is wrong").to_string();
    assert!(!message.contains("hunter2"), "{message}");
}

#[test]
fn the_example_has_every_name_once_and_no_other() {
    let names = Names::embedded().expect("can be read");
    let known: BTreeSet<_> = (names.defaults().keys().map(|key| variable_of(key)))
        .chain(ALIASES.iter().map(|(alias, _)| (*alias).to_owned()))
        .chain([FILE_VARIABLE.to_owned()])
        .collect();
    let listed: Vec<_> = example()
        .into_iter()
        .map(|(name, ..)| name.to_owned())
        .collect();
    assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), known);
    assert_eq!(listed.len(), known.len(), "a name stands there twice");
}

#[test]
fn the_example_has_the_embedded_defaults() {
    let names = Names::embedded().expect("can be read");
    for (name, value, is_comment) in example() {
        let alias = ALIASES
            .iter()
            .find(|(alias, _)| *alias == name)
            .map(|(_, key)| *key);
        let Some(key) = names.key_of(name).or(alias) else {
            continue;
        };
        let default = names.defaults()[key].kind.to_string();
        assert_eq!(value, default, "{name}");
        // One of the parts of a database URL would ask for the others, so that its default stays a comment.
        let is_twin = alias.is_none() && names::alias_of(key).is_some();
        let is_comment_by_rule = default.is_empty() || is_twin || key == "database.port";
        assert_eq!(is_comment, is_comment_by_rule, "{name}");
    }
}

#[test]
fn the_example_as_it_stands_is_the_default_configuration() {
    let pairs: Vec<_> = example()
        .into_iter()
        .filter(|(.., is_comment)| !is_comment)
        .map(|(name, value, _)| (name, value))
        .collect();
    assert_eq!(
        format!("{:?}", loaded(&pairs)),
        format!("{:?}", loaded(&[]))
    );
}
