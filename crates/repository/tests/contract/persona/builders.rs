//! Personas with good defaults.

use domain::persona::{
    GraphId, InstagramLink, InstagramName, Parameters, Persona, PersonaDraft, PersonaImage,
    PersonaNumber, PersonaRepository, SealedToken, TokenTerm,
};
use domain::user::User;
use serde_json::{Value, json};

use crate::builders::{id, minutes, noon};
use crate::world::World;

pub(super) fn number(number: i64) -> PersonaNumber {
    PersonaNumber::new(number).expect("a number")
}

pub(super) fn parameters(value: Value) -> Parameters {
    Parameters::parse(&value).expect("parameters")
}

pub(super) fn draft(name: &str) -> PersonaDraft {
    PersonaDraft {
        image: PersonaImage::parse("/media/3f.png").expect("a picture"),
        parameters: parameters(json!({"name": name, "mood": ["힙", "편한 👟"], "age": null})),
    }
}

pub(super) fn persona(owner: &User, at: i64) -> Persona {
    Persona::new(id(), owner.id, number(at), draft("스트릿"), noon())
}

/// A sealed token, and a term: it ends in an hour and is renewed after half of it.
pub(super) fn token(text: &str) -> (SealedToken, TokenTerm) {
    let term = TokenTerm {
        expires_at: Some(minutes(60)),
        renew_at: Some(minutes(30)),
    };
    (SealedToken::new(text.to_owned()), term)
}

pub(super) fn link() -> InstagramLink {
    InstagramLink {
        ig_user_id: GraphId::parse("17841400000000001").expect("an id"),
        ig_username: InstagramName::parse("look.book").ok(),
        fb_page_id: GraphId::parse("100000000000001").expect("an id"),
        linked_at: minutes(1),
    }
}

impl World {
    /// Stores a persona.
    pub(super) async fn store_persona(&self, persona: Persona) -> Persona {
        let stored = self.personas.insert(&persona).await;
        stored.expect("stores a persona");
        persona
    }
}
