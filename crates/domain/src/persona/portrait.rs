//! Portraits, and the service that draws them.

use async_trait::async_trait;
use bytes::Bytes;
use serde::Serialize;
use thiserror::Error;

/// What is said of somebody who wants a portrait; what was not said is empty.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PortraitRequest {
    /// What they are called.
    pub name: String,
    /// Their gender, in words.
    pub gender: String,
    /// What is special about them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature: Option<String>,
    /// What else to show.
    pub options: Vec<String>,
    /// Years, or a stage of life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<String>,
    /// The shape of the face.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub face_shape: Option<String>,
    /// The tone of the skin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skin_tone: Option<String>,
    /// Cut and colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hair: Option<String>,
    /// Shape and colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eyes: Option<String>,
    /// Shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nose: Option<String>,
    /// Shape and colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lips: Option<String>,
    /// Build.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_type: Option<String>,
    /// Kind, or whether there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub glasses: Option<String>,
    /// What they are like.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub personalities: Vec<String>,
}

/// Hides what people say of themselves.
impl std::fmt::Debug for PortraitRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PortraitRequest(…)")
    }
}

/// Why the service drew nothing.
#[derive(Debug, Error)]
pub enum PortraitAiError {
    /// It failed lately, and is left alone for a while.
    #[error("the portrait service is left alone after failing")]
    Resting,
    /// As many portraits as it may be asked for at once are under way.
    #[error("the portrait service is busy with our other requests")]
    Busy,
    /// It did not answer in time.
    #[error("the portrait service took too long")]
    Slow,
    /// It could not be reached, or broke off.
    #[error("the portrait service cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It answered with this status.
    #[error("the portrait service answered {0}")]
    Refused(u16),
    /// Its answer is longer than any picture.
    #[error("the portrait service answered too much")]
    TooLarge,
    /// Its answer holds no picture.
    #[error("the portrait service answered no picture")]
    NoPicture,
}

/// A service that draws portraits.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PortraitAi: Send + Sync {
    /// The file it drew, as it came: to be checked like any file from outside.
    async fn draw(&self, request: &PortraitRequest) -> Result<Bytes, PortraitAiError>;

    /// Tells what became of a file it drew, or of a request that nobody waits for any more: one that
    /// goes on drawing no good pictures is left alone like one that does not answer.
    fn judge(&self, is_good: bool);

    /// Whether it is left alone for now, after failing.
    fn is_resting(&self) -> bool;
}
