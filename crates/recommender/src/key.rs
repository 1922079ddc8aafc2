//! The numbers by which the caller knows outfits, people and labels.
//!
//! They are the ids of the database, 64 bits wide and spread over the whole range. Inside, the engine counts from
//! zero (`slab`), so that what it keeps of each other outfit fits into four bytes.

/// An outfit, by its id in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutfitKey(pub u64);

/// A guest or a member, by the id of the session or of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonKey(pub u64);

/// A tag, brand, reporter, style, season, region or occupation, by the id of its text.
///
/// The same text may be a brand here and a tag there: the engine keeps the two apart by where they stand in
/// [`OutfitFacts`](crate::OutfitFacts).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelKey(pub u64);
