//! People who use everything at once, note what they are told, and hold the server to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::home::{Home, PASSWORD};
use crate::process::{Person, Server};

/// Two pairs of friends.
const PEOPLE: usize = 4;
const OUTFITS: usize = 20;
/// Signs in again and again; the others stay signed in, for an account has so many sessions only.
const NEWCOMER: &str = "010-1234-0009";

fn phone(number: usize) -> String {
    format!("010-1234-000{number}")
}

/// Who asks, and for what.
pub(crate) struct Crowd {
    people: Vec<Arc<Somebody>>,
    outfits: Arc<Vec<String>>,
}

struct Somebody {
    person: Person,
    friend: String,
    told: Mutex<Told>,
    next: AtomicU64,
}

/// What the server said it had done.
#[derive(Default)]
struct Told {
    products: BTreeSet<String>,
    messages: BTreeSet<String>,
    /// Whether an outfit is hearted; `None` while that is being changed, and where nobody answered.
    hearts: BTreeMap<String, Option<bool>>,
}

/// One answer, or that there was none.
pub(crate) struct Heard {
    pub(crate) what: &'static str,
    pub(crate) status: Result<StatusCode, String>,
    pub(crate) kind: String,
    pub(crate) at: Instant,
    pub(crate) took: Duration,
}

impl Heard {
    /// Whether it was done.
    pub(crate) fn is_well(&self) -> bool {
        self.status.as_ref().is_ok_and(StatusCode::is_success)
    }

    /// What was wrong, for a report.
    pub(crate) fn tell(&self) -> String {
        format!("{}: {:?} after {:?}", self.what, self.status, self.took)
    }
}

impl Crowd {
    /// Makes the accounts, before a server runs.
    pub(crate) fn enrol(home: &Home) {
        (0..PEOPLE).for_each(|number| drop(home.user(&phone(number))));
        home.user(NEWCOMER);
        home.run(["user", "promote", &phone(0)]).succeeded();
    }

    /// Signs them in, makes them friends, and hangs up some outfits.
    pub(crate) async fn gather(server: &Server) -> Self {
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            let person = Person::sign_in(server, &phone(number)).await;
            let name = json!({"name": format!("friend{number}")});
            let me = sent(person.request(Method::PATCH, "/users/me"), &name).await;
            let id = me["id"].as_str().or(me["user_id"].as_str());
            people.push((person, id.expect("an id").to_owned()));
        }
        let mut outfits = Vec::new();
        for number in 0..OUTFITS {
            let outfit = json!({"img_url": format!("https://img.example/{number}.png")});
            let made = sent(people[0].0.request(Method::POST, "/outfits"), &outfit).await;
            outfits.push(made["outfit_id"].as_str().expect("an id").to_owned());
        }
        for (one, (person, _)) in people.iter().enumerate() {
            let (kind, other) = match one % 2 {
                0 => ("request", one + 1),
                _ => ("response", one - 1),
            };
            let body = json!({"type": kind, "name": format!("friend{other}")});
            sent(person.request(Method::POST, "/friends"), &body).await;
        }
        let ids: Vec<String> = people.iter().map(|(_, id)| id.clone()).collect();
        let people = people.into_iter().enumerate();
        let people = people.map(|(number, (person, _))| {
            Arc::new(Somebody {
                person,
                friend: ids[number ^ 1].clone(),
                told: Mutex::default(),
                next: AtomicU64::new(0),
            })
        });
        Self {
            people: people.collect(),
            outfits: Arc::new(outfits),
        }
    }

    /// Lets everybody ask at `base`, each one thing after the other, until they are stopped.
    pub(crate) fn begin(&self, base: &str) -> Load {
        let shared = Arc::new(Shared::default());
        let workers = self.people.iter().map(|somebody| {
            let worker = Worker {
                somebody: somebody.clone(),
                // Connections of their own, so that each is known to be in use all the time.
                person: somebody.person.at(base),
                outfits: self.outfits.clone(),
                shared: shared.clone(),
            };
            tokio::spawn(worker.run())
        });
        Load {
            workers: workers.collect(),
            shared,
        }
    }

    /// Fails unless everything that was acknowledged is there.
    pub(crate) async fn check(&self, base: &str) {
        for somebody in &self.people {
            let person = somebody.person.at(base);
            let listed = person.products("").await;
            let listed: BTreeSet<&str> = listed
                .iter()
                .filter_map(|product| product["product_id"].as_str())
                .collect();
            let hearted = all(&person, "/outfits/hearted", "outfit_id").await;
            let history = format!("/chats/{}/messages", somebody.friend);
            let said = all(&person, &history, "content").await;
            let told = somebody.told.lock();
            for id in &told.products {
                assert!(listed.contains(id.as_str()), "product {id} is missing");
            }
            for message in &told.messages {
                assert!(said.contains(message), "message {message} is missing");
            }
            for (outfit, known) in &told.hearts {
                let is_hearted = hearted.contains(outfit);
                assert!(
                    known.is_none_or(|known| known == is_hearted),
                    "the heart of {outfit}: {is_hearted}, not {known:?}"
                );
            }
        }
    }

    /// How many changes were acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        let of = |told: &Told| told.products.len() + told.messages.len() + told.hearts.len();
        self.people.iter().map(|one| of(&one.told.lock())).sum()
    }
}

async fn sent(request: RequestBuilder, body: &Value) -> Value {
    let request = request.header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await;
    let answer = answer.expect("an answer");
    assert!(answer.status().is_success(), "{}", answer.status());
    answer.json().await.expect("JSON")
}

