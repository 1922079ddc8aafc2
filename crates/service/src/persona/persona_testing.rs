//! What the tests of personas share.

use std::sync::Arc;
use std::time::Duration;

use domain::clock::FixedClock;
use domain::persona::{
    Connection, GraphToken, Parameters, Persona, PersonaDraft, PersonaId, PersonaImage,
    PersonaNumber, SealedToken, TokenOf, TokenTerm,
};
use domain::unit_of_work::mock::{MockUnitOfWork, MockUnitOfWorkFactory};
use serde_json::{Value, json};

use super::{TokenRefusals, TokenVault};
use crate::sealing::Sealer;
use crate::testing::{OWNER, correspondence, start};

pub(super) const PERSONA: i64 = 700_000_000;

pub(super) fn draft(parameters: &Value) -> PersonaDraft {
    PersonaDraft {
        image: PersonaImage::parse("/media/3f.png").expect("a picture"),
        parameters: Parameters::parse(parameters).expect("parameters"),
    }
}

/// The owner's persona with this number; its id follows from that.
pub(super) fn persona(number: i64) -> Persona {
    let id = PersonaId::from(PERSONA + number);
    let number = PersonaNumber::new(number).expect("a number");
    Persona {
        connection: Connection::Connected,
        ..Persona::new(id, OWNER.into(), number, draft(&json!({"a": 1})), start())
    }
}

/// A sealer with these keys, the first one in use.
pub(super) fn sealer(keys: &[u8]) -> Arc<Sealer> {
    let keys: Vec<_> = keys.iter().map(|byte| vec![*byte; 32].into()).collect();
    Arc::new(Sealer::new(&keys).expect("keys"))
}

pub(super) fn vault(keys: &[u8], clock: &Arc<FixedClock>) -> Arc<TokenVault> {
    Arc::new(TokenVault {
        sealer: sealer(keys),
        clock: clock.clone(),
    })
}

pub(super) fn graph_token(secret: &str, days: u64) -> GraphToken {
    GraphToken {
        secret: secret.into(),
        lifetime: Some(Duration::from_secs(days * 86_400)),
    }
}

/// The stored token of the persona with this number.
pub(super) fn stored(vault: &TokenVault, number: i64, secret: &str) -> TokenOf {
    let (owner, persona) = (OWNER.into(), PersonaId::from(PERSONA + number));
    let token = vault.seal(owner, persona, &secret.into()).expect("sealed");
    TokenOf {
        persona,
        owner,
        token: SealedToken::new(token.as_str().to_owned()),
        term: TokenTerm {
            expires_at: Some(start() + chrono::TimeDelta::days(5)),
            renew_at: Some(start()),
        },
        refused: false,
    }
}

/// Refusals that are noted in these transactions.
pub(super) fn refusals(
    units: impl IntoIterator<Item = MockUnitOfWork>,
    clock: &Arc<FixedClock>,
) -> Arc<TokenRefusals> {
    Arc::new(TokenRefusals {
        units: Arc::new(MockUnitOfWorkFactory::of(units)),
        mails: correspondence(clock),
        page: "https://front.example/mypage".into(),
    })
}

/// A transaction in which the token of the persona with this number is noted as refused.
pub(super) fn refusing(number: i64) -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    let refuse = unit.instagram_tokens.expect_refuse().times(1);
    refuse
        .withf(move |read| read.persona.get() == PERSONA + number)
        .returning(|_| Ok(true));
    unit.users.expect_find().times(1).returning(|_| Ok(None));
    unit
}
