//! Keys that may be spent once, and answers that are kept.

use std::sync::Arc;

use domain::once::{AnswerRepository, KeptAnswer, OnceRepository};
use test_database::on_every_engine;

use crate::builders::{minutes, noon};
use crate::race::{count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_key_is_spent_once,
    of_many_that_spend_a_key_at_once_one_does,
    what_is_over_is_forgotten,
    an_answer_is_kept_until_its_time_is_up,
    of_many_that_keep_an_answer_at_once_one_does,
    an_answer_that_was_rolled_back_is_not_kept,
    answers_go_with_their_owner,
}

async fn a_key_is_spent_once(world: Arc<World>) {
    for (key, expected) in [
        ("one", true),
        ("one", false),
        ("One", true),
        ("other", true),
    ] {
        let spent = world.once.spend(key, minutes(10)).await;
        assert_eq!(spent.expect("an answer"), expected, "{key}");
    }
}

async fn of_many_that_spend_a_key_at_once_one_does(world: Arc<World>) {
    let outcomes = race(|_| {
        let world = world.clone();
        async move { world.once.spend("one", minutes(10)).await }
    });
    let outcomes = outcomes.await;
    assert_eq!(count(&outcomes, |spent| matches!(spent, Ok(true))), 1);
    assert_eq!(count(&outcomes, |spent| matches!(spent, Ok(false))), 19);
}

async fn what_is_over_is_forgotten(world: Arc<World>) {
    for (key, until) in [("one", 10), ("other", 20)] {
        world.once.spend(key, minutes(until)).await.expect("spent");
    }
    assert_eq!(world.once.purge(minutes(15)).await.expect("purged"), 1);
    assert!(world.once.spend("one", minutes(30)).await.expect("spent"));
    assert!(!world.once.spend("other", minutes(30)).await.expect("spent"));
}

fn answer(until: i64, answer: &str) -> KeptAnswer {
    KeptAnswer {
        id: "id".into(),
        owner: 7.into(),
        request: "request".into(),
        answer: answer.into(),
        until: minutes(until),
    }
}

async fn an_answer_is_kept_until_its_time_is_up(world: Arc<World>) {
    let answers = &world.answers;
    let keep = async |answer: &KeptAnswer, at| {
        let kept = answers.keep(answer, minutes(at)).await;
        kept.expect("an answer")
    };
    let (first, second) = (answer(10, "[1]"), answer(20, "[2]"));
    assert!(keep(&first, 0).await);
    assert!(!keep(&second, 9).await);
    assert_eq!(answers.find("id").await.expect("an answer"), Some(first));
    assert!(keep(&second, 11).await);
    assert_eq!(answers.find("id").await.expect("an answer"), Some(second));
    assert_eq!(answers.find("Id").await.expect("an answer"), None);
    let done = answers.complete("id", "in the end", minutes(20)).await;
    done.expect("it is put there");
    let kept = answers.find("id").await.expect("an answer");
    assert_eq!(kept.expect("one").answer, "in the end");
    assert_eq!(answers.purge(minutes(21)).await.expect("purged"), 1);
    assert_eq!(answers.find("id").await.expect("an answer"), None);
}

async fn of_many_that_keep_an_answer_at_once_one_does(world: Arc<World>) {
    let outcomes = race(|number| {
        let world = world.clone();
        async move {
            let unit = world.unit().await;
            let kept = unit
                .answers()
                .keep(&answer(10, &number.to_string()), noon())
                .await;
            if matches!(kept, Ok(true)) {
                unit.commit().await.expect("a commit");
            }
            kept
        }
    });
    let outcomes = outcomes.await;
    assert_eq!(
        count(&outcomes, |kept| matches!(kept, Ok(true))),
        1,
        "{outcomes:?}"
    );
}

async fn an_answer_that_was_rolled_back_is_not_kept(world: Arc<World>) {
    for _ in 0..2 {
        let unit = world.unit().await;
        let kept = unit.answers().keep(&answer(10, "[]"), noon()).await;
        assert!(kept.expect("an answer"));
    }
    assert_eq!(world.answers.find("id").await.expect("an answer"), None);
}

async fn answers_go_with_their_owner(world: Arc<World>) {
    let kept = world.answers.keep(&answer(10, "[]"), noon()).await;
    assert!(kept.expect("an answer"));
    world.answers.remove_all(8.into()).await.expect("removed");
    assert!(world.answers.find("id").await.expect("an answer").is_some());
    world.answers.remove_all(7.into()).await.expect("removed");
    assert!(world.answers.find("id").await.expect("an answer").is_none());
}
