"""A forward proxy: requests in absolute form, and tunnels.

`GET /seen` of the proxy itself returns what it has seen, a line in JSON for each request. With an argument,
`user:password`, it wants to know who asks.
"""

import base64
import http.client
import http.server
import json
import socket
import sys
import threading
from urllib.parse import urlsplit

LOGIN = sys.argv[1] if len(sys.argv) > 1 else None
# RFC 9110, section 7.6.1, and what is meant for the proxy.
OF_ONE_CONNECTION = {
    'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer',
    'transfer-encoding', 'upgrade',
}
seen = []


def goes_on(fields):
    return [(name, value) for name, value in fields if name.lower() not in OF_ONE_CONNECTION]


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *arguments):
        pass

    def answer(self, status, content, *fields):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(content)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(content)

    def admits(self):
        seen.append(json.dumps({
            'method': self.command, 'target': self.path, 'connection': self.client_address[1],
            'fields': {name.lower(): value for name, value in self.headers.items()},
        }))
        wanted = LOGIN and 'Basic ' + base64.b64encode(LOGIN.encode()).decode()
        if wanted and self.headers['Proxy-Authorization'] != wanted:
            self.close_connection = True
            self.answer(407, b'who?', ('Proxy-Authenticate', 'Basic realm="proxy"'), ('Connection', 'close'))
            return False
        return True

    def forward(self):
        if self.path == '/seen':
            return self.answer(200, '\n'.join(seen).encode())
        content = self.rfile.read(int(self.headers['Content-Length'] or 0))
        if not self.admits():
            return
        url = urlsplit(self.path)
        try:
            origin = http.client.HTTPConnection(url.netloc, timeout=20)
            target = (url.path or '/') + ('?' + url.query if url.query else '')
            origin.putrequest(self.command, target, skip_host=True, skip_accept_encoding=True)
            for name, value in goes_on(self.headers.items()):
                origin.putheader(name, value)
            origin.endheaders(content)
            response = origin.getresponse()
            received = response.read()
        except OSError:
            return self.answer(502, b'nobody is there')
        self.send_response_only(response.status, response.reason)
        for name, value in goes_on(response.getheaders()):
            if name.lower() != 'content-length':
                self.send_header(name, value)
        self.send_header('Via', '1.1 tester')
        if response.status not in (204, 304):
            of_head = response.headers['Content-Length'] if self.command == 'HEAD' else None
            self.send_header('Content-Length', of_head or str(len(received)))
        self.end_headers()
        self.wfile.write(received)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = forward

    def do_CONNECT(self):
        self.close_connection = True
        if not self.admits():
            return
        host, port = self.path.rsplit(':', 1)
        try:
            origin = socket.create_connection((host.strip('[]'), int(port)), 20)
        except OSError:
            return self.answer(502, b'nobody is there')
        self.send_response_only(200, 'Connection established')
        self.end_headers()
        there = threading.Thread(target=pump, args=(self.connection, origin), daemon=True)
        there.start()
        pump(origin, self.connection)
        there.join()


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print(f'http://127.0.0.1:{server.server_address[1]}', flush=True)
server.serve_forever()
