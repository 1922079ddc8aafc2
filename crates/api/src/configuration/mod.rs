//! Configuration: typed, checked as a whole, and the same wherever it comes from.
//!
//! Four layers, later ones win: the embedded `defaults.toml`; a TOML file (`--config`, `ENSEMBLE_CONFIG`, or
//! `ensemble.toml` in the working directory); `ENSEMBLE__SECTION__KEY`; and the names that the contracts fix
//! (`DATABASE_URL`, `SESSION_SECRET`, …). A setting exists because it stands in `defaults.toml`: variables, checks and
//! suggestions are derived from there, and a test holds `.env.example` to it.
//!
//! A blank variable counts as unset, except for a setting that has a default and no alias: there it is a fault, so
//! that `ENSEMBLE__ENVIRONMENT=$STAGE` with a forgotten `STAGE` does not start in development.

mod address;
mod auth;
mod backup;
mod chat;
mod database;
mod environment;
mod fault;
mod feed;
mod layers;
mod limits;
mod log;
mod mail;
mod media;
mod meta;
mod names;
mod oauth;
mod operations;
mod production;
mod reader;
mod secrets;
mod server;
mod session;
mod storage;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod traces;

use std::path::{Path, PathBuf};

pub use address::{BaseUrl, BindHost, SecretUrl};
pub use auth::{Auth, Signing};
pub use backup::Backup;
pub use chat::Chat;
pub use database::{Database, Engine, Synchronous};
pub use environment::Environment;
pub use fault::{ConfigurationErrors, Fault};
pub use feed::Feed;
pub use limits::Limits;
pub use log::{Log, LogFormat};
pub use mail::{Mail, SmtpProfile, SmtpTls};
pub use media::MediaLimits;
pub use meta::Meta;
pub use oauth::{Google, Kakao, Naver, OAuth, OAuthClient};
pub use operations::{Ai, Metrics, Outbox, Redis, Seed};
pub use production::Stage;
pub use secrets::SecretsFile;
pub use server::{Server, TlsFiles};
pub use session::{Crypto, Frontend, SameSite, Session};
pub use storage::{Media, S3, S3Credentials, Storage};
pub use traces::Traces;

use layers::Layers;
use names::Names;
use reader::Reader;

/// All settings. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// What this installation is for.
    pub environment: Stage,
    /// Whether `/__routes` is served.
    pub debug: bool,
    /// What fills an empty database on start.
    pub seed: Option<Seed>,
    /// Where and how HTTP is served.
    pub server: Server,
    /// The database.
    pub database: Database,
    /// Where files are kept.
    pub storage: Storage,
    /// Copies of both.
    pub backup: Backup,
    /// What is logged.
    pub log: Log,
    /// How much is too much.
    pub limits: Limits,
    /// Pictures.
    pub media: MediaLimits,
    /// The feed.
    pub feed: Feed,
    /// What carries events between processes.
    pub redis: Redis,
    /// Tokens.
    pub auth: Auth,
    /// Encryption at rest.
    pub crypto: Crypto,
    /// Friends and direct messages.
    pub chat: Chat,
    /// Cookies.
    pub session: Session,
    /// The web front end.
    pub frontend: Frontend,
    /// Sign-in with Kakao, Google and Naver.
    pub oauth: OAuth,
    /// Instagram.
    pub meta: Meta,
    /// Portraits.
    pub ai: Ai,
    /// Mail servers.
    pub mail: Mail,
    /// Deliveries.
    pub outbox: Outbox,
    /// The listener for metrics.
    pub metrics: Metrics,
    /// Where traces go.
    pub traces: Traces,
}

/// A configuration that may be used, and what to tell the operator about it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings.
    pub configuration: Configuration,
    /// The TOML file that was read.
    pub file: Option<PathBuf>,
    /// The file from which missing secrets were taken, or in which they were put.
    pub secrets_file: Option<SecretsFile>,
    /// What is odd, but no reason to stop; to be logged. Holds no secret.
    pub warnings: Vec<String>,
}

impl Configuration {
    /// Reads all layers. `file` is the file that the command line names; without it `ENSEMBLE_CONFIG` is looked at,
    /// then `ensemble.toml` in the working directory.
    ///
    /// In development this makes secrets that are not set and writes them to the data directory: see
    /// [`Loaded::secrets_file`]. Nothing is written when there is a fault.
    ///
    /// # Errors
    /// All faults at once.
    pub fn load(
        environment: &Environment,
        file: Option<PathBuf>,
    ) -> Result<Loaded, ConfigurationErrors> {
        Self::load_in(Path::new(""), environment, file)
    }

    fn load_in(
        directory: &Path,
        environment: &Environment,
        file: Option<PathBuf>,
    ) -> Result<Loaded, ConfigurationErrors> {
        let names = Names::embedded()?;
        let mut layers = Layers::read(&names, environment, file, directory);
        let file = layers.file.take();
        let mut reader = Reader::new(layers);
        let mut configuration = Self::read(&mut reader);
        production::check(&mut reader, &configuration);
        let warnings = reader.check()?;
        let secrets_file = secrets::complete(&mut configuration)?;
        Ok(Loaded {
            configuration,
            file,
            secrets_file,
            warnings,
        })
    }

    /// Reads all sections. Secrets that are not set stay empty.
    fn read(reader: &mut Reader) -> Self {
        let environment = Stage::read(reader);
        let server = Server::read(reader);
        let storage = Storage::read(reader);
        Self {
            environment,
            debug: reader.boolean("debug"),
            seed: Seed::read(reader),
            database: Database::read(reader, &storage.data_dir),
            backup: Backup::read(reader, &storage.data_dir),
            log: Log::read(reader),
            limits: Limits::read(reader),
            media: MediaLimits::read(reader),
            feed: Feed::read(reader),
            redis: Redis::read(reader),
            auth: Auth::read(reader, environment, &storage.data_dir),
            crypto: Crypto::read(reader),
            chat: Chat::read(reader),
            session: Session::read(reader),
            frontend: Frontend::read(reader),
            oauth: OAuth::read(reader),
            meta: Meta::read(reader, environment),
            ai: Ai::read(reader),
            mail: Mail::read(reader, &server.public_url),
            outbox: Outbox::read(reader),
            metrics: Metrics::read(reader),
            traces: Traces::read(reader),
            server,
            storage,
        }
    }

    /// Where the web front end is: as set, else under the public URL.
    pub fn frontend_url(&self) -> &BaseUrl {
        self.frontend
            .url
            .as_ref()
            .unwrap_or(&self.server.public_url)
    }

    /// Whether cookies are `Secure` (and named `__Host-…`): whether people reach us over TLS.
    pub fn secure_cookies(&self) -> bool {
        self.server.public_url.is_https()
    }
}
