//! Routes of products. All of them are the owner's only: another's product answers like one
//! that does not exist.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use domain::product::{Product, ProductId, Version};
use domain::user::UserId;
use service::product::ProductService;

use super::dto::{CreateProduct, ProductDto, Products, UpdateNamedProduct, UpdateProduct};
use super::query::{ListQuery, WhichQuery};
use crate::http::{
    AuthProblems, BodyProblems, Code, Conditions, EntityTag, LookupProblems, Named, PageProblems,
    PathId, PreconditionProblems, Problem, QueryProblems, Valid, ValidQuery, Verdict, not_modified,
};
use crate::identity::SignedInWith;

type ProductsOf = web::Data<dyn ProductService>;

/// A product's id in the path.
pub(crate) struct OfProduct;

impl Named for OfProduct {
    const NOT_FOUND: Code = Code::ProductNotFound;
}

/// Puts a new product on the shelf
#[utoipa::path(
    tag = "products",
    request_body = CreateProduct,
    responses(
        (status = 201, description = "Made; `Location` says where", body = ProductDto),
        BodyProblems,
        AuthProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/products")]
pub(crate) async fn create(
    SignedInWith(who, body): SignedInWith<Valid<CreateProduct>>,
    products: ProductsOf,
) -> Result<HttpResponse, Problem> {
    let product = products.create(who.user_id, body.0.into_draft()?).await?;
    let location = format!("/api/v1/products/{}", product.id);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .insert_header(tag(&product).header())
        .json(ProductDto::from(&product)))
}

/// A page of my products
#[utoipa::path(
    tag = "products",
    params(ListQuery),
    responses((status = 200, body = Products), PageProblems, AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/products")]
pub(crate) async fn list(
    SignedInWith(who, query): SignedInWith<ValidQuery<ListQuery>>,
    products: ProductsOf,
) -> Result<HttpResponse, Problem> {
    let page = products.list(who.user_id, &query.0.into_list()).await?;
    let items = page.items.iter().map(ProductDto::from).collect();
    Ok(HttpResponse::Ok().json(Products {
        items,
        next_cursor: page.next_cursor,
    }))
}

/// One product
///
/// With `If-None-Match`, 304 where it has not changed.
#[utoipa::path(
    tag = "products",
    params(("product_id" = String, Path, description = "The product's id")),
    responses(
        (status = 200, body = ProductDto),
        (status = 304, description = "Not changed"),
        AuthProblems,
        LookupProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/products/{product_id}")]
pub(crate) async fn find(
    SignedInWith(who, id): SignedInWith<PathId<OfProduct>>,
    products: ProductsOf,
    conditions: Conditions,
) -> Result<HttpResponse, Problem> {
    let product = products.find(who.user_id, id.get().into()).await?;
    match conditions.on_read(&tag(&product)) {
        Verdict::NotModified => Ok(not_modified(&tag(&product))),
        Verdict::Failed => Err(Problem::new(Code::PreconditionFailed)),
        Verdict::Proceed => Ok(answer(&product)),
    }
}

/// Changes a product named in the body
#[utoipa::path(
    tag = "products",
    request_body = UpdateProduct,
    responses(
        (status = 200, body = ProductDto),
        BodyProblems,
        AuthProblems,
        LookupProblems,
        PreconditionProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[patch("/api/v1/products")]
pub(crate) async fn update_by_body(
    SignedInWith(who, body): SignedInWith<Valid<UpdateNamedProduct>>,
    products: ProductsOf,
    conditions: Conditions,
) -> Result<HttpResponse, Problem> {
    let (id, change) = body.0.into_parts()?;
    update(&products, who.user_id, id, &conditions, change).await
}

/// Changes a product
///
/// With `If-Match`, 412 where somebody else changed it in the meantime.
#[utoipa::path(
    tag = "products",
    params(("product_id" = String, Path, description = "The product's id")),
    request_body = UpdateProduct,
    responses(
        (status = 200, body = ProductDto),
        BodyProblems,
        AuthProblems,
        LookupProblems,
        PreconditionProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[patch("/api/v1/products/{product_id}")]
pub(crate) async fn update_by_path(
    SignedInWith(who, (id, body)): SignedInWith<(PathId<OfProduct>, Valid<UpdateProduct>)>,
    products: ProductsOf,
    conditions: Conditions,
) -> Result<HttpResponse, Problem> {
    update(&products, who.user_id, id.get().into(), &conditions, body.0).await
}

async fn update(
    products: &ProductsOf,
    owner: UserId,
    id: ProductId,
    conditions: &Conditions,
    body: UpdateProduct,
) -> Result<HttpResponse, Problem> {
    let expected = expected(products, owner, id, conditions).await?;
    let product = products
        .update(owner, id, expected, &body.into_change()?)
        .await?;
    Ok(answer(&product))
}

/// Puts a product named in the query in the bin
#[utoipa::path(
    tag = "products",
    params(WhichQuery),
    responses(
        (status = 204, description = "It lies in the bin"),
        QueryProblems,
        AuthProblems,
        LookupProblems,
        PreconditionProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete("/api/v1/products")]
pub(crate) async fn delete_by_query(
    SignedInWith(who, query): SignedInWith<ValidQuery<WhichQuery>>,
    products: ProductsOf,
    conditions: Conditions,
) -> Result<HttpResponse, Problem> {
    let id = query.0.product_id()?;
    delete(&products, who.user_id, id, &conditions).await
}

/// Puts a product in the bin
#[utoipa::path(
    tag = "products",
    params(("product_id" = String, Path, description = "The product's id")),
    responses(
        (status = 204, description = "It lies in the bin"),
        AuthProblems,
        LookupProblems,
        PreconditionProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete("/api/v1/products/{product_id}")]
pub(crate) async fn delete_by_path(
    SignedInWith(who, id): SignedInWith<PathId<OfProduct>>,
    products: ProductsOf,
    conditions: Conditions,
) -> Result<HttpResponse, Problem> {
    delete(&products, who.user_id, id.get().into(), &conditions).await
}

async fn delete(
    products: &ProductsOf,
    owner: UserId,
    id: ProductId,
    conditions: &Conditions,
) -> Result<HttpResponse, Problem> {
    let expected = expected(products, owner, id, conditions).await?;
    products.delete(owner, id, expected).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes a product out of the bin
///
/// One that is not in the bin is answered as it is.
#[utoipa::path(
    tag = "products",
    params(("product_id" = String, Path, description = "The product's id")),
    responses((status = 200, body = ProductDto), AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/products/{product_id}/restore")]
pub(crate) async fn restore(
    SignedInWith(who, id): SignedInWith<PathId<OfProduct>>,
    products: ProductsOf,
) -> Result<HttpResponse, Problem> {
    let product = products.restore(who.user_id, id.get().into()).await?;
    Ok(answer(&product))
}

/// The version a change insists on: that of `If-Match`, where it names one. A list of tags is
/// first held against the product as it is.
async fn expected(
    products: &ProductsOf,
    owner: UserId,
    id: ProductId,
    conditions: &Conditions,
) -> Result<Option<Version>, Problem> {
    if let Some(version) = conditions.expected_version() {
        return Ok(Some(version.into()));
    }
    if conditions.is_empty() {
        return Ok(None);
    }
    let current = products.find(owner, id).await?;
    conditions.on_write(Some(&tag(&current)))?;
    Ok(Some(current.version))
}

fn tag(product: &Product) -> EntityTag {
    EntityTag::of_version(product.version.get())
}

fn answer(product: &Product) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(tag(product).header())
        .json(ProductDto::from(product))
}
