//! The program as a process: what it prints, what it leaves behind, what survives its death.

mod assurance;
mod away;
mod backup;
mod balancer;
mod canary;
mod commands;
mod conversing;
mod crash;
mod home;
mod hostile_ai;
mod killed;
mod load;
mod measuring;
mod outbox;
mod planted;
#[cfg(unix)]
mod privacy;
mod process;
mod products;
mod rolling;
mod secure;
mod serving;
mod traces;
mod watched;
mod wire;
