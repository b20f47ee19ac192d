//! The peers' half. Nobody waits: the executor asks again until there is something.

use std::convert::Infallible;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use futures_core::Stream;
use multiparty::server::sans_io::{FormData, Read};

use super::inputs::{BOUNDARY, PIECE};

/// A form in pieces that are not copied. Behind each one there is nothing for once, as on a connection:
/// what is there already, multer puts into its buffer before it looks at it.
struct Pieces {
    form: Bytes,
    is_due: bool,
}

impl Stream for Pieces {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.is_due = !self.is_due;
        if !self.is_due {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let len = self.form.len().min(PIECE);
        Poll::Ready((len > 0).then(|| Ok(self.form.split_to(len))))
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let (mut future, mut context) = (pin!(future), Context::from_waker(Waker::noop()));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// Reads a form in pieces: names and contents go nowhere. Returns how many bytes are content.
pub fn multer(form: &Bytes) -> usize {
    let pieces = Pieces { form: form.clone(), is_due: false };
    let mut form = multer::Multipart::new(pieces, BOUNDARY);
    block_on(async {
        let mut content = 0;
        while let Some(mut field) = form.next_field().await.expect("a form") {
            black_box((field.name(), field.file_name()));
            while let Some(data) = field.chunk().await.expect("content") {
                content += black_box(data).len();
            }
        }
        content
    })
}

/// Reads a form in pieces: names and contents go nowhere. Returns how many bytes are content.
pub fn multiparty(form: &Bytes) -> usize {
    let (mut rest, mut form, mut content) = (form.clone(), FormData::new(BOUNDARY), 0);
    loop {
        match form.read().expect("a form") {
            Read::NeedsWrite if rest.is_empty() => form.write_eof(),
            Read::NeedsWrite => {
                let piece = rest.split_to(rest.len().min(PIECE));
                form.write(piece).expect("it asked for more");
            }
            Read::NewPart { headers } => {
                let headers = headers.parse().expect("a header");
                black_box((headers.name, headers.filename));
            }
            Read::Part(data) => content += black_box(data).len(),
            Read::PartEof | Read::None => {}
            Read::Eof => return content,
        }
    }
}

/// Reads all pairs. Returns how many there are.
pub fn urlencoded(form: &[u8]) -> usize {
    form_urlencoded::parse(form).map(black_box).count()
}
