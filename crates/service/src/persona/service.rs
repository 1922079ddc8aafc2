//! One's own personas.

use std::sync::Arc;

use async_trait::async_trait;
use domain::persona::{
    Holder, MediaKey, Persona, PersonaChange, PersonaDraft, PersonaImage, PersonaNumber,
    PersonaRepository, WhichPersona,
};
use domain::unit_of_work::{UnitOfWork, UnitOfWorkFactory};
use domain::user::UserId;
use domain::{Clock, IdGenerator};
use tracing::{info, instrument};

use super::{MediaAddresses, PersonaError};
use crate::retry::retrying;

/// Personas of the person who asks; nobody else's exist for them.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PersonaService: Send + Sync {
    /// All of them, the lowest number first.
    async fn list(&self, owner: UserId) -> Result<Vec<Persona>, PersonaError>;

    /// One of them.
    async fn find(&self, owner: UserId, which: WhichPersona) -> Result<Persona, PersonaError>;

    /// Makes one with the lowest number that is free.
    async fn create(&self, owner: UserId, draft: PersonaDraft) -> Result<Persona, PersonaError>;

    /// Changes what is given; parameters are merged, each member whole.
    async fn update(
        &self,
        owner: UserId,
        which: WhichPersona,
        change: &PersonaChange,
    ) -> Result<Persona, PersonaError>;

    /// Removes one, with its Instagram token; its number is free again.
    async fn delete(&self, owner: UserId, which: WhichPersona) -> Result<(), PersonaError>;
}

