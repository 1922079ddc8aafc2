use futures_util::FutureExt;

use super::*;

async fn place(hasher: &PasswordHasher) -> Place {
    hasher.place().await.expect("a place")
}

#[tokio::test]
async fn a_hash_matches_its_password_only() {
    let hasher = PasswordHasher::new(HashSettings::for_tests());
    let place = place(&hasher).await;
    let hash = place
        .hash(&"슈크림라떼좋아요".into())
        .await
        .expect("a hash");
    assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    let right = place
        .verify(&"슈크림라떼좋아요".into(), Some(hash.clone()))
        .await;
    assert_eq!(
        right,
        Ok(Verdict {
            matches: true,
            outdated: false
        })
    );
    let wrong = place.verify(&"슈크림라떼싫어요".into(), Some(hash)).await;
    assert_eq!(
        wrong,
        Ok(Verdict {
            matches: false,
            outdated: false
        })
    );
}

#[tokio::test]
async fn a_hash_made_by_the_library_itself_is_understood_and_outdated() {
    use argon2::PasswordHasher as _;
    let hash = Argon2::default()
        .hash_password(b"correct horse")
        .expect("a hash")
        .to_string();
    let hasher = PasswordHasher::new(HashSettings::for_tests());
    let verdict = place(&hasher)
        .await
        .verify(&"correct horse".into(), Some(hash))
        .await;
    assert_eq!(
        verdict,
        Ok(Verdict {
            matches: true,
            outdated: true
        })
    );
}

#[tokio::test]
async fn nothing_matches_no_hash_and_garbage() {
    let hasher = PasswordHasher::new(HashSettings::for_tests());
    let place = place(&hasher).await;
    for stored in [
        None,
        Some(""),
        Some("plain"),
        Some("$argon2id$v=19$m=9999999,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g"),
    ] {
        let verdict = place.verify(&"".into(), stored.map(str::to_owned)).await;
        assert_eq!(
            verdict,
            Ok(Verdict {
                matches: false,
                outdated: false
            }),
            "{stored:?}"
        );
    }
}

#[tokio::test]
async fn over_long_passwords_never_match() {
    let hasher = PasswordHasher::new(HashSettings::for_tests());
    let place = place(&hasher).await;
    let empty = place.hash(&"".into()).await.expect("a hash");
    let verdict = place.verify(&"x".repeat(129).into(), Some(empty)).await;
    assert_eq!(verdict.map(|v| v.matches), Ok(false));
}

#[tokio::test]
async fn who_finds_no_place_in_time_is_told_so() {
    let settings = HashSettings {
        concurrency: 1,
        wait: Duration::ZERO,
        ..HashSettings::for_tests()
    };
    let hasher = PasswordHasher::new(settings);
    let held = place(&hasher).await;
    assert_eq!(hasher.place().await.err(), Some(Busy));
    let figures = hasher.figures();
    assert_eq!((figures.busy, figures.waiting, figures.refused), (1, 0, 1));
    drop(held);
    assert!(hasher.place().await.is_ok());
}

#[tokio::test]
async fn who_finds_the_queue_full_is_told_at_once() {
    let settings = HashSettings {
        concurrency: 1,
        queue: 1,
        ..HashSettings::for_tests()
    };
    let hasher = PasswordHasher::new(settings);
    let held = place(&hasher).await;
    let refused = tokio::select! {
        biased;
        _ = hasher.place() => None,
        refused = hasher.place() => Some(refused.err()),
    };
    assert_eq!(refused, Some(Some(Busy)));
    assert_eq!(hasher.figures().refused, 1);
    drop(held);
    assert!(hasher.place().await.is_ok());
}

#[tokio::test]
async fn hashing_waits_for_a_core_that_other_work_keeps_busy() {
    let cores = Arc::new(Semaphore::new(1));
    let hasher = PasswordHasher::new(HashSettings::for_tests()).taking_turns(cores.clone());
    let place = place(&hasher).await;
    let other_work = cores.clone().acquire_owned().await;
    let password = "correct horse".into();
    let mut hashing = Box::pin(place.hash(&password));
    assert!((&mut hashing).now_or_never().is_none());
    drop(other_work);
    assert!(hashing.await.is_ok());
    assert_eq!(cores.available_permits(), 1);
}

#[tokio::test]
async fn who_waits_is_counted_until_they_go() {
    let settings = HashSettings {
        concurrency: 1,
        ..HashSettings::for_tests()
    };
    let hasher = PasswordHasher::new(settings);
    let _held = place(&hasher).await;
    let waiting = tokio::select! {
        biased;
        _ = hasher.place() => None,
        waiting = async { hasher.figures().waiting } => Some(waiting),
    };
    assert_eq!(waiting, Some(1));
    let figures = hasher.figures();
    assert_eq!((figures.size, figures.waiting, figures.refused), (1, 0, 0));
}
