//! Subjects that take turns, round after round, each with a process of its own: how they are chosen, and what
//! becomes of those that fail.

/// What became of the subjects of a row: a result each, or why there is none.
pub type Outcomes<T> = Vec<(&'static str, Result<T, String>)>;

/// Finds everything that a list names.
///
/// # Errors
///
/// Says which name there is not, and which there are.
pub fn chosen<T>(
    list: &str,
    find: impl Fn(&str) -> Option<T>,
    names: impl Iterator<Item = &'static str>,
) -> Result<Vec<T>, String> {
    let found = list.split(',').map(|name| find(name).ok_or(name)).collect::<Result<_, _>>();
    found.map_err(|name| {
        format!("no such name: {name}; there are {}", names.collect::<Vec<_>>().join(" "))
    })
}

/// Prepares something for each subject, by its place, and then gives each its turns with it, round after round, there and
/// back again: a machine that becomes slower is so for all, and none always follows the same other. A subject that fails
/// has no further turn.
pub fn in_turn<R, T>(
    rounds: usize,
    running: &Outcomes<R>,
    prepare: impl Fn(usize, &R) -> Result<T, String>,
    turn: impl Fn(&mut T, &R) -> Result<(), String>,
) -> Outcomes<T> {
    let mut outcomes: Outcomes<T> = running
        .iter()
        .enumerate()
        .map(|(index, (name, running))| {
            let running = running.as_ref().map_err(Clone::clone);
            (*name, running.and_then(|running| prepare(index, running)))
        })
        .collect();
    let forth: Vec<usize> = (0..outcomes.len()).collect();
    let back: Vec<usize> = forth.iter().rev().copied().collect();
    for round in 0..rounds {
        for &index in if round % 2 == 0 { &forth } else { &back } {
            let ((_, outcome), (_, running)) = (&mut outcomes[index], &running[index]);
            let (Ok(so_far), Ok(running)) = (outcome.as_mut(), running) else { continue };
            if let Err(error) = turn(so_far, running) {
                *outcome = Err(error);
            }
        }
    }
    outcomes
}

/// Prints why there are no figures.
pub fn failures<T>(outcomes: &Outcomes<T>) {
    let failed =
        outcomes.iter().filter_map(|(name, outcome)| Some((name, outcome.as_ref().err()?)));
    for (index, (name, error)) in failed.enumerate() {
        println!("{}- {name}: {error}", if index == 0 { "\n" } else { "" });
    }
}

/// Returns the middle of the values, of which there is at least one.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    crate::measure::median(values.collect())
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn turns_go_there_and_back_and_a_failure_is_the_last() {
        let running: Outcomes<char> =
            vec![("a", Ok('a')), ("b", Ok('b')), ("c", Ok('c')), ("d", Err("x".to_owned()))];
        let order = RefCell::new(String::new());
        let outcomes = in_turn(
            3,
            &running,
            |index, _| Ok(index),
            |turns, name| {
                order.borrow_mut().push(*name);
                *turns += 1;
                if (*turns, *name) == (3, 'b') { Err("tired".to_owned()) } else { Ok(()) }
            },
        );
        assert_eq!(order.into_inner(), "abccbaac");
        let expected = [Ok(3), Err("tired".to_owned()), Ok(5), Err("x".to_owned())];
        assert!(outcomes.into_iter().map(|(_, outcome)| outcome).eq(expected));
    }
}
