//! Where a picture is: for everybody, or for whoever has a signed address for a while.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Clock;
use domain::persona::MediaKey;
use jsonwebtoken::crypto::{sign, verify};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use secrecy::{ExposeSecret, SecretString};

/// Makes and checks the addresses of pictures.
pub struct MediaAddresses {
    signing: EncodingKey,
    verifying: DecodingKey,
    lifetime: Duration,
    clock: Arc<dyn Clock>,
}

/// What a signed address brings along.
#[derive(Clone, Debug, Default)]
pub struct Permit {
    /// Until when it is good, in seconds since 1970.
    pub expires: Option<i64>,
    /// The proof that we said so.
    pub signature: Option<String>,
}

impl Permit {
    /// What an address brings along.
    fn of_address(address: &str) -> Self {
        let query = address.split_once('?').map_or("", |(_, query)| query);
        let query = query.split('#').next().unwrap_or_default();
        let value = |name| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        Self {
            expires: value("expires").and_then(|text| text.parse().ok()),
            signature: value("signature").map(str::to_owned),
        }
    }
}

/// Keeps signatures of addresses and whatever else the secret signs apart.
fn message(key: &MediaKey, expires: i64) -> String {
    format!("media\n{key}\n{expires}")
}

impl MediaAddresses {
    /// Addresses signed with `secret`; of a private picture one is good for `lifetime` or a little
    /// more.
    #[must_use]
    pub fn new(secret: &SecretString, lifetime: Duration, clock: Arc<dyn Clock>) -> Self {
        let secret = secret.expose_secret().as_bytes();
        Self {
            signing: EncodingKey::from_secret(secret),
            verifying: DecodingKey::from_secret(secret),
            lifetime,
            clock,
        }
    }

    /// The address of a picture on this server: `/media/…`, for a private one with a signature.
    #[must_use]
    pub fn of(&self, key: &MediaKey) -> String {
        if !key.is_private() {
            return key.path();
        }
        let lifetime = i64::try_from(self.lifetime.as_secs().max(1)).unwrap_or(i64::MAX / 4);
        // Two requests soon after each other get the same address, so that browsers may keep what
        // they loaded.
        let step = (lifetime / 4).max(1);
        let soonest = self.clock.now().timestamp() + lifetime;
        let expires = (soonest / step + 1) * step;
        let message = message(key, expires);
        match sign(message.as_bytes(), &self.signing, Algorithm::HS256) {
            Ok(signature) => format!("{}?expires={expires}&signature={signature}", key.path()),
            // A secret that does not sign opens nothing.
            Err(_) => key.path(),
        }
    }

    /// The private picture that an address names, with whether the address opens it at this moment;
    /// `None` where it names none. What is kept of such an address is the key alone: a signature is
    /// for whoever was handed it, and ends.
    pub(crate) fn private(&self, address: &str) -> Option<(MediaKey, bool)> {
        let key = MediaKey::of_address(address).filter(MediaKey::is_private)?;
        let permit = Permit::of_address(address);
        let is_open = self.admits(&key, &permit).is_some();
        Some((key, is_open))
    }

    /// Where a stored address is that its owner looks at: a private picture's is signed anew.
    pub(crate) fn shown(&self, stored: &str) -> Option<String> {
        let key = MediaKey::of_address(stored).filter(MediaKey::is_private)?;
        // Only what was stored by its key: who opened it then may see it now.
        (stored == key.path()).then(|| self.of(&key))
    }

    /// For how long the picture may be seen from now on; `None` where it may not be. What everybody
    /// may see has no end.
    #[must_use]
    pub fn admits(&self, key: &MediaKey, permit: &Permit) -> Option<TimeDelta> {
        if !key.is_private() {
            return Some(TimeDelta::MAX);
        }
        let (expires, signature) = (permit.expires?, permit.signature.as_deref()?);
        let left = DateTime::<Utc>::from_timestamp(expires, 0)? - self.clock.now();
        let message = message(key, expires);
        let good = verify(
            signature,
            message.as_bytes(),
            &self.verifying,
            Algorithm::HS256,
        );
        (left > TimeDelta::zero() && good.unwrap_or(false)).then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use domain::clock::FixedClock;
    use domain::persona::MediaKind;

    use super::*;
    use crate::testing::clock;

    fn addresses(clock: &Arc<FixedClock>) -> MediaAddresses {
        let secret = "a secret of at least 32 bytes, for tests".into();
        MediaAddresses::new(&secret, Duration::from_secs(3600), clock.clone())
    }

    fn private() -> MediaKey {
        MediaKey::private(7.into(), b"a", MediaKind::Png)
    }

    #[test]
    fn a_private_address_is_good_for_a_while_and_for_one_picture() {
        let clock = clock();
        let addresses = addresses(&clock);
        let permit = Permit::of_address(&addresses.of(&private()));
        assert!(addresses.admits(&private(), &permit).is_some());
        let other = MediaKey::private(8.into(), b"a", MediaKind::Png);
        assert!(addresses.admits(&other, &permit).is_none());
        clock.advance(TimeDelta::seconds(3600));
        assert!(addresses.admits(&private(), &permit).is_some());
        clock.advance(TimeDelta::seconds(901));
        assert!(addresses.admits(&private(), &permit).is_none());
    }

    #[test]
    fn a_changed_or_missing_signature_opens_nothing() {
        let clock = clock();
        let addresses = addresses(&clock);
        let good = Permit::of_address(&addresses.of(&private()));
        let later = Permit {
            expires: good.expires.map(|expires| expires + 1),
            ..good.clone()
        };
        let forged = Permit {
            signature: Some("AAAA".into()),
            ..good
        };
        for permit in [later, forged, Permit::default()] {
            assert!(
                addresses.admits(&private(), &permit).is_none(),
                "{permit:?}"
            );
        }
    }

    #[test]
    fn an_address_opens_a_private_picture_while_it_is_fresh_and_is_kept_without_its_signature() {
        let clock = clock();
        let addresses = addresses(&clock);
        let signed = addresses.of(&private());
        let whole = format!("https://shop.example{signed}#top");
        for address in [&signed, &whole] {
            assert_eq!(addresses.private(address), Some((private(), true)));
        }
        let path = private().path();
        for closed in [
            &path,
            &format!("{path}?expires=1&signature=x"),
            &format!("{path}?w=64"),
        ] {
            assert_eq!(addresses.private(closed), Some((private(), false)));
        }
        assert_eq!(addresses.shown(&path), Some(signed.clone()));
        let public = MediaKey::public(b"a", MediaKind::Png).path();
        for other in [public.as_str(), "https://elsewhere.example/a.png"] {
            assert_eq!(addresses.private(other), None);
            assert_eq!(addresses.shown(other), None);
        }
        // What was handed in by somebody else's word is not signed for anybody.
        assert_eq!(
            addresses.shown(&format!("https://elsewhere.example{path}")),
            None
        );
        clock.advance(TimeDelta::hours(2));
        assert_eq!(addresses.private(&signed), Some((private(), false)));
    }

    #[test]
    fn what_everybody_may_see_needs_no_signature() {
        let addresses = addresses(&clock());
        let key = MediaKey::public(b"a", MediaKind::Png);
        assert_eq!(addresses.of(&key), key.path());
        assert!(addresses.admits(&key, &Permit::default()).is_some());
    }

    #[test]
    fn an_address_stays_the_same_for_a_while() {
        let clock = clock();
        let addresses = addresses(&clock);
        let first = addresses.of(&private());
        clock.advance(TimeDelta::seconds(5));
        assert_eq!(addresses.of(&private()), first);
    }
}
