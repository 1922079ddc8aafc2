//! A stand-in for Kakao, Google and Naver: signs real tokens, gives each code once, insists on PKCE
//! where they do, and is broken when told so.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, LazyLock};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use parking_lot::Mutex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::{Notify, watch};

mod routes;

use routes::{authorize, document, token};

type Pairs = BTreeMap<String, String>;

/// Somebody as the providers know them.
#[derive(Clone, Debug, Default)]
pub(super) struct Human {
    pub(super) id: u64,
    pub(super) name: &'static str,
    pub(super) email: Option<&'static str>,
    pub(super) email_verified: bool,
    pub(super) is_grown_up: bool,
}

impl Human {
    pub(super) fn new(id: u64) -> Self {
        Self {
            id,
            name: "유나",
            ..Self::default()
        }
    }

    /// Somebody whose address the provider proved.
    pub(super) fn with_email(id: u64, email: &'static str) -> Self {
        Self {
            email: Some(email),
            email_verified: true,
            ..Self::new(id)
        }
    }

    /// Somebody whose birthday, gender and number the provider knows.
    pub(super) fn known(id: u64) -> Self {
        Self {
            is_grown_up: true,
            ..Self::new(id)
        }
    }

    fn phone(&self) -> String {
        format!("+82 10-9000-{:04}", self.id % 10_000)
    }
}

/// What is wrong with the ID tokens of a stand-in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Forgery {
    OtherAudience,
    ManyAudiences,
    OtherIssuer,
    OtherDocument,
    Expired,
    OfTheFuture,
    OtherNonce,
    NoNonce,
    Unsigned,
    SharedSecret,
    OtherKey,
    UnknownKey,
    OtherSubject,
    Nonsense,
    Absent,
}

/// What is wrong with an address of a stand-in.
#[derive(Clone)]
pub(super) enum Trouble {
    /// It says that it is broken.
    Broken,
    /// It says no.
    Refuses,
    /// It answers something else.
    Garbage,
    /// It answers more than anybody wants.
    Endless,
    /// It sends the client elsewhere.
    Elsewhere,
    /// It never answers.
    Hangs,
    /// It answers once told so.
    Waits(Arc<Notify>),
}

struct Grant {
    provider: String,
    redirect_uri: String,
    challenge: Option<String>,
    nonce: Option<String>,
    human: Human,
}

/// What a token endpoint was shown, and what it stands for.
struct State {
    base: String,
    human: Mutex<Human>,
    codes: Mutex<BTreeMap<String, Grant>>,
    /// Whose access tokens and refresh tokens these are, and of which app.
    tokens: Mutex<BTreeMap<String, (Human, String)>>,
    forgery: Mutex<Option<Forgery>>,
    troubles: Mutex<BTreeMap<&'static str, Trouble>>,
    /// What browsers were sent with.
    asked: Mutex<Vec<Pairs>>,
    /// Whom somebody unlinked.
    unlinked: Mutex<Vec<String>>,
    /// Addresses that were asked.
    visits: Mutex<Vec<String>>,
    /// Notes that people got from themselves.
    notes: Mutex<Vec<Value>>,
    /// Told of each visit.
    visited: watch::Sender<usize>,
    counter: Mutex<u64>,
}

/// The three providers, each under its own path.
pub(super) struct StandIn {
    state: Arc<State>,
    handle: ServerHandle,
}

impl Drop for StandIn {
    fn drop(&mut self) {
        // What is asked to stop stops by itself; nobody waits for it here.
        drop(self.handle.stop(false));
    }
}

/// The key of all stand-ins, and one that is nobody's: making them takes a while.
static KEYS: LazyLock<[EncodingKey; 2]> = LazyLock::new(|| [new_key(), new_key()]);

fn new_key() -> EncodingKey {
    let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let der = pair.as_der().expect("PKCS#8");
    let text = base64::engine::general_purpose::STANDARD.encode(der.as_ref());
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    for (number, sign) in text.chars().enumerate() {
        pem.push(sign);
        if number % 64 == 63 {
            pem.push('\n');
        }
    }
    pem += "\n-----END PRIVATE KEY-----\n";
    EncodingKey::from_rsa_pem(pem.as_bytes()).expect("a key")
}

