//! [`SocialProvider`](domain::user::SocialProvider): Kakao, Google and Naver. A thin code flow of our
//! own, why is told in docs/adr/0012-social-login.md.

mod google;
mod http;
mod kakao;
mod naver;
mod oidc;
pub(crate) mod profile;
pub(crate) mod tokens;

pub use google::{Google, GoogleSettings};
pub use http::ProviderHttp;
pub use kakao::{Kakao, KakaoSettings};
pub use naver::{Naver, NaverSettings};

use secrecy::SecretString;

/// What a provider knows us by.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The public half.
    pub client_id: String,
    /// The secret half; Kakao may do without.
    pub client_secret: Option<SecretString>,
    /// Where the provider sends browsers back to.
    pub redirect_uri: String,
}
