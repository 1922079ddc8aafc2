//! Finding products by part of their name.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use super::path;
use crate::app::App;
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    a_korean_name_is_found_by_syllables_and_initials,
    what_is_written_otherwise_is_the_same_name,
    wildcards_are_ordinary_characters,
    a_renamed_product_is_found_by_its_new_name,
}

/// Fails unless each query finds just these names, the newest first.
async fn finds(person: &Person, expected: &[(&str, &[&str])]) {
    for (query, names) in expected {
        assert_eq!(person.names([("q", *query)]).await, *names, "{query}");
    }
}

async fn a_korean_name_is_found_by_syllables_and_initials(app: Arc<App>) {
    let person = app.person().await;
    for name in ["감사 세트", "까망베르", "소카레 라면", "슈크림 라떼"] {
        person.product(name).await;
    }
    finds(
        &person,
        &[
            ("ㅅㅋㄹ", &["슈크림 라떼", "소카레 라면"]),
            ("ㅅㅋㄹㄹㄸ", &["슈크림 라떼"]),
            // The query is never reduced to its initials.
            ("슈크림", &["슈크림 라떼"]),
            ("크림 라떼", &["슈크림 라떼"]),
            ("크림라떼", &["슈크림 라떼"]),
            ("슈ㅋㄹ", &["슈크림 라떼"]),
            ("ㅅ크림", &["슈크림 라떼"]),
            // Half-typed: an open syllable may go on.
            ("슈크리", &["슈크림 라떼"]),
            ("슈크", &["슈크림 라떼"]),
            ("떼", &["슈크림 라떼"]),
            // What an input method makes of two consonants.
            ("ㄳ", &["감사 세트"]),
            ("ㄱㅅ", &["감사 세트"]),
            // Nineteen initials: a doubled one is another.
            ("ㄲ", &["까망베르"]),
            ("ㄲㅁㅂㄹ", &["까망베르"]),
            ("ㄱㅁ", &[]),
            ("ㅆㅋㄹ", &[]),
            ("슈림", &[]),
            ("라떼슈", &[]),
            ("모카", &[]),
        ],
    )
    .await;
}

async fn what_is_written_otherwise_is_the_same_name(app: Arc<App>) {
    let person = app.person().await;
    for name in [
        "ＣＡＦＥ Latte",
        "Crème brûlée",
        "\u{1109}\u{1172}\u{110f}\u{1173}\u{1105}\u{1175}\u{11b7}",
    ] {
        person.product(name).await;
    }
    finds(
        &person,
        &[
            ("cafe latte", &["ＣＡＦＥ Latte"]),
            ("ｌａｔｔｅ", &["ＣＡＦＥ Latte"]),
            ("AT", &["ＣＡＦＥ Latte"]),
            ("CRÈME", &["Crème brûlée"]),
            ("cre\u{300}me", &["Crème brûlée"]),
            // Decomposed, on either side.
            ("슈크림", &["슈크림"]),
            ("\u{1109}\u{1172}\u{110f}\u{1173}", &["슈크림"]),
            ("ㅅㅋㄹ", &["슈크림"]),
        ],
    )
    .await;
}

async fn wildcards_are_ordinary_characters(app: Arc<App>) {
    let person = app.person().await;
    for name in ["a_b", "axb", "100% juice", "back\\slash", "it's \"so\""] {
        person.product(name).await;
    }
    finds(
        &person,
        &[
            ("%", &["100% juice"]),
            ("_", &["a_b"]),
            ("a_b", &["a_b"]),
            ("100%j", &["100% juice"]),
            ("a%b", &[]),
            ("\\", &["back\\slash"]),
            ("'", &["it's \"so\""]),
            ("\"so\"", &["it's \"so\""]),
            ("*", &[]),
            ("' OR 1=1 --", &[]),
        ],
    )
    .await;
}

async fn a_renamed_product_is_found_by_its_new_name(app: Arc<App>) {
    let person = app.person().await;
    let id = person.product("슈크림 라떼").await;
    let change = json!({"name": "초코 모카"});
    person.client.patch(&path(&id)).json(&change).await.is(200);
    finds(
        &person,
        &[
            ("ㅅㅋㄹ", &[]),
            ("라떼", &[]),
            ("ㅊㅋ", &["초코 모카"]),
            ("모카", &["초코 모카"]),
        ],
    )
    .await;
}
