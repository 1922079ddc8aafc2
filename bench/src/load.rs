//! Filling the shelf faster than the program could.
//!
//! The program writes a product and its pieces together, so pieces arrive in random order and a
//! million products take hours. Here all products are written first and then all pieces in the
//! order of their key. What the program would have written is not guessed: it imports the first
//! products of each load itself, and the load fails where a row would have come out otherwise.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::hangul::{Gram, SearchText};
use domain::product::{Product, ProductRepository};
use domain::user::UserId;
use domain::{Clock, IdGenerator, SystemClock};
use repository::product::SeaProducts;
use repository::{Database, Engine};
use sea_orm::{ConnectionTrait, Statement, TransactionTrait};

use crate::{Outcome, data};

/// The products that the program imports itself.
const SAMPLE: u64 = 200;
/// Rows a statement.
const ROWS: usize = 5_000;

/// Puts the products from `from` to below `to` on the owner's shelf.
///
/// # Errors
/// Where the database refuses, or the program writes other rows than the load.
pub async fn load(database: &Database, owner: UserId, from: u64, to: u64) -> Outcome<()> {
    let now = SystemClock.now();
    let sample = to.min(from + SAMPLE);
    import(database, owner, from..sample, now).await?;
    compare(database, &products(from..sample, owner, now)?).await?;
    let products = products(sample..to, owner, now)?;
    let writer = database.write();
    if database.engine() == Engine::Sqlite {
        let sql = "PRAGMA cache_size = -1048576; PRAGMA synchronous = OFF";
        writer.execute_unprepared(sql).await?;
    }
    let transaction = writer.begin().await?;
    match database.engine() {
        Engine::Sqlite => {}
        Engine::Postgres => {
            let sql = "SET LOCAL synchronous_commit = OFF";
            transaction.execute_unprepared(sql).await?;
        }
        Engine::MySql => {
            let sql = "SET unique_checks = 0";
            transaction.execute_unprepared(sql).await?;
        }
    }
    write(&transaction, database.engine(), "", &products).await?;
    transaction.commit().await?;
    // What each engine does by itself sooner or later.
    let settled: &[&str] = match database.engine() {
        Engine::Sqlite => &["PRAGMA wal_checkpoint(TRUNCATE)"],
        Engine::Postgres => &[
            "VACUUM (ANALYZE) products",
            "VACUUM (ANALYZE) product_grams",
        ],
        Engine::MySql => &["ANALYZE TABLE products, product_grams"],
    };
    for sql in settled {
        writer.execute_unprepared(sql).await?;
    }
    Ok(())
}

fn products(
    numbers: std::ops::Range<u64>,
    owner: UserId,
    now: DateTime<Utc>,
) -> Outcome<Vec<Product>> {
    numbers
        .map(|number| Ok(data::product(number, owner, now)?))
        .collect()
}

/// The program's own way.
async fn import(
    database: &Database,
    owner: UserId,
    numbers: std::ops::Range<u64>,
    now: DateTime<Utc>,
) -> Outcome<()> {
    let ids = IdGenerator::new(1, Arc::new(SystemClock));
    let import = ids.next();
    let repository = SeaProducts::new(database.clone());
    repository
        .stage(import, &products(numbers, owner, now)?)
        .await?;
    repository.publish(import).await?;
    Ok(())
}

/// Holds the rows the load would write for these products against those that are there.
async fn compare(database: &Database, products: &[Product]) -> Outcome<()> {
    let (Some(first), Some(last)) = (products.first(), products.last()) else {
        return Ok(());
    };
    let transaction = database.write().begin().await?;
    for table in ["products", "product_grams"] {
        let sql =
            format!("CREATE TEMPORARY TABLE loaded_{table} AS SELECT * FROM {table} WHERE 1 = 0");
        transaction.execute_unprepared(&sql).await?;
    }
    write(&transaction, database.engine(), "loaded_", products).await?;
    for (table, id) in [("products", "id"), ("product_grams", "product_id")] {
        let (first, last) = (first.id.get(), last.id.get());
        let there = format!("SELECT * FROM {table} WHERE {id} BETWEEN {first} AND {last}");
        let loaded = format!("SELECT * FROM loaded_{table}");
        for (some, others) in [(&there, &loaded), (&loaded, &there)] {
            let sql = format!("SELECT count(*) AS n FROM ({some} EXCEPT {others}) AS d");
            let differing = count(&transaction, sql).await?;
            if differing != 0 {
                return Err(format!("{differing} rows of {table} differ from an import").into());
            }
        }
    }
    // MySQL's temporary tables outlive the transaction.
    for table in ["loaded_products", "loaded_product_grams"] {
        let sql = format!("DROP TABLE {table}");
        transaction.execute_unprepared(&sql).await?;
    }
    Ok(transaction.rollback().await?)
}

