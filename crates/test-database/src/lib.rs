//! A fresh database for each test, on whichever engines there are.
//!
//! SQLite is always there. PostgreSQL and MySQL/MariaDB take part when `TEST_POSTGRES_URL` and
//! `TEST_MYSQL_URL` name a server where databases may be made; without them their tests pass
//! without doing anything. A server that is named and does not answer fails every one of its
//! tests.
//!
//! A behaviour is written once, as an async function, and [`on_every_engine!`] makes one test per
//! engine of it.

use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr};
use tempfile::TempDir;
use url::Url;

/// What a behaviour is tested on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A temporary file.
    Sqlite,
    /// The server of `TEST_POSTGRES_URL`.
    Postgres,
    /// The server of `TEST_MYSQL_URL`.
    MySql,
}

/// Makes one `#[test]` per engine of each behaviour: `name::sqlite`, `name::postgres` and
/// `name::mysql`. The first argument is a function `fn(Engine, behaviour)` that runs it.
#[macro_export]
macro_rules! on_every_engine {
    ($run:path; $($behaviour:ident,)+) => {$(
        mod $behaviour {
            #[test]
            fn sqlite() {
                $run($crate::Engine::Sqlite, super::$behaviour);
            }

            #[test]
            fn postgres() {
                $run($crate::Engine::Postgres, super::$behaviour);
            }

            #[test]
            fn mysql() {
                $run($crate::Engine::MySql, super::$behaviour);
            }
        }
    )+};
}

/// Runs `test` with the URL of an empty database of its own, which is dropped afterwards
/// whatever came of the test.
///
/// # Panics
/// Where the test does, or the server does not answer.
pub fn run<T>(engine: Engine, test: impl FnOnce(String) -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let Some(database) = TestDatabase::create(engine).await else {
            return;
        };
        let outcome = tokio::spawn(test(database.url.clone())).await;
        database.remove().await;
        if let Err(failure) = outcome {
            std::panic::resume_unwind(failure.into_panic());
        }
    });
}

/// An empty database that nobody else knows.
struct TestDatabase {
    url: String,
    home: Home,
}

/// Where a database is.
enum Home {
    Folder(TempDir),
    Server { admin: Url, name: String },
}

impl TestDatabase {
    /// Makes one; `None` on an engine that is not there.
    async fn create(engine: Engine) -> Option<Self> {
        let variable = match engine {
            Engine::Sqlite => return Some(Self::file()),
            Engine::Postgres => "TEST_POSTGRES_URL",
            Engine::MySql => "TEST_MYSQL_URL",
        };
        let admin = setting(variable)?;
        let admin = Url::parse(&admin).expect(variable);
        let name = format!("t_{:016x}", getrandom::u64().expect("a random number"));
        let mut statements = vec![format!("CREATE DATABASE {name}")];
        if engine == Engine::Postgres {
            // Nobody's data: what a commit promises is visibility, not survival of the machine.
            statements.push(format!(
                "ALTER DATABASE {name} SET synchronous_commit = off"
            ));
        }
        administer(&admin, &statements)
            .await
            .expect("the server makes a database");
        let mut url = admin.clone();
        url.set_path(&name);
        Some(Self {
            url: url.into(),
            home: Home::Server { admin, name },
        })
    }

    /// A file that is not there yet, in a folder of its own.
    fn file() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}/test.db", folder.path().display());
        Self {
            url,
            home: Home::Folder(folder),
        }
    }

    async fn remove(self) {
        match self.home {
            Home::Folder(folder) => folder.close().expect("the folder goes"),
            Home::Server { admin, name } => {
                // A test that failed may have left connections behind.
                let statements = if admin.scheme().starts_with("postgres") {
                    vec![format!("DROP DATABASE {name} WITH (FORCE)")]
                } else {
                    vec![
                        "SET SESSION lock_wait_timeout = 10".to_owned(),
                        format!("DROP DATABASE {name}"),
                    ]
                };
                administer(&admin, &statements)
                    .await
                    .expect("the server drops the database");
            }
        }
    }
}

/// Runs statements one after the other on one connection.
async fn administer(server: &Url, statements: &[String]) -> Result<(), DbErr> {
    let mut options = ConnectOptions::new(server.as_str());
    options
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false);
    let connection: DatabaseConnection = Database::connect(options).await?;
    for statement in statements {
        connection.execute_unprepared(statement).await?;
    }
    connection.close().await
}

/// A variable of the environment; an empty one counts as unset.
fn setting(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "which servers there are is told to the tests by nobody else"
    )]
    let value = std::env::var(name);
    value.ok().filter(|value| !value.is_empty())
}
