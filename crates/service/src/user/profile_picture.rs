//! The picture of a profile.

use domain::persona::{Holder, MediaKey};
use domain::user::{User, UserChange, UserId};

use super::{AccountError, DefaultAccountService};
use crate::retry::retrying;

impl DefaultAccountService {
    /// Changes an account with its picture: one of those we keep is kept for as long as the profile
    /// shows it.
    pub(super) async fn update_with(
        &self,
        id: UserId,
        change: &UserChange,
        picture: Option<&str>,
    ) -> Result<Option<User>, AccountError> {
        let picture = self.opened(id, picture).await?;
        let change = UserChange {
            profile_img: Some(picture.clone()),
            ..change.clone()
        };
        retrying(|| self.try_update(id, &change, picture.as_deref())).await
    }

    /// What is kept of a picture: of a private one the key, if the address opens it at this moment,
    /// or the profile shows it already.
    async fn opened(
        &self,
        id: UserId,
        picture: Option<&str>,
    ) -> Result<Option<String>, AccountError> {
        let Some(address) = picture else {
            return Ok(None);
        };
        let Some((key, is_open)) = self.addresses.private(address) else {
            return Ok(Some(address.to_owned()));
        };
        let path = key.path();
        if !is_open {
            let user = self.users.find(id).await?;
            let shown = user.and_then(|user| user.profile_img);
            if shown.as_ref() != Some(&path) {
                return Err(AccountError::PictureClosed);
            }
        }
        Ok(Some(path))
    }

    async fn try_update(
        &self,
        id: UserId,
        change: &UserChange,
        picture: Option<&str>,
    ) -> Result<Option<User>, AccountError> {
        let (unit, now) = (self.units.begin().await?, self.clock.now());
        let user = unit.users().update(id, change, now).await?;
        if user.is_some() {
            let (profile, key) = (Holder::Profile(id), picture.and_then(MediaKey::of_address));
            let is_held = unit.media().hold(profile, key.as_ref(), now).await?;
            if !is_held {
                // A stored private picture is signed for who looks at the profile: it has to be its
                // owner's.
                if key.is_some_and(|key| key.is_private()) {
                    return Err(AccountError::PictureClosed);
                }
                // An address is only an address: what is not there cannot be kept.
                unit.media().hold(profile, None, now).await?;
            }
        }
        unit.commit().await?;
        Ok(user)
    }

    /// The account as its owner sees it: with an address of its picture that opens it.
    pub(super) fn seen(&self, mut user: User) -> User {
        let stored = user.profile_img.as_deref();
        if let Some(signed) = stored.and_then(|stored| self.addresses.shown(stored)) {
            user.profile_img = Some(signed);
        }
        user
    }
}

#[cfg(test)]
mod tests;
