//! The automaton of one connection: a table, and nothing that goes around it.
//!
//! Both sides keep the state of both. A message is a head, data, and an end; the two sides of a
//! connection send theirs in turn, though a server may answer before the request is complete.
//!
//! ```text
//! client  Idle      --Head-->    Body
//! client  Body      --Data-->    Body
//! client  Body      --End-->     Done
//! client  Body      --LastEnd--> MustClose
//! client  Idle      --Close-->   Closed
//! client  Done      --Close-->   Closed
//! client  MustClose --Close-->   Closed
//! client  Closed    --Close-->   Closed
//! client  Body      --Switch-->  Switched
//! client  Done      --Switch-->  Switched
//! client  MustClose --Switch-->  Switched
//! client  Done      --Next-->    Idle
//! server  Idle      --Turn-->    Waiting
//! server  Idle      --Head-->    Body
//! server  Idle      --Close-->   Closed
//! server  Waiting   --Interim--> Waiting
//! server  Waiting   --Head-->    Body
//! server  Waiting   --Switch-->  Switched
//! server  Waiting   --Close-->   Closed
//! server  Body      --Data-->    Body
//! server  Body      --End-->     Done
//! server  Body      --LastEnd--> MustClose
//! server  Done      --Close-->   Closed
//! server  MustClose --Close-->   Closed
//! server  Closed    --Close-->   Closed
//! server  Done      --Next-->    Idle
//! ```
//!
//! The rules, which the table spells out:
//!
//! - What the table does not have is an error, and an error is for ever.
//! - `LastEnd` is an end after which the connection does not go on: somebody said `close`, spoke
//!   HTTP/1.0 without `keep-alive`, or ended a body by closing.
//! - `Turn` is the client's `Head` as the server's side sees it.
//! - `Next` needs both sides `Done`; so the next request is not read before the last one is answered.
//! - A server that is `Idle` may send a head all the same: the refusal of a request that could not be
//!   read.
//! - `Switch` makes both sides `Switched`: after 101 or a CONNECT that succeeded.

/// Which side of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Client,
    Server,
}

/// Where a side stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Idle,
    /// The server has to answer.
    Waiting,
    Body,
    Done,
    MustClose,
    Closed,
    Switched,
}

/// What a side does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Turn,
    Interim,
    Head,
    Data,
    End,
    LastEnd,
    Close,
    Switch,
    Next,
}

/// The automaton. What happens in every request comes first.
const RULES: [(Side, State, Event, State); 26] = {
    use {Event as E, Side as S, State as T};
    [
        (S::Client, T::Idle, E::Head, T::Body),
        (S::Client, T::Body, E::Data, T::Body),
        (S::Client, T::Body, E::End, T::Done),
        (S::Client, T::Body, E::LastEnd, T::MustClose),
        (S::Client, T::Idle, E::Close, T::Closed),
        (S::Client, T::Done, E::Close, T::Closed),
        (S::Client, T::MustClose, E::Close, T::Closed),
        (S::Client, T::Closed, E::Close, T::Closed),
        (S::Client, T::Body, E::Switch, T::Switched),
        (S::Client, T::Done, E::Switch, T::Switched),
        (S::Client, T::MustClose, E::Switch, T::Switched),
        (S::Client, T::Done, E::Next, T::Idle),
        (S::Server, T::Idle, E::Turn, T::Waiting),
        (S::Server, T::Idle, E::Head, T::Body),
        (S::Server, T::Idle, E::Close, T::Closed),
        (S::Server, T::Waiting, E::Interim, T::Waiting),
        (S::Server, T::Waiting, E::Head, T::Body),
        (S::Server, T::Waiting, E::Switch, T::Switched),
        (S::Server, T::Waiting, E::Close, T::Closed),
        (S::Server, T::Body, E::Data, T::Body),
        (S::Server, T::Body, E::End, T::Done),
        (S::Server, T::Body, E::LastEnd, T::MustClose),
        (S::Server, T::Done, E::Close, T::Closed),
        (S::Server, T::MustClose, E::Close, T::Closed),
        (S::Server, T::Closed, E::Close, T::Closed),
        (S::Server, T::Done, E::Next, T::Idle),
    ]
};

/// Both sides of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Automaton {
    pub(super) client: State,
    pub(super) server: State,
}

/// An event that the table does not have in this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OutOfTurn;

impl Automaton {
    pub(super) const fn new() -> Self {
        Self { client: State::Idle, server: State::Idle }
    }

    /// Lets a side do something.
    pub(super) fn apply(&mut self, side: Side, event: Event) -> Result<(), OutOfTurn> {
        let from = match side {
            Side::Client => self.client,
            Side::Server => self.server,
        };
        let rule = RULES.iter().find(|rule| rule.0 == side && rule.1 == from && rule.2 == event);
        let &(_, _, _, to) = rule.ok_or(OutOfTurn)?;
        match side {
            Side::Client => self.client = to,
            Side::Server => self.server = to,
        }
        Ok(())
    }

    /// The client's head has come: it is the server's turn.
    pub(super) fn request(&mut self) -> Result<(), OutOfTurn> {
        self.apply(Side::Client, Event::Head)?;
        self.apply(Side::Server, Event::Turn)
    }

    /// The server gives the connection over to another protocol.
    pub(super) fn switch(&mut self) -> Result<(), OutOfTurn> {
        self.apply(Side::Server, Event::Switch)?;
        self.apply(Side::Client, Event::Switch)
    }

    /// Both sides go on to the next request.
    pub(super) fn next(&mut self) -> Result<(), OutOfTurn> {
        let before = *self;
        self.apply(Side::Server, Event::Next)?;
        self.apply(Side::Client, Event::Next).inspect_err(|_| *self = before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;

    #[test]
    fn the_diagram_is_the_table() {
        let mut diagram = String::new();
        for (side, from, event, to) in RULES {
            let side = format!("{side:?}").to_lowercase();
            let (from, event) = (format!("{from:?}"), format!("--{event:?}-->"));
            diagram += &format!("//! {side}  {from:9} {event:12} {to:?}\n");
        }
        assert!(include_str!("state.rs").contains(&diagram), "the diagram should be:\n{diagram}");
    }

    #[test]
    fn no_rule_stands_twice() {
        for (index, rule) in RULES.iter().enumerate() {
            let twin = |other: &&(Side, State, Event, State)| {
                (other.0, other.1, other.2) == (rule.0, rule.1, rule.2)
            };
            assert_eq!(RULES.iter().position(|other| twin(&other)), Some(index), "{rule:?}");
        }
    }

    #[test]
    fn next_needs_both_sides_done() {
        let mut automaton = Automaton::new();
        automaton.request().unwrap();
        automaton.apply(Side::Server, Event::Head).unwrap();
        automaton.apply(Side::Server, Event::End).unwrap();
        assert_eq!(automaton.next(), Err(OutOfTurn));
        assert_eq!(automaton.server, State::Done);
        automaton.apply(Side::Client, Event::End).unwrap();
        assert_eq!(automaton.next(), Ok(()));
        assert_eq!((automaton.client, automaton.server), (State::Idle, State::Idle));
    }
}
