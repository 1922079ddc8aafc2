//! Partial changes of a product.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Barcode, Category, Description, Product, ProductName, Size, Won};

/// A partial change: `None` leaves a field as it is, `Some(None)` clears one that may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductChange {
    /// Another shelf.
    pub category: Option<Category>,
    /// Another name.
    pub name: Option<ProductName>,
    /// Another description.
    pub description: Option<Option<Description>>,
    /// Another price.
    pub price: Option<Won>,
    /// Another cost.
    pub cost: Option<Won>,
    /// Another barcode.
    pub barcode: Option<Option<Barcode>>,
    /// Another last day.
    pub expiration_date: Option<Option<NaiveDate>>,
    /// Another size.
    pub size: Option<Size>,
}

impl ProductChange {
    /// The product after the change: its next version, changed at `now`. A change that changes
    /// nothing leaves the product, its version and its time as they are.
    #[must_use]
    pub fn apply(&self, product: &Product, now: DateTime<Utc>) -> Product {
        let mut draft = product.draft.clone();
        set(&mut draft.category, self.category.as_ref());
        set(&mut draft.name, self.name.as_ref());
        set(&mut draft.description, self.description.as_ref());
        set(&mut draft.price, self.price.as_ref());
        set(&mut draft.cost, self.cost.as_ref());
        set(&mut draft.barcode, self.barcode.as_ref());
        set(&mut draft.expiration_date, self.expiration_date.as_ref());
        set(&mut draft.size, self.size.as_ref());
        if draft == product.draft {
            return product.clone();
        }
        Product {
            draft,
            version: product.version.next(),
            updated_at: now,
            ..product.clone()
        }
    }
}

fn set<T: Clone>(field: &mut T, change: Option<&T>) {
    if let Some(value) = change {
        field.clone_from(value);
    }
}
