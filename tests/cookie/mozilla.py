"""Reads and writes cookie files with http.cookiejar.

    mozilla.py receive URL OUT FIELD..   saves what a response with these Set-Cookie fields sets
    mozilla.py copy URL IN OUT           loads a file, prints the Cookie field for a URL, saves it again
    mozilla.py count IN                  prints how many cookies it loads without ignore_expires
"""

import email.message
import sys
import urllib.request
from http.cookiejar import MozillaCookieJar


class Response:
    def __init__(self, fields):
        self.message = email.message.Message()
        for field in fields:
            self.message["Set-Cookie"] = field

    def info(self):
        return self.message


def main(command, *arguments):
    if command == "receive":
        url, out, *fields = arguments
        jar = MozillaCookieJar(out)
        jar.extract_cookies(Response(fields), urllib.request.Request(url))
        jar.save(ignore_discard=True, ignore_expires=True)
    elif command == "copy":
        url, source, out = arguments
        jar = MozillaCookieJar(source)
        jar.load(ignore_discard=True, ignore_expires=True)
        jar.save(out, ignore_discard=True, ignore_expires=True)
        # What is left expires at 0, which is the session.
        for cookie in jar:
            if cookie.expires == 0:
                cookie.expires, cookie.discard = None, True
        request = urllib.request.Request(url)
        jar.add_cookie_header(request)
        print(request.get_header("Cookie", ""))
    elif command == "count":
        jar = MozillaCookieJar(*arguments)
        jar.load(ignore_discard=True)
        print(len(jar))


main(*sys.argv[1:])
