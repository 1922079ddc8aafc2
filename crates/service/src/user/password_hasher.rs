//! Hashing passwords: as slow as it should be, never more at once than there are cores.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use domain::user::MAX_PASSWORD_CHARS;
use parking_lot::Mutex;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::error;

use super::hash_queue::{HashFigures, HashQueue};

/// The most memory a stored hash may ask for, in KiB: more is not from us.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// How passwords are hashed.
#[derive(Clone, Copy, Debug)]
pub struct HashSettings {
    /// Memory of one hash in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Hashes at the same time.
    pub concurrency: usize,
    /// Requests that may wait for their turn; who comes later is told at once.
    pub queue: usize,
    /// How long a request waits for its turn.
    pub wait: Duration,
}

impl HashSettings {
    /// Argon2id with 19 MiB and two passes (OWASP Password Storage Cheat Sheet).
    #[must_use]
    pub fn recommended(concurrency: usize, queue: usize, wait: Duration) -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
            concurrency,
            queue,
            wait,
        }
    }

    /// So cheap that it protects nothing: for tests.
    #[must_use]
    pub fn for_tests() -> Self {
        Self {
            memory_kib: 64,
            passes: 1,
            concurrency: 4,
            queue: 1_000,
            wait: Duration::from_secs(60),
        }
    }
}

/// Hashes with Argon2id in a bounded number of places, each with memory of its own that is used
/// again: otherwise the allocator keeps every 19 MiB block it ever gave.
#[derive(Clone)]
pub struct PasswordHasher {
    params: Params,
    wait: Duration,
    size: usize,
    places: Arc<Semaphore>,
    /// Where hashing takes turns with other work that keeps a core busy.
    cores: Option<Arc<Semaphore>>,
    queue: Arc<HashQueue>,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
}

/// Nobody's turn came in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

/// What comparing a password with a stored hash came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// It is the password.
    pub matches: bool,
    /// The hash was made with other settings than today's.
    pub outdated: bool,
}

impl PasswordHasher {
    /// A hasher with these settings; ones Argon2 does not know fall back to the recommended.
    #[must_use]
    pub fn new(settings: HashSettings) -> Self {
        let size = settings.concurrency.max(1);
        let params = Params::new(settings.memory_kib, settings.passes, 1, Some(HASH_BYTES));
        Self {
            params: params.unwrap_or_default(),
            wait: settings.wait,
            size,
            places: Arc::new(Semaphore::new(size)),
            cores: None,
            queue: Arc::new(HashQueue::new(settings.queue)),
            memory: Arc::default(),
        }
    }

    /// Takes a place of these, too, for as long as a password is hashed: they are for all work that
    /// keeps a core busy, so that hashing and the rest of it together leave a core to others.
    #[must_use]
    pub fn taking_turns(mut self, cores: Arc<Semaphore>) -> Self {
        self.cores = Some(cores);
        self
    }

    /// Waits for a place.
    ///
    /// # Errors
    /// [`Busy`] where none gets free in time, or too many wait already.
    pub async fn place(&self) -> Result<Place, Busy> {
        let _waiting = match self.places.clone().try_acquire_owned() {
            Ok(permit) => {
                return Ok(Place {
                    hasher: self.clone(),
                    permit: Arc::new(permit),
                });
            }
            Err(_) => self.queue.join().ok_or(Busy)?,
        };
        let turn = tokio::time::timeout(self.wait, self.places.clone().acquire_owned());
        match turn.await {
            Ok(Ok(permit)) => Ok(Place {
                hasher: self.clone(),
                permit: Arc::new(permit),
            }),
            _ => {
                self.queue.note_refusal();
                Err(Busy)
            }
        }
    }

    /// How much there is to hash at present.
    #[must_use]
    pub fn figures(&self) -> HashFigures {
        self.queue.figures(self.size, self.free_places())
    }

    /// How many could hash right now.
    #[must_use]
    pub fn free_places(&self) -> usize {
        self.places.available_permits()
    }

    /// Whether it ever hashed: the memory of the first hash stays for the next.
    #[cfg(test)]
    pub(super) fn has_hashed(&self) -> bool {
        !self.memory.lock().is_empty()
    }

