//! nginx with as many workers as it likes, without a log. It makes no body of unknown length by itself.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Writes the configuration.
pub(super) fn prepare(port: u16, root: &Path) -> Result<Command, String> {
    let folder = root.join("nginx");
    let config = folder.join("nginx.conf");
    let text = config_text(port, root);
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&config, text))
        .map_err(|error| error.to_string())?;
    let mut command = Command::new("nginx");
    command.arg("-e").arg("stderr").arg("-p").arg(&folder).arg("-c").arg(&config);
    Ok(command)
}

fn config_text(port: u16, root: &Path) -> String {
    let root = root.display();
    format!(
        "daemon off;
worker_processes auto;
error_log stderr crit;
pid {root}/nginx/pid;
events {{
    worker_connections 16384;
}}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 120s;
    keepalive_requests 1000000000;
    client_max_body_size 0;
    default_type text/plain;
    client_body_temp_path {root}/nginx/body;
    proxy_temp_path {root}/nginx/proxy;
    fastcgi_temp_path {root}/nginx/fastcgi;
    uwsgi_temp_path {root}/nginx/uwsgi;
    scgi_temp_path {root}/nginx/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        root {root};
        location = / {{
            return 200 \"Hello, World!\";
        }}
        location = /upload {{
            return 200 \"$content_length\";
        }}
        location /static/ {{
        }}
    }}
}}
"
    )
}
