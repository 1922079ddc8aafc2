//! The people and things that a load is about, made through the API.

use std::net::SocketAddr;

use bench::Outcome;
use bench::client::{Connection, Request};
use serde_json::{Value, json};

use crate::place::Place;
use crate::scenarios::unique;

const PASSWORD: &str = "a password for benches";
const PEOPLE: usize = 8;
const PRODUCTS: usize = 300;

/// A server with people and things on it.
pub(crate) struct Stage {
    /// Where it is.
    pub(crate) address: SocketAddr,
    /// People, each the friend of the one beside them.
    pub(crate) people: Vec<Someone>,
    /// With what others sign in, who do nothing else: a person's oldest sessions end where there
    /// are too many, and with them the tokens of whoever is asking for things.
    pub(crate) callers: Vec<String>,
    /// Outfits of the feed.
    pub(crate) outfits: Vec<String>,
    /// A portrait's address.
    pub(crate) portrait: Option<String>,
    /// An API key and its secret.
    pub(crate) key: (String, String),
}

/// Somebody who is signed in.
pub(crate) struct Someone {
    pub(crate) id: String,
    pub(crate) token: String,
}

impl Stage {
    /// Makes them.
    ///
    /// # Errors
    /// Where the server refuses.
    pub(crate) async fn set(place: &Place) -> Outcome<Self> {
        let address = place.address()?;
        let mut connection = Connection::open(address).await?;
        let mark = format!("b{:x}", unique());
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(Someone::join(&mut connection, &format!("{mark}_{number}")).await?);
        }
        let mut callers = Vec::new();
        for number in 0..PEOPLE {
            let credentials = sign_up(&format!("{mark}_caller_{number}"));
            let sign_up = Request::post("/api/v1/users/sign-up", None, &credentials);
            told(&mut connection, &sign_up).await?;
            callers.push(credentials);
        }
        for (number, someone) in people.iter().enumerate() {
            let anyone = json!({"dm_from": "anyone"});
            let put = Request::put(
                "/api/v1/chats/settings",
                Some(&someone.token),
                &text(&anyone),
            );
            told(&mut connection, &put).await?;
            for product in 0..PRODUCTS / PEOPLE {
                let request = product_request(&someone.token, number * PRODUCTS + product);
                told(&mut connection, &request).await?;
            }
        }
        let first = Some(people[0].token.as_str());
        let feed = told(&mut connection, &Request::get("/images?pagesize=50", first)).await?;
        let outfits = feed["outfits"].as_array().into_iter().flatten();
        let outfits = outfits.filter_map(|outfit| Some(outfit["outfit_id"].as_str()?.to_owned()));
        let outfits = outfits.collect();
        let face = json!({"name": "bench", "gender": "F", "feature": "freckles"});
        let drawn = Request::post("/api/images", first, &text(&face));
        let drawn = told(&mut connection, &drawn).await?;
        // Its address may be a whole URL.
        let portrait = drawn["url"].as_str();
        let portrait =
            portrait.and_then(|url| Some(format!("/media/{}", url.split_once("/media/")?.1)));
        let key = told(
            &mut connection,
            &Request::post("/api/v1/users/apikeys", first, "{}"),
        )
        .await?;
        let part = |name: &str| key[name].as_str().map(str::to_owned).ok_or("no key");
        Ok(Self {
            address,
            people,
            callers,
            outfits,
            portrait,
            key: (part("access_key")?, part("secret_key")?),
        })
    }
}

impl Someone {
    async fn join(connection: &mut Connection, name: &str) -> Outcome<Self> {
        let credentials = sign_up(name);
        let sign_up = Request::post("/api/v1/users/sign-up", None, &credentials);
        told(connection, &sign_up).await?;
        let sign_in = Request::post("/api/v1/users/sign-in", None, &credentials);
        let tokens = told(connection, &sign_in).await?;
        let token = tokens["access_token"]
            .as_str()
            .ok_or("no token")?
            .to_owned();
        let me = told(connection, &Request::get("/api/v1/users/me", Some(&token))).await?;
        let id = me["id"]
            .as_str()
            .or(me["user_id"].as_str())
            .ok_or("no id")?;
        Ok(Self {
            id: id.to_owned(),
            token,
        })
    }
}

/// What somebody signs up and in with.
pub(crate) fn sign_up(name: &str) -> String {
    text(&json!({"username": name, "password": PASSWORD}))
}

/// A product to be made.
pub(crate) fn product_request(token: &str, number: usize) -> Request {
    let product = json!({"category": "bench", "name": format!("슈크림 라떼 {number}"),
        "price": number, "cost": 0, "size": "small"});
    Request::post("/api/v1/products", Some(token), &text(&product))
}

fn text(value: &Value) -> String {
    value.to_string()
}

/// Asks; the answer, where it went well.
async fn told(connection: &mut Connection, request: &Request) -> Outcome<Value> {
    let (status, body) = connection.ask(request).await?;
    if !(200..300).contains(&status) {
        let told = String::from_utf8_lossy(&body);
        return Err(format!("the stage cannot be set: {status} {told}").into());
    }
    Ok(serde_json::from_slice(&body).unwrap_or_default())
}
