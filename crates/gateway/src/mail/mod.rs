//! Mails: through a server, or into files where none is configured.

mod compose;
mod files;
mod profiles;
mod smtp;

pub use files::FileMailer;
pub use profiles::ProfileMailer;
pub use smtp::{SmtpError, SmtpMailer, SmtpOptions, Tls};
