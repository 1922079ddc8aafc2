//! Taking products out as CSV.

use std::pin::Pin;
use std::sync::Arc;

use domain::product::{Position, Product, ProductQuery, ProductRepository};
use domain::user::UserId;
use futures_util::Stream;
use futures_util::stream::try_unfold;

use super::ProductError;
use super::formula::guarded;

/// Products read at a time.
const BATCH: usize = 500;

/// A CSV file, piece by piece.
pub type CsvStream = Pin<Box<dyn Stream<Item = Result<Vec<u8>, ProductError>> + Send>>;

enum At {
    Header,
    Behind(Option<Position>),
    End,
}

/// All of an owner's products, the newest first; an import reads the file back.
pub(super) fn stream(products: Arc<dyn ProductRepository>, owner: UserId) -> CsvStream {
    Box::pin(try_unfold(At::Header, move |at| {
        let products = products.clone();
        async move {
            let after = match at {
                At::Header => return Ok(Some((header(), At::Behind(None)))),
                At::Behind(after) => after,
                At::End => return Ok(None),
            };
            let query = ProductQuery {
                after,
                ..ProductQuery::newest(BATCH)
            };
            let page = products.list(owner, &query).await?;
            if page.is_empty() {
                return Ok(None);
            }
            let next = match page.last() {
                Some(last) if page.len() == BATCH => At::Behind(Some(Position::Newest(last.id))),
                _ => At::End,
            };
            Ok(Some((rows(&page), next)))
        }
    }))
}

fn header() -> Vec<u8> {
    let columns = "product_id,category,name,description,price,cost,barcode,expiration_date,size,\
                   created_at,updated_at\r\n";
    columns.into()
}

fn rows(products: &[Product]) -> Vec<u8> {
    let mut out = Vec::with_capacity(products.len() * 128);
    for product in products {
        let draft = &product.draft;
        let cells = [
            product.id.to_string(),
            draft.category.as_str().into(),
            draft.name.as_str().into(),
            draft
                .description
                .as_ref()
                .map_or_else(String::new, |text| text.as_str().into()),
            draft.price.get().to_string(),
            draft.cost.get().to_string(),
            draft
                .barcode
                .as_ref()
                .map_or_else(String::new, |text| text.as_str().into()),
            draft
                .expiration_date
                .map_or_else(String::new, |date| date.to_string()),
            draft.size.as_str().into(),
            product.created_at.to_rfc3339(),
            product.updated_at.to_rfc3339(),
        ];
        let line: Vec<String> = cells.iter().map(|cell| quoted(&guarded(cell))).collect();
        out.extend(line.join(",").bytes());
        out.extend(b"\r\n");
    }
    out
}

/// A cell as RFC 4180 has it.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests;
