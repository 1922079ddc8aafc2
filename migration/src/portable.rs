//! Columns and tables that mean the same on every engine. Why each differs is measured in
//! docs/adr/0002-portable-schema.md.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// A table whose text is compared byte by byte: MySQL would otherwise hold `Alice`, `alice` and
/// `Álice` for one and the same.
pub(crate) fn table(manager: &SchemaManager<'_>, name: impl IntoIden) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name.into_iden()).if_not_exists();
    if manager.get_database_backend() == DbBackend::MySql {
        table.character_set("utf8mb4").collate("utf8mb4_bin");
    }
    table
}

/// A table that is looked up by its primary key of several columns. Without a row id the key is
/// the table on SQLite, as on MySQL: half the size, and what belongs together lies in one piece.
pub(crate) fn clustered(manager: &SchemaManager<'_>, name: impl IntoIden) -> TableCreateStatement {
    let mut table = table(manager, name);
    if manager.get_database_backend() == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    table
}

/// A 64-bit id that is the primary key. SQLite makes only an `integer` its row id, any other
/// type costs a second tree.
pub(crate) fn id(manager: &SchemaManager<'_>, name: impl IntoIden) -> ColumnDef {
    let mut column = match manager.get_database_backend() {
        DbBackend::Sqlite => ColumnDef::new_with_type(name, ColumnType::Integer),
        _ => ColumnDef::new_with_type(name, ColumnType::BigInteger),
    };
    column.not_null().primary_key();
    column
}

/// A 64-bit number.
pub(crate) fn number(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new_with_type(name, ColumnType::BigInteger)
}

/// A small number: an enumeration.
pub(crate) fn small(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new_with_type(name, ColumnType::SmallInteger)
}

/// A yes or no.
pub(crate) fn flag(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new_with_type(name, ColumnType::Boolean)
}

/// A day without a time.
pub(crate) fn day(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new_with_type(name, ColumnType::Date)
}

/// An instant, in microseconds since 1970-01-01T00:00:00Z.
pub(crate) fn instant(name: impl IntoIden) -> ColumnDef {
    number(name)
}

/// A text of up to `length` characters.
pub(crate) fn text(name: impl IntoIden, length: u32) -> ColumnDef {
    ColumnDef::new_with_type(name, ColumnType::String(StringLen::N(length)))
}

/// A text of up to 65,535 bytes (MySQL's `text`, the shortest of its kind).
pub(crate) fn long_text(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new_with_type(name, ColumnType::Text)
}

/// A text without a limit of ours: MySQL's `text` ends at 64 KiB.
pub(crate) fn unlimited_text(manager: &SchemaManager<'_>, name: impl IntoIden) -> ColumnDef {
    match manager.get_database_backend() {
        DbBackend::MySql => ColumnDef::new_with_type(name, ColumnType::custom("mediumtext")),
        _ => ColumnDef::new_with_type(name, ColumnType::Text),
    }
}

/// A text that lists are sorted by: in code point order on every engine.
pub(crate) fn sortable(manager: &SchemaManager<'_>, name: impl IntoIden, length: u32) -> ColumnDef {
    let mut column = text(name, length);
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// A foreign key whose rows go when the row they point at goes.
pub(crate) fn belongs_to(
    from: (impl IntoIden, impl IntoIden),
    to: (impl IntoIden, impl IntoIden),
    on_delete: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    let (from_table, from_column) = (from.0.into_iden(), from.1.into_iden());
    let name = format!("fk_{from_table}_{from_column}");
    ForeignKey::create()
        .name(name)
        .from(from_table, from_column)
        .to(to.0.into_iden(), to.1.into_iden())
        .on_delete(on_delete)
        .to_owned()
}

/// Makes an index, unless it is there: MySQL knows no `IF NOT EXISTS` for them.
pub(crate) async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let name = format!("ix_{table}_{}", columns.join("_"));
    if manager.has_index(table, &name).await? {
        return Ok(());
    }
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index).await
}

/// Adds a column to a table, unless it is there: a step that was cut off half-way is taken again.
pub(crate) async fn column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    mut column: ColumnDef,
) -> Result<(), DbErr> {
    if manager.has_column(table, column.get_column_name()).await? {
        return Ok(());
    }
    let alter = Table::alter()
        .table(table)
        .add_column(&mut column)
        .to_owned();
    manager.alter_table(alter).await
}

/// Removes a column from a table, if it is there.
pub(crate) async fn remove_column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
) -> Result<(), DbErr> {
    if !manager.has_column(table, column).await? {
        return Ok(());
    }
    if manager.get_database_backend() == DbBackend::MySql {
        // The table is written anew: a column that is only marked as gone goes on counting towards
        // the longest row InnoDB allows.
        let alter = format!("ALTER TABLE {table} DROP COLUMN {column}, ALGORITHM=COPY");
        return manager
            .get_connection()
            .execute_unprepared(&alter)
            .await
            .map(drop);
    }
    let alter = Table::alter().table(table).drop_column(column).to_owned();
    manager.alter_table(alter).await
}
