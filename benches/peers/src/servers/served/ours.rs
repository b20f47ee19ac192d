//! nethttp: `Server` with a closure.

use std::error::Error;
use std::net::Ipv4Addr;
use std::path::Path;

use nethttp::server::Limits;
use nethttp::{Body, Request, Response, Server, StatusCode};

use crate::servers::contract::{self, FILLING, HELLO, PIECES, Route, STREAM};

/// More than any row opens, and more than any row sends.
const LIMITS: Limits = Limits::DEFAULT.connections(20_000).body(1 << 30);

pub(super) fn serve(port: u16, root: &Path) -> Result<(), Box<dyn Error>> {
    let root = root.to_owned();
    let server = Server::bind((Ipv4Addr::LOCALHOST, port))?.limits(LIMITS);
    Ok(server.run(move |request: &mut Request| answer(request, &root))?)
}

fn answer(request: &mut Request, root: &Path) -> Response {
    let body: Body = match Route::of(request.path()) {
        Route::Hello => HELLO.into(),
        Route::Pieces => Body::writer(|out| {
            PIECES.iter().try_for_each(|piece| {
                out.write_all(piece.as_bytes())?;
                out.flush()
            })
        }),
        Route::Stream => Body::writer(|out| {
            (0..STREAM / FILLING.len() as u64).try_for_each(|_| out.write_all(&FILLING))
        }),
        Route::Upload => match contract::count(request.body_mut()) {
            Ok(len) => len.to_string().into(),
            Err(_) => return Response::new(StatusCode::BAD_REQUEST),
        },
        Route::File(name) => match contract::open(root, name) {
            Ok((file, len)) => Body::file(file, 0..len),
            Err(_) => return Response::new(StatusCode::NOT_FOUND),
        },
        Route::Unknown => return Response::new(StatusCode::NOT_FOUND),
    };
    Response::new(StatusCode::OK).with_body(body)
}
