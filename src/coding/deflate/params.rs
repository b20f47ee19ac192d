//! What each level does.

use crate::coding::Level;

/// How matches are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Search {
    /// At the place where the same four bytes were last seen.
    Last,
    /// Along the chain of places where the same four bytes were seen.
    Chain(Chain),
}

/// How far a search along a chain goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chain {
    /// How many places are tried.
    pub(super) tries: u16,
    /// How long a match is good enough to try no more.
    pub(super) nice: u16,
    /// How many bytes later a better match may begin: 0 takes the first match.
    pub(super) patience: u8,
}

impl Search {
    /// Returns how many tokens are compared with those before them, to end a block where the data changes.
    pub(super) const fn step(self) -> usize {
        match self {
            Self::Last => 8192,
            Self::Chain(_) => 2048,
        }
    }
}

const fn chain(tries: u16, nice: u16, patience: u8) -> Search {
    Search::Chain(Chain { tries, nice, patience })
}

/// The levels from 1 on.
const LEVELS: [Search; 9] = [
    Search::Last,
    chain(5, 16, 0),
    chain(6, 24, 1),
    chain(12, 32, 1),
    chain(18, 48, 1),
    chain(42, 150, 1),
    chain(80, 150, 1),
    chain(160, 200, 2),
    chain(400, 258, 2),
];

/// Returns how a level looks for matches, unless it does not.
pub(super) fn search(level: Level) -> Option<Search> {
    LEVELS.get(usize::from(level.as_u8()).checked_sub(1)?).copied()
}
