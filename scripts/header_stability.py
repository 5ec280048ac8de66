"""What the comments of the C headers promise of each function and struct.

A promise is the end of a comment, right before a declaration or behind a member:

    Since 1.0, stable.                          what may change follows from what it is
    Since 1.0, stable: a host may stop to offer it.
    Since 1.1, provisional: the units may change.       the reason must be there
    Since 1.0, deprecated since 1.2: use node_field.    what to use must be there

In skops.h each function and struct has its own. In plugin.h each struct has one, which its members share;
a member that the released layout of that version (sdk/abi/layout-1.0.txt) lacks needs its own.
Standard library only.
"""

import dataclasses
import re

LINE = re.compile(r"\bSince (\d+\.\d+), (stable|provisional|deprecated since \d+\.\d+)(?:: ([^.]+(?:\.\w[^.]*)*))?\.$")
STRUCT = re.compile(r"^typedef struct (\w+) \{(.*?)\n\} \1;", re.DOTALL | re.MULTILINE)
FUNCTION = re.compile(r"^SKOPS_API [^;]*?(\w+)\(", re.MULTILINE)
BEFORE = re.compile(r"/\*((?:(?!\*/).)*)\*/\s*\Z", re.DOTALL)
MEMBER = re.compile(r"\s*(?:/\*(?P<comment>.*?)\*/|(?P<code>[^;/{]+(?:\{[^}]*\}[^;]*)?;)"
                    r"(?:[ \t]*/\*(?P<behind>.*?)\*/)?)", re.DOTALL)
BEGIN, END = "<!-- begin: written by scripts/generate_abi_reference.py from the headers; do not edit -->", "<!-- end -->"


@dataclasses.dataclass(frozen=True)
class Promise:
    since: str
    status: str
    note: str = ""

    def __str__(self):
        return f"Since {self.since}, {self.status}" + (f": {self.note}" if self.note else "") + "."


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    promise: Promise
    usual: str  # what may change, where the promise says nothing
    of: str = ""  # the struct that it is a member of

    def line(self):
        name = f"`{self.of}.{self.name}`" if self.of else f"**`{self.name}`**"
        return f"| {name} | {self.promise.since} | {self.promise.status} | {self.promise.note or self.usual} |\n"


def words(comment):
    lines = [re.sub(r"^\s*\*? ?", "", line).rstrip() for line in comment.strip().splitlines()]
    return " ".join(line.strip() for line in lines if line.strip())


def split(comment):
    """The comment without its promise, and the promise or None."""
    found = LINE.search(comment)
    if not found:
        return comment, None
    return comment[:found.start()].rstrip(), Promise(found[1], found[2], found[3] or "")


def wrong(name, promise):
    if promise is None:
        return f"{name}: its comment has to end with a line as 'Since 1.0, stable.' (scripts/header_stability.py)"
    if promise.status != "stable" and not promise.note:
        return f"{name}: '{promise.status}' needs what may change, or what to use instead, after a colon"
    return None


def before(text, at):
    """The comment right before a declaration, as words."""
    found = BEFORE.search(text[:at])
    return words(found[1]) if found and "\n\n" not in found[0] else ""


def functions_of(body):
    """(name, comment) of the members of a struct that are functions."""
    at, pending = 0, ""
    while found := MEMBER.match(body, at):
        at = found.end()
        if found["comment"] is not None:
            pending = words(found["comment"])
            continue
        name = re.search(r"\(\*\s*(\w+)\)\s*\(", found["code"])
        if name:
            yield name[1], words(found["behind"] or "") or pending
        pending = ""
    if body[at:].strip():
        raise SystemExit(f"cannot read: {body[at:at + 80]!r}")


def grows(body):
    first = re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL).strip()
    return bool(re.match(r"(?:uint64_t|size_t) size;", first))


def struct_row(text, found):
    promise = split(before(text, found.start()))[1]
    usual = "fields are added at its end" if grows(found[2]) else "nothing: it has no size that would tell versions apart"
    return Row(found[1], promise, usual)


def plugin_rows(text, layouts):
    """Structs of the plugin ABI, each followed by its functions. `layouts` is the folder of released ones."""
    released = {path.stem.removeprefix("layout-"): set(path.read_text().splitlines())
                for path in layouts.glob("layout-*.txt")}
    for found in STRUCT.finditer(text):
        row = struct_row(text, found)
        yield row
        known = {" ".join(line.split()[:2]) for line in released.get(row.promise.since, ())} if row.promise else set()
        for name, comment in functions_of(found[2]):
            own = split(comment)[1]
            # Half a line is a mistake, not silence.
            silent = own is None and not re.search(r"\bSince \d", comment)
            shared = row.promise if silent and f"{found[1]} {name}" in known else None
            yield Row(name, own or (shared and Promise(shared.since, shared.status)), "nothing", of=found[1])


def c_rows(text):
    """Structs and functions of the C API, in the header's order."""
    for found in sorted([*STRUCT.finditer(text), *FUNCTION.finditer(text)], key=lambda found: found.start()):
        if found.re is STRUCT:
            yield struct_row(text, found)
        else:
            yield Row(found[1], split(before(text, found.start()))[1], "nothing")


def promises(plugin_header, c_header, layouts):
    """({title: rows}, findings)."""
    tables = {"The binary boundary of plugins, plugin.h": list(plugin_rows(plugin_header, layouts)),
              "The C API of hosts, skops.h": list(c_rows(c_header))}
    findings = [text for rows in tables.values() for row in rows if (text := wrong(row.name, row.promise))]
    return tables, findings


def table(rows):
    return "| | since | status | what may change |\n|---|---|---|---|\n" + "".join(row.line() for row in rows)


def with_tables(page, tables):
    """The page with the tables in place of what stands between the marks."""
    head, rest = page.split(BEGIN)
    tail = rest.split(END, 1)[1]
    return head + BEGIN + "".join(f"\n### {title}\n{table(rows)}" for title, rows in tables.items()) + END + tail
