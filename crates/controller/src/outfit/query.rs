//! The queries of lists and feeds.

use domain::outfit::{Gender, LabelKind, LabelName, OutfitId};
use serde::Deserialize;
use service::outfit::{FeedFilter, FeedStart, ListOutfits};
use utoipa::IntoParams;
use validator::Validate;

use crate::http::{Code, IdText, Problem};
use crate::rules;

/// Outfits a page where nothing is said.
const DEFAULT_COUNT: u16 = 10;
/// More than there ever are: what the document's `int64` can say.
const MAX_OFFSET: u64 = i64::MAX as u64;

/// A page of an old route.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FlatQuery {
    /// 1 to 100, 10 unless given.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pagesize: Option<u16>,
    /// How many outfits come before this page.
    #[validate(range(max = MAX_OFFSET))]
    offset: Option<u64>,
    /// The guest id, for clients without cookies (also `user_id`, `guest_id`).
    #[expect(dead_code, reason = "documented here, read by the identity")]
    userid: Option<String>,
}

impl FlatQuery {
    pub(crate) fn count(&self) -> u16 {
        self.pagesize.unwrap_or(DEFAULT_COUNT)
    }

    pub(crate) fn offset(&self) -> u64 {
        self.offset.unwrap_or_default()
    }
}

/// One outfit and a page of an old route.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FlatOutfitQuery {
    /// The outfit's id.
    #[validate(required)]
    #[param(value_type = String, required, nullable = false)]
    outfit_id: Option<IdText>,
    /// 1 to 100, 10 unless given.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pagesize: Option<u16>,
    /// How many similar outfits come before this page.
    #[validate(range(max = MAX_OFFSET))]
    offset: Option<u64>,
}

impl FlatOutfitQuery {
    pub(crate) fn outfit(&self) -> OutfitId {
        OutfitId::from(self.outfit_id.map_or(0, |id| id.0))
    }

    pub(crate) fn page(&self) -> (u64, u16) {
        (
            self.offset.unwrap_or_default(),
            self.pagesize.unwrap_or(DEFAULT_COUNT),
        )
    }
}

/// A page of the feed.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FeedQuery {
    /// `next_cursor` of the page before, with all other parameters unchanged; without it a feed is opened.
    #[validate(length(max = 64))]
    #[param(max_length = 64)]
    cursor: Option<String>,
    /// 1 to 100, 10 unless given.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
    /// `F` or `M`.
    #[validate(custom(function = "rules::gender"))]
    #[param(pattern = "^[FM]$")]
    gender: Option<String>,
    /// Only this season.
    #[validate(custom(function = "rules::label"))]
    #[param(min_length = 1, max_length = 64)]
    season: Option<String>,
    /// Only this style.
    #[validate(custom(function = "rules::label"))]
    #[param(min_length = 1, max_length = 64)]
    style: Option<String>,
}

impl FeedQuery {
    pub(crate) fn count(&self) -> usize {
        usize::from(self.limit.unwrap_or(DEFAULT_COUNT))
    }

    pub(crate) fn start(&self) -> FeedStart {
        let cursor = self.cursor.clone().filter(|cursor| !cursor.is_empty());
        cursor.map_or(FeedStart::Offset(0), FeedStart::Cursor)
    }

    pub(crate) fn filter(&self) -> FeedFilter {
        let label =
            |text: &Option<String>| text.as_deref().and_then(|text| LabelName::parse(text).ok());
        FeedFilter {
            gender: self
                .gender
                .as_deref()
                .and_then(|text| Gender::parse(text).ok()),
            season: label(&self.season),
            style: label(&self.style),
        }
    }
}

/// What a list of outfits is asked for with.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// `next_cursor` of the page before, with all other parameters unchanged.
    #[validate(length(max = 64))]
    #[param(max_length = 64)]
    cursor: Option<String>,
    /// 1 to 100, 10 unless given.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
    /// Part of a tag, brand or style: by initial consonants `ㅋㄱㅍㅊ`, half-typed `카고패`.
    #[validate(length(max = 200))]
    #[param(max_length = 200)]
    q: Option<String>,
    /// Exactly this tag.
    #[validate(custom(function = "rules::label"))]
    #[param(min_length = 1, max_length = 64)]
    tag: Option<String>,
    /// Exactly this brand.
    #[validate(custom(function = "rules::label"))]
    #[param(min_length = 1, max_length = 64)]
    brand: Option<String>,
    /// Exactly this style.
    #[validate(custom(function = "rules::label"))]
    #[param(min_length = 1, max_length = 64)]
    style: Option<String>,
    /// Exactly this season.
    #[validate(custom(function = "rules::label"))]
    #[param(min_length = 1, max_length = 64)]
    season: Option<String>,
    /// `F` or `M`.
    #[validate(custom(function = "rules::gender"))]
    #[param(pattern = "^[FM]$")]
    gender: Option<String>,
    /// `true`: what is shown to nobody, for administrators.
    hidden: Option<bool>,
}

impl ListQuery {
    /// Whether what is hidden is asked for.
    pub(crate) fn wants_hidden(&self) -> bool {
        self.hidden.unwrap_or_default()
    }

    pub(crate) fn into_list(self) -> ListOutfits {
        let labels = [
            (LabelKind::Tag, self.tag),
            (LabelKind::Brand, self.brand),
            (LabelKind::Style, self.style),
            (LabelKind::Season, self.season),
        ];
        let labels = labels
            .into_iter()
            .filter_map(|(kind, name)| Some((kind, name?)));
        ListOutfits {
            q: self.q.filter(|q| !q.trim().is_empty()),
            labels: labels.collect(),
            gender: self.gender.and_then(|text| Gender::parse(&text).ok()),
            hidden: self.hidden.unwrap_or_default(),
            cursor: self.cursor.filter(|cursor| !cursor.is_empty()),
            limit: usize::from(self.limit.unwrap_or(DEFAULT_COUNT)),
        }
    }
}

/// A page of what has no better cursor than how far one is.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// `next_cursor` of the page before.
    #[validate(length(max = 20))]
    #[param(max_length = 20)]
    cursor: Option<String>,
    /// 1 to 100, 10 unless given.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

impl PageQuery {
    pub(crate) fn count(&self) -> u16 {
        self.limit.unwrap_or(DEFAULT_COUNT)
    }

    pub(crate) fn offset(&self) -> Result<u64, Problem> {
        let Some(cursor) = self.cursor.as_deref().filter(|cursor| !cursor.is_empty()) else {
            return Ok(0);
        };
        cursor
            .parse()
            .map_err(|_| Problem::new(Code::InvalidCursor))
    }

    /// The cursor where it is the id of the last outfit seen.
    pub(crate) fn before(&self) -> Result<Option<OutfitId>, Problem> {
        let cursor = self.cursor.as_deref().filter(|cursor| !cursor.is_empty());
        let id = cursor.map(str::parse::<i64>).transpose();
        let id = id.map_err(|_| Problem::new(Code::InvalidCursor))?;
        Ok(id.map(Into::into))
    }

    /// The cursor of the page that follows this one.
    pub(crate) fn next(&self, offset: u64, is_last: bool) -> Option<String> {
        (!is_last).then(|| (offset + u64::from(self.count())).to_string())
    }
}
