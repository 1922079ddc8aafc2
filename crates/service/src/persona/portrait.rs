//! Portraits: by the service that draws them, or drawn here.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::persona::{
    ImageWorkshop, Media, Picture, PictureError, PortraitAi, PortraitAiError, PortraitRequest,
};
use domain::user::{PersonId, UserId};
use portrait::Said;
use tokio::time::{Instant, timeout_at};
use tracing::{info, instrument, warn};

use super::{MediaAddresses, MediaError, MediaShelf, PortraitError};
use crate::throttle::Throttle;
use crate::user::address_key;

/// Sides of a portrait drawn here, in pixels.
const SIDE: u32 = 512;

/// A portrait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portrait {
    /// A data URI of it; of one drawn here, of the drawing itself.
    pub image: String,
    /// Where it is kept.
    pub url: String,
    /// Whether it was drawn here.
    pub is_fallback: bool,
}

/// Draws portraits, for everybody.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PortraitService: Send + Sync {
    /// A portrait of what is said; whose it is, as far as that is known, and where they are.
    async fn draw(
        &self,
        owner: Option<PersonId>,
        member: Option<UserId>,
        from: Option<IpAddr>,
        request: &PortraitRequest,
    ) -> Result<Portrait, PortraitError>;
}

/// [`PortraitService`] over the ports.
pub struct DefaultPortraitService {
    /// The service that draws, where there is one.
    pub ai: Option<Arc<dyn PortraitAi>>,
    /// How long it and the check of what it drew may take together.
    pub patience: Duration,
    /// Who paints what is drawn here.
    pub workshop: Arc<dyn ImageWorkshop>,
    /// Where portraits are kept.
    pub shelf: Arc<MediaShelf>,
    /// Where they are then.
    pub addresses: Arc<MediaAddresses>,
    /// How many a member may ask for.
    pub members: Arc<Throttle>,
    /// How many all others at one address may ask for.
    pub addresses_throttle: Arc<Throttle>,
}

impl DefaultPortraitService {
    async fn take(
        &self,
        member: Option<UserId>,
        from: Option<IpAddr>,
    ) -> Result<(), PortraitError> {
        let taken = match member {
            Some(member) => self.members.take(&member.to_string()).await,
            None => self.addresses_throttle.take(&address_key(from)).await,
        };
        taken.map_err(PortraitError::TooMany)
    }

    /// What the service drew, checked; `None` where it is to be drawn here.
    async fn asked(&self, request: &PortraitRequest) -> Option<Picture> {
        let ai = self.ai.as_ref()?;
        let deadline = Instant::now() + self.patience;
        let file = match timeout_at(deadline, ai.draw(request)).await {
            Ok(Ok(file)) => file,
            // Told once when it failed, not for each request while it is left alone.
            Ok(Err(PortraitAiError::Resting)) => return None,
            Ok(Err(error)) => {
                warn!(%error, "the portrait service drew nothing");
                return None;
            }
            Err(_) => {
                warn!("the portrait service took too long");
                ai.judge(false);
                return None;
            }
        };
        match timeout_at(deadline, self.workshop.admit(file)).await {
            Ok(Ok(picture)) => {
                ai.judge(true);
                return Some(picture);
            }
            // It is we who have no time: that says nothing of the service.
            Ok(Err(PictureError::Busy)) | Err(_) => {
                warn!("what the portrait service drew was not looked at in time");
            }
            Ok(Err(error)) => {
                warn!(%error, "the portrait service drew no good picture");
                ai.judge(false);
            }
        }
        None
    }

    /// Keeps a portrait; where its owner keeps too much already, as nobody's, for a day.
    async fn keep(&self, owner: Option<PersonId>, picture: &Picture) -> Result<Media, MediaError> {
        match self.shelf.put(owner, picture, false).await {
            Err(MediaError::OverQuota) => self.shelf.put(None, picture, false).await,
            outcome => outcome,
        }
    }
}

/// The portrait drawn here.
fn drawing(request: &PortraitRequest) -> String {
    fn said(text: &Option<String>) -> &str {
        text.as_deref().unwrap_or_default()
    }
    portrait::draw(&Said {
        name: &request.name,
        gender: &request.gender,
        feature: said(&request.feature),
        options: &request.options,
        age: said(&request.age),
        face_shape: said(&request.face_shape),
        skin_tone: said(&request.skin_tone),
        hair: said(&request.hair),
        eyes: said(&request.eyes),
        nose: said(&request.nose),
        lips: said(&request.lips),
        body_type: said(&request.body_type),
        glasses: said(&request.glasses),
        personalities: &request.personalities,
    })
}

fn data_uri(content_type: &str, content: &[u8]) -> String {
    let mut uri = format!("data:{content_type};base64,");
    STANDARD.encode_string(content, &mut uri);
    uri
}

#[async_trait]
impl PortraitService for DefaultPortraitService {
    #[instrument(skip_all)]
    async fn draw(
        &self,
        owner: Option<PersonId>,
        member: Option<UserId>,
        from: Option<IpAddr>,
        request: &PortraitRequest,
    ) -> Result<Portrait, PortraitError> {
        self.take(member, from).await?;
        if let Some(picture) = self.asked(request).await {
            let media = self.keep(owner, &picture).await?;
            return Ok(Portrait {
                image: data_uri(picture.kind.content_type(), &picture.content),
                url: self.addresses.of(&media.key),
                is_fallback: false,
            });
        }
        let drawing = drawing(request);
        let image = data_uri("image/svg+xml", drawing.as_bytes());
        let picture = self.workshop.rasterise(drawing, SIDE).await;
        let picture = picture.map_err(MediaError::from)?;
        let media = self.keep(owner, &picture).await?;
        info!("a portrait was drawn here");
        Ok(Portrait {
            image,
            url: self.addresses.of(&media.key),
            is_fallback: true,
        })
    }
}

#[cfg(test)]
mod tests;
