//! The server as a whole: its tokens, its neighbours, its end.

mod neighbours;
mod stopping;
mod tokens;
