//! khttp, twice: with a thread for a connection and with epoll and a pool of threads. Its third way, a pool
//! in which every connection has a thread to itself, cannot serve more connections than threads.

use std::error::Error;
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;

use khttp::{
    ConnectionSetupAction, Headers, Method, RequestContext, ResponseHandle, Server, Status,
};

use crate::servers::contract::{self, HELLO};

pub(super) fn serve_threads(port: u16, root: &Path) -> Result<(), Box<dyn Error>> {
    Ok(server(port, root)?.serve_threaded()?)
}

pub(super) fn serve_epoll(port: u16, root: &Path) -> Result<(), Box<dyn Error>> {
    Ok(server(port, root)?.serve_epoll()?)
}

fn server(port: u16, root: &Path) -> io::Result<Server> {
    let root = root.to_owned();
    let mut app = Server::builder((Ipv4Addr::LOCALHOST, port))?;
    app.connection_setup_hook(|connection| match connection {
        Ok((stream, _)) if stream.set_nodelay(true).is_ok() => {
            ConnectionSetupAction::Proceed(stream)
        }
        _ => ConnectionSetupAction::Drop,
    });
    app.route(Method::Get, "/", |_, response| response.ok(Headers::empty(), HELLO));
    app.route(Method::Head, "/", |_, response| response.ok0(Headers::empty()));
    app.route(Method::Get, "/pieces", |_, response| response.okr(&chunked(), contract::pieces()));
    app.route(Method::Get, "/stream", |_, response| response.okr(&chunked(), contract::stream()));
    app.route(Method::Post, "/upload", |mut context, response| {
        let len = contract::count(context.body())?;
        response.ok(Headers::empty(), len.to_string())
    });
    app.route(Method::Get, "/static/:name", move |context, response| {
        file(&context, response, &root)
    });
    Ok(app.build())
}

fn chunked() -> Headers<'static> {
    let mut headers = Headers::new();
    headers.set_transfer_encoding_chunked();
    headers
}

fn file(
    context: &RequestContext<'_>,
    response: &mut ResponseHandle<'_>,
    root: &Path,
) -> io::Result<()> {
    let name = context.params.get("name").unwrap_or_default();
    match contract::open(root, name) {
        Ok((file, len)) => {
            let mut headers = Headers::new();
            headers.set_content_length(Some(len));
            response.okr(&headers, file)
        }
        Err(_) => response.send0(&Status::NOT_FOUND, Headers::empty()),
    }
}
