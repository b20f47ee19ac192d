//! What the client is told by strangers and by files.

mod address;
mod bypass;
mod netrc;
mod note;
mod redirect;
mod talk;

pub use redirect::redirect;

/// Proxies, by the first line: whom they are for (`no_proxy`), where they are (`address`), and what they say
/// (`socks5`, `connect`). A list covers whom a naive reading of it covers; an address is what splitting its text gives, and
/// shows no password; a conversation comes to the end that a reading of the whole answer at once comes to, and leaves
/// every byte behind it unread.
pub fn proxy(data: &[u8]) {
    let (about, rest) = first_line(data);
    match about {
        b"no_proxy" => bypass::covers_whom_it_names(rest),
        b"address" => address::is_what_it_says(rest),
        b"socks5" => talk::socks(rest),
        b"connect" => talk::connect(rest),
        _ => {}
    }
}

/// Files, by the first line: `netrc`, which is read as by a naive reader, and the same when it is written anew; and the
/// `note` of a download, which is believed only if it is to the letter what is written.
pub fn client_file(data: &[u8]) {
    let (about, rest) = first_line(data);
    match about {
        b"netrc" => netrc::reads_as_the_model(rest),
        b"note" => note::is_believed_to_the_letter(rest),
        _ => {}
    }
}

/// The first line, and what is behind it.
fn first_line(data: &[u8]) -> (&[u8], &[u8]) {
    let end = data.iter().position(|&octet| octet == b'\n');
    end.map_or((data, &[]), |end| (&data[..end], &data[end + 1..]))
}
