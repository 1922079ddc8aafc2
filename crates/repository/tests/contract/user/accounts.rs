//! Storing, finding, changing and removing accounts.

use std::sync::Arc;

use domain::RepositoryError;
use domain::product::ProductRepository;
use domain::user::{
    Birthday, Gender, Identifier, Locale, NewUser, Nickname, Role, Standing, User, UserChange,
    UserRepository, UserStatus,
};
use test_database::on_every_engine;

use crate::builders::{self, HASH, email, id, minutes, name, noon, phone, username};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_stored_account_is_found_as_it_was_stored,
    an_account_without_a_password_has_none,
    every_identifier_leads_to_its_account,
    a_name_is_found_however_it_is_written,
    only_active_accounts_are_told_of_as_such,
    an_account_that_was_never_stored_is_absent,
    a_change_leaves_everything_else_as_it_was,
    a_change_of_an_account_that_is_not_there_is_absent,
    a_password_is_replaced_only_where_it_is_the_current_one,
    a_first_password_is_set_only_where_there_is_none,
    removing_an_account_removes_its_sessions_and_tokens,
    an_operators_word_on_an_account_changes_nothing_else,
    an_account_with_products_stays,
    accounts_are_listed_page_by_page,
}

async fn a_stored_account_is_found_as_it_was_stored(world: Arc<World>) {
    let kim = User {
        name: name("김유나 👩🏽‍🍳"),
        phone_number: Some(phone("010-1234-5678")),
        email: Some(email("Kim.Yuna@Example.com")),
        email_verified_at: Some(minutes(-5)),
        username: Some(username("Kim_Yuna")),
        profile_img: Some("https://example.com/유나.jpg".to_owned()),
        role: Role::Admin,
        status: UserStatus::Blocked,
        created_at: minutes(-10),
        updated_at: noon(),
        ..builders::user()
    };
    world.store_user(kim.clone()).await;

    let found = world.users.find(kim.id).await.expect("a look");
    assert_eq!(found.as_ref(), Some(&kim));
    let found = world.users.find_credentials(kim.id).await.expect("a look");
    let found = found.expect("an account");
    assert_eq!(found.user, kim);
    assert_eq!(found.password_hash.as_deref(), Some(HASH));
}

async fn only_active_accounts_are_told_of_as_such(world: Arc<World>) {
    let (kim, other) = (world.user().await, world.user().await);
    let blocked = User {
        status: UserStatus::Blocked,
        ..builders::user()
    };
    let blocked = world.store_user(blocked).await;
    let asked = [kim.id, blocked.id, id()];
    let active = world.users.active_among(&asked).await;
    assert_eq!(active.expect("an answer"), [kim.id], "not {:?}", other.id);
    let nobody = world.users.active_among(&[]).await;
    assert!(nobody.expect("an answer").is_empty());
}

async fn an_operators_word_on_an_account_changes_nothing_else(world: Arc<World>) {
    let kim = world.user().await;
    let bystander = world.user().await;
    let words = [
        (Some(Role::Admin), None, (Role::Admin, UserStatus::Active)),
        (
            None,
            Some(UserStatus::Blocked),
            (Role::Admin, UserStatus::Blocked),
        ),
        (Some(Role::User), None, (Role::User, UserStatus::Blocked)),
        (
            None,
            Some(UserStatus::Active),
            (Role::User, UserStatus::Active),
        ),
    ];
    for (role, status, (now_role, now_status)) in words {
        let standing = Standing { role, status };
        let set = world.users.set_standing(kim.id, standing, minutes(1)).await;
        assert!(set.expect("an answer"));
        let expected = User {
            role: now_role,
            status: now_status,
            updated_at: minutes(1),
            ..kim.clone()
        };
        let found = world.users.find(kim.id).await.expect("a look");
        assert_eq!(found, Some(expected));
    }
    let other = world.users.find(bystander.id).await.expect("a look");
    assert_eq!(other, Some(bystander));
    let nobody = world
        .users
        .set_standing(id(), Standing::default(), noon())
        .await;
    assert!(!nobody.expect("an answer"));
}