impl StandIn {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State {
            base: format!("http://{address}"),
            human: Mutex::new(Human::new(1)),
            codes: Mutex::default(),
            tokens: Mutex::default(),
            forgery: Mutex::default(),
            troubles: Mutex::default(),
            asked: Mutex::default(),
            unlinked: Mutex::default(),
            visits: Mutex::default(),
            notes: Mutex::default(),
            visited: watch::Sender::default(),
            counter: Mutex::default(),
        });
        let shared = web::Data::from(state.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route("/{provider}/authorize", web::get().to(authorize))
                .route("/{provider}/oauth/authorize", web::get().to(authorize))
                .route("/{provider}/oauth2.0/authorize", web::get().to(authorize))
                .route("/{provider}/token", web::post().to(token))
                .route("/{provider}/oauth/token", web::post().to(token))
                .route("/{provider}/oauth2.0/token", web::post().to(token))
                .default_service(web::to(document))
        });
        let server = server.workers(1).disable_signals().shutdown_timeout(0);
        let server = server.listen(listener).expect("it listens").run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { state, handle }
    }

    /// Where a provider is.
    pub(super) fn base(&self, provider: &str) -> String {
        format!("{}/{provider}", self.state.base)
    }

    /// Who signs in there from now on.
    pub(super) fn becomes(&self, human: Human) {
        *self.state.human.lock() = human;
    }

    /// What is wrong with ID tokens from now on.
    pub(super) fn forges(&self, forgery: impl Into<Option<Forgery>>) {
        *self.state.forgery.lock() = forgery.into();
    }

    /// What is wrong from now on with addresses that end like this.
    pub(super) fn has(&self, place: &'static str, trouble: Trouble) {
        self.state.troubles.lock().insert(place, trouble);
    }

    /// All is well again.
    pub(super) fn recovers(&self) {
        self.state.troubles.lock().clear();
    }

    /// What the last browser was sent with.
    pub(super) fn asked(&self) -> Pairs {
        let asked = self.state.asked.lock();
        asked.last().expect("somebody was sent here").clone()
    }

    /// Whom somebody unlinked.
    pub(super) fn unlinked(&self) -> Vec<String> {
        self.state.unlinked.lock().clone()
    }

    /// How often addresses that end like this were asked.
    pub(super) fn visits(&self, place: &str) -> usize {
        let visits = self.state.visits.lock();
        visits.iter().filter(|path| path.ends_with(place)).count()
    }

    /// Waits until addresses that end like this were asked so often.
    pub(super) async fn visited(&self, place: &str, count: usize) {
        let mut visited = self.state.visited.subscribe();
        while self.visits(place) < count {
            visited.changed().await.expect("a stand-in");
        }
    }

    /// Notes that people got from themselves.
    pub(super) fn notes(&self) -> Vec<Value> {
        self.state.notes.lock().clone()
    }

    /// No token is good any more.
    pub(super) fn forgets_tokens(&self) {
        self.state.tokens.lock().clear();
    }

    /// An access or refresh token that an app of that number got for somebody.
    pub(super) fn hand_out(&self, human: Human, app: &str) -> String {
        self.state.hand_out(human, app)
    }

    /// An ID token of this audience that an app got for somebody.
    pub(super) fn id_token(
        &self,
        provider: &str,
        human: &Human,
        audience: &str,
        nonce: Option<&str>,
    ) -> String {
        self.state.id_token(provider, human, audience, nonce)
    }

    /// A code that an app got for somebody with this PKCE verifier.
    pub(super) fn code(&self, provider: &str, human: Human, verifier: &str, to: &str) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        self.state.grant(Grant {
            provider: provider.into(),
            redirect_uri: to.into(),
            challenge: (provider != "naver").then_some(challenge),
            nonce: None,
            human,
        })
    }
}

impl State {
    fn next(&self, kind: &str) -> String {
        let mut counter = self.counter.lock();
        *counter += 1;
        format!("{kind}-{}", *counter)
    }

    fn grant(&self, grant: Grant) -> String {
        let code = self.next("code");
        self.codes.lock().insert(code.clone(), grant);
        code
    }

