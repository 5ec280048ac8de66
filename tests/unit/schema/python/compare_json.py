"""Compares libskops' JSON parser with Python's json module.

What Python writes must be read back to the last bit; what Python refuses must be refused; what
Python reads and libskops refuses must be one of the named rules below.
"""

import json
import math
import random
import struct
import subprocess
import sys

RULES = {
    "json.duplicate-key", "json.surrogate", "json.number", "json.byte-order-mark", "json.utf8",
    "limit.json_depth",
}


def canonical(value):
    """The form that json_dump prints."""
    if value is None:
        return "n"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int):
        return f"i{value}"
    if isinstance(value, float):
        if math.isnan(value):
            value = math.nan
        return "d" + struct.pack(">d", value).hex()
    if isinstance(value, str):
        return "s" + value.encode("utf-8", "surrogatepass").hex()
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return "{" + ",".join(f"{canonical(k)}:{canonical(v)}" for k, v in value.items()) + "}"


def random_text(rng):
    alphabet = 'ab"\\/\b\n\t\x00\x1f\x7f é漢😀\u2028' + "NaN Infinity 0.5 null"
    return "".join(rng.choice(alphabet) for _ in range(rng.randrange(rng.choice([3, 12, 400]))))


def random_value(rng, depth=0):
    kind = rng.randrange(9 if depth < 5 else 6)
    if kind == 0:
        return rng.choice([None, True, False, math.nan, math.inf, -math.inf])
    if kind == 1:
        return rng.choice([1, -1]) * rng.getrandbits(rng.choice([1, 8, 31, 63, 64, 65, 200]))
    if kind in (2, 3):
        value = struct.unpack(">d", rng.randbytes(8))[0]
        return value if rng.random() < 0.7 else round(rng.uniform(-1e6, 1e6), rng.randrange(8))
    if kind in (4, 5):
        return random_text(rng)
    if kind == 6:
        return [random_value(rng, depth + 1) for _ in range(rng.randrange(6))]
    many = rng.choice([3, 8, 40])
    return {random_text(rng): random_value(rng, depth + 1) for _ in range(rng.randrange(many))}


def damaged(rng, text):
    data = bytearray(text)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(data) + 1)
        piece = rng.choice([b"", b",", b'"', b"\\", b"0", b"-", b"e", b".", b"N", b"NaN", b"Infinity",
                            b"\\ud83d", b"\xff", b"\xed\xa0\x80", b"[", b"}", b" ", b"\x00", b"1e5"])
        data[at:at + rng.randrange(3)] = piece
    return bytes(data) or b" "


def texts(rng):
    for _ in range(3000):
        value = random_value(rng)
        text = json.dumps(value, ensure_ascii=rng.random() < 0.5,
                          indent=rng.choice([None, None, 1])).encode("utf-8", "surrogatepass")
        yield text
        yield damaged(rng, text)
    for number in ("0", "-0", "0.0", "-0.0", "1E5", "1e+5", "1e-5", "0e0", "0.1e1", "1e308", "2e308",
                   "5e-324", "2e-324", "1e-400", "00", "1.", "-", "9" * 18, "9" * 19, "9" * 20,
                   "9" * 4300, "9" * 4301, "0." + "3" * 500, "123456789012345678.5",
                   "9007199254740993.0", "1.7976931348623159e308", "-9223372036854775808",
                   "-9223372036854775809", "18446744073709551615", "18446744073709551616"):
        yield number.encode()
        yield b"[" + number.encode() + b"]"


def refuse(name):
    raise ValueError(name)


def python_reads(text, dialect):
    """The canonical form of what Python reads, or None when it refuses."""
    try:
        constant = refuse if dialect == "schema" else None
        return canonical(json.loads(text.decode("utf-8"), parse_constant=constant))
    except (ValueError, RecursionError):
        return None


def main(program):
    rng = random.Random(20261124)
    cases = [(d, t) for t in texts(rng) for d in ("schema", "python")]
    given = b"".join(f"{d} {len(t)}\n".encode() + t for d, t in cases)
    lines = subprocess.run([program], input=given, stdout=subprocess.PIPE,
                           check=True).stdout.decode().splitlines()
    assert len(lines) == len(cases), "one line for each text"
    equal = refused = stricter = 0
    for (dialect, text), line in zip(cases, lines):
        expected = python_reads(text, dialect)
        code = line.removeprefix("error ") if line.startswith("error ") else None
        if code is None:
            # A NaN has one spelling here, whatever its bits.
            assert line == expected, (dialect, text, line, expected)
            equal += 1
        elif expected is None:
            refused += 1
        else:
            assert code in RULES, (dialect, text, line, expected)
            stricter += 1
    print(f"{equal} equal, {refused} refused by both, {stricter} refused by a stricter rule")
    assert equal > 2000 and refused > 2000 and stricter < refused


if __name__ == "__main__":
    main(sys.argv[1])