    fn compute(&self, params: &Params, password: &[u8], salt: &[u8]) -> Option<[u8; HASH_BYTES]> {
        let mut memory = self.memory.lock().pop().unwrap_or_default();
        memory.resize(params.block_count().max(memory.len()), Block::default());
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let mut hash = [0; HASH_BYTES];
        let blocks = &mut memory[..params.block_count()];
        let computed = argon2.hash_password_into_with_memory(password, salt, &mut hash, blocks);
        memory.truncate(self.params.block_count());
        self.memory.lock().push(memory);
        computed.ok().map(|()| hash)
    }

    fn hash(&self, password: &SecretString) -> Option<String> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).ok()?;
        let hash = self.compute(&self.params, password.expose_secret().as_bytes(), &salt)?;
        let (m, t, p) = (
            self.params.m_cost(),
            self.params.t_cost(),
            self.params.p_cost(),
        );
        let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
        Some(format!("$argon2id$v=19$m={m},t={t},p={p}${salt}${hash}"))
    }

    fn verify(&self, password: &SecretString, stored: Option<&str>) -> Verdict {
        let known = stored.and_then(Known::parse);
        // Where there is nothing to compare with, the same work is done for nothing: time must
        // not tell whether there is an account.
        let (params, salt) = match &known {
            Some(known) => (&known.params, known.salt.as_slice()),
            None => (&self.params, [0; SALT_BYTES].as_slice()),
        };
        let too_long = password.expose_secret().chars().count() > MAX_PASSWORD_CHARS;
        let input = if too_long {
            &[]
        } else {
            password.expose_secret().as_bytes()
        };
        let computed = self.compute(params, input, salt);
        let (Some(known), Some(computed)) = (known, computed) else {
            return Verdict {
                matches: false,
                outdated: false,
            };
        };
        let equal: bool = computed.ct_eq(&known.hash).into();
        let same = |get: fn(&Params) -> u32| get(&known.params) == get(&self.params);
        let outdated = !(same(Params::m_cost) && same(Params::t_cost) && same(Params::p_cost));
        Verdict {
            matches: equal && !too_long,
            outdated,
        }
    }
}

/// A stored hash, taken apart.
struct Known {
    params: Params,
    salt: Vec<u8>,
    hash: [u8; HASH_BYTES],
}

impl Known {
    fn parse(stored: &str) -> Option<Self> {
        let parsed = PasswordHash::new(stored).ok()?;
        let params = Params::try_from(&parsed).ok()?;
        let salt: &[u8] = parsed.salt.as_ref()?.as_ref();
        let hash: &[u8] = parsed.hash.as_ref()?.as_ref();
        if parsed.algorithm.as_str() != "argon2id" || params.m_cost() > MAX_MEMORY_KIB {
            return None;
        }
        Some(Self {
            salt: salt.to_vec(),
            hash: hash.try_into().ok()?,
            params,
        })
    }
}

/// A place to hash in, given back when the hashing ends, even where nobody waits any more.
pub struct Place {
    hasher: PasswordHasher,
    permit: Arc<OwnedSemaphorePermit>,
}

impl Place {
    /// The password's hash in PHC string form.
    ///
    /// # Errors
    /// [`Busy`] where the machine gives no random numbers or the runtime is stopping.
    pub async fn hash(&self, password: &SecretString) -> Result<String, Busy> {
        let password = password.clone();
        self.run(move |hasher| hasher.hash(&password))
            .await?
            .ok_or(Busy)
    }

    /// Compares a password with a stored hash, in the same time whether there is one or not.
    ///
    /// # Errors
    /// [`Busy`] where the runtime is stopping.
    pub async fn verify(
        &self,
        password: &SecretString,
        stored: Option<String>,
    ) -> Result<Verdict, Busy> {
        let password = password.clone();
        self.run(move |hasher| hasher.verify(&password, stored.as_deref()))
            .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&PasswordHasher) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let hasher = self.hasher.clone();
        let held = self.permit.clone();
        let core = match &self.hasher.cores {
            Some(cores) => Some(cores.clone().acquire_owned().await.map_err(|_| Busy)?),
            None => None,
        };
        let done = tokio::task::spawn_blocking(move || {
            let _held = (held, core);
            work(&hasher)
        });
        done.await.map_err(|cause| {
            error!(%cause, "a hash did not finish");
            Busy
        })
    }
}

#[cfg(test)]
mod tests;
