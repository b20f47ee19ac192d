//! The smallest server: `cargo run --example hello`, then open <http://127.0.0.1:8080/>.

fn main() -> nethttp::Result<()> {
    nethttp::serve("127.0.0.1:8080", |_: &mut nethttp::Request| "Hello, World!\n")
}
