"""Writes unicode_runs.inc and decompositions_*.inc from the running Python's own Unicode tables.

    python3 generate_unicode.py            # rewrites the files beside this script
    python3 generate_unicode.py --check    # exit status 1 if they would change

The tables hold what `str.lower`, `str.isalnum`, `str.isspace`, `str.isdecimal`, `unicodedata.normalize`
and `unicodedata.combining` answer, so they are exactly as new as the Unicode version of that Python;
the version is written into the first line. Run it with the newest Python that scikit-learn supports
on the machine at hand.
"""

import pathlib
import sys
import unicodedata

FOLDER = pathlib.Path(__file__).parent
POINTS = [p for p in range(0x110000) if not 0xD800 <= p < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)
SIGMA = "\u03a3"
NOTE = f"// Made by generate_unicode.py from Unicode {unicodedata.unidata_version}; do not edit.\n"


def is_cased(char):
    """Cased and not case-ignorable: decides that a capital sigma after it is a final one."""
    return (char + SIGMA).lower()[-1] == "\u03c2"


def is_ignorable(char):
    return not is_cased(char) and ("A" + char + SIGMA).lower()[-1] == "\u03c2"


def runs(predicate):
    """(gap since the end of the last run, length) of the code points that fulfil it."""
    out, end, length = [], 0, 0
    for point in POINTS:
        if not predicate(chr(point)):
            continue
        if length and point == end + length:
            length += 1
            continue
        if length:
            out.append((start - before, length))
            before = end + length
        else:
            before = 0
        start = end = point
        length = 1
    out.append((start - before, length))
    return [number for run in out for number in run]


def lower_runs():
    """(first, number, step, difference) of the code points whose lower case is one other one."""
    out = []
    for point in POINTS:
        low = chr(point).lower()
        if low == chr(point) or len(low) != 1 or chr(point) == SIGMA:
            continue
        difference = ord(low) - point
        if out:
            first, number, step, last = out[-1]
            gap = point - (first + (number - 1) * step)
            if last == difference and gap <= 2 and (number == 1 or gap == step):
                out[-1] = (first, number + 1, gap, difference)
                continue
        out.append((point, 1, 1, difference))
    return [number for run in out for number in run]


def zigzag(number):
    return 2 * number if number >= 0 else -2 * number - 1


def decompositions():
    """A stream over the code points that NFKD changes or that are combining marks, Hangul left out:
    gap since the last run, 32 * (number of code points - 1) + length of the target, then the
    target, each code point as zigzag difference to the one before it in the stream. In a run of
    several code points the target (of one code point, or none) grows by one each time."""
    entries = []
    for point in POINTS:
        if point in HANGUL:
            continue
        target = [ord(c) for c in unicodedata.normalize("NFKD", chr(point))
                  if not unicodedata.combining(c)]
        if target != [point]:
            entries.append((point, target))
    merged = []
    for point, target in entries:
        if merged:
            first, number, begin = merged[-1]
            if point == first + number and len(target) == len(begin) and (
                    not target or (len(target) == 1 and target[0] == begin[0] + number)):
                merged[-1] = (first, number + 1, begin)
                continue
        merged.append((point, 1, target))
    stream, end, last = [], 0, 0
    for first, number, target in merged:
        stream += [first - end, 32 * (number - 1) + len(target)]
        for point in target:
            stream.append(zigzag(point - last))
            last = point
        end = first + number
        assert len(target) < 32
    return stream


def lines(numbers, width=99):
    out, line = [], ""
    for number in numbers:
        text = f"{number},"
        if len(line) + len(text) > width:
            out.append(line)
            line = ""
        line += text
    return "\n".join(out + [line]) + "\n"


def array(kind, name, numbers):
    return f"inline constexpr std::{kind} {name}[] = {{\n{lines(numbers)}}};\n"


def files():
    check_lower()
    text = NOTE
    text += array("int32_t", "kWordRuns", runs(lambda c: c.isalnum() or c == "_"))
    text += array("int32_t", "kSpaceRuns", runs(str.isspace))
    text += array("int32_t", "kDigitRuns", runs(str.isdecimal))
    text += array("int32_t", "kCasedRuns", runs(is_cased))
    text += array("int32_t", "kIgnorableRuns", runs(is_ignorable))
    text += array("int32_t", "kLowerRuns", lower_runs())
    yield "unicode_runs.inc", text
    stream = decompositions()
    parts, size, part = [], 0, []
    for number in stream:
        part.append(number)
        size += len(str(number)) + 1
        if size > 24000:
            parts.append(part)
            size, part = 0, []
    parts.append(part)
    for k, part in enumerate(parts, 1):
        yield f"decompositions_{k}.inc", NOTE + lines(part)


def check_lower():
    """Only two code points need more than a table of single code points."""
    for point in POINTS:
        assert len(chr(point).lower()) == 1 or point == 0x130, hex(point)
    assert "\u0130".lower() == "i\u0307"


def main():
    stale = False
    for name, text in files():
        path = FOLDER / name
        if "--check" in sys.argv:
            if not path.is_file() or path.read_text() != text:
                print(f"{name} is not what this Python's tables give")
                stale = True
        else:
            path.write_text(text)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