    fn hand_out(&self, human: Human, app: &str) -> String {
        let token = self.next("token");
        self.tokens
            .lock()
            .insert(token.clone(), (human, app.into()));
        token
    }

    fn id_token(
        &self,
        provider: &str,
        human: &Human,
        audience: &str,
        nonce: Option<&str>,
    ) -> String {
        let forgery = *self.forgery.lock();
        let is = |wanted| forgery == Some(wanted);
        let now = i64::try_from(jsonwebtoken::get_current_timestamp()).expect("a time");
        let subject = human.id.to_string();
        let issuer = format!("{}/{provider}", self.base);
        let mut claims = json!({
            "iss": if is(Forgery::OtherIssuer) || is(Forgery::OtherDocument) { "https://evil.example" } else { &issuer },
            "aud": if is(Forgery::OtherAudience) { "another-app" } else { audience },
            "sub": if is(Forgery::OtherSubject) { "999999" } else { &subject },
            "iat": now,
            "exp": if is(Forgery::Expired) { now - 1 } else { now + 3_600 },
            "name": human.name,
            "nickname": human.name,
        });
        if is(Forgery::ManyAudiences) {
            claims["aud"] = json!([audience, "another-app"]);
        }
        if is(Forgery::OfTheFuture) {
            claims["iat"] = json!(now + 3_600);
            claims["exp"] = json!(now + 7_200);
        }
        if let Some(email) = human.email {
            claims["email"] = json!(email);
            claims["email_verified"] = json!(human.email_verified);
        }
        let nonce = if is(Forgery::OtherNonce) {
            Some("another nonce")
        } else {
            nonce.filter(|_| !is(Forgery::NoNonce))
        };
        if let Some(nonce) = nonce {
            claims["nonce"] = json!(nonce);
        }
        self.sign(forgery, &claims)
    }

    fn sign(&self, forgery: Option<Forgery>, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some("key-1".into());
        let key = match forgery {
            Some(Forgery::Nonsense) => return "no.token.at-all".into(),
            Some(Forgery::Unsigned) => {
                let part = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
                let header = json!({"alg": "none", "typ": "JWT", "kid": "key-1"});
                return format!("{}.{}.", part(&header), part(claims));
            }
            Some(Forgery::SharedSecret) => {
                // The public key, which everybody has, taken for a secret.
                header.alg = Algorithm::HS256;
                let public = serde_json::to_vec(&self.public()).expect("JSON");
                let key = EncodingKey::from_secret(&public);
                return jsonwebtoken::encode(&header, claims, &key).expect("a token");
            }
            Some(Forgery::OtherKey) => &KEYS[1],
            Some(Forgery::UnknownKey) => {
                header.kid = Some("key-2".into());
                &KEYS[1]
            }
            _ => &KEYS[0],
        };
        jsonwebtoken::encode(&header, claims, key).expect("a token")
    }

    fn public(&self) -> Jwk {
        let mut key = Jwk::from_encoding_key(&KEYS[0], Algorithm::RS256).expect("a key");
        key.common.key_id = Some("key-1".into());
        key
    }

    /// What is wrong with an address, if anything.
    async fn trouble(&self, path: &str) -> Option<HttpResponse> {
        self.visits.lock().push(path.to_owned());
        self.visited.send_modify(|count| *count += 1);
        let trouble = {
            let troubles = self.troubles.lock();
            let mut found = troubles.iter().filter(|(place, _)| path.ends_with(*place));
            found.next().map(|(_, trouble)| trouble.clone())
        };
        match trouble? {
            Trouble::Broken => Some(HttpResponse::InternalServerError().body("oops")),
            Trouble::Refuses => {
                Some(HttpResponse::BadRequest().json(json!({"error": "invalid_grant"})))
            }
            Trouble::Garbage => Some(HttpResponse::Ok().body("<html>maintenance</html>")),
            Trouble::Endless => Some(HttpResponse::Ok().body("[".repeat(2_000_000))),
            Trouble::Elsewhere => Some(
                HttpResponse::TemporaryRedirect()
                    .insert_header(("location", format!("{}/elsewhere", self.base)))
                    .finish(),
            ),
            Trouble::Hangs => std::future::pending().await,
            Trouble::Waits(told) => {
                told.notified().await;
                None
            }
        }
    }
}
