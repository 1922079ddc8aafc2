//! Labels that match what is being typed.

use actix_web::{HttpResponse, get, web};
use domain::outfit::LabelKind;
use serde::{Deserialize, Serialize};
use service::outfit::OutfitService;
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use crate::http::{IdText, Problem, QueryProblems, ValidQuery};

const DEFAULT_LIMIT: u16 = 10;

/// What is being typed.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LabelsQuery {
    /// As typed so far: initial consonants `ㅋㄱ`, half-typed `카고패`.
    #[validate(required, length(min = 1, max = 200))]
    #[param(required, nullable = false)]
    q: Option<String>,
    /// `tag`, `brand`, `style`, `season`; tags, brands and styles unless given.
    #[validate(custom(function = "is_kind"))]
    kind: Option<String>,
    /// 1 to 50, 10 unless given.
    #[validate(range(min = 1, max = 50))]
    #[param(minimum = 1, maximum = 50)]
    limit: Option<u16>,
}

fn kind(text: &str) -> Option<LabelKind> {
    match text {
        "tag" => Some(LabelKind::Tag),
        "brand" => Some(LabelKind::Brand),
        "style" => Some(LabelKind::Style),
        "season" => Some(LabelKind::Season),
        _ => None,
    }
}

fn is_kind(text: &str) -> Result<(), ValidationError> {
    kind(text)
        .map(|_| ())
        .ok_or_else(|| ValidationError::new("invalid_value"))
}

fn word(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Tag => "tag",
        LabelKind::Brand => "brand",
        LabelKind::Style => "style",
        LabelKind::Season => "season",
        LabelKind::Region => "region",
        LabelKind::Occupation => "occupation",
        LabelKind::Reporter => "reporter",
    }
}

/// A label.
#[derive(Serialize, ToSchema)]
#[schema(as = Label)]
pub(crate) struct LabelDto {
    label_id: IdText,
    kind: &'static str,
    name: String,
}

/// Labels.
#[derive(Serialize, ToSchema)]
#[schema(as = Labels)]
pub(crate) struct LabelsDto {
    items: Vec<LabelDto>,
    #[schema(value_type = Option<String>)]
    next_cursor: Option<String>,
}

/// Tags, brands and styles that match what is being typed, the shortest first
#[utoipa::path(
    tag = "outfits",
    params(LabelsQuery),
    responses((status = 200, body = LabelsDto), QueryProblems)
)]
#[get("/api/v1/labels")]
pub(crate) async fn labels(
    outfits: web::Data<dyn OutfitService>,
    query: ValidQuery<LabelsQuery>,
) -> Result<HttpResponse, Problem> {
    const SEARCHED: [LabelKind; 3] = [LabelKind::Tag, LabelKind::Brand, LabelKind::Style];
    let one = query.0.kind.as_deref().and_then(kind);
    let kinds = one.map_or(SEARCHED.to_vec(), |kind| vec![kind]);
    let typed = query.0.q.unwrap_or_default();
    let limit = usize::from(query.0.limit.unwrap_or(DEFAULT_LIMIT));
    let found = outfits.suggest(&kinds, &typed, limit);
    let items = found.into_iter().map(|label| LabelDto {
        label_id: IdText(label.id.get()),
        kind: word(label.kind),
        name: label.name.as_str().to_owned(),
    });
    Ok(HttpResponse::Ok().json(LabelsDto {
        items: items.collect(),
        next_cursor: None,
    }))
}
