"""Compresses and decompresses with zlib.

    streams.py write    writes contents, and streams that stand for them, to standard output
    streams.py read     reads streams from standard input, each with what it should stand for

A record is a label (one byte of length), a format (one byte: 0 for none, 1 for zlib, 2 for gzip), and two
strings of bytes, each behind four bytes of length: the content and the stream. All numbers are big-endian.
"""

import random
import struct
import sys
import zlib

FLUSHES = {"sync": zlib.Z_SYNC_FLUSH, "full": zlib.Z_FULL_FLUSH, "block": zlib.Z_BLOCK}
STRATEGIES = {
    "default": zlib.Z_DEFAULT_STRATEGY,
    "filtered": zlib.Z_FILTERED,
    "huffman": zlib.Z_HUFFMAN_ONLY,
    "rle": zlib.Z_RLE,
    "fixed": zlib.Z_FIXED,
}


def contents():
    chance = random.Random(1951)
    words = [bytes(chance.choices(b"etaoinshrdlu", k=chance.randint(1, 9))) for _ in range(300)]
    text = b" ".join(chance.choices(words, k=2500))
    records = b"".join(struct.pack("<IHBd", n, n % 7, n % 3, n / 9) for n in range(700))
    yield "empty", b""
    yield "short", b"a"
    yield "zeros", bytes(7000)
    yield "random", chance.randbytes(3000)
    yield "text", text
    yield "periodic", bytes(range(251)) * 40
    yield "binary", records
    yield "skewed", bytes(min(255, int(chance.expovariate(0.3))) for _ in range(6000))
    yield "mixed", text[:3000] + chance.randbytes(500) + bytes(900) + text[1000:5000]


def large():
    chance = random.Random(1952)
    far = chance.randbytes(32768)
    yield "far", far + far[:20000] + far
    yield "long", b"".join(b"%d %d\n" % (n, n * n % 977) for n in range(9000))


def compressed(content, level=6, wbits=15, memory=8, strategy=0, flush=None):
    compressor = zlib.compressobj(level, zlib.DEFLATED, wbits, memory, strategy)
    if flush is None:
        return compressor.compress(content) + compressor.flush()
    chance = random.Random(len(content))
    stream, at = b"", 0
    while at < len(content):
        size = chance.choice([1, 5, 300, 2000])
        stream += compressor.compress(content[at : at + size]) + compressor.flush(flush)
        at += size
    return stream + compressor.flush()


def wbits(form, bits):
    return [-bits, bits, 16 + bits][form]


def streams():
    for name, content in contents():
        for number, (strategy, value) in enumerate(STRATEGIES.items()):
            for level in range(10):
                form = (number + level) % 3
                stream = compressed(content, level, wbits(form, 15), strategy=value)
                yield f"{name} level {level} {strategy}", form, content, stream
        for form in range(3):
            for bits in range(9, 16):
                stream = compressed(content, 6, wbits(form, bits), memory=1 + bits % 9)
                yield f"{name} window {bits}", form, content, stream
        for form, (flush, value) in enumerate(FLUSHES.items()):
            for level in (0, 1, 6):
                stream = compressed(content, level, wbits(form, 15), flush=value)
                yield f"{name} level {level} flush {flush}", form, content, stream
    for name, content in large():
        for level in (0, 1, 5, 9):
            yield f"{name} level {level}", 2, content, compressed(content, level, 31)


def field(octets):
    return struct.pack(">I", len(octets)) + octets


def write():
    for label, form, content, stream in streams():
        label = label.encode()
        record = struct.pack(">B", len(label)) + label + bytes([form])
        sys.stdout.buffer.write(record + field(content) + field(stream))


def read():
    octets = memoryview(sys.stdin.buffer.read())
    count = 0

    def take(length):
        nonlocal octets
        taken, octets = bytes(octets[:length]), octets[length:]
        assert len(taken) == length
        return taken

    while octets:
        label = take(take(1)[0]).decode()
        (form,) = take(1)
        content = take(*struct.unpack(">I", take(4)))
        stream = take(*struct.unpack(">I", take(4)))
        decompressor = zlib.decompressobj(wbits(form, 15))
        found = decompressor.decompress(stream)
        assert found == content, f"{label}: other data"
        assert decompressor.eof and not decompressor.unused_data, f"{label}: another end"
        count += 1
    print(count)


{"write": write, "read": read}[sys.argv[1]]()
