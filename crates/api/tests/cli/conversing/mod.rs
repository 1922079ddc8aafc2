//! A model of people who talk: phones that lose their connection, send the same again, change what
//! they said, on servers that are killed. At the end everybody holds the same.

mod phone;

use std::collections::{BTreeMap, BTreeSet};

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};
use test_database::on_every_engine;

use self::phone::{Cut, Phone};
use crate::crash::{ask, connect};
use crate::home::Home;
use crate::process::{Person, Server};

on_every_engine! {
    test_database::run;
    everybody_holds_the_same_history_whatever_broke,
}

/// Steps on SQLite; the others, which take turns with a disk, get a third.
const STEPS: usize = 10_000;
const PEOPLE: usize = 4;
const PHONES: usize = 2;
const SEED: u64 = 20_261_121;

/// What somebody said, until a phone of theirs hears that it is stored.
#[derive(Clone)]
struct Said {
    to: usize,
    content: String,
}

struct Someone {
    id: i64,
    token: String,
    phones: Vec<Phone>,
    said: BTreeMap<String, Said>,
    /// What was changed or taken back already: once each.
    changed: BTreeSet<String>,
}

struct World {
    homes: Vec<Home>,
    servers: Vec<Server>,
    people: Vec<Someone>,
    random: Xoshiro256PlusPlus,
    step: usize,
}

/// Somebody's phone.
#[derive(Clone, Copy)]
struct Place {
    person: usize,
    phone: usize,
}

async fn everybody_holds_the_same_history_whatever_broke(database_url: String) {
    let is_sqlite = database_url.starts_with("sqlite");
    // One file has one server.
    let nodes = if is_sqlite { 1 } else { 2 };
    let mut world = World::new(&database_url, nodes).await;
    let steps = if is_sqlite { STEPS } else { STEPS / 3 };
    for step in 0..steps {
        world.step = step;
        world.act().await;
    }
    world.settle().await;
    world.compare();
    let database = connect(&database_url).await;
    let said: usize = world.people.iter().map(|one| one.said.len()).sum();
    let stored: i64 = ask(&database, "SELECT COUNT(*) FROM messages").await;
    database.close().await.expect("it closes");
    assert_eq!(stored as usize, said, "each is stored once");
    for server in world.servers {
        server.terminate();
        assert_eq!(server.wait().0.code(), Some(0));
    }
}

fn home(database_url: &str, node: usize) -> Home {
    Home::new()
        .with("DATABASE_URL", database_url)
        .with("ENSEMBLE__SERVER__NODE_ID", &node.to_string())
        .with("ENSEMBLE__SERVER__WORKERS", "2")
        .with("ENSEMBLE__CHAT__FRAMES_PER_SECOND", "100000")
        .with("ENSEMBLE__LOG__LEVEL", "error,ready=info")
        .with(
            "ENSEMBLE__AUTH__JWT_SECRET",
            "fKq0s1n4zP7YwR3vXb9LmT2cUe8HjD5g",
        )
        .with("SESSION_SECRET", "Zr6Nw1QyB4tLk9VxE3mCs7GpJ0hFu2Da")
        .with(
            "ENSEMBLE__CRYPTO__KEY",
            "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
        )
}

