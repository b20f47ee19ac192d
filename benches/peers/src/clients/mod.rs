//! The comparison of clients: each a process of its own, all with the same fixed server in the same run.
//!
//! [`answers`] has the bytes that [`server`] sends, whoever asks; [`client`] has the clients, and [`child`] runs them,
//! checks what they get and reads from `/proc` what they take. [`rows`] says what is measured, and [`table`] prints
//! what came of it.

pub mod answers;
pub mod child;
pub mod client;
pub mod rows;
pub mod server;
pub mod table;