/// [`PersonaService`] over the repositories.
///
/// Every change is a unit of work, so that what else hangs on a persona can change with it.
pub struct DefaultPersonaService {
    /// Personas, to be read.
    pub personas: Arc<dyn PersonaRepository>,
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Where stored pictures are.
    pub addresses: Arc<MediaAddresses>,
    /// How many a person may have.
    pub limit: usize,
    /// New ids.
    pub ids: Arc<IdGenerator>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl DefaultPersonaService {
    /// Makes a persona while its owner's account is held: of several at once each sees what the
    /// ones before it made.
    async fn make(&self, owner: UserId, draft: &PersonaDraft) -> Result<Persona, PersonaError> {
        let unit = self.units.begin().await?;
        let held = unit.users().hold(owner).await?;
        held.ok_or(PersonaError::Gone)?;
        let others = unit.personas().list(owner).await?;
        let taken: Vec<_> = others.iter().map(|other| other.number).collect();
        let number = PersonaNumber::lowest_free(&taken)
            .filter(|_| others.len() < self.limit)
            .ok_or(PersonaError::LimitReached)?;
        let id = self.ids.next();
        let mut draft = draft.clone();
        draft.image = self.opened(&draft.image, None)?;
        let persona = Persona::new(id, owner, number, draft, self.clock.now());
        unit.personas().insert(&persona).await?;
        if key(&persona.draft.image).is_some() {
            self.show(unit.as_ref(), &persona).await?;
        }
        unit.commit().await?;
        Ok(persona)
    }

    /// Changes a persona while it is held: of several at once none undoes another's.
    async fn change(
        &self,
        owner: UserId,
        which: WhichPersona,
        change: &PersonaChange,
    ) -> Result<Persona, PersonaError> {
        let unit = self.units.begin().await?;
        let held = unit.personas().hold(owner, which).await?;
        let mut persona = held.ok_or(PersonaError::NotFound)?;
        let before = persona.draft.clone();
        if let Some(image) = &change.image {
            persona.draft.image = self.opened(image, Some(&before.image))?;
        }
        if let Some(parameters) = &change.parameters {
            let merged = before.parameters.merged(parameters);
            persona.draft.parameters = merged.map_err(PersonaError::Parameters)?;
        }
        let is_changed = persona.draft != before;
        if is_changed {
            persona.updated_at = self.clock.now();
            unit.personas().save(&persona).await?;
        }
        // Also where it is the one of before: its file may have come (again) only since then.
        if change.image.is_some() {
            self.show(unit.as_ref(), &persona).await?;
        }
        if is_changed || change.image.is_some() {
            unit.commit().await?;
        }
        Ok(persona)
    }

    async fn remove(&self, owner: UserId, which: WhichPersona) -> Result<Persona, PersonaError> {
        let unit = self.units.begin().await?;
        let held = unit.personas().hold(owner, which).await?;
        let persona = held.ok_or(PersonaError::NotFound)?;
        unit.personas().delete(owner, persona.id).await?;
        if key(&persona.draft.image).is_some() {
            let now = self.clock.now();
            unit.media().hold(holder(&persona), None, now).await?;
        }
        unit.commit().await?;
        Ok(persona)
    }

    /// What is kept of a picture that somebody wants to show: of a private one the key, if the
    /// address opens it at this moment, or the persona shows it already.
    fn opened(
        &self,
        image: &PersonaImage,
        before: Option<&PersonaImage>,
    ) -> Result<PersonaImage, PersonaError> {
        let Some((key, is_open)) = self.addresses.private(image.as_str()) else {
            return Ok(image.clone());
        };
        let is_shown = || before.is_some_and(|before| before.as_str() == key.path());
        match is_open || is_shown() {
            true => Ok(PersonaImage::of_media(&key)),
            false => Err(PersonaError::PictureClosed),
        }
    }

    /// The persona as its owner sees it: with an address of its picture that opens it.
    fn seen(&self, mut persona: Persona) -> Persona {
        let signed = self.addresses.shown(persona.draft.image.as_str());
        if let Some(Ok(image)) = signed.as_deref().map(PersonaImage::parse) {
            persona.draft.image = image;
        }
        persona
    }

    /// Keeps the stored picture that the persona shows now, and lets go of the one before. Doing it
    /// again changes nothing.
    async fn show(&self, unit: &dyn UnitOfWork, persona: &Persona) -> Result<(), PersonaError> {
        let shown = key(&persona.draft.image);
        let (holder, now) = (holder(persona), self.clock.now());
        if !unit.media().hold(holder, shown.as_ref(), now).await? {
            // A stored private picture is signed for whoever looks at the persona: it has to be
            // its owner's.
            if shown.is_some_and(|key| key.is_private()) {
                return Err(PersonaError::PictureClosed);
            }
            // An address is only an address: what is not there cannot be kept.
            unit.media().hold(holder, None, now).await?;
        }
        Ok(())
    }
}

/// The stored picture that an image names, if it names one.
fn key(image: &PersonaImage) -> Option<MediaKey> {
    MediaKey::of_address(image.as_str())
}

/// Who shows the persona's picture.
fn holder(persona: &Persona) -> Holder {
    Holder::Persona(persona.id.get(), persona.owner_id)
}

#[async_trait]
impl PersonaService for DefaultPersonaService {
    async fn list(&self, owner: UserId) -> Result<Vec<Persona>, PersonaError> {
        let found = self.personas.list(owner).await?;
        Ok(found
            .into_iter()
            .map(|persona| self.seen(persona))
            .collect())
    }

    async fn find(&self, owner: UserId, which: WhichPersona) -> Result<Persona, PersonaError> {
        let found = self.personas.find(owner, which).await?;
        let found = found.map(|persona| self.seen(persona));
        found.ok_or(PersonaError::NotFound)
    }

    #[instrument(skip_all, fields(user_id = %owner))]
    async fn create(&self, owner: UserId, draft: PersonaDraft) -> Result<Persona, PersonaError> {
        let persona = retrying(|| self.make(owner, &draft)).await?;
        info!(persona_id = %persona.id, "persona made");
        Ok(self.seen(persona))
    }

    #[instrument(skip_all, fields(user_id = %owner))]
    async fn update(
        &self,
        owner: UserId,
        which: WhichPersona,
        change: &PersonaChange,
    ) -> Result<Persona, PersonaError> {
        let changed = retrying(|| self.change(owner, which, change)).await?;
        Ok(self.seen(changed))
    }

    #[instrument(skip_all, fields(user_id = %owner))]
    async fn delete(&self, owner: UserId, which: WhichPersona) -> Result<(), PersonaError> {
        let persona = retrying(|| self.remove(owner, which)).await?;
        info!(persona_id = %persona.id, "persona removed");
        Ok(())
    }
}

#[cfg(test)]
mod tests;
