//! The feed, and what is similar to one of its outfits.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use domain::outfit::{Action, FeedId, Gender, LabelKind, LabelName, Outfit, OutfitId, Place};
use domain::user::PersonId;
use recommender::{Filter, LabelKey, Page};
use tracing::instrument;

use super::cursor::FeedCursor;
use super::open_feeds::OpenFeed;
use super::{Common, OutfitError, translate};

/// Outfits that must get their place before a request is answered: past this many the work is
/// done beside the workers, so that nobody else waits for it.
const INLINE: usize = 600;
/// How many similar outfits there are of each.
const SIMILAR: usize = 20;

/// Which outfits a feed is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedFilter {
    /// Only these wearers.
    pub gender: Option<Gender>,
    /// Only this season.
    pub season: Option<LabelName>,
    /// Only this style.
    pub style: Option<LabelName>,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedStart {
    /// At this position of the feed opened last; 0 opens a new one.
    Offset(u64),
    /// Where the page before ended.
    Cursor(String),
}

/// Why an outfit is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It goes with this outfit, which the person hearts.
    SimilarTo(OutfitId),
    /// It has this tag, which the person likes.
    Tag(LabelName),
    /// Many people heart it.
    Popular,
    /// Few people know it yet.
    Explore,
}

/// One outfit of a feed.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedItem {
    /// The outfit.
    pub outfit: Arc<Outfit>,
    /// Whether the person hearts it.
    pub is_liked: bool,
    /// Why it is shown.
    pub reason: Reason,
    /// Its position in the feed, counted from 0.
    pub position: usize,
}

/// A page of a feed.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedPage {
    /// The feed.
    pub feed: FeedId,
    /// Its outfits from here.
    pub items: Vec<FeedItem>,
    /// Whether nothing follows.
    pub is_last: bool,
    /// Where the next page begins, unless nothing follows.
    pub next_cursor: Option<String>,
}

/// An outfit, and what is similar to it.
#[derive(Clone, Debug, PartialEq)]
pub struct SimilarPage {
    /// The outfit.
    pub outfit: Arc<Outfit>,
    /// Whether the person hearts it.
    pub is_liked: bool,
    /// A page of similar outfits, the most similar first.
    pub similar: Vec<Arc<Outfit>>,
    /// Whether nothing follows.
    pub is_last: bool,
}

/// The feed.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait FeedService: Send + Sync {
    /// A page of the person's feed.
    async fn page(
        &self,
        person: PersonId,
        start: FeedStart,
        count: usize,
        filter: &FeedFilter,
    ) -> Result<FeedPage, OutfitError>;

    /// An outfit and a page of what is similar to it. From the first page on it counts as opened.
    async fn similar(
        &self,
        person: PersonId,
        outfit: OutfitId,
        offset: u64,
        count: usize,
    ) -> Result<SimilarPage, OutfitError>;
}

/// [`FeedService`] over the recommender.
pub struct DefaultFeedService {
    /// What all use-cases of outfits stand on.
    pub common: Arc<Common>,
}

impl DefaultFeedService {
    /// The recommender's filter; a season or style nobody ever named is one that no outfit has.
    fn filter(&self, filter: &FeedFilter) -> Filter {
        let label = |kind, name: &Option<LabelName>| {
            name.as_ref().map(|name| {
                let label = self.common.catalogue.label_named(kind, name.as_str());
                label.map_or(LabelKey(0), |label| translate::label_key(label.id))
            })
        };
        Filter {
            gender: filter.gender.map(translate::gender),
            season: label(LabelKind::Season, &filter.season),
            style: label(LabelKind::Style, &filter.style),
        }
    }

    /// The feed that is meant, and where in it.
    fn feed(
        &self,
        person: PersonId,
        start: &FeedStart,
        filter: Filter,
    ) -> Result<(Arc<OpenFeed>, usize), OutfitError> {
        let common = &self.common;
        let (engine, now) = (common.mind.engine(), common.micros());
        let feeds = &common.feeds;
        Ok(match start {
            FeedStart::Offset(0) => {
                let id = common.ids.next();
                (feeds.open(&engine, person, filter, id, now), 0)
            }
            FeedStart::Offset(offset) => {
                let id = common.ids.next();
                let offset = usize::try_from(*offset).unwrap_or(usize::MAX);
                (feeds.current(&engine, person, filter, id, now), offset)
            }
            FeedStart::Cursor(text) => {
                let cursor = FeedCursor::read(text).ok_or(OutfitError::InvalidCursor)?;
                // Another person's feed stays theirs.
                let lost = match cursor.is_of(person) {
                    true => cursor.feed,
                    false => common.ids.next(),
                };
                let feed = feeds.named(&engine, person, filter, (cursor.feed, lost), now);
                (feed, usize::try_from(cursor.position).unwrap_or(usize::MAX))
            }
        })
    }

    /// A slice of a feed. Nothing lies behind the last outfit there is, however far one jumps.
    async fn slice(
        &self,
        person: PersonId,
        feed: &Arc<OpenFeed>,
        offset: usize,
        count: usize,
    ) -> Page {
        let begin = Instant::now();
        let page = self.rank(person, feed, offset, count).await;
        self.common.timings.ranking.note(begin.elapsed());
        page
    }

