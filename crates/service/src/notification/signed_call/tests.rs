//! Which requests are let in, over mocks.

use domain::notification::{Allowed, MockApiKeyRepository, Network, OutgoingSecret};
use domain::once::MockOnceRepository;
use domain::user::MockUserRepository;
use domain::user::UserId;

use super::*;
use crate::testing::{OWNER, clock, sealer, start, user};

const SECRET: &[u8] = b"the secret of a key";
const ELSEWHERE: &str = "203.0.113.9";

/// How the world is: each member may be bent.
struct World {
    key: ApiKey,
    allowed: Vec<Network>,
    status: UserStatus,
    is_new: bool,
}

fn world() -> World {
    let id = 70.into();
    World {
        key: ApiKey {
            id,
            owner: OWNER.into(),
            access: AccessKey::new([7; 12]),
            secret: sealer().seal(&context(id), SECRET).expect("sealed"),
            outgoing: None,
            memo: None,
            scopes: vec![Scope::Email],
            created_at: start(),
            expires_at: None,
            last_used_at: Some(start()),
        },
        allowed: vec![],
        status: UserStatus::Active,
        is_new: true,
    }
}

impl World {
    async fn verify(self, call: &SignedCall<'_>) -> Result<Caller, SignatureError> {
        let mut keys = MockApiKeyRepository::new();
        let key = self.key.clone();
        keys.expect_find_by_access()
            .returning(move |access| Ok((*access == key.access).then(|| key.clone())));
        let allowed = self.allowed.into_iter().map(|network| Allowed {
            id: 1.into(),
            key: self.key.id,
            network,
            created_at: start(),
        });
        let allowed: Vec<_> = allowed.collect();
        keys.expect_allowed()
            .returning(move |_| Ok(allowed.clone()));
        let mut users = MockUserRepository::new();
        users.expect_find().returning(move |id: UserId| {
            assert_eq!(id.get(), OWNER);
            Ok(Some(User {
                status: self.status,
                ..user()
            }))
        });
        let mut once = MockOnceRepository::new();
        once.expect_spend()
            .withf(|key, _| key.len() == 64)
            .returning(move |_, _| Ok(self.is_new));
        let calls = SignedCalls {
            keys: Arc::new(keys),
            users: Arc::new(users),
            once: Arc::new(once),
            sealer: sealer(),
            clock: clock(),
        };
        calls.verify(call).await
    }
}

fn sign(secret: &[u8], text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    STANDARD.encode(hmac::sign(&key, text.as_bytes()))
}

