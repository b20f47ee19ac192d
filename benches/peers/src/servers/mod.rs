//! The comparison of servers: each a process of its own, all under the same load in the same run.
//!
//! [`served`] has the servers, which answer what [`contract`] says; [`child`] starts them and reads what
//! they take from `/proc`. [`load`] asks, checks every answer and counts; [`rows`] says what is asked for
//! and [`table`] prints what came of it.

pub mod child;
pub mod contract;
pub mod load;
pub mod rows;
pub mod scratch;
pub mod served;
pub mod table;
