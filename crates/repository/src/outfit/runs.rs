//! The views of a page in one row.
//!
//! Ten views of one person at one moment, in places that follow each other, with ids that follow
//! each other, say ten times the same but for the outfit. So they are stored once, and of the
//! further ones the outfit and the propensity: a tenth of the rows, and of what indexes have to
//! keep. Only this file knows how; whoever reads the log gets single events.

use domain::RepositoryError;
use domain::outfit::{Action, OutfitEvent, OutfitId};
use sea_orm::ActiveValue::Set;

use super::event_entity::{ActiveModel, Model};

/// Events of a row.
pub(super) const MOST: usize = 64;
/// Bytes of a further one: the outfit's id, and the propensity's bits, which are no number where
/// there is none.
const BYTES: usize = 12;

/// Events as rows.
pub(super) fn rows(events: &[OutfitEvent]) -> Vec<ActiveModel> {
    let mut rows = Vec::with_capacity(events.len());
    let mut left = events;
    while let Some(first) = left.first() {
        let longest = left.len().min(MOST);
        let further = (1..longest).take_while(|&at| follows(first, &left[at], at));
        let (run, others) = left.split_at(1 + further.count());
        left = others;
        let mut row = ActiveModel::from(first);
        if run.len() > 1 {
            row.more = Set(Some(run[1..].iter().flat_map(bytes).collect()));
        }
        rows.push(row);
    }
    rows
}

/// Whether an event is the view that comes so many after the first.
fn follows(first: &OutfitEvent, event: &OutfitEvent, after: usize) -> bool {
    let Ok(after) = i32::try_from(after) else {
        return false;
    };
    let position = |position: i32| position.checked_add(after);
    first.action == Action::View
        && first.place.position.and_then(position).is_some()
        && *event
            == OutfitEvent {
                id: (first.id.get() + i64::from(after)).into(),
                outfit: event.outfit,
                place: domain::outfit::Place {
                    position: first.place.position.and_then(position),
                    propensity: event.place.propensity,
                    ..first.place
                },
                ..*first
            }
}

fn bytes(event: &OutfitEvent) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    let propensity = event.place.propensity.unwrap_or(f32::NAN);
    bytes[..8].copy_from_slice(&event.outfit.get().to_be_bytes());
    bytes[8..].copy_from_slice(&propensity.to_be_bytes());
    bytes
}

/// The outfits and propensities of the further views of a row.
pub(super) fn further(more: &[u8]) -> Result<Vec<(OutfitId, Option<f32>)>, RepositoryError> {
    let (parts, []) = more.as_chunks::<BYTES>() else {
        return Err(RepositoryError::storage("stored views are not whole"));
    };
    let read = |part: &[u8; BYTES]| {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = *part;
        let propensity = f32::from_be_bytes([i, j, k, l]);
        let outfit = i64::from_be_bytes([a, b, c, d, e, f, g, h]);
        (outfit.into(), Some(propensity).filter(|p| !p.is_nan()))
    };
    Ok(parts.iter().map(read).collect())
}

/// The events of a row, in the order of their ids.
pub(super) fn events(row: &Model) -> Result<Vec<OutfitEvent>, RepositoryError> {
    let first = OutfitEvent::try_from(row)?;
    let more = row.more.as_deref().unwrap_or_default();
    let mut events = vec![first];
    for (after, (outfit, propensity)) in (1..).zip(further(more)?) {
        let mut next = first;
        next.id = (first.id.get() + i64::from(after)).into();
        next.outfit = outfit;
        next.place.position = first.place.position.map(|first| first + after);
        next.place.propensity = propensity;
        events.push(next);
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::outfit::Place;
    use sea_orm::TryIntoModel;

    use super::*;

    fn view(number: i32) -> OutfitEvent {
        OutfitEvent {
            id: (1_000 + i64::from(number)).into(),
            person: 5.into(),
            outfit: (70 - i64::from(number)).into(),
            action: Action::View,
            place: Place {
                feed: Some(9.into()),
                position: Some(20 + number),
                propensity: (number % 3 == 1).then_some(0.25),
            },
            bucket: 7,
            at: DateTime::from_timestamp_micros(1_800_000_000_000_000).expect("a time"),
        }
    }

    fn back(rows: Vec<ActiveModel>) -> Vec<OutfitEvent> {
        let read = |row: ActiveModel| events(&row.try_into_model().expect("a row"));
        rows.into_iter()
            .flat_map(|row| read(row).expect("events"))
            .collect()
    }

    #[test]
    fn a_page_is_one_row_and_comes_back_as_it_was() {
        let page: Vec<_> = (0..10).map(view).collect();
        assert_eq!(rows(&page).len(), 1);
        assert_eq!(back(rows(&page)), page);
        let long: Vec<_> = (0..150).map(view).collect();
        assert_eq!(rows(&long).len(), 3);
        assert_eq!(back(rows(&long)), long);
    }

    #[test]
    fn what_differs_in_more_than_the_outfit_has_a_row_of_its_own() {
        let changes: [fn(&mut OutfitEvent); 8] = [
            |event| event.id = 5_000.into(),
            |event| event.person = 6.into(),
            |event| event.action = Action::Seen,
            |event| event.place.feed = None,
            |event| event.place.position = None,
            |event| event.place.position = Some(0),
            |event| event.bucket = 8,
            |event| event.at += chrono::TimeDelta::microseconds(1),
        ];
        for change in changes {
            let mut page: Vec<_> = (0..3).map(view).collect();
            change(&mut page[1]);
            assert_eq!(rows(&page).len(), 3);
            assert_eq!(back(rows(&page)), page);
        }
        let clicks = [0, 1].map(|number| OutfitEvent {
            action: Action::Click,
            ..view(number)
        });
        assert_eq!(rows(&clicks).len(), 2);
    }

    #[test]
    fn half_a_view_is_refused() {
        assert!(further(&[0; 13]).is_err());
    }
}
