//! Personas: the pictures that people keep, and the portraits drawn for them.

mod media;
mod media_address;
pub(crate) mod media_cursor;
mod media_error;
mod media_files;
mod media_personal;
mod media_shelf;
mod media_sweep;
mod portrait;
#[cfg(test)]
pub(crate) mod testing;

#[cfg(feature = "mock")]
pub use media::MockMediaService;
pub use media::{DefaultMediaService, MediaPage, MediaService, MediaView};
pub use media_address::{MediaAddresses, Permit};
pub use media_error::{MediaError, PortraitError};
pub use media_files::{MediaFile, MediaFiles, THUMBNAIL_WIDTHS};
use media_personal::MediaPersonalData;
pub use media_shelf::MediaShelf;
pub use media_sweep::MediaSweep;
#[cfg(feature = "mock")]
pub use portrait::MockPortraitService;
pub use portrait::{DefaultPortraitService, Portrait, PortraitService};

mod error;
mod instagram;
#[cfg(test)]
mod persona_testing;
mod personal;
mod refusal;
mod renewal;
mod reseal;
mod service;
mod state;
mod vault;

pub use error::{InstagramError, PersonaError};
#[cfg(feature = "mock")]
pub use instagram::MockInstagramService;
pub use instagram::{
    Consent, DefaultInstagramService, InstagramService, LinkRequest, Mapping, SharedToken,
};
pub use personal::personal_data;
pub use refusal::TokenRefusals;
pub use renewal::TokenRenewal;
pub use reseal::TokenReseal;
#[cfg(feature = "mock")]
pub use service::MockPersonaService;
pub use service::{DefaultPersonaService, PersonaService};
pub use state::StateSeal;
pub use vault::TokenVault;
