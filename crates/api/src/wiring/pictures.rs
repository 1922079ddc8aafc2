//! The pictures' part of the wiring.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use domain::persona::{ImageWorkshop, MediaQuota, MediaRepository, MediaStore, PortraitAi};
use gateway::persona::{
    HttpPortraitAi, ObjectFiles, PortraitAiSettings, S3Access, Workshop, WorkshopSettings,
};
use repository::Database;
use repository::persona::SeaMedia;
use service::persona::{
    DefaultMediaService, DefaultPortraitService, MediaAddresses, MediaFiles, MediaShelf, MediaSweep,
};

use super::limits::Limiting;
use crate::configuration::{Configuration, Media, S3};

/// What was put together for pictures.
pub(super) struct Pictures {
    /// People's own pictures.
    pub(super) media: Arc<DefaultMediaService>,
    /// Portraits.
    pub(super) portraits: Arc<DefaultPortraitService>,
    /// Where they are.
    pub(super) addresses: Arc<MediaAddresses>,
    /// What removes those that nobody uses.
    pub(super) sweep: Arc<MediaSweep>,
    /// Where they are worked on.
    pub(super) workshop: Workshop,
    /// The service that draws portraits, where there is one.
    pub(super) ai: Option<Arc<dyn PortraitAi>>,
}

/// Puts together what pictures need.
///
/// # Errors
/// Where the media folder cannot be used, or the settings of the object store are not enough.
pub(super) fn pictures(
    configuration: &Configuration,
    database: &Database,
    clock: &Arc<dyn Clock>,
    limiting: &Limiting,
) -> Result<Pictures, Box<dyn Error + Send + Sync>> {
    let limits = &configuration.media;
    let media: Arc<dyn MediaRepository> = Arc::new(SeaMedia::new(database.clone()));
    let shop = Workshop::new(WorkshopSettings {
        places: limits.concurrency,
        queue: limits.queue,
        wait: limits.wait,
    })
    .taking_turns(limiting.cores.clone());
    let workshop: Arc<dyn ImageWorkshop> = Arc::new(shop.clone());
    let files = Arc::new(MediaFiles::new(store(configuration)?, workshop.clone()));
    let shelf = Arc::new(MediaShelf {
        media: media.clone(),
        files: files.clone(),
        workshop: workshop.clone(),
        quota: MediaQuota {
            files: limits.files_per_person,
            bytes: limits.bytes_per_person,
        },
        clock: clock.clone(),
    });
    let sweep = Arc::new(MediaSweep {
        media: media.clone(),
        files: files.clone(),
        unused_for: limits.unused_for,
        clock: clock.clone(),
    });
    let addresses = Arc::new(MediaAddresses::new(
        &configuration.session.secret,
        limits.address_lifetime,
        clock.clone(),
    ));
    let service = Arc::new(DefaultMediaService {
        media,
        shelf: shelf.clone(),
        files,
        sweep: sweep.clone(),
        addresses: addresses.clone(),
        unused_for: limits.unused_for,
        clock: clock.clone(),
    });
    let patience = patience(configuration.ai.timeout);
    let limits = &configuration.limits;
    let throttle = |name, capacity| limiting.throttle(name, capacity, limits.portrait_refill);
    let ai = portrait_ai(configuration, patience)?;
    let portraits = Arc::new(DefaultPortraitService {
        ai: ai.clone(),
        patience,
        workshop,
        shelf,
        addresses: addresses.clone(),
        members: throttle("portraits_of_member", limits.portraits_per_member),
        addresses_throttle: throttle("portraits_of_address", limits.portraits_per_address),
    });
    Ok(Pictures {
        media: service,
        portraits,
        addresses,
        sweep,
        workshop: shop,
        ai,
    })
}

/// What of the time for a portrait the service may use: the rest is enough to draw one here.
fn patience(timeout: Duration) -> Duration {
    timeout - (timeout / 5).min(Duration::from_secs(1))
}

fn store(
    configuration: &Configuration,
) -> Result<Arc<dyn MediaStore>, Box<dyn Error + Send + Sync>> {
    let files = match &configuration.storage.media {
        Media::Folder(folder) => ObjectFiles::in_folder(folder)?,
        Media::S3(s3) => ObjectFiles::in_bucket(&access(s3))?,
    };
    Ok(Arc::new(files))
}

fn access(s3: &S3) -> S3Access {
    let pair = s3.credentials.as_ref();
    S3Access {
        bucket: s3.bucket.clone(),
        prefix: s3.prefix.clone(),
        endpoint: s3.endpoint.as_ref().map(ToString::to_string),
        region: s3.region.clone(),
        credentials: pair.map(|pair| (pair.access_key_id.clone(), pair.secret_access_key.clone())),
    }
}

fn portrait_ai(
    configuration: &Configuration,
    timeout: Duration,
) -> Result<Option<Arc<dyn PortraitAi>>, Box<dyn Error + Send + Sync>> {
    let ai = &configuration.ai;
    let Some(url) = &ai.service_url else {
        return Ok(None);
    };
    let client = HttpPortraitAi::new(&PortraitAiSettings {
        base_url: url.to_string().parse()?,
        timeout,
        cooldown: ai.breaker_cooldown,
        concurrency: ai.concurrency,
    })?;
    Ok(Some(Arc::new(client)))
}
