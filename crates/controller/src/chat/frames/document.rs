//! `docs/asyncapi.yaml` says what the socket does: every frame that is made fits its schema, and every frame that the
//! document has clients send is understood.

use std::collections::BTreeSet;

use domain::chat::Pair;
use jsonschema::Validator;

use super::*;

fn document() -> Value {
    let text = include_str!("../../../../../docs/asyncapi.yaml");
    serde_norway::from_str(text).expect("YAML")
}

/// The last part of each reference of a list.
fn names(references: &Value) -> BTreeSet<&str> {
    let references = references.as_array().expect("a list");
    let paths = references
        .iter()
        .map(|reference| reference["$ref"].as_str().expect("a reference"));
    paths.filter_map(|path| path.rsplit('/').next()).collect()
}

/// The message names of an operation.
fn operation<'a>(document: &'a Value, name: &str) -> BTreeSet<&'a str> {
    names(&document["operations"][name]["messages"])
}

/// What checks a message of the document.
fn validator(document: &Value, message: &str) -> Validator {
    let payload = &document["components"]["messages"][message]["payload"];
    assert!(payload["$ref"].is_string(), "{message} has a schema");
    let schema = json!({"$ref": payload["$ref"], "components": document["components"]});
    jsonschema::draft202012::new(&schema).expect("a schema")
}

fn zone() -> FixedOffset {
    FixedOffset::east_opt(9 * 3_600).expect("an offset")
}

fn examples<'a>(document: &'a Value, message: &str) -> Vec<&'a Value> {
    let examples = &document["components"]["messages"][message]["examples"];
    let examples = examples.as_array().expect("examples");
    examples.iter().map(|example| &example["payload"]).collect()
}

#[test]
fn every_message_is_listed_where_it_is_said_or_heard() {
    let document = document();
    let keys = |value: &'_ Value| -> BTreeSet<String> {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect()
    };
    let all = keys(&document["components"]["messages"]);
    assert_eq!(keys(&document["channels"]["chat"]["messages"]), all);
    let (said, heard) = (operation(&document, "say"), operation(&document, "hear"));
    let listed: BTreeSet<String> = said.union(&heard).map(|name| (*name).to_owned()).collect();
    assert_eq!(listed, all);
}

#[test]
fn every_example_fits_its_schema_and_what_clients_send_is_understood() {
    let document = document();
    let said = operation(&document, "say");
    for name in said.union(&operation(&document, "hear")) {
        let validator = validator(&document, name);
        for example in examples(&document, name) {
            let fault = validator.validate(example).err();
            assert!(fault.is_none(), "{name}: {example}: {fault:?}");
            if said.contains(name) {
                let read = read(&example.to_string(), zone());
                assert!(read.is_ok(), "{name}: {example}: {read:?}");
            }
        }
    }
}

#[test]
fn what_is_understood_wrongly_does_not_fit_either() {
    let document = document();
    for (name, frame) in [
        (
            "send",
            json!({"type": "chat", "payload": {"type": "send", "chat_id": "6", "content": ""}}),
        ),
        (
            "edit",
            json!({"type": "chat", "payload": {"type": "edit", "chat_id": "6", "content": "x"}}),
        ),
        (
            "friend",
            json!({"type": "mutual_users", "payload": {"type": "marry", "name": "x"}}),
        ),
        ("resume", json!({"type": "resume", "payload": {"seq": -1}})),
        ("read", json!({"type": "read", "payload": {"chat_id": "6"}})),
    ] {
        assert!(!validator(&document, name).is_valid(&frame), "{frame}");
        assert!(read(&frame.to_string(), zone()).is_err(), "{frame}");
    }
}

/// A frame of each kind that there is, by its name in the document.
fn made() -> Vec<(&'static str, String)> {
    let card = |id: i64, profile: Option<&str>| Card {
        id: id.into(),
        name: "유나".into(),
        profile: profile.map(Into::into),
    };
    let pair = Pair::of(3.into(), 5.into()).expect("a pair");
    let message = Message {
        id: 9.into(),
        pair,
        author: 5.into(),
        content: Content::parse("안녕").ok(),
        created_at: DateTime::from_timestamp_micros(1_795_251_600_000_042).expect("a time"),
        edited_at: None,
        nonce: Nonce::parse("n1").ok(),
    };
    let gone = Message {
        content: None,
        ..message.clone()
    };
    let known = Friends {
        friends: vec![card(5, Some("https://shop.example/yuna.jpg"))],
        requests: vec![card(7, None)],
        asked: vec![],
    };
    let at = |what| moment(&Moment { seq: 42, what }, 5.into(), zone());
    let mut made = vec![
        ("heartbeat", heartbeat(json!([1, null]))),
        ("ok", ok()),
        ("welcome", welcome(&card(3, None), &known, 41)),
        ("friends", friends(&known)),
        ("chat", chat(&message, 3.into(), zone())),
        ("loadEnd", load_end(6, 2)),
        ("typingEvent", typing(5.into(), 3.into())),
        ("resumed", resumed(43)),
        ("resync", resync(43)),
        ("reconnect", reconnect(1_200)),
        (
            "readEvent",
            at(What::Read {
                id: 9.into(),
                pair,
                reader: 3.into(),
            }),
        ),
    ];
    for message in [message, gone] {
        for is_edit in [false, true] {
            let message = message.clone();
            made.push(("chat", at(What::Message { message, is_edit })));
        }
    }
    let events = [
        "request", "response", "remove", "delete", "block", "unblock",
    ];
    for event in events.into_iter().filter_map(FriendEvent::parse) {
        made.push(("friendEvent", at(What::Friend(event, card(5, None)))));
    }
    made.push(("presence", presence([(5.into(), true), (7.into(), false)])));
    for refusal in [
        Refusal::Binary,
        Refusal::NotJson,
        Refusal::BadRequest,
        Refusal::Unauthenticated,
        Refusal::NoHeartbeat,
        Refusal::NotFound,
        Refusal::Internal,
    ] {
        made.push(("error", error(refusal)));
    }
    made
}

#[test]
fn every_frame_that_is_made_fits_its_schema() {
    let document = document();
    let made = made();
    for (name, text) in &made {
        let frame: Value = serde_json::from_str(text).expect("JSON");
        let fault = validator(&document, name)
            .validate(&frame)
            .err()
            .map(|f| f.to_string());
        assert!(fault.is_none(), "{name}: {text}: {fault:?}");
    }
    let names: BTreeSet<&str> = made.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, operation(&document, "hear"));
}