impl World {
    async fn new(database_url: &str, nodes: usize) -> Self {
        let homes: Vec<Home> = (0..nodes).map(|node| home(database_url, node)).collect();
        for number in 0..PEOPLE {
            homes[0].user(&format!("010-1234-000{number}"));
        }
        let servers: Vec<Server> = homes.iter().map(Server::start).collect();
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(Someone::sign_in(&servers[0], number).await);
        }
        for one in 0..PEOPLE {
            for other in one + 1..PEOPLE {
                people[one].0.befriend("request", other).await;
                people[other].0.befriend("response", one).await;
            }
        }
        Self {
            homes,
            servers,
            people: people.into_iter().map(|(_, someone)| someone).collect(),
            random: Xoshiro256PlusPlus::seed_from_u64(SEED),
            step: 0,
        }
    }

    /// Somebody does something, or something happens to them.
    async fn act(&mut self) {
        let place = Place {
            person: self.random.random_range(0..PEOPLE),
            phone: self.random.random_range(0..PHONES),
        };
        let dice = self.random.random_range(0..1_000);
        // Whoever is off comes back sooner or later, and so does what they said.
        let done = match dice {
            0 => {
                self.kill().await;
                Ok(())
            }
            1..=60 => {
                self.phone(place).cut();
                Ok(())
            }
            _ if !self.phone(place).is_on() => self.come_back(place).await,
            61..=600 => self.say_new(place).await,
            601..=700 => self.say_again(place).await,
            701..=800 => self.change(place).await,
            _ => self.phone(place).catch_up().await,
        };
        if done.is_err() {
            self.phone(place).cut();
        }
    }

    fn phone(&mut self, place: Place) -> &mut Phone {
        &mut self.people[place.person].phones[place.phone]
    }

    /// Kills a server (SIGKILL), and starts it again.
    async fn kill(&mut self) {
        let node = self.random.random_range(0..self.servers.len());
        let server = self.servers.remove(node);
        server.kill();
        self.servers.insert(node, Server::start(&self.homes[node]));
    }

    /// Connects to any server, hears what was missed, says again what nobody answered.
    async fn come_back(&mut self, place: Place) -> Result<(), Cut> {
        let node = self.random.random_range(0..self.servers.len());
        let base = self.servers[node].base().to_owned();
        let someone = &mut self.people[place.person];
        let phone = &mut someone.phones[place.phone];
        phone.connect(&base, &someone.token).await?;
        for (nonce, said) in self.unheard(place) {
            self.say(place, &nonce, &said).await?;
        }
        Ok(())
    }

    /// What a phone's owner said and this phone has not heard of.
    fn unheard(&self, place: Place) -> Vec<(String, Said)> {
        let someone = &self.people[place.person];
        let heard = &someone.phones[place.phone].acknowledged;
        let unheard = someone
            .said
            .iter()
            .filter(|(nonce, _)| !heard.contains_key(*nonce));
        unheard
            .map(|(nonce, said)| (nonce.clone(), said.clone()))
            .collect()
    }

    async fn say(&mut self, place: Place, nonce: &str, said: &Said) -> Result<(), Cut> {
        let room = (self.people[place.person].id ^ self.people[said.to].id).to_string();
        let payload =
            json!({"type": "send", "chat_id": room, "content": said.content, "nonce": nonce});
        self.phone(place).say("chat", payload).await
    }

    async fn say_new(&mut self, place: Place) -> Result<(), Cut> {
        let to = (place.person + self.random.random_range(1..PEOPLE)) % PEOPLE;
        let nonce = format!("n{}", self.step);
        let said = Said {
            to,
            content: format!("{} 번째 말", self.step),
        };
        let known = &mut self.people[place.person].said;
        known.insert(nonce.clone(), said.clone());
        self.say(place, &nonce, &said).await
    }

    async fn say_again(&mut self, place: Place) -> Result<(), Cut> {
        let said = &self.people[place.person].said;
        if said.is_empty() {
            return Ok(());
        }
        let at = self.random.random_range(0..said.len());
        let known = said.iter().nth(at);
        let Some((nonce, said)) = known.map(|(nonce, said)| (nonce.clone(), said.clone())) else {
            return Ok(());
        };
        self.say(place, &nonce, &said).await
    }

    /// Changes something that was said, or takes it back.
    async fn change(&mut self, place: Place) -> Result<(), Cut> {
        let someone = &self.people[place.person];
        let stored = &someone.phones[place.phone].acknowledged;
        let stored: Vec<&String> = stored
            .iter()
            .filter(|(nonce, _)| !someone.changed.contains(*nonce))
            .map(|(nonce, _)| nonce)
            .collect();
        if stored.is_empty() {
            return Ok(());
        }
        let nonce = stored[self.random.random_range(0..stored.len())].clone();
        let id = someone.phones[place.phone].acknowledged[&nonce].clone();
        let room = (someone.id ^ self.people[someone.said[&nonce].to].id).to_string();
        let content = match self.step % 3 {
            0 => String::new(),
            _ => format!("{} 번째 말, 고침", self.step),
        };
        self.people[place.person].changed.insert(nonce);
        let payload = json!({"type": "edit", "id": id, "chat_id": room, "content": content});
        self.phone(place).say("chat", payload).await
    }

    /// Everybody comes back, says what was not answered, and hears the rest.
    async fn settle(&mut self) {
        for _ in 0..2 {
            for person in 0..PEOPLE {
                for phone in 0..PHONES {
                    let place = Place { person, phone };
                    self.phone(place).cut();
                    let back = self.come_back(place).await;
                    back.expect("nothing breaks any more");
                    let heard = self.phone(place).catch_up().await;
                    heard.expect("nothing breaks any more");
                }
            }
        }
        for someone in &self.people {
            for phone in &someone.phones {
                let heard: BTreeSet<&String> = phone.acknowledged.keys().collect();
                let said: BTreeSet<&String> = someone.said.keys().collect();
                let missing: Vec<_> = said.difference(&heard).collect();
                // What was taken back before a phone heard of it is no news to that phone.
                let other = |nonce: &&&&String| !someone.changed.contains(nonce.as_str());
                assert_eq!(missing.iter().filter(other).count(), 0, "{missing:?}");
            }
        }
    }

    /// Whoever knows a room knows the same messages in the same order.
    fn compare(&self) {
        let mut rooms: BTreeMap<&str, Vec<(String, Vec<&str>)>> = BTreeMap::new();
        for (number, someone) in self.people.iter().enumerate() {
            for (device, phone) in someone.phones.iter().enumerate() {
                let mut own: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
                for id in &phone.order {
                    let known = &phone.messages[id];
                    if !known.content.is_empty() {
                        own.entry(&known.room).or_default().push(id);
                    }
                }
                for (room, ids) in own {
                    let who = format!("phone {device} of {number}");
                    rooms.entry(room).or_default().push((who, ids));
                }
            }
        }
        assert_eq!(rooms.len(), PEOPLE * (PEOPLE - 1) / 2);
        for (room, known) in rooms {
            assert_eq!(known.len(), PHONES * 2, "{room}");
            for (who, ids) in &known {
                assert_eq!(*ids, known[0].1, "{room}: {who} and {}", known[0].0);
            }
        }
        let phones = self.people.iter().flat_map(|one| &one.phones);
        let mut contents: BTreeMap<&String, &phone::Known> = BTreeMap::new();
        for (id, known) in phones.flat_map(|phone| &phone.messages) {
            let first = contents.entry(id).or_insert(known);
            assert_eq!(*first, known, "{id}");
        }
    }
}

impl Someone {
    async fn sign_in(server: &Server, number: usize) -> (Friendly, Self) {
        let person = Person::sign_in(server, &format!("010-1234-000{number}")).await;
        let friendly = Friendly(person);
        let answer = friendly.send(Method::PATCH, "/users/me", json!({"name": name(number)}));
        let me = answer.await;
        let id = me["id"].as_str().or(me["user_id"].as_str());
        let someone = Self {
            id: id.expect("an id").parse().expect("a number"),
            token: friendly.0.token().to_owned(),
            phones: (0..PHONES).map(|_| Phone::new()).collect(),
            said: BTreeMap::new(),
            changed: BTreeSet::new(),
        };
        (friendly, someone)
    }
}

fn name(number: usize) -> String {
    format!("friend{number}")
}

/// Somebody over HTTP.
struct Friendly(Person);

impl Friendly {
    async fn send(&self, method: Method, path: &str, body: Value) -> Value {
        let request = self.0.request(method, path);
        let request = request.header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await;
        let answer = answer.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.expect("JSON")
    }

    async fn befriend(&self, what: &str, number: usize) {
        let body = json!({"type": what, "name": name(number)});
        self.send(Method::POST, "/friends", body).await;
    }
}
