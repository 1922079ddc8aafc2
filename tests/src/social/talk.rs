//! Notes of programs to their owner's Kakao chat.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use super::stand_in::{Human, Trouble};
use super::{World, world};
use crate::app::App;
use crate::client::text;
use crate::notification::Program;

on_every_engine! {
    crate::app::run;
    a_note_arrives,
    a_token_that_ended_is_renewed,
    what_kakao_cannot_take_now_is_tried_again,
    who_cut_kakao_off_gets_none,
}

const SEND: &str = "/api/v1/services/kakao/send";
const MEMO: &str = "/memo/default/send";

/// A program of somebody who signed in with Kakao.
async fn program(world: &World) -> Program {
    let browser = world.signed_in("kakao", Human::new(1)).await;
    Program::of(&browser.session(&world.client), &["kakao"]).await
}

async fn a_note_arrives(app: Arc<App>) {
    let world = world(&app).await;
    let program = program(&world).await;
    for body in [
        json!({"msg": "새 주문이 들어왔습니다"}),
        json!({"title": "주문", "message": "코트 1벌", "link": "https://front.example/orders"}),
    ] {
        let sent = program.post(SEND, &body).await.is(200).json();
        assert_eq!(sent["message"], "OK");
        let status = program.settled(text(&sent["ids"][0])).await;
        assert_eq!(
            (&status["status"], &status["channel"]),
            (&json!("sent"), &json!("kakao"))
        );
    }
    let notes = world.there.notes();
    assert_eq!(notes[0]["text"], "새 주문이 들어왔습니다");
    assert_eq!(notes[0]["link"]["web_url"], super::FRONT);
    assert_eq!(notes[1]["text"], "주문\n코트 1벌");
    assert_eq!(
        notes[1]["link"]["mobile_web_url"],
        "https://front.example/orders"
    );
}

async fn a_token_that_ended_is_renewed(app: Arc<App>) {
    let world = world(&app).await;
    let program = program(&world).await;
    // Its time is up, as far as we know.
    app.change("UPDATE identities SET access_expires_at = 1")
        .await;
    let note = json!({"msg": "하나"});
    let sent = program.post(SEND, &note).await.is(200).json();
    assert_eq!(
        program.settled(text(&sent["ids"][0])).await["status"],
        "sent"
    );
    let renewed = world.there.visits("/oauth/token");
    // The new one is good for the next note.
    let sent = program.post(SEND, &note).await.is(200).json();
    assert_eq!(
        program.settled(text(&sent["ids"][0])).await["status"],
        "sent"
    );
    assert_eq!(world.there.visits("/oauth/token"), renewed);
    // Kakao ended it early.
    world.there.forgets_tokens();
    let sent = program.post(SEND, &note).await.is(200).json();
    let status = program.settled(text(&sent["ids"][0])).await;
    assert_eq!(
        (&status["status"], &status["reason"]),
        (&json!("dead"), &json!("kakao_token"))
    );
    assert_eq!(world.there.notes().len(), 2);
}

async fn what_kakao_cannot_take_now_is_tried_again(app: Arc<App>) {
    let fast = [("ENSEMBLE__OUTBOX__RETRY_BASE_SECONDS", "0.02")];
    let world = super::world_with(&app, &fast).await;
    let program = program(&world).await;
    world.there.has(MEMO, Trouble::Broken);
    let sent = program
        .post(SEND, &json!({"msg": "하나"}))
        .await
        .is(200)
        .json();
    world.there.visited(MEMO, 2).await;
    world.there.has(MEMO, Trouble::Garbage);
    let visits = world.there.visits(MEMO);
    world.there.visited(MEMO, visits + 1).await;
    world.there.recovers();
    assert_eq!(
        program.settled(text(&sent["ids"][0])).await["status"],
        "sent"
    );
    assert_eq!(world.there.notes().len(), 1);
}

async fn who_cut_kakao_off_gets_none(app: Arc<App>) {
    let world = world(&app).await;
    let program = program(&world).await;
    app.change("UPDATE identities SET access_token = NULL")
        .await;
    let refused = program.post(SEND, &json!({"msg": "하나"})).await;
    refused.refused(400, "kakao_not_linked");
}
