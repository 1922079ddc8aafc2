//! Shop the look: from an outfit to the products it shows, and back.

use actix_web::{HttpResponse, get, put, web};
use domain::outfit::OutfitId;
use domain::product::{Product, ProductId};
use serde::{Deserialize, Serialize};
use service::outfit::{HeartService, LookError, LookService};
use utoipa::ToSchema;
use validator::Validate;

use super::dto::{OutfitDto, OutfitsDto};
use super::feed::OfOutfit;
use super::query::PageQuery;
use crate::http::{
    AuthProblems, BodyProblems, Code, IdText, LookupProblems, PageProblems, PathId, Problem, Valid,
    ValidQuery,
};
use crate::identity::{Editor, SignedInWith};
use crate::product::OfProduct;

/// Products of one outfit.
const MAX_PRODUCTS: u64 = 50;

impl From<LookError> for Problem {
    fn from(error: LookError) -> Self {
        match error {
            LookError::ProductNotFound => Self::new(Code::ProductNotFound),
            LookError::Outfit(error) => error.into(),
        }
    }
}

/// The products an outfit shows.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = ShownProducts)]
pub(crate) struct ShowBody {
    /// Up to 50 of one's own, in the order in which they are shown.
    #[validate(required, length(max = MAX_PRODUCTS))]
    #[schema(required, nullable = false, max_items = 50)]
    product_ids: Option<Vec<IdText>>,
}

/// A product as everybody sees it: without what its seller pays.
#[derive(Serialize, ToSchema)]
#[schema(as = ShopProduct)]
pub(crate) struct ShopProductDto {
    product_id: IdText,
    category: String,
    name: String,
    description: Option<String>,
    /// What a customer pays, in won.
    price: i64,
    /// `small` or `large`.
    size: &'static str,
}

impl From<&Product> for ShopProductDto {
    fn from(product: &Product) -> Self {
        let draft = &product.draft;
        Self {
            product_id: IdText(product.id.get()),
            category: draft.category.as_str().into(),
            name: draft.name.as_str().into(),
            description: draft.description.as_ref().map(|text| text.as_str().into()),
            price: draft.price.get(),
            size: draft.size.as_str(),
        }
    }
}

/// The products of an outfit.
#[derive(Serialize, ToSchema)]
#[schema(as = ShopProducts)]
pub(crate) struct ShopProductsDto {
    items: Vec<ShopProductDto>,
    #[schema(value_type = Option<String>)]
    next_cursor: Option<String>,
}

/// The products that an outfit shows
#[utoipa::path(
    tag = "outfits",
    params(("outfit_id" = String, Path, description = "The outfit's id")),
    responses((status = 200, body = ShopProductsDto), LookupProblems)
)]
#[get("/api/v1/outfits/{outfit_id}/products")]
pub(crate) async fn shown_products(
    id: PathId<OfOutfit>,
    looks: web::Data<dyn LookService>,
) -> Result<HttpResponse, Problem> {
    let products = looks.products(id.get().into()).await?;
    Ok(HttpResponse::Ok().json(ShopProductsDto {
        items: products.iter().map(Into::into).collect(),
        next_cursor: None,
    }))
}

/// Says which of my products an outfit shows
///
/// For administrators. Replaces what was said before.
#[utoipa::path(
    tag = "outfits",
    params(("outfit_id" = String, Path, description = "The outfit's id")),
    request_body = ShowBody,
    responses((status = 204, description = "They are shown"), BodyProblems, AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[put("/api/v1/outfits/{outfit_id}/products")]
pub(crate) async fn show_products(
    Editor(who, (id, body)): Editor<(PathId<OfOutfit>, Valid<ShowBody>)>,
    looks: web::Data<dyn LookService>,
) -> Result<HttpResponse, Problem> {
    let ids = body.0.product_ids.unwrap_or_default();
    let ids: Vec<ProductId> = ids.iter().map(|id| ProductId::from(id.0)).collect();
    looks.show(id.get().into(), who.user_id, &ids).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The outfits that show one of my products
#[utoipa::path(
    tag = "products",
    params(("product_id" = String, Path, description = "The product's id"), PageQuery),
    responses((status = 200, body = OutfitsDto), PageProblems, AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/products/{product_id}/outfits")]
pub(crate) async fn outfits_of_product(
    SignedInWith(who, (id, query)): SignedInWith<(PathId<OfProduct>, ValidQuery<PageQuery>)>,
    looks: web::Data<dyn LookService>,
    hearts: web::Data<dyn HeartService>,
) -> Result<HttpResponse, Problem> {
    let before = query.0.before()?;
    let limit = query.0.count().into();
    let page = looks
        .outfits(who.user_id, id.get().into(), before, limit)
        .await?;
    let ids: Vec<OutfitId> = page.items.iter().map(|outfit| outfit.id).collect();
    let liked = hearts.liked(who.user_id.into(), &ids).await?;
    let items = page
        .items
        .iter()
        .map(|outfit| OutfitDto::new(outfit, liked.contains(&outfit.id)));
    Ok(HttpResponse::Ok().json(OutfitsDto {
        items: items.collect(),
        next_cursor: page.next_cursor,
    }))
}
