//! A fresh database for each test, on whichever engines there are.
//!
//! SQLite is always there. PostgreSQL and MySQL/MariaDB take part when `TEST_POSTGRES_URL` and
//! `TEST_MYSQL_URL` name a server where databases may be made; without them their tests pass
//! without doing anything. A server that is named and does not answer fails every one of its
//! tests.
//!
//! A behaviour is written once, as an async function, and [`on_every_engine!`] makes one test per
//! engine of it.

mod pool;
mod server;

use server::Server;

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

/// Runs `test` with the URL of an empty database of its own, which is removed afterwards whatever
/// came of the test.
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
    let outcome = runtime.block_on(async {
        pool::enter();
        let outcome = match engine {
            Engine::Sqlite => in_a_file(test).await,
            Engine::Postgres => on_a_server(Server::postgres(), test).await,
            Engine::MySql => on_a_server(Server::mysql(), test).await,
        };
        pool::leave().await;
        outcome
    });
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

type Outcome = Result<(), tokio::task::JoinError>;

async fn in_a_file<T>(test: impl FnOnce(String) -> T) -> Outcome
where
    T: Future<Output = ()> + Send + 'static,
{
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}/test.db", folder.path().display());
    let outcome = tokio::spawn(test(url)).await;
    folder.close().expect("the folder goes");
    outcome
}

async fn on_a_server<T>(server: Option<Server>, test: impl FnOnce(String) -> T) -> Outcome
where
    T: Future<Output = ()> + Send + 'static,
{
    let Some(server) = server else {
        return Ok(());
    };
    let name = pool::take(&server).await;
    let outcome = tokio::spawn(test(server.url(&name))).await;
    pool::give_back(&server, name, outcome.is_ok()).await;
    outcome
}
