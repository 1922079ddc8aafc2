//! TLS of the server's own: its certificate, and taking a renewed one without a restart.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use aws_lc_rs::digest::{Context, SHA256};
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{Error as RustlsError, ServerConfig};
use thiserror::Error;
use tokio::sync::watch;
use tracing::{info, warn};

use crate::configuration::TlsFiles;
use crate::signals::HangUp;

/// How often the files are looked at without being asked to.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Why a certificate cannot be served.
#[derive(Debug, Error)]
pub(crate) enum TlsError {
    /// A file cannot be read.
    #[error("{} cannot be read", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
    /// The file of the certificate holds none.
    #[error("{} holds no certificate in PEM form", .0.display())]
    NoCertificate(PathBuf),
    /// The file of the key holds none, or one under a passphrase.
    #[error("{} holds no private key in PEM form (one under a passphrase cannot be used)", .0.display())]
    NoKey(PathBuf),
    /// Each is right by itself.
    #[error("the key in {} does not belong to the certificate in {}", .key.display(), .certificate.display())]
    Mismatch {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// The two are of a kind that is not supported.
    #[error("{} and {} cannot be used", .0.certificate.display(), .0.key.display())]
    Unusable(TlsFiles, #[source] RustlsError),
}

/// What the files held when they were last looked at.
#[derive(Clone, PartialEq, Eq)]
enum Seen {
    /// A pair, by its digest: the key itself is kept nowhere else.
    Pair([u8; 32]),
    /// A file that could not be read.
    Nothing(String),
}

/// The certificate that the server shows, as it was when the files last held a usable one.
pub(crate) struct Certificate {
    files: TlsFiles,
    provider: Arc<CryptoProvider>,
    current: ArcSwap<CertifiedKey>,
}

/// Both files as they are.
struct Pair {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Pair {
    fn read(files: &TlsFiles) -> Result<Self, TlsError> {
        let read = |path: &Path| {
            std::fs::read(path).map_err(|error| TlsError::Unreadable(path.to_owned(), error))
        };
        Ok(Self {
            certificate: read(&files.certificate)?,
            key: read(&files.key)?,
        })
    }

    fn digest(&self) -> Seen {
        let mut digest = Context::new(&SHA256);
        for part in [&self.certificate, &self.key] {
            // With its length, so that nothing moves from the one to the other unseen.
            digest.update(&part.len().to_be_bytes());
            digest.update(part);
        }
        let mut seen = [0; 32];
        seen.copy_from_slice(digest.finish().as_ref());
        Seen::Pair(seen)
    }

    fn certify(
        &self,
        files: &TlsFiles,
        provider: &CryptoProvider,
    ) -> Result<CertifiedKey, TlsError> {
        let chain: Result<Vec<CertificateDer<'static>>, PemError> =
            CertificateDer::pem_slice_iter(&self.certificate).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let chain = chain.ok_or_else(|| TlsError::NoCertificate(files.certificate.clone()))?;
        let key = PrivateKeyDer::from_pem_slice(&self.key)
            .map_err(|_| TlsError::NoKey(files.key.clone()))?;
        CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
            RustlsError::InconsistentKeys(_) => TlsError::Mismatch {
                certificate: files.certificate.clone(),
                key: files.key.clone(),
            },
            error => TlsError::Unusable(files.clone(), error),
        })
    }
}

impl Certificate {
    /// Reads the pair.
    ///
    /// # Errors
    /// Where it cannot be served.
    pub(crate) fn read(files: &TlsFiles) -> Result<Arc<Self>, TlsError> {
        let provider = Arc::new(default_provider());
        let pair = Pair::read(files)?.certify(files, &provider)?;
        Ok(Arc::new(Self {
            files: files.clone(),
            provider,
            current: ArcSwap::from_pointee(pair),
        }))
    }

    /// How the server speaks TLS with it: 1.2 and 1.3. What is spoken inside is the listener's business.
    ///
    /// # Errors
    /// Where the cryptography knows neither version.
    pub(crate) fn server(self: &Arc<Self>) -> Result<ServerConfig, RustlsError> {
        let config = ServerConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(self.clone());
        Ok(config)
    }

    /// Takes what the files hold, now and then and whenever the process is told to (SIGHUP), until it stops.
    pub(crate) async fn keep_current(
        self: Arc<Self>,
        mut hang_up: HangUp,
        mut stop: watch::Receiver<bool>,
    ) {
        let mut rounds = tokio::time::interval(LOOK_EVERY);
        let mut seen = None;
        loop {
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => return,
                () = hang_up.next() => {}
                _ = rounds.tick() => {}
            }
            self.look(&mut seen);
        }
    }

    /// Looks at the files; what they hold is tried once, and told of once. A few kilobytes are read without leaving
    /// the thread.
    fn look(&self, seen: &mut Option<Seen>) {
        let pair = Pair::read(&self.files);
        let now = match &pair {
            Ok(pair) => pair.digest(),
            Err(error) => Seen::Nothing(error.to_string()),
        };
        if seen.as_ref() == Some(&now) {
            return;
        }
        *seen = Some(now);
        let taken = pair.and_then(|pair| pair.certify(&self.files, &self.provider));
        match taken {
            Ok(pair) if pair.cert == self.current.load().cert => {}
            Ok(pair) => {
                self.current.store(Arc::new(pair));
                info!("a renewed certificate was taken");
            }
            Err(error) => {
                warn!(%error, "the certificate on disk cannot be used; the one before stays");
            }
        }
    }
}

/// Shows neither key nor certificate.
impl std::fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Certificate")
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}

#[cfg(test)]
mod tests;
