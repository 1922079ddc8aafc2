//! Ensemble from the outside: the real server on a free port, real HTTP, a database of its own
//! for each test.
//!
//! Every scenario runs on SQLite, and on the servers that `TEST_POSTGRES_URL` and
//! `TEST_MYSQL_URL` name. What needs Redis also needs `TEST_REDIS_URL`.

mod access;
mod app;
mod chat;
mod client;
mod http;
mod mail;
mod notification;
mod outfit;
mod person;
mod persona;
mod problem;
mod product;
mod server;
mod smtp;
mod social;
mod user;
