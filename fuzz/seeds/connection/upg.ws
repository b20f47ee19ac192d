GET / HTTP/1.1
Host: a
Connection: Upgrade
Upgrade: websocket

RAWDATA