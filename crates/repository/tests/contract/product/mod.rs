//! Products, their lists and their search index.

mod bin;
mod changes;
mod imports;
mod lists;
mod removal;
mod search;
mod search_oracle;
mod shelf;