async fn an_account_without_a_password_has_none(world: Arc<World>) {
    let new = NewUser {
        user: builders::user(),
        password_hash: None,
    };
    world.users.insert(&new).await.expect("an insert");
    let found = world.users.find_credentials(new.user.id).await;
    let found = found.expect("a look").expect("an account");
    assert_eq!(found.password_hash, None);
}

async fn every_identifier_leads_to_its_account(world: Arc<World>) {
    world.user().await;
    let kim = world
        .store_user(User {
            phone_number: Some(phone("010-1234-5678")),
            email: Some(email("Kim@Example.com")),
            username: Some(username("Kim.Yuna")),
            ..builders::user()
        })
        .await;
    for identifier in [
        Identifier::Phone(phone("+82 10 1234 5678")),
        Identifier::Email(email("kim@example.COM")),
        Identifier::Username(username("KIM.yuna")),
    ] {
        let found = world.users.find_by_identifier(&identifier).await;
        let found = found.expect("a look").map(|found| found.user);
        assert_eq!(found.as_ref(), Some(&kim), "{identifier:?}");
    }
    for identifier in [
        Identifier::Phone(phone("010-1234-5679")),
        Identifier::Email(email("kim@example.co")),
        Identifier::Username(username("kim_yuna")),
    ] {
        let found = world.users.find_by_identifier(&identifier).await;
        assert_eq!(found.expect("a look"), None, "{identifier:?}");
    }
}

async fn a_name_is_found_however_it_is_written(world: Arc<World>) {
    let alice = world
        .store_user(User {
            name: name("Alice 김"),
            ..builders::user()
        })
        .await;
    // The last is the same in conjoining jamo.
    for spelling in [
        "Alice 김",
        "ALICE 김",
        " ａｌｉｃｅ  김 ",
        "alice \u{1100}\u{1175}\u{11b7}",
    ] {
        let found = world.users.find_by_name(&name(spelling)).await;
        assert_eq!(found.expect("a look").as_ref(), Some(&alice), "{spelling}");
    }
    for other in ["Alice", "Álice 김", "Alice 킴"] {
        let found = world.users.find_by_name(&name(other)).await;
        assert_eq!(found.expect("a look"), None, "{other}");
    }
}

async fn an_account_that_was_never_stored_is_absent(world: Arc<World>) {
    world.user().await;
    assert_eq!(world.users.find(id()).await.expect("a look"), None);
    let found = world.users.find_credentials(id()).await;
    assert_eq!(found.expect("a look"), None);
    assert!(!world.users.delete(id()).await.expect("a removal"));
}

async fn a_change_leaves_everything_else_as_it_was(world: Arc<World>) {
    let before = world
        .store_user(User {
            phone_number: Some(phone("010-1234-5678")),
            ..builders::user()
        })
        .await;
    let bystander = world.user().await;

    let change = UserChange {
        name: Some(name("Yuna 🐈")),
        profile_img: Some(Some("https://example.com/cat.png".to_owned())),
        nickname: Some(Nickname::parse("고양이").ok()),
        birthday: Some(birthday()),
        gender: Some(Gender::Female),
        locale: Some(Locale::parse("ko-KR").ok()),
        phone_number: Some(phone("010-9876-5432")),
    };
    let after = world.users.update(before.id, &change, minutes(1)).await;
    let expected = User {
        name: name("Yuna 🐈"),
        profile_img: Some("https://example.com/cat.png".to_owned()),
        nickname: Nickname::parse("고양이").ok(),
        birthday: Some(birthday()),
        gender: Some(Gender::Female),
        locale: Locale::parse("ko-KR").ok(),
        phone_number: Some(phone("010-9876-5432")),
        updated_at: minutes(1),
        ..before.clone()
    };
    assert_eq!(after.expect("an update").as_ref(), Some(&expected));
    let found = world.users.find(before.id).await.expect("a look");
    assert_eq!(found.as_ref(), Some(&expected));
    let found = world.users.find_by_name(&before.name).await;
    assert_eq!(found.expect("a look"), None, "the old name is free");

    let change = UserChange {
        profile_img: Some(None),
        ..UserChange::default()
    };
    let after = world.users.update(before.id, &change, minutes(2)).await;
    let after = after.expect("an update").expect("an account");
    assert_eq!(after.profile_img, None);
    assert_eq!(after.name, name("Yuna 🐈"));

    let found = world.users.find(bystander.id).await.expect("a look");
    assert_eq!(found, Some(bystander));
}

