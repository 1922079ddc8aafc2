use std::sync::atomic::Ordering;

use domain::RepositoryError;
use domain::persona::{MockPersonaRepository, Parameters};
use domain::unit_of_work::mock::{MockUnitOfWork, MockUnitOfWorkFactory};
use serde_json::{Value, json};

use super::super::persona_testing::{draft, persona};
use super::super::testing::addresses;
use super::*;
use crate::testing::{OWNER, clock, credentials, ids};

fn service(units: impl IntoIterator<Item = MockUnitOfWork>) -> DefaultPersonaService {
    let clock = clock();
    DefaultPersonaService {
        personas: Arc::new(MockPersonaRepository::new()),
        units: Arc::new(MockUnitOfWorkFactory::of(units)),
        addresses: addresses(&clock),
        limit: 4,
        ids: ids(&clock),
        clock,
    }
}

/// A transaction in which the owner has personas with these numbers.
fn with(numbers: &'static [i64]) -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    let hold = unit.users.expect_hold();
    hold.returning(|_| Ok(Some(credentials(None))));
    let list = unit.personas.expect_list();
    list.returning(|_| Ok(numbers.iter().map(|number| persona(*number)).collect()));
    unit
}

fn change(parameters: &Value) -> PersonaChange {
    PersonaChange {
        image: None,
        parameters: Parameters::parse(parameters).ok(),
    }
}

#[tokio::test]
async fn a_new_persona_gets_the_lowest_free_number() {
    let mut unit = with(&[1, 3]);
    let insert = unit.personas.expect_insert();
    insert
        .withf(|made| made.number.get() == 2)
        .times(1)
        .returning(|_| Ok(()));
    let committed = unit.committed();
    let made = service([unit])
        .create(OWNER.into(), draft(&json!({})))
        .await;
    assert_eq!(made.expect("a persona").number.get(), 2);
    assert!(committed.load(Ordering::SeqCst));
}

#[tokio::test]
async fn who_has_all_they_may_have_gets_no_more() {
    let unit = with(&[1, 2, 4, 5]);
    let committed = unit.committed();
    let made = service([unit])
        .create(OWNER.into(), draft(&json!({})))
        .await;
    assert!(matches!(made, Err(PersonaError::LimitReached)));
    assert!(!committed.load(Ordering::SeqCst));
}

#[tokio::test]
async fn an_account_that_went_meanwhile_gets_none() {
    let mut unit = MockUnitOfWork::default();
    unit.users.expect_hold().returning(|_| Ok(None));
    let made = service([unit])
        .create(OWNER.into(), draft(&json!({})))
        .await;
    assert!(matches!(made, Err(PersonaError::Gone)));
}

#[tokio::test]
async fn what_loses_a_race_is_done_again() {
    let mut first = with(&[]);
    let lost = || Err(RepositoryError::Contention);
    first.personas.expect_insert().returning(move |_| lost());
    let mut second = with(&[1]);
    second.personas.expect_insert().returning(|_| Ok(()));
    let service = service([first, second]);
    let made = service.create(OWNER.into(), draft(&json!({}))).await;
    assert_eq!(made.expect("a persona").number.get(), 2);
}

