//! The program as a process: what it prints, what it leaves behind, what survives its death.

mod backup;
mod canary;
mod commands;
mod conversing;
mod crash;
mod home;
mod hostile_ai;
mod outbox;
#[cfg(unix)]
mod privacy;
mod process;
mod products;
mod secure;
mod serving;
mod traces;
