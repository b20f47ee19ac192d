//! ureq: an `Agent`.

use std::error::Error;

use ureq::Agent;

use super::{Asked, Get, READ, read};

pub(super) fn open(asked: &Asked) -> Result<Get<'_>, Box<dyn Error>> {
    let (agent, mut buf) = (Agent::new_with_defaults(), vec![0; READ]);
    Ok(Box::new(move |sink| {
        let mut response = agent.get(&asked.url).call()?;
        read(&mut response.body_mut().as_reader(), &mut buf, sink)?;
        Ok(response.status().as_u16())
    }))
}