/// One member of everything on a list, page by page.
async fn all(person: &Person, path: &str, member: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut cursor = String::new();
    loop {
        let page = person.get(&format!("{path}?limit=100{cursor}")).await;
        let page: Value = serde_json::from_str(&page).expect("JSON");
        let items = page["items"].as_array().or(page["outfits"].as_array());
        let values = items.expect("items").iter();
        found.extend(values.filter_map(|item| item[member].as_str().map(str::to_owned)));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

#[derive(Default)]
struct Shared {
    heard: Mutex<Vec<Heard>>,
    stop: AtomicBool,
}

/// A load under way.
pub(crate) struct Load {
    workers: Vec<JoinHandle<()>>,
    shared: Arc<Shared>,
}

impl Load {
    /// Waits until so many more requests went well.
    pub(crate) async fn gets_on(&self, more: usize) {
        self.hears(more, Heard::is_well).await;
    }

    /// Waits until so many more requests were not.
    pub(crate) async fn is_refused(&self, more: usize) {
        self.hears(more, |heard| !heard.is_well()).await;
    }

    async fn hears(&self, more: usize, such: fn(&Heard) -> bool) {
        let count = || {
            self.shared
                .heard
                .lock()
                .iter()
                .filter(|one| such(one))
                .count()
        };
        let until = count() + more;
        let gets_there = async {
            let mut rounds = tokio::time::interval(Duration::from_millis(5));
            while count() < until {
                rounds.tick().await;
            }
        };
        let got_there = tokio::time::timeout(Duration::from_secs(120), gets_there).await;
        got_there.expect("so many such answers");
    }

    /// Ends it; all that was heard.
    pub(crate) async fn end(self) -> Vec<Heard> {
        self.shared.stop.store(true, Ordering::Relaxed);
        for worker in self.workers {
            worker.await.expect("a worker ends");
        }
        std::mem::take(&mut *self.shared.heard.lock())
    }
}

struct Worker {
    somebody: Arc<Somebody>,
    person: Person,
    outfits: Arc<Vec<String>>,
    shared: Arc<Shared>,
}

impl Worker {
    async fn run(self) {
        while !self.shared.stop.load(Ordering::Relaxed) {
            let turn = self.somebody.next.fetch_add(1, Ordering::Relaxed);
            if !self.take_turn(turn).await {
                // Nobody is there: as fast as this, that would be all this machine does.
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }

    /// Asks for one thing; whether there was an answer.
    async fn take_turn(&self, turn: u64) -> bool {
        let told = &self.somebody.told;
        match turn % 12 {
            0 | 4 | 8 => self.ask("feed", self.get("/outfits/feed?limit=5")).await.0,
            1 | 5 => {
                let product = json!({"category": "load", "name": format!("슈크림 {turn}"),
                    "price": turn, "cost": 0, "size": "small"});
                let (answered, made) = self.ask("product", self.post("/products", &product)).await;
                if let Some(id) =
                    made.and_then(|made| Some(made["product_id"].as_str()?.to_owned()))
                {
                    told.lock().products.insert(id);
                }
                answered
            }
            2 | 6 | 10 => {
                let content = format!("{turn} 번째 말");
                let message = json!({"content": content, "nonce": format!("n{turn}")});
                let path = format!("/chats/{}/messages", self.somebody.friend);
                let (answered, made) = self.ask("message", self.post(&path, &message)).await;
                if made.is_some() {
                    told.lock().messages.insert(content);
                }
                answered
            }
            3 | 7 => {
                // Twelve turns a round, two hearts each: given in one round, taken in a later one.
                let number = turn / 4;
                let outfit = &self.outfits[(number % OUTFITS as u64) as usize];
                let gives = (number / OUTFITS as u64).is_multiple_of(2);
                let method = if gives { Method::PUT } else { Method::DELETE };
                told.lock().hearts.insert(outfit.clone(), None);
                let path = format!("/outfits/{outfit}/heart");
                let request = self.person.request(method, &path);
                let (answered, done) = self.ask("heart", request).await;
                if done.is_some() {
                    told.lock().hearts.insert(outfit.clone(), Some(gives));
                }
                answered
            }
            9 => self.ask("list", self.get("/products?limit=5")).await.0,
            _ => {
                let credentials = json!({"phone_number": NEWCOMER, "password": PASSWORD});
                let request = self.post("/users/sign-in", &credentials);
                self.ask("sign-in", request).await.0
            }
        }
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.person.request(Method::GET, path)
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        let request = self.person.request(Method::POST, path);
        let request = request.header("content-type", "application/json");
        request.body(body.to_string())
    }

    /// Asks, and notes what was heard; whether there was an answer, and what was done if it was.
    async fn ask(&self, what: &'static str, request: RequestBuilder) -> (bool, Option<Value>) {
        let at = Instant::now();
        let heard = async {
            let answer = request.send().await?;
            let (status, kind) = (
                answer.status(),
                answer.headers().get("content-type").cloned(),
            );
            Ok::<_, reqwest::Error>((status, kind, answer.bytes().await?))
        };
        let heard = heard.await;
        let done = match &heard {
            Ok((status, _, body)) if status.is_success() => {
                Some(serde_json::from_slice(body).unwrap_or_default())
            }
            _ => None,
        };
        let (status, kind) = match heard {
            Ok((status, kind, _)) => (Ok(status), kind),
            Err(error) => (Err(format!("{error:?}")), None),
        };
        let answered = status.is_ok();
        let kind = kind.and_then(|kind| Some(kind.to_str().ok()?.to_owned()));
        self.shared.heard.lock().push(Heard {
            what,
            status,
            kind: kind.unwrap_or_default(),
            at,
            took: at.elapsed(),
        });
        (answered, done)
    }
}
