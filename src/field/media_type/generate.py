#!/usr/bin/env python3
"""Writes table.rs: which media type a file has by its extension, and the other way around.

    npm pack mime-db@1.54.0 && tar xf mime-db-1.54.0.tgz
    python3 src/field/media_type/generate.py package/db.json

The data is that of the npm package `mime-db`, which collects it from IANA, Apache and nginx; its licence
is MIT. Where several types claim an extension, DECISIONS says which one it is. A claim without a decision
stops the script, and so does a decision that decides nothing.

The rule of thumb: a type that is registered with IANA before one that is not, one that programs know
before one that they do not, one that says something before application/octet-stream.
"""

import json
import sys
from pathlib import Path

NAME, VERSION = "mime-db", "1.54.0"

# Extensions that several types claim.
DECISIONS = {
    "3gpp": "video/3gpp",  # RFC 3839; the audio type is for files without pictures, and 3gp is video too
    "aac": "audio/aac",  # registered; x-aac is not
    "ac": "application/pkix-attr-cert",  # RFC 5877; the other is for a phone of 2003
    "asc": "application/pgp-signature",  # RFC 3156: release files beside their download are signatures
    "bdoc": "application/x-bdoc",  # neither is registered, and the x says so
    "bmp": "image/bmp",  # RFC 7903
    "deb": "application/vnd.debian.binary-package",  # registered
    "dll": "application/vnd.microsoft.portable-executable",  # registered
    "dmg": "application/x-apple-diskimage",  # what macOS calls it
    "emf": "image/emf",  # RFC 7903
    "exe": "application/vnd.microsoft.portable-executable",  # registered
    "fdf": "application/fdf",  # registered; vnd.fdf is not
    "ico": "image/vnd.microsoft.icon",  # registered; browsers take both
    "iso": "application/x-iso9660-image",  # says more than octet-stream
    "jpgm": "image/jpm",  # RFC 3745; the video type is Apache's
    "jpm": "image/jpm",  # RFC 3745
    "js": "text/javascript",  # RFC 9239 made application/javascript obsolete
    "key": "application/vnd.apple.keynote",  # registered
    "m4a": "audio/mp4",  # RFC 4337; x-m4a is iTunes' old name
    "mp3": "audio/mpeg",  # RFC 3003; audio/mp3 is a misnomer
    "mp4": "video/mp4",  # RFC 4337: nearly all have pictures, and browsers want to hear it
    "mpg4": "video/mp4",  # as mp4
    "mpp": "application/vnd.ms-project",  # registered; MPD patches are rare and named in MPDs
    "msi": "application/octet-stream",  # x-msdownload is for programs, and this is a database
    "mts": "video/mp2t",  # what cameras write (AVCHD), a transport stream as m2ts
    "numbers": "application/vnd.apple.numbers",  # registered
    "obj": "model/obj",  # registered; drawings of tgif are not seen on the web
    "org": "text/x-org",  # Emacs; calendars of Lotus Organizer are not seen on the web
    "pages": "application/vnd.apple.pages",  # registered
    "pcx": "image/vnd.zbrush.pcx",  # registered; x-pcx is not
    "pdb": "application/vnd.palm",  # registered
    "prc": "application/x-mobipocket-ebook",  # e-books; the model type is for parts of PDF files
    "ra": "audio/x-pn-realaudio",  # that of its playlists, ram
    "rar": "application/vnd.rar",  # registered
    "rtf": "application/rtf",  # registered as text/rtf too; it is no text to a reader, and takes no charset
    "sql": "application/sql",  # RFC 6922
    "stl": "model/stl",  # registered; trust lists are not seen on the web
    "sub": "text/vnd.dvb.subtitle",  # subtitles next to a film are text
    "wav": "audio/wav",  # what browsers and tools say; the registered audio/vnd.wave is said by nobody
    "wmf": "image/wmf",  # RFC 7903
    "wmz": "application/x-msmetafile",  # a compressed metafile; the other is for skins of a media player
    "x3db": "model/x3d+fastinfoset",  # registered
    "x3dv": "model/x3d-vrml",  # registered
    "xfdf": "application/xfdf",  # registered; vnd.adobe.xfdf is not
    "xlf": "application/xliff+xml",  # registered; x-xliff is not
    # RFC 7303 makes the two the same, but recipients from before it take text/xml without a charset for
    # ASCII (RFC 3023), and the encoding is in the file.
    "xml": "application/xml",
    "xsl": "application/xslt+xml",  # registered for it
    "zip": "application/zip",  # registered
}

