"""The other side in Python.

peer.py serve CHAIN KEY     a server; says its port on the first line
peer.py ask ROOTS PORT      a client of nethttp's server; says `ok` if all is as it should be
"""

import http.client
import http.server
import socket
import ssl
import sys
import urllib.request

LARGE = bytes(range(251)) * 20_000


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/port":
            self.answer(str(self.client_address[1]).encode())
        elif self.path == "/large":
            self.answer(LARGE)
        else:
            # The end of the connection ends the body.
            self.send_response(200)
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"hello")
            if self.path == "/closed":
                try:
                    self.connection.unwrap()
                except OSError:
                    pass

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, chain, key):
        super().__init__(("127.0.0.1", 0), Handler)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain, key)
        self.context.set_alpn_protocols(["h2", "http/1.1"])

    def finish_request(self, request, client_address):
        with self.context.wrap_socket(request, server_side=True) as secure:
            super().finish_request(secure, client_address)

    def handle_error(self, request, client_address):
        pass


def serve(chain, key):
    server = Server(chain, key)
    print(server.server_address[1], flush=True)
    server.serve_forever()


def ask(roots, port):
    context = ssl.create_default_context(cafile=roots)
    # Whoever closes has to say so.
    context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    url = f"https://localhost:{port}"
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    for body in (None, b"hello", LARGE):
        with opener.open(url, data=body, timeout=30) as response:
            assert response.read() == (body or b""), body and len(body)

    connection = http.client.HTTPSConnection("127.0.0.1", int(port), timeout=30, context=context)
    connection.connect()
    secure = connection.sock
    for body in (b"one", LARGE, b"three"):
        connection.request("POST", "/", body)
        assert connection.getresponse().read() == body
        assert connection.sock is secure
    print(secure.version())

    for name, trusted in (("b.test", roots), ("localhost", None)):
        other = ssl.create_default_context(cafile=trusted)
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
                other.wrap_socket(plain, server_hostname=name)
        except ssl.SSLCertVerificationError:
            continue
        raise AssertionError(f"{name} is not refused")
    print("ok")


if __name__ == "__main__":
    {"serve": serve, "ask": ask}[sys.argv[1]](*sys.argv[2:])