    async fn rank(
        &self,
        person: PersonId,
        feed: &Arc<OpenFeed>,
        offset: usize,
        count: usize,
    ) -> Page {
        let common = self.common.clone();
        let offset = offset.min(common.catalogue.len());
        let distance = (offset + count).saturating_sub(feed.served());
        let feed = feed.clone();
        let serve = move || {
            let parameters = common
                .experiment
                .parameters(common.experiment.bucket(person));
            let now = common.micros();
            feed.page(&common.mind.engine(), offset, count, parameters, now)
        };
        if distance <= INLINE {
            return serve();
        }
        match tokio::task::spawn_blocking(serve.clone()).await {
            Ok(page) => page,
            // The runtime is shutting down: whoever still asks gets an answer.
            Err(_) => serve(),
        }
    }

    fn reason(&self, reason: recommender::Reason) -> Reason {
        match reason {
            recommender::Reason::SimilarTo(key) => Reason::SimilarTo(translate::outfit_id(key)),
            recommender::Reason::Tag(key) => {
                let label = self.common.catalogue.label(translate::label_id(key));
                label.map_or(Reason::Popular, |label| Reason::Tag(label.name))
            }
            recommender::Reason::Popular => Reason::Popular,
            recommender::Reason::Explore => Reason::Explore,
        }
    }

    /// Notes what was shown for the first time.
    fn note_views(&self, person: PersonId, feed: &OpenFeed, offset: usize, page: &Page) {
        let common = &self.common;
        let new_from = feed.show(offset..offset + page.items.len());
        let new = &page.items[new_from - offset..];
        if new.is_empty() {
            return;
        }
        let places = new.iter().enumerate().map(|(number, ranked)| {
            let place = Place {
                feed: Some(feed.id),
                position: i32::try_from(new_from + number).ok(),
                propensity: ranked.propensity,
            };
            (translate::outfit_id(ranked.outfit), place)
        });
        common.recorder.note(common.views(person, places));
        let seen: Vec<_> = new.iter().map(|ranked| ranked.outfit).collect();
        let (engine, now) = (common.mind.engine(), common.micros());
        engine.mark_seen(translate::person_key(person), &seen, now);
    }
}

#[async_trait]
impl FeedService for DefaultFeedService {
    #[instrument(skip_all, fields(count))]
    async fn page(
        &self,
        person: PersonId,
        start: FeedStart,
        count: usize,
        filter: &FeedFilter,
    ) -> Result<FeedPage, OutfitError> {
        let (common, begin) = (&self.common, Instant::now());
        let (feed, offset) = self.feed(person, &start, self.filter(filter))?;
        let offset = offset.min(common.catalogue.len());
        let slice = self.slice(person, &feed, offset, count).await;
        let ranked = &slice.items;
        let ids: Vec<OutfitId> = ranked
            .iter()
            .map(|ranked| translate::outfit_id(ranked.outfit))
            .collect();
        let liked = common.liked.among(person, &ids).await?;
        let items = ranked.iter().enumerate().filter_map(|(number, ranked)| {
            let outfit = common
                .catalogue
                .visible(translate::outfit_id(ranked.outfit))?;
            Some(FeedItem {
                is_liked: liked.contains(&outfit.id),
                outfit,
                reason: self.reason(ranked.reason),
                position: offset + number,
            })
        });
        let items = items.collect();
        self.note_views(person, &feed, offset, &slice);
        common.timings.page.note(begin.elapsed());
        let end = offset + ranked.len();
        let position = u32::try_from(end).unwrap_or(u32::MAX);
        let next = FeedCursor::new(feed.id, position, person);
        Ok(FeedPage {
            feed: feed.id,
            items,
            is_last: slice.is_last,
            next_cursor: (!slice.is_last).then(|| next.write()),
        })
    }

    #[instrument(skip_all, fields(%outfit))]
    async fn similar(
        &self,
        person: PersonId,
        outfit: OutfitId,
        offset: u64,
        count: usize,
    ) -> Result<SimilarPage, OutfitError> {
        let common = &self.common;
        let found = common
            .catalogue
            .visible(outfit)
            .ok_or(OutfitError::NotFound)?;
        let similar = common
            .mind
            .engine()
            .similar(translate::outfit_key(outfit), SIMILAR);
        let similar = common
            .catalogue
            .all_visible(similar.into_iter().map(translate::outfit_id));
        let offset = usize::try_from(offset)
            .unwrap_or(usize::MAX)
            .min(similar.len());
        let end = offset.saturating_add(count).min(similar.len());
        let liked = common.liked.among(person, &[outfit]).await?;
        if offset == 0 {
            let place = common.feeds.place(person, outfit);
            common
                .recorder
                .note([common.event(person, outfit, Action::Click, place)]);
        }
        Ok(SimilarPage {
            outfit: found,
            is_liked: liked.contains(&outfit),
            is_last: end == similar.len(),
            similar: similar[offset..end].to_vec(),
        })
    }
}

#[cfg(test)]
mod tests;
