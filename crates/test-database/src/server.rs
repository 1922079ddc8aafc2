//! What tests ask of a server: databases.

use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbErr};
use url::Url;

/// A server where databases may be made.
#[derive(Clone, Debug)]
pub(crate) struct Server(Url);

impl Server {
    /// The PostgreSQL server, if there is one.
    pub(crate) fn postgres() -> Option<Self> {
        Self::of("TEST_POSTGRES_URL")
    }

    /// The MySQL or MariaDB server, if there is one.
    pub(crate) fn mysql() -> Option<Self> {
        Self::of("TEST_MYSQL_URL")
    }

    /// The server that a variable of the environment names; an empty one counts as unset.
    fn of(variable: &str) -> Option<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "nobody else tells the tests which servers there are"
        )]
        let url = std::env::var(variable).ok().filter(|url| !url.is_empty())?;
        let mut url = Url::parse(&url).expect(variable);
        if url.scheme().starts_with("postgres") && url.query().is_none() {
            // The driver would encrypt where the server can (Debian's can), and a test opens ten
            // connections at a tenth of a second each.
            url.set_query(Some("sslmode=disable"));
        }
        Some(Self(url))
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.0.scheme().starts_with("postgres")
    }

    /// Where a database is.
    pub(crate) fn url(&self, database: &str) -> String {
        let mut url = self.0.clone();
        url.set_path(database);
        url.into()
    }

    /// Makes an empty database that nobody else knows.
    pub(crate) async fn create(&self) -> String {
        let number = getrandom::u64().expect("a random number");
        let name = format!("t_{number:016x}");
        let mut statements = vec![format!("CREATE DATABASE {name}")];
        if self.is_postgres() {
            // Nobody's data: a commit has to be visible, not to survive the machine.
            let unsafely = "SET synchronous_commit = off";
            statements.push(format!("ALTER DATABASE {name} {unsafely}"));
        }
        let done = administer(self.0.as_str(), &statements).await;
        done.expect("the server makes a database");
        name
    }

    /// Empties a PostgreSQL database that nobody is connected to.
    pub(crate) async fn empty(&self, name: &str) {
        let statements = ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"];
        let done = administer(&self.url(name), &statements.map(str::to_owned)).await;
        done.expect("the server empties a database");
    }

    /// Removes a database, whoever is connected to it.
    pub(crate) async fn drop(&self, name: &str) {
        let statements = if self.is_postgres() {
            vec![format!("DROP DATABASE {name} WITH (FORCE)")]
        } else {
            // A test that failed may have left a transaction open.
            let patiently = "SET SESSION lock_wait_timeout = 10".to_owned();
            vec![patiently, format!("DROP DATABASE {name}")]
        };
        let done = administer(self.0.as_str(), &statements).await;
        done.expect("the server drops a database");
    }
}

/// Runs statements one after the other on one connection.
async fn administer(url: &str, statements: &[String]) -> Result<(), DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false);
    let connection = Database::connect(options).await?;
    for statement in statements {
        connection.execute_unprepared(statement).await?;
    }
    connection.close().await
}
