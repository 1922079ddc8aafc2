//! The program as a process: what it prints, what it leaves behind, what survives its death.

mod commands;
mod crash;
mod home;
#[cfg(unix)]
mod privacy;
mod process;
mod products;
mod serving;
