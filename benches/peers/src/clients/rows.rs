//! What is measured, and what is aimed at.

use super::answers::Target;
use super::client::Client;

/// A row of the comparison.
#[derive(Debug)]
pub struct Row {
    /// What it is called on the command line.
    pub name: &'static str,
    pub title: &'static str,
    pub target: Target,
    /// Whether the bytes of a body count, and not the requests.
    pub bulk: bool,
    pub cores: Cores,
    pub aim: Option<Aim>,
}

/// Where client and server run. Where one waits whenever the other works, a core for both shows what the programs do,
/// and two show what it costs to wake a core: on a virtual machine five times as much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cores {
    One,
    Two,
}

/// What nethttp is to reach, in the same run.
#[derive(Clone, Copy, Debug)]
pub enum Aim {
    /// At most so many times the time of the processor that the other takes.
    Cpu(f64, &'static str),
    /// At least so many times the bytes of the other in the same time of the processor.
    Work(f64, &'static str),
}

impl Aim {
    /// Returns whom it is aimed at.
    #[must_use]
    pub const fn other(self) -> &'static str {
        match self {
            Self::Cpu(_, other) | Self::Work(_, other) => other,
        }
    }
}

/// The rows, in their order.
pub static ROWS: [Row; 6] = [
    Row {
        name: "small",
        title: "Small answers one after the other, 1 connection, server on the same core",
        target: Target::Small,
        bulk: false,
        cores: Cores::One,
        aim: Some(Aim::Cpu(1.15, "floor")),
    },
    Row {
        name: "small-2",
        title: "Small answers one after the other, 1 connection, server on the other core",
        target: Target::Small,
        bulk: false,
        cores: Cores::Two,
        aim: Some(Aim::Cpu(1.15, "floor")),
    },
    Row {
        name: "connect",
        title: "A new connection for every request, server on the same core",
        target: Target::Close,
        bulk: false,
        cores: Cores::One,
        aim: None,
    },
    Row {
        name: "plain",
        title: "A download of 256 MiB, its length known",
        target: Target::Plain,
        bulk: true,
        cores: Cores::Two,
        aim: Some(Aim::Cpu(1.05, "floor")),
    },
    Row {
        name: "chunked",
        title: "A download of 256 MiB in chunks of 64 KiB",
        target: Target::Chunked,
        bulk: true,
        cores: Cores::Two,
        aim: Some(Aim::Cpu(1.05, "floor")),
    },
    Row {
        name: "gzip",
        title: "A download of 16 MiB of JSON as gzip, decoded",
        target: Target::Gzip,
        bulk: true,
        cores: Cores::Two,
        aim: Some(Aim::Work(1.4, "ureq")),
    },
];

impl Row {
    /// Says why a client has no part in the row, if it has none.
    ///
    /// # Errors
    ///
    /// It lacks what the row is about.
    pub fn admits(&self, client: &Client) -> Result<(), String> {
        match self.target {
            Target::Small if !client.keeps => Err("keeps no connection".into()),
            target if client.name == "floor-joined" && target != Target::Chunked => {
                Err("is the floor where there are no chunks".into())
            }
            Target::Gzip if !client.gunzips => Err("decodes no gzip".into()),
            _ => Ok(()),
        }
    }
}
