//! Every row of the contract's table, as text.

use domain::chat::Pair;

use super::*;

fn zone() -> FixedOffset {
    FixedOffset::east_opt(9 * 3_600).expect("an offset")
}

fn refused(text: &str) -> Refusal {
    read(text, zone()).expect_err(text)
}

#[test]
fn what_cannot_be_understood_is_refused_by_number() {
    assert_eq!(refused("{"), Refusal::NotJson);
    for text in [
        "1",
        "{}",
        r#"{"type":1}"#,
        r#"{"type":"dance","payload":{}}"#,
        r#"{"type":"chat","payload":{"type":"send","chat_id":"6","content":""}}"#,
        r#"{"type":"chat","payload":{"type":"send","chat_id":"-6","content":"x"}}"#,
        r#"{"type":"chat","payload":{"type":"shout","chat_id":"6","content":"x"}}"#,
        r#"{"type":"chat","payload":{"type":"edit","chat_id":"6","content":"x"}}"#,
        r#"{"type":"load","payload":{"type":"chat","load_id":"6","datetime":"x","count":1}}"#,
        r#"{"type":"load","payload":{"type":"chat","load_id":"6","datetime":"MjAyNi0xMS0yMSAxODowMDowMC4wMDAwMDA=","count":101}}"#,
        r#"{"type":"mutual_users","payload":{"type":"marry","name":"x"}}"#,
        r#"{"type":"mutual_users","payload":{"type":"request","name":""}}"#,
        r#"{"type":"resume","payload":{"seq":-1}}"#,
        r#"{"type":"auth","payload":{"auth":"t","seq":"1"}}"#,
        r#"{"type":"read","payload":{"chat_id":"6"}}"#,
        r#"{"type":"typing","payload":{}}"#,
    ] {
        assert_eq!(refused(text), Refusal::BadRequest, "{text}");
    }
}

#[test]
fn ids_are_texts_or_numbers() {
    for room in ["6", "\"6\""] {
        let text = format!(
            r#"{{"type":"chat","payload":{{"type":"send","chat_id":{room},"content":"x"}}}}"#
        );
        let read = read(&text, zone());
        assert!(matches!(read, Ok(Sent::Asked(Asked::Send { room: 6, .. }))));
    }
}

#[test]
fn an_edit_without_content_takes_the_message_back() {
    let text = r#"{"type":"chat","payload":{"type":"edit","id":"9","chat_id":"6","content":""}}"#;
    assert!(matches!(
        read(text, zone()),
        Ok(Sent::Asked(Asked::Edit { content: None, .. }))
    ));
}

#[test]
fn a_room_leads_to_the_other_and_never_to_oneself() {
    assert_eq!(other(6, 5.into()), Some(3.into()));
    assert_eq!(other(0, 5.into()), None);
}

#[test]
fn answers_are_the_contracts_to_the_letter() {
    let message = Message {
        id: 9.into(),
        pair: Pair::of(3.into(), 5.into()).expect("a pair"),
        author: 5.into(),
        content: Content::parse("안녕").ok(),
        created_at: DateTime::from_timestamp_micros(1_795_251_600_000_042).expect("a time"),
        edited_at: None,
        nonce: Nonce::parse("n1").ok(),
    };
    assert_eq!(
        chat(&message, 3.into(), zone()),
        r#"{"payload":{"chat_id":"6","content":"안녕","created_at":"2026-11-21 18:00:00.000042","id":"9","type":"send","user_id":"5"},"type":"chat"}"#
    );
    let own: Value = serde_json::from_str(&chat(&message, 5.into(), zone())).expect("JSON");
    assert_eq!(own["payload"]["nonce"], "n1");
    assert_eq!(
        typing(5.into(), 3.into()),
        r#"{"payload":{"chat_id":"6","user_id":"5"},"type":"typing"}"#
    );
    assert_eq!(ok(), r#"{"payload":null,"type":"ok"}"#);
    assert_eq!(
        error(Refusal::NotFound),
        r#"{"payload":{"code":4004,"reason":"no such user or room"},"type":"error"}"#
    );
    assert_eq!(
        load_end(6, 2),
        r#"{"payload":{"count":2,"load_id":"6"},"type":"load_end"}"#
    );
}