# Extensions that one type claims, and another one should.
CORRECTIONS = {
    "flac": "audio/flac",  # RFC 9639
    "m4v": "video/mp4",  # MP4 under Apple's name
    "mk3d": "video/matroska-3d",  # RFC 9559
    "mka": "audio/matroska",  # RFC 9559
    "mkv": "video/matroska",  # RFC 9559
    "vcf": "text/vcard",  # RFC 6350
    "yaml": "application/yaml",  # RFC 9512
    "yml": "application/yaml",  # RFC 9512
}

# Extensions that nobody claims, of types that are registered.
ADDITIONS = {
    "parquet": "application/vnd.apache.parquet",  # registered
    "sqlite": "application/vnd.sqlite3",  # registered
    "sqlite3": "application/vnd.sqlite3",  # registered
    "tgz": "application/gzip",  # .tar.gz; tar is what is inside
    "zst": "application/zstd",  # RFC 8878
}

# Extensions that one type claims, rightly, although something else goes by the name or once did. The
# script stops when the claim changes.
CONFIRMED = {
    "avif": "image/avif",  # registered
    "cjs": "application/node",  # registered, for CommonJS; no browser runs it
    "heic": "image/heic",  # registered
    "jxl": "image/jxl",  # registered
    "map": "application/json",  # source maps, ECMA-426
    "md": "text/markdown",  # RFC 7763
    "mjs": "text/javascript",  # RFC 9239
    "opus": "audio/ogg",  # RFC 7845
    "rs": "application/rls-services+xml",  # RFC 4826; Rust has no type
    "svg": "image/svg+xml",
    "ts": "video/mp2t",  # transport streams, which HLS needs; TypeScript has no type
    "wasm": "application/wasm",  # registered, and needed for streaming compilation
    "webmanifest": "application/manifest+json",  # registered
    "woff": "font/woff",  # RFC 8081
    "woff2": "font/woff2",  # RFC 8081
}

# The extension to save a type under, where it is not the first in the database.
PREFERRED = {
    "application/mathematica": "nb",
    "application/postscript": "ps",
    "application/x-pkcs7-certificates": "p7b",
    "application/x-x509-ca-cert": "crt",
    "audio/aac": "aac",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "application/vnd.sqlite3": "sqlite",
    "video/quicktime": "mov",
}

