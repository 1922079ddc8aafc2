//! What others might try.

use std::sync::Arc;

use test_database::on_every_engine;

use super::stand_in::{Forgery, Human};
use super::{FRONT, world};
use crate::app::App;

on_every_engine! {
    crate::app::run;
    a_state_that_is_not_of_this_browser_lets_nobody_in,
    a_state_is_good_once,
    a_code_is_good_once,
    what_one_provider_gave_is_nothing_at_another,
    an_id_token_that_is_not_right_lets_nobody_in,
    a_document_of_another_issuer_lets_nobody_in,
    nobody_is_sent_to_another_site,
    who_changes_their_mind_is_not_let_in,
    who_is_blocked_stays_out,
}

fn failed(error: &str) -> String {
    format!("{FRONT}/signup?error={error}")
}

async fn a_state_that_is_not_of_this_browser_lets_nobody_in(app: Arc<App>) {
    let world = world(&app).await;
    for provider in ["kakao", "google", "naver"] {
        // The attacker's own sign-in, completed in the victim's browser.
        let back = world.browser().way_back(&format!("/auth/{provider}")).await;
        let mut victim = world.browser();
        assert_eq!(victim.go(&back).await.sent(), failed("oauth_state"));
        assert!(!victim.jar.contains_key("sid"));
        // Even one who is on the way themselves.
        victim.way_back(&format!("/auth/{provider}")).await;
        assert_eq!(victim.go(&back).await.sent(), failed("oauth_state"));
        for query in [
            "",
            "?code=c",
            "?state=s",
            "?code=c&state=",
            "?code=c&state=%00",
        ] {
            let mut browser = world.browser();
            browser.way_back(&format!("/auth/{provider}")).await;
            let end = browser
                .go(&format!("/auth/{provider}/callback{query}"))
                .await;
            assert_eq!(end.sent(), failed("oauth_state"), "{query}");
            assert!(!browser.jar.contains_key("sid"));
        }
    }
    assert_eq!(world.there.visits("token"), 0);
}

async fn a_state_is_good_once(app: Arc<App>) {
    let world = world(&app).await;
    for provider in ["kakao", "google", "naver"] {
        let mut browser = world.browser();
        let back = browser.way_back(&format!("/auth/{provider}")).await;
        let mut thief = browser.clone();
        assert_eq!(browser.go(&back).await.sent(), format!("{FRONT}/consent"));
        // The same cookie and the same address, a moment later.
        assert_eq!(thief.go(&back).await.sent(), failed("oauth_state"));
        assert!(!thief.jar.contains_key("sid"));
    }
    assert_eq!(world.there.visits("token"), 3);
}

async fn a_code_is_good_once(app: Arc<App>) {
    let world = world(&app).await;
    for provider in ["kakao", "google", "naver"] {
        let mut victim = world.browser();
        let back = victim.way_back(&format!("/auth/{provider}")).await;
        let code = back.split("code=").nth(1).expect("a code");
        let code = code.split('&').next().unwrap_or(code).to_owned();
        let own = world.browser().way_back(&format!("/auth/{provider}")).await;
        let own_state = own.split("state=").nth(1).expect("a state").to_owned();
        victim.go(&back).await.sent();
        // The thief's own state, with the victim's code.
        let mut thief = world.browser();
        thief.way_back(&format!("/auth/{provider}")).await;
        let asked = world.there.asked()["state"].clone();
        assert_ne!(asked, own_state);
        let stolen = format!("/auth/{provider}/callback?code={code}&state={asked}");
        assert_eq!(thief.go(&stolen).await.sent(), failed("oauth_token"));
        // PKCE: not even before the victim uses it.
        if provider != "naver" {
            let back = world.browser().way_back(&format!("/auth/{provider}")).await;
            let code = back.split("code=").nth(1).expect("a code");
            let code = code.split('&').next().unwrap_or(code);
            thief.way_back(&format!("/auth/{provider}")).await;
            let asked = world.there.asked()["state"].clone();
            let stolen = format!("/auth/{provider}/callback?code={code}&state={asked}");
            assert_eq!(thief.go(&stolen).await.sent(), failed("oauth_token"));
        }
    }
}

