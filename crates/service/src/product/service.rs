//! The use-cases of products.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::hangul::Pattern;
use domain::product::{
    Barcode, Category, Position, Product, ProductChange, ProductDraft, ProductId, ProductOutcome,
    ProductQuery, ProductRepository, Size, Sort, Version, Won,
};
use domain::user::UserId;
use domain::{Clock, IdGenerator};
use tracing::instrument;

use super::import::{ImportReport, ImportSource, Importer, Progress};
use super::{CsvStream, ImportError, ImportOptions, ProductError, cursor, export};

/// What a list of products is asked for with.
#[derive(Clone, Debug, Default)]
pub struct ListProducts {
    /// What the name has to match, as typed.
    pub q: Option<String>,
    /// Exactly this category.
    pub category: Option<Category>,
    /// Exactly this size.
    pub size: Option<Size>,
    /// At least this price.
    pub price_min: Option<Won>,
    /// At most this price.
    pub price_max: Option<Won>,
    /// Expiring before this day.
    pub expiring_before: Option<NaiveDate>,
    /// Exactly this barcode.
    pub barcode: Option<Barcode>,
    /// The bin instead of the shelf.
    pub deleted: bool,
    /// The order.
    pub sort: Sort,
    /// Where to go on.
    pub cursor: Option<String>,
    /// How many, 1 to 100.
    pub limit: usize,
}

/// One page, and where the next one begins.
#[derive(Clone, Debug)]
pub struct Page {
    /// The products.
    pub items: Vec<Product>,
    /// `None` on the last page.
    pub next_cursor: Option<String>,
}

/// A seller's own products. Another's look as if they did not exist.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ProductService: Send + Sync {
    /// Puts a new product on the shelf.
    async fn create(&self, owner: UserId, draft: ProductDraft) -> Result<Product, ProductError>;

    /// One product.
    async fn find(&self, owner: UserId, id: ProductId) -> Result<Product, ProductError>;

    /// A page of products.
    async fn list(&self, owner: UserId, query: &ListProducts) -> Result<Page, ProductError>;

    /// Changes a product that is at `expected`, or at any version.
    async fn update(
        &self,
        owner: UserId,
        id: ProductId,
        expected: Option<Version>,
        change: &ProductChange,
    ) -> Result<Product, ProductError>;

    /// Puts a product in the bin.
    async fn delete(
        &self,
        owner: UserId,
        id: ProductId,
        expected: Option<Version>,
    ) -> Result<(), ProductError>;

    /// Takes a product out of the bin.
    async fn restore(&self, owner: UserId, id: ProductId) -> Result<Product, ProductError>;

    /// Brings in the rows of a CSV file: all the good ones at once, or none.
    async fn import(
        &self,
        owner: UserId,
        source: ImportSource,
        options: &ImportOptions,
        progress: Progress,
    ) -> Result<ImportReport, ImportError>;

    /// All products as CSV, the newest first.
    fn export(&self, owner: UserId) -> CsvStream;
}

/// [`ProductService`] over the repository.
pub struct DefaultProductService {
    /// Products.
    pub products: Arc<dyn ProductRepository>,
    /// New ids.
    pub ids: Arc<IdGenerator>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl ProductService for DefaultProductService {
    #[instrument(skip_all, fields(user_id = %owner))]
    async fn create(&self, owner: UserId, draft: ProductDraft) -> Result<Product, ProductError> {
        let product = Product::new(self.ids.next(), owner, draft, self.clock.now());
        self.products.insert(&product).await?;
        Ok(product)
    }

    async fn find(&self, owner: UserId, id: ProductId) -> Result<Product, ProductError> {
        self.products
            .find_owned(owner, id)
            .await?
            .ok_or(ProductError::NotFound)
    }

    async fn list(&self, owner: UserId, query: &ListProducts) -> Result<Page, ProductError> {
        let list = query.describe();
        let after = match &query.cursor {
            Some(text) => {
                let position = cursor::decode(text, &list).filter(|at| at.fits(query.sort));
                Some(position.ok_or(ProductError::InvalidCursor)?)
            }
            None => None,
        };
        let mut items = self.products.list(owner, &query.compile(after)).await?;
        let has_more = items.len() > query.limit;
        items.truncate(query.limit);
        let last = items.last().filter(|_| has_more);
        let next_cursor = last.map(|last| cursor::encode(&position(last, query.sort), &list));
        Ok(Page { items, next_cursor })
    }

    #[instrument(skip_all, fields(user_id = %owner, product_id = %id))]
    async fn update(
        &self,
        owner: UserId,
        id: ProductId,
        expected: Option<Version>,
        change: &ProductChange,
    ) -> Result<Product, ProductError> {
        let now = self.clock.now();
        done(
            self.products
                .update(owner, id, expected, change, now)
                .await?,
        )
    }

    #[instrument(skip_all, fields(user_id = %owner, product_id = %id))]
    async fn delete(
        &self,
        owner: UserId,
        id: ProductId,
        expected: Option<Version>,
    ) -> Result<(), ProductError> {
        let now = self.clock.now();
        done(self.products.delete(owner, id, expected, now).await?).map(|_| ())
    }

    #[instrument(skip_all, fields(user_id = %owner, product_id = %id))]
    async fn restore(&self, owner: UserId, id: ProductId) -> Result<Product, ProductError> {
        done(self.products.restore(owner, id, self.clock.now()).await?)
    }

    #[instrument(skip_all, fields(user_id = %owner))]
    async fn import(
        &self,
        owner: UserId,
        source: ImportSource,
        options: &ImportOptions,
        progress: Progress,
    ) -> Result<ImportReport, ImportError> {
        let importer = Importer {
            products: self.products.as_ref(),
            ids: &self.ids,
            clock: self.clock.as_ref(),
            owner,
            progress,
        };
        importer.run(source, options).await
    }

    fn export(&self, owner: UserId) -> CsvStream {
        export::stream(self.products.clone(), owner)
    }
}

impl ListProducts {
    /// Everything that decides which list this is, but not where one is in it.
    fn describe(&self) -> String {
        let Self {
            q,
            category,
            size,
            price_min,
            price_max,
            expiring_before,
            barcode,
            deleted,
            sort,
            ..
        } = self;
        format!(
            "{q:?}{category:?}{size:?}{price_min:?}{price_max:?}{expiring_before:?}{barcode:?}{deleted}{sort:?}"
        )
    }

    fn compile(&self, after: Option<Position>) -> ProductQuery {
        ProductQuery {
            search: self.q.as_deref().and_then(Pattern::parse),
            category: self.category.clone(),
            size: self.size,
            price_min: self.price_min,
            price_max: self.price_max,
            expiring_before: self.expiring_before,
            barcode: self.barcode.clone(),
            deleted: self.deleted,
            sort: self.sort,
            after,
            limit: self.limit + 1,
        }
    }
}

/// Where a product stands in an order.
fn position(product: &Product, sort: Sort) -> Position {
    let draft = &product.draft;
    match sort {
        Sort::Newest => Position::Newest(product.id),
        Sort::Name => Position::Name(draft.name.sort_key(), product.id),
        Sort::Price => Position::Price(draft.price, product.id),
        Sort::Expiry => Position::Expiry(draft.expiration_date, product.id),
    }
}

fn done(outcome: ProductOutcome) -> Result<Product, ProductError> {
    match outcome {
        ProductOutcome::Done(product) => Ok(*product),
        ProductOutcome::Stale => Err(ProductError::Stale),
        ProductOutcome::Absent => Err(ProductError::NotFound),
    }
}

#[cfg(test)]
mod tests;
