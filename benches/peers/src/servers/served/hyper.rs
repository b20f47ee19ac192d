//! hyper on tokio's threads, a task for a connection, as its guide shows it, and with what its guide leaves
//! out: without `TCP_NODELAY` a body in pieces waits 40 ms for an acknowledgement, and so do answers to pipelined
//! requests without `pipeline_flush`. Files come from `tokio::fs` in pieces of 64 KiB.

use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::TcpListener;

use crate::servers::contract::{FILLING, HELLO, PIECE, PIECES, Route, STREAM};

pub(super) fn serve(port: u16, root: &Path) -> Result<(), Box<dyn Error>> {
    let root: Arc<Path> = root.into();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let root = Arc::clone(&root);
            tokio::spawn(async move {
                let service = service_fn(move |request| answer(request, Arc::clone(&root)));
                let mut builder = http1::Builder::new();
                builder.timer(TokioTimer::new()).pipeline_flush(true);
                let _ = builder.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    })
}

async fn answer(
    request: Request<Incoming>,
    root: Arc<Path>,
) -> Result<Response<Content>, Infallible> {
    let mut response = Response::new(Content::Whole(Bytes::new()));
    *response.body_mut() = match Route::of(request.uri().path()) {
        Route::Hello => Content::Whole(Bytes::from_static(HELLO.as_bytes())),
        Route::Pieces => Content::Pieces(PIECES.iter()),
        Route::Stream => Content::Stream(STREAM / FILLING.len() as u64),
        Route::Upload => match count(request.into_body()).await {
            Ok(len) => Content::Whole(len.to_string().into()),
            Err(_) => {
                *response.status_mut() = StatusCode::BAD_REQUEST;
                return Ok(response);
            }
        },
        Route::File(name) => match open(&root, name).await {
            Ok((file, left)) => Content::File(file, left),
            Err(_) => {
                *response.status_mut() = StatusCode::NOT_FOUND;
                return Ok(response);
            }
        },
        Route::Unknown => {
            *response.status_mut() = StatusCode::NOT_FOUND;
            return Ok(response);
        }
    };
    Ok(response)
}

async fn open(root: &Path, name: &str) -> io::Result<(File, u64)> {
    let file = File::open(root.join("static").join(name)).await?;
    let len = file.metadata().await?.len();
    Ok((file, len))
}

async fn count(mut body: Incoming) -> hyper::Result<u64> {
    let mut len = 0;
    while let Some(frame) = body.frame().await {
        len += frame?.data_ref().map_or(0, |data| data.len() as u64);
    }
    Ok(len)
}

/// The bodies of the contract.
enum Content {
    Whole(Bytes),
    Pieces(std::slice::Iter<'static, &'static str>),
    /// So many more pieces.
    Stream(u64),
    /// So many more bytes.
    File(File, u64),
}

impl Body for Content {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let data = match self.get_mut() {
            Self::Whole(bytes) if bytes.is_empty() => None,
            Self::Whole(bytes) => Some(std::mem::take(bytes)),
            Self::Pieces(pieces) => pieces.next().map(|piece| Bytes::from_static(piece.as_bytes())),
            Self::Stream(0) | Self::File(_, 0) => None,
            Self::Stream(left) => {
                *left -= 1;
                Some(Bytes::from_static(&FILLING))
            }
            Self::File(file, left) => {
                let mut buf = vec![0; PIECE];
                let mut read = ReadBuf::new(&mut buf);
                ready!(Pin::new(file).poll_read(context, &mut read))?;
                let len = read.filled().len();
                buf.truncate(len);
                *left = left.saturating_sub(len as u64);
                (len > 0).then(|| buf.into())
            }
        };
        Poll::Ready(data.map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::File(_, left) => SizeHint::with_exact(*left),
            Self::Pieces(_) | Self::Stream(_) => SizeHint::default(),
        }
    }
}