async fn what_one_provider_gave_is_nothing_at_another(app: Arc<App>) {
    let world = world(&app).await;
    let mut browser = world.browser();
    let back = browser.way_back("/auth/google").await;
    let elsewhere = back.replace("/auth/google/", "/auth/kakao/");
    assert_eq!(browser.go(&elsewhere).await.sent(), failed("oauth_state"));
    // What was kept for one, under the name of the other.
    let kept = browser.jar["sid_google"].clone();
    browser.jar.insert("sid_kakao".into(), kept);
    assert_eq!(browser.go(&elsewhere).await.sent(), failed("oauth_state"));
    assert_eq!(world.there.visits("token"), 0);
    // None of it hurt the right way.
    assert_eq!(browser.go(&back).await.sent(), format!("{FRONT}/consent"));
}

async fn an_id_token_that_is_not_right_lets_nobody_in(app: Arc<App>) {
    let world = world(&app).await;
    for forgery in [
        Forgery::OtherAudience,
        Forgery::ManyAudiences,
        Forgery::OtherIssuer,
        Forgery::Expired,
        Forgery::OfTheFuture,
        Forgery::OtherNonce,
        Forgery::NoNonce,
        Forgery::Unsigned,
        Forgery::SharedSecret,
        Forgery::OtherKey,
        Forgery::UnknownKey,
        Forgery::Nonsense,
        Forgery::Absent,
    ] {
        world.there.forges(forgery);
        let mut browser = world.browser();
        let end = browser.sign_in("google").await;
        assert_eq!(end, failed("oauth_token"), "{forgery:?}");
        assert!(!browser.jar.contains_key("sid"), "{forgery:?}");
    }
    world.there.forges(Forgery::OtherSubject);
    let end = world.browser().sign_in("google").await;
    assert_eq!(end, failed("oauth_userinfo"));
    assert_eq!(app.count("SELECT COUNT(*) FROM users").await, 0);
    world.there.forges(None);
    world.signed_in("google", Human::new(1)).await;
}

async fn a_document_of_another_issuer_lets_nobody_in(app: Arc<App>) {
    let world = world(&app).await;
    world.there.forges(Forgery::OtherDocument);
    let mut browser = world.browser();
    // It is not even sent there: the document says where.
    let end = browser.go("/auth/google/login").await.sent();
    assert_eq!(end, failed("oauth_token"));
    assert!(!browser.jar.contains_key("sid"));
    assert_eq!(app.count("SELECT COUNT(*) FROM users").await, 0);
    world.there.forges(None);
    world.signed_in("google", Human::new(1)).await;
}

async fn nobody_is_sent_to_another_site(app: Arc<App>) {
    let world = world(&app).await;
    for wish in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/%0d%0aSet-Cookie: a=b\r\n",
        "evil.example",
        "javascript:alert(1)",
        "",
    ] {
        for provider in ["kakao", "google", "naver"] {
            for path in ["", "/login"] {
                let answer = world.client.get(&format!("/auth/{provider}{path}"));
                let answer = answer.query([("return_to", wish)]).await;
                answer.invalid(&[("/return_to", "path")]);
            }
        }
    }
    // Odd, and still ours.
    world.there.becomes(Human::known(1));
    for wish in ["/%2F%2Fevil.example", "/@evil.example", "/..//evil.example"] {
        let mut browser = world.browser();
        let query = wish.replace('%', "%25").replace('@', "%40");
        let end = browser
            .sign_in_at(&format!("/auth/kakao?return_to={query}"))
            .await;
        let end = reqwest::Url::parse(&end).expect("an address");
        assert_eq!(end.host_str(), Some("front.example"), "{wish}");
    }
}

async fn who_changes_their_mind_is_not_let_in(app: Arc<App>) {
    let world = world(&app).await;
    let mut browser = world.browser();
    browser.way_back("/auth/kakao").await;
    let state = world.there.asked()["state"].clone();
    let back = format!("/auth/kakao/callback?error=access_denied&state={state}");
    assert_eq!(browser.go(&back).await.sent(), failed("oauth_token"));
    assert!(!browser.jar.contains_key("sid"));
}

async fn who_is_blocked_stays_out(app: Arc<App>) {
    let world = world(&app).await;
    world.signed_in("naver", Human::new(1)).await;
    app.change("UPDATE users SET status = 1").await;
    let mut browser = world.browser();
    assert_eq!(browser.sign_in("naver").await, failed("forbidden"));
    assert!(!browser.jar.contains_key("sid"));
}
