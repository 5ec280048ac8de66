"""Writes docs/plugins/abi.md from the comments of sdk/include/skops/plugin.h, and into docs/plugins/stability.md
what they and those of core/include/skops/skops.h promise: `generate_abi_reference.py`.

With --check, writes nothing and says (exit status 1) whether the pages are others. Standard library only.
"""

import pathlib
import re
import sys

import header_stability as stability

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADER = ROOT / "sdk/include/skops/plugin.h"
PAGE = ROOT / "docs/plugins/abi.md"
C_HEADER = ROOT / "core/include/skops/skops.h"
PROMISES = ROOT / "docs/plugins/stability.md"
TOP = """# The binary boundary, function by function

<!-- Written by scripts/generate_abi_reference.py from sdk/include/skops/plugin.h; do not edit. -->

Every declaration of [plugin.h](../../sdk/include/skops/plugin.h), with what its comment says of it. Plugins in
C++ use [the layer over it](../../sdk/include/skops/sdk) instead. Members of a struct are as old as the struct
where they say nothing else; [stability.md](stability.md#every-function) says of each function what may change,
and [the layout](../../sdk/abi/layout-1.0.txt) is compared by a test.

"""
SECTION = re.compile(r"/\* -{2,} ?(.+?) -{2,} \*/")
COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)


def words(comment):
    lines = [re.sub(r"^\s*\*? ?", "", line).rstrip() for line in comment.strip().splitlines()]
    return " ".join(line.strip() for line in lines if line.strip())


def escaped(text):
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def rules(text):
    """The comment at the top of the header, its list kept as a list."""
    body = COMMENT.search(text).group(1)
    out = []
    for line in body.splitlines():
        line = re.sub(r"^\s*\*( |$)", "", line).rstrip()
        if re.match(r"\s*- ", line):
            out.append("- " + line.strip()[2:])
        elif out and out[-1] and line.strip() and line.startswith("   "):
            out[-1] += " " + line.strip()
        else:
            out.append(line.strip())
    return escaped("\n".join(out).strip()) + "\n"


def members(body):
    """(declaration, comment) of each field of a struct; a comment before, behind or between."""
    at, pending, rows = 0, "", []
    token = re.compile(r"\s*(?:/\*(?P<comment>.*?)\*/|(?P<code>[^;/]+;)(?:[ \t]*/\*(?P<behind>.*?)\*/)?)", re.DOTALL)
    while found := token.match(body, at):
        at = found.end()
        if found["comment"] is not None:
            text = words(found["comment"])
            pending = "" if text.startswith("--") else text
            if text.startswith("--"):
                rows.append((None, text.strip("- ").strip()))
            continue
        rows.append((" ".join(found["code"].split()), " ".join(filter(None, [pending, words(found["behind"] or "")]))))
        pending = ""
    if body[at:].strip():
        raise SystemExit(f"cannot read: {body[at:at + 80]!r}")
    return rows


def struct(name, comment, body):
    text, promise = stability.split(comment)
    out = f"### `{name}`\n\n" + (escaped(text) + "\n\n" if text else "")
    out += f"*{escaped(str(promise))}*\n\n" if promise else ""
    out += "| member | |\n|---|---|\n"
    for code, text in members(body):
        out += f"| **{escaped(text)}** | |\n" if code is None else f"| `{code[:-1].replace('|', chr(92) + '|')}` | {escaped(text)} |\n"
    return out + "\n"


def page(text):
    out = TOP + "## Rules that hold everywhere\n\n" + rules(text) + "\n"
    inside = text[text.index("#define SKOPS_ABI_MAJOR"):text.index("/* The entry point:")]
    token = re.compile(
        r"(?P<section>/\* -{2,}.*?\*/)|/\*(?P<comment>.*?)\*/"
        r"|typedef struct (?P<struct>\w+) \{(?P<body>.*?)\n\} \w+;"
        r"|#define (?P<macro>\w+(?:\([^)]*\))?)(?P<value>(?:\\\n|[^\n/])*)(?:/\*(?P<behind>.*?)\*/)?"
        r"|(?P<other>typedef [^;{]+;)(?:[ \t]*/\*(?P<note>.*?)\*/)?", re.DOTALL)
    pending, end, table = "", 0, False
    for found in token.finditer(inside):
        apart = inside[end:found.start()].count("\n") > 1
        end = found.end()
        if apart and not found["struct"] and not found["macro"] and not found["other"]:
            table = False
        if found["section"]:
            out += f"## {SECTION.match(found['section']).group(1)}\n\n"
            pending, table = "", False
        elif found["comment"] is not None:
            pending = words(found["comment"])
            table = False
        elif found["struct"]:
            out += "\n" + struct(found["struct"], pending, found["body"])
            pending, table = "", False
        else:
            code = found["macro"] or " ".join(found["other"].split())[:-1]
            value = " ".join((found["value"] or "").replace("\\\n", " ").split())
            note = words(found["behind"] or found["note"] or "")
            if pending:
                out += ("\n" if table else "") + escaped(pending) + "\n\n"
                pending, table = "", False
            if not table:
                out += "| declaration | |\n|---|---|\n"
                table = True
            out += f"| `{' '.join(filter(None, [code, value]))}` | {escaped(note)} |\n"
            following = inside[end:].lstrip(" \t")
            if following.startswith("\n\n"):
                out += "\n"
                table = False
    return re.sub(r"\n{3,}", "\n\n", out).rstrip("\n") + "\n"


def names(text):
    """What a page must have: every function and field of every struct."""
    return set(re.findall(r"\(\*(\w+)\)\(", text)) | set(re.findall(r"^typedef struct (\w+) \{", text, re.MULTILINE))


def main():
    text = HEADER.read_text()
    wanted = page(text)
    missing = [name for name in sorted(names(text)) if name not in wanted]
    if missing:
        print(f"the page would miss {missing}")
        return 1
    rows, findings = stability.promises(text, C_HEADER.read_text(), ROOT / "sdk/abi")
    for finding in findings:
        print(finding)
    if findings:
        return 1
    pages = {PAGE: wanted, PROMISES: stability.with_tables(PROMISES.read_text(), rows)}
    status = 0
    for path, content in pages.items():
        if "--check" not in sys.argv:
            path.write_text(content)
        elif not path.exists() or path.read_text() != content:
            print(f"{path.relative_to(ROOT)} is not what the headers say: run scripts/{pathlib.Path(__file__).name}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
