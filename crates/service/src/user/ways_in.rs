//! What opens an account, so that nobody loses the last way in, and nobody gets in by a way that
//! is not theirs.

use domain::user::{Credentials, Identity, Provider, User};

/// Whether somebody can sign in to the account without its identity of this provider: by another
/// one, or by a password and something to give it with.
pub(super) fn opens_without_identity(
    held: &Credentials,
    all: &[Identity],
    provider: Provider,
) -> bool {
    let by_password = held.password_hash.is_some() && held.user.identifiers().next().is_some();
    let mut others = all.iter().filter(|one| one.provider != provider);
    by_password || others.any(Identity::is_linked)
}

/// Whether the account is known by more than its e-mail address: by a number or a user name, or
/// by an identity, also one that was cut off at its provider and may come back.
pub(super) fn is_known_without_email(user: &User, identities: &[Identity]) -> bool {
    user.phone_number.is_some() || user.username.is_some() || !identities.is_empty()
}