fn birthday() -> Birthday {
    Birthday::parse("2001-02-03", noon()).expect("a birthday")
}

async fn a_change_of_an_account_that_is_not_there_is_absent(world: Arc<World>) {
    let change = UserChange {
        name: Some(name("Nobody")),
        ..UserChange::default()
    };
    let after = world.users.update(id(), &change, noon()).await;
    assert_eq!(after.expect("an update"), None);
}

async fn a_password_is_replaced_only_where_it_is_the_current_one(world: Arc<World>) {
    let kim = world.user().await;
    let replace = async |current: Option<&str>, replacement: &str| {
        let current = current.map(str::to_owned);
        let done = world
            .users
            .replace_password_hash(kim.id, current, replacement, minutes(1));
        done.await.expect("a replacement")
    };
    assert!(!replace(Some("another"), "first").await);
    assert!(!replace(None, "first").await);
    assert!(!replace(Some(&HASH.to_uppercase()), "first").await);
    assert!(replace(Some(HASH), "first").await);
    assert!(!replace(Some(HASH), "second").await);

    let found = world.users.find_credentials(kim.id).await;
    let found = found.expect("a look").expect("an account");
    assert_eq!(found.password_hash.as_deref(), Some("first"));
    assert_eq!(found.user.updated_at, minutes(1));
}

async fn a_first_password_is_set_only_where_there_is_none(world: Arc<World>) {
    let new = NewUser {
        user: builders::user(),
        password_hash: None,
    };
    world.users.insert(&new).await.expect("an insert");
    for expected in [true, false] {
        let done = world
            .users
            .replace_password_hash(new.user.id, None, HASH, noon());
        assert_eq!(done.await.expect("a replacement"), expected);
    }
}

async fn removing_an_account_removes_its_sessions_and_tokens(world: Arc<World>) {
    let (kim, lee) = (world.user().await, world.user().await);
    for owner in [&kim, &kim, &lee] {
        world.signed_in(owner).await;
    }
    assert!(world.users.delete(kim.id).await.expect("a removal"));
    assert!(!world.users.delete(kim.id).await.expect("a removal"));
    assert_eq!(world.users.find(kim.id).await.expect("a look"), None);
    for table in ["users", "sessions", "refresh_tokens"] {
        assert_eq!(world.count(table).await, 1, "{table}");
    }
}

async fn an_account_with_products_stays(world: Arc<World>) {
    let kim = world.user().await;
    let latte = builders::product(&kim, builders::draft("라떼"));
    let latte = world.store_product(latte).await;

    let refused = world.users.delete(kim.id).await;
    assert!(matches!(refused, Err(RepositoryError::Storage(_))));
    let found = world.products.find_owned(kim.id, latte.id).await;
    assert_eq!(found.expect("a look"), Some(latte));

    world.products.delete_all(kim.id).await.expect("a removal");
    assert!(world.users.delete(kim.id).await.expect("a removal"));
}

async fn accounts_are_listed_page_by_page(world: Arc<World>) {
    let mut stored = Vec::new();
    for _ in 0..7 {
        stored.push(world.user().await);
    }
    let (mut listed, mut after) = (Vec::new(), None);
    for expected in [3, 3, 1, 0] {
        let page = world.users.list(after, 3).await.expect("a page");
        assert_eq!(page.len(), expected);
        after = page.last().map(|user| user.id).or(after);
        listed.extend(page);
    }
    assert_eq!(listed, stored);
}