HEADER = """\
//! The media types of 1,200 extensions: data, no code.
//!
//! @generated by `generate.py` from `db.json` of the npm package {name} {version}; do not edit.
//!
//! The data is under this licence, which is that of `LICENSE-MIT`:
//!
//! (The MIT License)
//!
//! Copyright (c) 2014 Jonathan Ong <me@jongleberry.com>
//! Copyright (c) 2015-2022 Douglas Christopher Wilson <doug@somethingdoug.com>
//!
//! Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
//! associated documentation files (the 'Software'), to deal in the Software without restriction,
//! including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense,
//! and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so,
//! subject to the following conditions:
//!
//! The above copyright notice and this permission notice shall be included in all copies or substantial
//! portions of the Software.
//!
//! THE SOFTWARE IS PROVIDED 'AS IS', WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
//! LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN
//! NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY,
//! WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
//! SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def decide(database):
    """Returns the type of each extension, or stops where that is open."""
    claims = {}
    for media_type, entry in database.items():
        for extension in entry.get("extensions", []):
            claims.setdefault(extension, []).append(media_type)
    problems = []
    table = {}
    for extension, types in claims.items():
        if len(types) > 1 and extension not in DECISIONS:
            problems.append(f"{extension} is claimed by {', '.join(types)}: decide")
        table[extension] = types[0]
    for extension in DECISIONS:
        if len(claims.get(extension, [])) < 2:
            problems.append(f"{extension} is no longer disputed: drop the decision")
    for extension, media_type in CORRECTIONS.items():
        if len(claims.get(extension, [])) != 1 or media_type in claims[extension]:
            problems.append(f"{extension} is no longer wrong: drop the correction")
    for extension in ADDITIONS:
        if extension in claims:
            problems.append(f"{extension} is no longer missing: drop the addition")
    for extension, media_type in CONFIRMED.items():
        if claims.get(extension) != [media_type]:
            problems.append(f"{extension} is no longer {media_type} alone: look again")
    table |= DECISIONS | CORRECTIONS | ADDITIONS
    for extension, media_type in table.items():
        if media_type not in database:
            problems.append(f"{extension} is said to be {media_type}, which is no known type")
    if problems:
        sys.exit("\n".join(problems))
    return table


def aliases(database, table):
    """Returns the claims that were turned down: (extension, type)."""
    return {
        (extension, media_type)
        for media_type, entry in database.items()
        for extension in entry.get("extensions", [])
        if table[extension] != media_type
    }


def preferred(database, rows):
    """Returns the extension to be preferred for each type that has several."""
    by_type = {}
    for extension, media_type in sorted(rows):
        by_type.setdefault(media_type, []).append(extension)
    chosen = {}
    for media_type, extensions in by_type.items():
        if len(extensions) == 1:
            continue
        in_order = database[media_type].get("extensions", []) + extensions
        chosen[media_type] = PREFERRED.get(media_type, in_order[0])
        if chosen[media_type] not in extensions:
            sys.exit(f"{media_type} is not the type of .{chosen[media_type]}")
    for media_type in PREFERRED:
        if media_type not in chosen:
            sys.exit(f"{media_type} has one extension at most: drop the preference")
    return chosen


def write(out, doc, name, rows, chosen):
    """Writes rows as one text, which takes a third of the space of a table of slices."""
    out.append("")
    out.extend(f"/// {line}" for line in doc)
    out.append(f'pub(super) static {name}: &str = "\\')
    for extension, media_type in sorted(rows):
        mark = " *" if chosen.get(media_type) == extension else ""
        out.append(f"{extension} {media_type}{mark}")
    out.append('";')


def write_evidence(out, database):
    """Writes what the database knows about compression, for a test."""
    for name, wanted in [("COMPRESSIBLE", True), ("INCOMPRESSIBLE", False)]:
        out.append("")
        out.append(f"/// The types that {NAME} holds for {name.lower()}, text aside.")
        out.append("#[cfg(test)]")
        out.append(f'pub(super) static {name}: &str = "\\')
        for media_type, entry in sorted(database.items()):
            is_text = media_type.startswith("text/") or media_type.endswith(("+json", "+xml"))
            if entry.get("compressible") is wanted and not is_text:
                out.append(media_type)
        out.append('";')


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    source = Path(sys.argv[1])
    package = json.loads((source.parent / "package.json").read_text())
    if (package["name"], package["version"], package["license"]) != (NAME, VERSION, "MIT"):
        sys.exit(f"expected {NAME} {VERSION} under the MIT licence")
    database = json.loads(source.read_text())
    table = decide(database)
    turned_down = aliases(database, table)
    chosen = preferred(database, set(table.items()) | turned_down)
    out = HEADER.format(name=NAME, version=VERSION).splitlines()
    doc = [
        "One line an extension, in order: the extension, its type, and a star where the extension is the",
        "one to prefer among those of the type.",
    ]
    write(out, doc, "EXTENSIONS", table.items(), chosen)
    doc = ["The same for types that other types have taken the extension from."]
    write(out, doc, "ALIASES", turned_down, chosen)
    write_evidence(out, database)
    target = Path(__file__).with_name("table.rs")
    target.write_text("\n".join(out) + "\n", newline="\n")
    print(f"{target}: {len(table)} extensions, {len(turned_down)} aliases")


if __name__ == "__main__":
    main()
