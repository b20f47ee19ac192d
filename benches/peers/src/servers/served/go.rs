//! Go's net/http: a program of its own, which is built where Go is installed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const SOURCE: &str = include_str!("server.go");

/// Builds the program, with everything that Go keeps in the folder.
pub(super) fn prepare(port: u16, root: &Path) -> Result<Command, String> {
    let folder = root.join("go");
    let program = folder.join("server");
    if !program.exists() {
        build(&folder)?;
    }
    let mut command = Command::new(program);
    command.arg(port.to_string()).arg(root);
    Ok(command)
}

fn build(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(folder.join("server.go"), SOURCE))
        .map_err(|error| error.to_string())?;
    let built = Command::new("go")
        .args(["build", "-o", "server", "server.go"])
        .current_dir(folder)
        .env("HOME", folder)
        .env("GOCACHE", folder.join("cache"))
        .env("GOPATH", folder.join("path"))
        .env("GOTOOLCHAIN", "local")
        .env("GO111MODULE", "off")
        .env("GOFLAGS", "")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if built.status.success() {
        return Ok(());
    }
    Err(format!("go build: {}", String::from_utf8_lossy(&built.stderr).trim()))
}
