//! What people do, as the engine is told of it.

use crate::{LabelKey, OutfitKey, PersonKey};

/// What a person did with an outfit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It was part of a page that was sent. Most outfits of a page are never looked at, so this says little unless
    /// the client reports that the outfit was on the screen.
    View {
        /// Whether the client saw it on the screen.
        on_screen: bool,
    },
    /// It was opened.
    Click,
    /// It was hearted; again means nothing.
    Heart,
    /// The heart was taken back.
    Unheart,
    /// It was shared.
    Share,
    /// It was opened from the outfits that resemble another.
    SimilarClick {
        /// The outfit it was listed under.
        base: OutfitKey,
    },
    /// It is not to be shown to this person again.
    DislikeOutfit,
    /// [`DislikeOutfit`](Self::DislikeOutfit) is taken back.
    UndislikeOutfit,
    /// No outfit with this tag is to be shown to this person. The outfit of the event means nothing.
    DislikeTag(LabelKey),
    /// [`DislikeTag`](Self::DislikeTag) is taken back.
    UndislikeTag(LabelKey),
    /// No outfit of this brand is to be shown to this person. The outfit of the event means nothing.
    DislikeBrand(LabelKey),
    /// [`DislikeBrand`](Self::DislikeBrand) is taken back.
    UndislikeBrand(LabelKey),
    /// The person signed in and is the guest they were before: what [`Engine::merge`](crate::Engine::merge) does,
    /// as an event, so that a rebuild knows it too. The outfit of the event means nothing.
    Merge {
        /// Who they were before.
        guest: PersonKey,
    },
}

/// One line of the event log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Who.
    pub person: PersonKey,
    /// With which outfit. One the engine was never told of is remembered, and not shown until it is.
    pub outfit: OutfitKey,
    /// Did what.
    pub action: Action,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// The id of the line, which grows. The engine remembers the greatest, see
    /// [`Engine::position`](crate::Engine::position).
    pub sequence: u64,
}