#[tokio::test]
async fn a_change_is_merged_into_what_is_held() {
    let mut unit = MockUnitOfWork::default();
    unit.personas
        .expect_hold()
        .returning(|_, _| Ok(Some(persona(1))));
    let save = unit.personas.expect_save();
    save.withf(|saved| saved.draft == draft(&json!({"a": 1, "b": [2]})))
        .times(1)
        .returning(|_| Ok(true));
    let committed = unit.committed();
    let which = WhichPersona::of(1);
    let service = service([unit]);
    let more = change(&json!({"b": [2]}));
    let changed = service.update(OWNER.into(), which, &more).await;
    let changed = changed.expect("a persona");
    assert_eq!(changed.draft, draft(&json!({"a": 1, "b": [2]})));
    assert!(committed.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_change_that_changes_nothing_writes_nothing() {
    let mut unit = MockUnitOfWork::default();
    unit.personas
        .expect_hold()
        .returning(|_, _| Ok(Some(persona(1))));
    let service = service([unit]);
    let same = change(&json!({"a": 1}));
    let changed = service.update(OWNER.into(), WhichPersona::of(1), &same);
    assert_eq!(changed.await.expect("a persona"), persona(1));
}

#[tokio::test]
async fn a_picture_that_is_saved_again_is_held_again() {
    let stored = format!("/media/{}.png", "3f".repeat(20));
    let image = PersonaImage::parse(&stored).expect("a picture");
    for is_there in [true, false] {
        let mut unit = MockUnitOfWork::default();
        let mut shown = persona(1);
        shown.draft.image = image.clone();
        let held = unit.personas.expect_hold();
        held.returning(move |_, _| Ok(Some(shown.clone())));
        let key = MediaKey::of_address(&stored);
        let hold = unit.media.expect_hold();
        hold.withf(move |_, wanted, _| wanted.is_none() || *wanted == key.as_ref())
            .times(if is_there { 1 } else { 2 })
            .returning(move |_, wanted, _| Ok(is_there || wanted.is_none()));
        let committed = unit.committed();
        let same = PersonaChange {
            image: Some(image.clone()),
            parameters: None,
        };
        let which = WhichPersona::of(1);
        let service = service([unit]);
        let changed = service.update(OWNER.into(), which, &same).await;
        // Nothing was changed that anybody sees.
        assert_eq!(
            changed.expect("a persona").updated_at,
            persona(1).updated_at
        );
        assert!(committed.load(Ordering::SeqCst));
    }
}

#[tokio::test]
async fn a_private_picture_is_shown_by_a_fresh_address_of_it_and_kept_by_its_key() {
    let key = MediaKey::private(OWNER.into(), b"me", domain::persona::MediaKind::Png);
    let signed = addresses(&clock()).of(&key);
    let path = key.path();
    let stale = format!("{path}?expires=1&signature=AAAA");
    // The address, whether the persona shows it already, whether it is the owner's, whether it is
    // taken.
    for (address, is_shown, is_own, is_taken) in [
        (&signed, false, true, true),
        (&signed, true, true, true),
        (&path, true, true, true),
        (&stale, true, true, true),
        (&path, false, true, false),
        (&stale, false, true, false),
        (&signed, false, false, false),
    ] {
        let mut unit = MockUnitOfWork::default();
        let mut before = persona(1);
        if is_shown {
            before.draft.image = PersonaImage::of_media(&key);
        }
        let held = unit.personas.expect_hold();
        held.returning(move |_, _| Ok(Some(before.clone())));
        let kept = path.clone();
        let save = unit.personas.expect_save();
        save.returning(move |saved| {
            assert_eq!(saved.draft.image.as_str(), kept);
            Ok(true)
        });
        unit.media
            .expect_hold()
            .returning(move |_, _, _| Ok(is_own));
        let committed = unit.committed();
        let change = PersonaChange {
            image: PersonaImage::parse(address).ok(),
            parameters: None,
        };
        let which = WhichPersona::of(1);
        let changed = service([unit]).update(OWNER.into(), which, &change).await;
        assert_eq!(committed.load(Ordering::SeqCst), is_taken, "{address}");
        match changed {
            // Its owner sees an address that opens it, and may save that again.
            Ok(changed) => assert_eq!(changed.draft.image.as_str(), signed),
            Err(error) => assert!(matches!(error, PersonaError::PictureClosed)),
        }
    }
}

#[tokio::test]
async fn what_is_too_much_together_is_refused() {
    let mut unit = MockUnitOfWork::default();
    let mut large = persona(1);
    large.draft = draft(&json!({"a": "a".repeat(10_000)}));
    let held = unit.personas.expect_hold();
    held.returning(move |_, _| Ok(Some(large.clone())));
    let service = service([unit]);
    let more = change(&json!({"b": "b".repeat(10_000)}));
    let changed = service
        .update(OWNER.into(), WhichPersona::of(1), &more)
        .await;
    assert!(matches!(changed, Err(PersonaError::Parameters(error)) if error.code == "bytes"));
}

#[tokio::test]
async fn what_is_not_there_is_neither_changed_nor_removed() {
    let absent = || {
        let mut unit = MockUnitOfWork::default();
        unit.personas.expect_hold().returning(|_, _| Ok(None));
        unit
    };
    let service = service([absent(), absent()]);
    let which = WhichPersona::of(1);
    let nothing = PersonaChange::default();
    let changed = service.update(OWNER.into(), which, &nothing);
    assert!(matches!(changed.await, Err(PersonaError::NotFound)));
    let removed = service.delete(OWNER.into(), which).await;
    assert!(matches!(removed, Err(PersonaError::NotFound)));
}
