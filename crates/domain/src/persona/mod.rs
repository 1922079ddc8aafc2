//! Personas: the pictures they show, and who draws these.

mod data_uri;
mod media;
mod media_key;
mod media_repository;
mod portrait;
mod workshop;

pub use data_uri::decode_data_uri;
pub use media::{Media, MediaKind, MediaQuota, MediaStore, MediaStoreError, NewMedia};
pub use media_key::MediaKey;
#[cfg(feature = "mock")]
pub use media_repository::MockMediaRepository;
pub use media_repository::{Disowned, Holder, MediaRepository, OwnedMedia, Registered};
#[cfg(feature = "mock")]
pub use portrait::MockPortraitAi;
pub use portrait::{PortraitAi, PortraitAiError, PortraitRequest};
#[cfg(feature = "mock")]
pub use workshop::MockImageWorkshop;
pub use workshop::{ImageWorkshop, MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS, Picture, PictureError};

mod entity;
mod graph;
mod image;
mod instagram;
mod parameters;
mod repository;
mod token;

pub use entity::{Persona, PersonaChange, PersonaDraft, PersonaId, PersonaNumber, WhichPersona};
#[cfg(feature = "mock")]
pub use graph::MockInstagramGraph;
pub use graph::{GraphError, GraphToken, InstagramGraph};
pub use image::PersonaImage;
pub use instagram::{Connection, GraphId, InstagramAccount, InstagramLink, InstagramName};
pub use parameters::Parameters;
#[cfg(feature = "mock")]
pub use repository::MockPersonaRepository;
pub use repository::PersonaRepository;
#[cfg(feature = "mock")]
pub use token::MockInstagramTokenRepository;
pub use token::{InstagramTokenRepository, SealedToken, TokenOf, TokenTerm};
