//! The servers of one test.

use std::sync::Arc;

use api::configuration::{Configuration, Environment};
use api::server::{Running, start};
use parking_lot::Mutex;
use sea_orm::{ConnectionTrait, Database, Statement};
use tempfile::TempDir;
use test_database::Engine;

use crate::client::Client;
use crate::person::Person;

/// A database of its own, and the servers on it.
pub(crate) struct App {
    pub(crate) engine: Engine,
    database_url: String,
    folder: TempDir,
    nodes: Mutex<Nodes>,
}

#[derive(Default)]
struct Nodes {
    running: Vec<Running>,
    started: usize,
}

/// Settings of every server here. Its secrets are everybody's, so that nodes agree on them.
const SETTINGS: [(&str, &str); 9] = [
    ("ENSEMBLE__SERVER__PORT", "0"),
    ("ENSEMBLE__SERVER__WORKERS", "2"),
    ("ENSEMBLE__METRICS__PORT", "0"),
    // What is throttled is tested by itself.
    ("ENSEMBLE__LIMITS__ENABLED", "false"),
    ("ENSEMBLE__LIMITS__HASH_WAIT_SECONDS", "120"),
    ("ENSEMBLE__LIMITS__HASH_QUEUE", "10000"),
    (
        "ENSEMBLE__AUTH__JWT_SECRET",
        "fKq0s1n4zP7YwR3vXb9LmT2cUe8HjD5g",
    ),
    ("SESSION_SECRET", "Zr6Nw1QyB4tLk9VxE3mCs7GpJ0hFu2Da"),
    (
        "ENSEMBLE__CRYPTO__KEY",
        "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
    ),
];

/// Runs a behaviour with a database on which no server runs yet; what it starts is stopped
/// afterwards whatever came of it.
pub(crate) fn run<T>(engine: Engine, behaviour: impl FnOnce(Arc<App>) -> T + Send + 'static)
where
    T: Future<Output = ()> + Send + 'static,
{
    test_database::run(engine, move |database_url| async move {
        let app = Arc::new(App {
            engine,
            database_url,
            folder: tempfile::tempdir().expect("a temporary folder"),
            nodes: Mutex::default(),
        });
        let outcome = tokio::spawn(behaviour(app.clone())).await;
        app.stop().await;
        if let Err(failure) = outcome {
            std::panic::resume_unwind(failure.into_panic());
        }
    });
}

impl App {
    /// Starts a server with the usual settings; a client that is nobody yet.
    pub(crate) async fn start(&self) -> Client {
        self.start_with(&[]).await
    }

    /// Starts a server with some settings of its own.
    pub(crate) async fn start_with(&self, settings: &[(&str, &str)]) -> Client {
        self.serve(settings, None).await.0
    }

    /// Starts a server that tells metrics, too; a client of those.
    pub(crate) async fn start_measured(&self) -> (Client, Client) {
        // The system chooses the port; in the settings 0 would mean none.
        let (client, metrics) = self.serve(&[], Some(0)).await;
        (client, metrics.expect("metrics"))
    }

    async fn serve(
        &self,
        settings: &[(&str, &str)],
        metrics_port: Option<u16>,
    ) -> (Client, Option<Client>) {
        let node_id = {
            let mut nodes = self.nodes.lock();
            nodes.started += 1;
            nodes.started.to_string()
        };
        let folder = self.folder.path().to_str().expect("a path in UTF-8");
        let own = [
            ("DATABASE_URL", self.database_url.as_str()),
            ("ENSEMBLE__SERVER__NODE_ID", &node_id),
            ("ENSEMBLE__STORAGE__DATA_DIR", folder),
        ];
        let all = SETTINGS.iter().chain(&own).chain(settings);
        let loaded = Configuration::load(&Environment::from_iter(all.copied()), None);
        let mut configuration = loaded.expect("settings that are right").configuration;
        configuration.metrics.port = metrics_port;
        let running = start(&configuration, false).await;
        let running = running.expect("the server starts");
        let client = Client::new(running.address);
        let metrics = running.metrics().map(Client::new);
        self.nodes.lock().running.push(running);
        (client, metrics)
    }

    /// Starts a server; somebody who is signed in there.
    pub(crate) async fn person(&self) -> Person {
        Person::new(&self.start().await).await
    }

    /// Does something to the database that nobody can do from the outside.
    pub(crate) async fn change(&self, statement: &str) {
        let database = Database::connect(&self.database_url).await;
        let database = database.expect("the database answers");
        let done = database.execute_unprepared(statement).await;
        done.expect("it is done");
        database.close().await.expect("it closes");
    }

    /// What one number in the database is.
    pub(crate) async fn count(&self, query: &str) -> i64 {
        let database = Database::connect(&self.database_url).await;
        let database = database.expect("the database answers");
        let backend = database.get_database_backend();
        let row = database.query_one_raw(Statement::from_string(backend, query));
        let row = row.await.expect("an answer").expect("a row");
        let count = row.try_get_by_index(0).expect("a number");
        database.close().await.expect("it closes");
        count
    }

    /// Stops all servers, which finish what they began.
    pub(crate) async fn stop(&self) {
        let running = std::mem::take(&mut self.nodes.lock().running);
        for node in running {
            node.stop().await.expect("the server stops");
        }
    }

    /// A file in the servers' data folder.
    pub(crate) fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}
