//! API keys and their allow-lists.

use std::sync::Arc;

use domain::notification::{
    AccessKey, Allowed, ApiKey, ApiKeyChange, ApiKeyId, ApiKeyRepository, KeyMemo, Network,
    OutgoingSecret, Scope,
};
use domain::user::UserId;
use test_database::on_every_engine;

use crate::builders::{minutes, noon};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_key_comes_back_as_it_was_stored,
    anothers_keys_look_absent,
    a_secret_is_replaced_once,
    an_allow_list_has_each_network_once,
    keys_go_with_their_owner,
}

fn key(owner: UserId, number: u8) -> ApiKey {
    ApiKey {
        id: i64::from(number).into(),
        owner,
        access: AccessKey::new([number; 12]),
        secret: "sealed".into(),
        outgoing: None,
        memo: KeyMemo::parse("쇼핑몰 🦄").ok(),
        scopes: vec![Scope::Kakao],
        created_at: noon(),
        expires_at: None,
        last_used_at: None,
    }
}

fn entry(id: i64, key: ApiKeyId, network: &str) -> Allowed {
    Allowed {
        id: id.into(),
        key,
        network: Network::parse(network).expect("a network"),
        created_at: noon(),
    }
}

async fn a_key_comes_back_as_it_was_stored(world: Arc<World>) {
    let owner = world.user().await.id;
    let mut key = key(owner, 1);
    world.api_keys.insert(&key).await.expect("stored");
    assert_eq!(
        world.api_keys.list(owner).await.expect("keys"),
        [key.clone()]
    );
    let change = ApiKeyChange {
        memo: Some(None),
        scopes: Some(Scope::ALL.to_vec()),
        expires_at: Some(Some(minutes(5))),
    };
    let changed = world.api_keys.change(owner, key.id, &change).await;
    assert!(changed.expect("an answer"));
    // Leaving everything as it is finds it as well.
    let nothing = ApiKeyChange::default();
    let changed = world.api_keys.change(owner, key.id, &nothing).await;
    assert!(changed.expect("an answer"));
    world
        .api_keys
        .used(key.id, minutes(1))
        .await
        .expect("noted");
    (key.memo, key.scopes) = (None, Scope::ALL.to_vec());
    (key.expires_at, key.last_used_at) = (Some(minutes(5)), Some(minutes(1)));
    let found = world.api_keys.find_by_access(&key.access).await;
    assert_eq!(found.expect("an answer"), Some(key));
}

async fn anothers_keys_look_absent(world: Arc<World>) {
    let (owner, other) = (world.user().await.id, world.user().await.id);
    let key = key(owner, 1);
    let keys = &world.api_keys;
    keys.insert(&key).await.expect("stored");
    assert_eq!(keys.list(other).await.expect("keys"), []);
    assert_eq!(keys.find(other, key.id).await.expect("an answer"), None);
    let change = ApiKeyChange::default();
    assert!(
        !keys
            .change(other, key.id, &change)
            .await
            .expect("an answer")
    );
    let removed = keys.remove(other, key.id, &key.access).await;
    assert!(!removed.expect("an answer"));
    let misnamed = keys.remove(owner, key.id, &AccessKey::new([9; 12])).await;
    assert!(!misnamed.expect("an answer"));
    let removed = keys.remove(owner, key.id, &key.access).await;
    assert!(removed.expect("an answer"));
    assert_eq!(
        keys.find_by_access(&key.access).await.expect("an answer"),
        None
    );
}

async fn a_secret_is_replaced_once(world: Arc<World>) {
    let owner = world.user().await.id;
    let key = key(owner, 1);
    let keys = &world.api_keys;
    keys.insert(&key).await.expect("stored");
    let outgoing = OutgoingSecret {
        sealed: "sealed".into(),
        until: minutes(60),
    };
    let mut done = Vec::new();
    for secret in ["one", "other"] {
        let replaced = keys
            .replace_secret(key.id, "sealed", secret, &outgoing)
            .await;
        done.push(replaced.expect("an answer"));
    }
    assert_eq!(done, [true, false]);
    let found = keys.find(owner, key.id).await.expect("an answer");
    let found = found.expect("a key");
    assert_eq!(found.secret, "one");
    assert!(found.outgoing == Some(outgoing));
}

async fn an_allow_list_has_each_network_once(world: Arc<World>) {
    let owner = world.user().await.id;
    let (key, other) = (key(owner, 1), key(owner, 2));
    let keys = &world.api_keys;
    keys.insert(&key).await.expect("stored");
    keys.insert(&other).await.expect("stored");
    let entries = ["203.0.113.0/24", "2001:db8:ffff:ffff:ffff:ffff:ffff:0/112"];
    let entries = [entry(1, key.id, entries[0]), entry(2, key.id, entries[1])];
    for entry in &entries {
        keys.allow(entry).await.expect("stored");
    }
    assert!(
        keys.allow(&entry(3, key.id, "203.0.113.7/24"))
            .await
            .is_err()
    );
    keys.allow(&entry(4, other.id, "203.0.113.0/24"))
        .await
        .expect("another's");
    assert_eq!(keys.allowed(key.id).await.expect("entries"), entries);
    assert!(!keys.disallow(other.id, 1.into()).await.expect("an answer"));
    assert!(keys.disallow(key.id, 1.into()).await.expect("an answer"));
    assert_eq!(keys.allowed(key.id).await.expect("entries"), entries[1..]);
}

async fn keys_go_with_their_owner(world: Arc<World>) {
    let (owner, other) = (world.user().await.id, world.user().await.id);
    let (one, theirs) = (key(owner, 1), key(other, 2));
    let keys = &world.api_keys;
    keys.insert(&one).await.expect("stored");
    keys.insert(&theirs).await.expect("stored");
    keys.allow(&entry(1, one.id, "203.0.113.7"))
        .await
        .expect("stored");
    keys.remove_all(owner).await.expect("removed");
    assert_eq!(keys.list(owner).await.expect("keys"), []);
    assert_eq!(keys.allowed(one.id).await.expect("entries"), []);
    assert_eq!(keys.list(other).await.expect("keys"), [theirs]);
}