/// How many products the owner has.
///
/// # Errors
/// Where the database refuses.
pub async fn size(database: &Database, owner: UserId) -> Outcome<u64> {
    let sql = format!(
        "SELECT count(*) AS n FROM products WHERE owner_id = {}",
        owner.get()
    );
    Ok(count(&database.read(), sql).await?.try_into()?)
}

/// What a statement counts, in a column `n`.
async fn count(connection: &impl ConnectionTrait, sql: String) -> Outcome<i64> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await?;
    Ok(row.ok_or("no count")?.try_get("", "n")?)
}

/// Writes the rows of products and pieces, into tables of their names behind `prefix`.
async fn write(
    connection: &impl ConnectionTrait,
    engine: Engine,
    prefix: &str,
    products: &[Product],
) -> Outcome<()> {
    for chunk in products.chunks(ROWS) {
        let mut sql = format!("INSERT INTO {prefix}products VALUES ");
        for (number, product) in chunk.iter().enumerate() {
            sql.push_str(if number == 0 { "" } else { "," });
            row(&mut sql, product)?;
        }
        connection.execute_unprepared(&sql).await?;
    }
    let mut lists: HashMap<Gram, Vec<i64>> = HashMap::new();
    for product in products {
        for gram in SearchText::new(product.draft.name.as_str()).grams() {
            lists.entry(gram).or_default().push(product.id.get());
        }
    }
    let Some(owner) = products.first().map(|product| product.owner_id.get()) else {
        return Ok(());
    };
    let mut lists: Vec<_> = lists
        .into_iter()
        .map(|(gram, ids)| (gram.key(owner), ids))
        .collect();
    lists.sort_unstable();
    let rows = lists
        .iter()
        .flat_map(|(key, ids)| ids.iter().map(|id| (*key, *id)));
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let rows = rows.by_ref().take(ROWS);
        let sql = pieces(engine, prefix, rows)?;
        connection.execute_unprepared(&sql).await?;
    }
    Ok(())
}

fn pieces(
    engine: Engine,
    prefix: &str,
    rows: impl Iterator<Item = (i64, i64)>,
) -> Result<String, std::fmt::Error> {
    let mut sql = format!("INSERT INTO {prefix}product_grams ");
    if engine == Engine::Postgres {
        // Two arrays are read several times faster than a list of rows.
        let (mut keys, mut ids) = (String::new(), String::new());
        for (number, (key, id)) in rows.enumerate() {
            let comma = if number == 0 { "" } else { "," };
            write!(keys, "{comma}{key}")?;
            write!(ids, "{comma}{id}")?;
        }
        write!(
            sql,
            "SELECT * FROM unnest('{{{keys}}}'::bigint[], '{{{ids}}}'::bigint[])"
        )?;
        return Ok(sql);
    }
    sql.push_str("VALUES ");
    for (number, (key, id)) in rows.enumerate() {
        let comma = if number == 0 { "" } else { "," };
        write!(sql, "{comma}({key},{id})")?;
    }
    Ok(sql)
}

/// A product in the order of the table's columns, on the shelf.
fn row(sql: &mut String, product: &Product) -> std::fmt::Result {
    let draft = &product.draft;
    let micros = |at: DateTime<Utc>| at.timestamp_micros().to_string();
    let columns = [
        product.id.get().to_string(),
        product.owner_id.get().to_string(),
        "0".into(),
        "NULL".into(),
        quoted(Some(draft.category.as_str())),
        quoted(Some(draft.name.as_str())),
        quoted(Some(&draft.name.sort_key())),
        quoted(draft.description.as_ref().map(|text| text.as_str())),
        draft.price.get().to_string(),
        draft.cost.get().to_string(),
        quoted(draft.barcode.as_ref().map(|text| text.as_str())),
        quoted(draft.expiration_date.map(|day| day.to_string()).as_deref()),
        quoted(Some(draft.size.as_str())),
        product.version.get().to_string(),
        micros(product.created_at),
        micros(product.updated_at),
        product.deleted_at.map_or_else(|| "NULL".into(), micros),
    ];
    write!(sql, "({})", columns.join(","))
}

/// A literal: no made-up name holds what an engine would read as an escape.
fn quoted(text: Option<&str>) -> String {
    text.map_or_else(|| "NULL".into(), |text| format!("'{text}'"))
}
