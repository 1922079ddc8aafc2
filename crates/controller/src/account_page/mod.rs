//! Pages for signing up and in by hand: they work without a script, and show what the API does.

mod answer;
mod forms;
mod routes;
mod shell;

pub(crate) use answer::{Wish, page_of};
pub(crate) use forms::Form;
pub(crate) use routes::{account_style, forgot_page, login_page, register_page, reset_page};
pub(crate) use shell::Page;
