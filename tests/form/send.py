"""Sends forms by Requests. The argument is the server's URL."""

import sys

import requests

fields = [
    ("text", "plain"),
    ("empty", ""),
    ("lines", "one\r\ntwo"),
    ('quo"te\r\nback\\slash', "--"),
    ("größe", "多"),
    ("bytes", b"\0\r\n"),
]
files = [
    ("file", ('a"b\r\n.txt', b"\0\r\n--", "text/plain", {"X-Note": "yes"})),
    ("file", ("naïve 多.bin", b"")),
    ("folder", ("dir\\file; name=x.txt", "x")),
]
session = requests.Session()
session.trust_env = False
session.post(sys.argv[1] + "requests-form", data=fields, files=files)
pairs = [("text", "a b+c&d=e%"), ("lines", "one\r\ntwo"), ("größe", "多"), ("text", "")]
session.post(sys.argv[1] + "requests-pairs", data=pairs)