/// A request of the older form, signed so many seconds ago, with what `bend` makes of it after it
/// was signed.
async fn older(
    world: World,
    seconds_ago: i64,
    bend: impl FnOnce(&mut SignedCall<'_>),
) -> Result<Caller, SignatureError> {
    let access = world.key.access.clone();
    let timestamp = (start().timestamp() - seconds_ago).to_string();
    let query = format!("key={}&timestamp={timestamp}", access.as_str());
    let signature = sign(SECRET, &query);
    let mut call = SignedCall {
        form: Form::QueryOnly,
        key: access.as_str(),
        timestamp: &timestamp,
        signature: &signature,
        method: "GET",
        path: "/api/v1/services",
        query: &query,
        body: b"",
        from: ELSEWHERE.parse().expect("an address"),
    };
    bend(&mut call);
    world.verify(&call).await
}

#[tokio::test]
async fn who_signs_the_query_is_let_in() {
    let caller = older(world(), 0, |_| {}).await.expect("a caller");
    assert_eq!(caller.user.id.get(), OWNER);
    assert!(caller.needs(Scope::Email).is_ok());
    let refused = caller.needs(Scope::Kakao);
    assert!(matches!(refused, Err(SignatureError::ScopeMissing)));
}

#[tokio::test]
async fn a_changed_query_key_or_signature_is_refused() {
    let refused = older(world(), 0, |call| call.query = "key=x&timestamp=1").await;
    assert!(matches!(refused, Err(SignatureError::Invalid)));
    let other = sign(b"another secret", "");
    let refused = older(world(), 0, |call| {
        call.signature = Box::leak(other.into_boxed_str());
    });
    assert!(matches!(refused.await, Err(SignatureError::Invalid)));
    for key in ["", "ekffffffffffffffffffffffff"] {
        let refused = older(world(), 0, |call| call.key = key).await;
        assert!(matches!(refused, Err(SignatureError::KeyUnknown)), "{key}");
    }
    for signature in ["no base64!", "a"] {
        let refused = older(world(), 0, |call| call.signature = signature).await;
        assert!(matches!(refused, Err(SignatureError::Missing)));
    }
    let refused = older(world(), 0, |call| call.timestamp = "noon").await;
    assert!(matches!(refused, Err(SignatureError::Missing)));
}

#[tokio::test]
async fn ten_seconds_are_good_also_in_korean_time() {
    for (seconds_ago, is_good) in [
        (0, true),
        (10, true),
        (11, false),
        (-1, false),
        (-9 * 3_600, true),
        (10 - 9 * 3_600, true),
        (11 - 9 * 3_600, false),
        (-1 - 9 * 3_600, false),
        (i64::from(i32::MAX), false),
    ] {
        let outcome = older(world(), seconds_ago, |_| {}).await;
        let refused = matches!(outcome, Err(SignatureError::OutOfWindow));
        assert_eq!(
            (outcome.is_ok(), refused),
            (is_good, !is_good),
            "{seconds_ago}"
        );
    }
    for timestamp in [i64::MIN, i64::MAX] {
        assert_eq!(signed_at(timestamp, start()), None);
    }
}

#[tokio::test]
async fn an_expired_key_and_a_blocked_owner_are_unknown() {
    let mut expired = world();
    expired.key.expires_at = Some(start());
    let mut blocked = world();
    blocked.status = UserStatus::Blocked;
    for world in [expired, blocked] {
        let refused = older(world, 0, |_| {}).await;
        assert!(matches!(refused, Err(SignatureError::KeyUnknown)));
    }
}

#[tokio::test]
async fn an_allow_list_admits_only_whom_it_names() {
    for (network, is_good) in [
        ("203.0.113.9", true),
        ("203.0.113.0/24", true),
        ("203.0.114.0/24", false),
        ("2001:db8::/32", false),
    ] {
        let world = World {
            allowed: vec![Network::parse(network).expect("a network")],
            ..world()
        };
        let outcome = older(world, 0, |_| {}).await;
        let refused = matches!(outcome, Err(SignatureError::AddressNotAllowed));
        assert_eq!((outcome.is_ok(), refused), (is_good, !is_good), "{network}");
    }
}

#[tokio::test]
async fn what_came_before_is_refused() {
    let world = World {
        is_new: false,
        ..world()
    };
    let refused = older(world, 0, |_| {}).await;
    assert!(matches!(refused, Err(SignatureError::Replayed)));
}

#[tokio::test]
async fn the_secret_before_is_good_until_it_ends() {
    for (seconds, is_good) in [(1, true), (0, false)] {
        let mut world = world();
        let sealed = std::mem::take(&mut world.key.secret);
        let context = context(world.key.id);
        world.key.secret = sealer().seal(&context, b"a new one").expect("sealed");
        world.key.outgoing = Some(OutgoingSecret {
            sealed,
            until: start() + TimeDelta::seconds(seconds),
        });
        assert_eq!(older(world, 0, |_| {}).await.is_ok(), is_good);
    }
}

#[tokio::test]
async fn the_newer_form_signs_everything() {
    let timestamp = start().timestamp().to_string();
    let access = world().key.access;
    let mut call = SignedCall {
        form: Form::Whole { nonce: "n-1" },
        key: access.as_str(),
        timestamp: &timestamp,
        signature: "",
        method: "POST",
        path: "/api/v1/services/email/send_by_gmail",
        query: "dry_run=true",
        body: b"{}",
        from: ELSEWHERE.parse().expect("an address"),
    };
    let canonical = call.canonical();
    let lines: Vec<&str> = canonical.split('\n').collect();
    assert_eq!(
        lines,
        [
            "v2",
            "POST",
            "/api/v1/services/email/send_by_gmail",
            "dry_run=true",
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            &timestamp,
            "n-1",
        ]
    );
    let signature = sign(SECRET, &canonical);
    call.signature = &signature;
    assert!(world().verify(&call).await.is_ok());
    let form = Form::Whole { nonce: "n-2" };
    for bent in [
        SignedCall {
            method: "PUT",
            ..call
        },
        SignedCall { path: "/", ..call },
        SignedCall { query: "", ..call },
        SignedCall {
            body: b"{ }",
            ..call
        },
        SignedCall { form, ..call },
    ] {
        let refused = world().verify(&bent).await;
        assert!(matches!(refused, Err(SignatureError::Invalid)), "{bent:?}");
    }
}
