//! Wiring of social login: which providers there are, and who asks them.

use std::error::Error;
use std::sync::Arc;

use domain::notification::KakaoTalk;
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{SocialProvider, UserRepository};
use domain::{Clock, IdGenerator};
use gateway::social::{
    Google, GoogleSettings, Kakao, KakaoSettings, Naver, NaverSettings, ProviderHttp, Registration,
};
use repository::Database;
use repository::once::SeaOnce;
use repository::user::SeaIdentities;
use service::sealing::Sealer;
use service::throttle::Throttle;
use service::user::{
    Admission, Confirmation, DefaultIdentityService, DefaultSocialLoginService, Flows,
    IdentityBook, IdentityReseal, IdentityService, ProviderAdministration, Providers, SessionGuard,
    SocialLoginService, TokenVault,
};

use crate::configuration::{Configuration, OAuthClient};

/// What social login stands on.
pub(crate) struct Ground {
    pub(crate) database: Database,
    pub(crate) users: Arc<dyn UserRepository>,
    pub(crate) units: Arc<dyn UnitOfWorkFactory>,
    pub(crate) admission: Arc<Admission>,
    pub(crate) guard: Arc<SessionGuard>,
    pub(crate) sealer: Arc<Sealer>,
    pub(crate) confirmation: Arc<Confirmation>,
    pub(crate) failures: Arc<Throttle>,
    pub(crate) ids: Arc<IdGenerator>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// What the routes are given.
pub(crate) struct Social {
    pub(crate) login: Arc<dyn SocialLoginService>,
    pub(crate) identities: Arc<dyn IdentityService>,
    /// Kakao's messages, where it is configured.
    pub(crate) talk: Option<Arc<dyn KakaoTalk>>,
    /// What seals tokens again once the key has changed.
    pub(crate) reseal: Arc<IdentityReseal>,
}

/// Puts social login together; providers that are not configured stay away.
pub(crate) fn wire(
    configuration: &Configuration,
    ground: Ground,
) -> Result<Social, Box<dyn Error + Send + Sync>> {
    let http = ProviderHttp::new(configuration.oauth.timeout)?;
    let clock = ground.clock.clone();
    let kakao = kakao(configuration, &http, &clock);
    let oauth = &configuration.oauth;
    let talk = kakao.clone().map(|kakao| kakao as Arc<dyn KakaoTalk>);
    let administration = kakao.clone().zip(oauth.kakao.admin_key.clone());
    let providers = Providers {
        kakao: kakao.map(|kakao| kakao as Arc<dyn SocialProvider>),
        google: google(configuration, &http, &clock),
        naver: naver(configuration, &http, &clock),
    };
    let flows = Arc::new(Flows {
        sealer: ground.sealer.clone(),
        clock: clock.clone(),
    });
    let book = Arc::new(IdentityBook {
        units: ground.units,
        admission: ground.admission,
        guard: ground.guard.clone(),
        vault: TokenVault(ground.sealer.clone()),
        ids: ground.ids,
        clock: clock.clone(),
    });
    let identities = Arc::new(SeaIdentities::new(ground.database.clone()));
    let reseal = IdentityReseal::new(identities.clone(), TokenVault(ground.sealer.clone()));
    Ok(Social {
        reseal: Arc::new(reseal),
        login: Arc::new(DefaultSocialLoginService {
            providers: providers.clone(),
            flows: flows.clone(),
            once: Arc::new(SeaOnce::new(ground.database)),
            book: book.clone(),
            guard: ground.guard,
            failures: ground.failures,
        }),
        identities: Arc::new(DefaultIdentityService {
            identities,
            users: ground.users,
            providers,
            kakao: administration.map(|(kakao, key)| ProviderAdministration {
                unlinker: kakao,
                key,
            }),
            flows,
            book,
            confirmation: ground.confirmation,
        }),
        talk,
    })
}

fn registration(client: &OAuthClient, configuration: &Configuration) -> Registration {
    Registration {
        client_id: client.id.clone(),
        client_secret: client.secret.clone(),
        redirect_uri: client.redirect_uri(&configuration.server.public_url),
    }
}

fn kakao(
    configuration: &Configuration,
    http: &ProviderHttp,
    clock: &Arc<dyn Clock>,
) -> Option<Arc<Kakao>> {
    let kakao = &configuration.oauth.kakao;
    let settings = KakaoSettings {
        registration: registration(kakao.client.as_ref()?, configuration),
        scope: kakao.scope.clone(),
        audiences: kakao.audiences.clone(),
        app_id: kakao.app_id.clone(),
        admin_key: kakao.admin_key.clone(),
        auth_base_url: kakao.auth_base_url.as_str().to_owned(),
        api_base_url: kakao.api_base_url.as_str().to_owned(),
    };
    Some(Arc::new(Kakao::new(settings, http.clone(), clock.clone())))
}

fn google(
    configuration: &Configuration,
    http: &ProviderHttp,
    clock: &Arc<dyn Clock>,
) -> Option<Arc<dyn SocialProvider>> {
    let google = &configuration.oauth.google;
    let base = google.auth_base_url.as_ref();
    let settings = GoogleSettings {
        registration: registration(google.client.as_ref()?, configuration),
        audiences: google.audiences.clone(),
        auth_base_url: base.map(|base| base.as_str().to_owned()),
        api_base_url: google.api_base_url.as_str().to_owned(),
        people_base_url: google.people_base_url.as_str().to_owned(),
    };
    Some(Arc::new(Google::new(settings, http.clone(), clock.clone())))
}

fn naver(
    configuration: &Configuration,
    http: &ProviderHttp,
    clock: &Arc<dyn Clock>,
) -> Option<Arc<dyn SocialProvider>> {
    let naver = &configuration.oauth.naver;
    let settings = NaverSettings {
        registration: registration(naver.client.as_ref()?, configuration),
        auth_base_url: naver.auth_base_url.as_str().to_owned(),
        api_base_url: naver.api_base_url.as_str().to_owned(),
    };
    Some(Arc::new(Naver::new(settings, http.clone(), clock.clone())))
}
