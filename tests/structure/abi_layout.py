"""`abi_layout.py ROOT [--bless]`: the layout of every struct of the plugin ABI, as the compiler sees it,
against sdk/abi/layout-MAJOR.MINOR.txt. That file is written once, when the minor version begins, and
never changes after its release: plugins built against it exist.

A line is `struct field offset size`, or `struct - - size` for the whole; constants follow. The header
is also compiled as C11 and C++11 with the warnings that a plugin's author may have on, -Wpadded among
them: padding is not portable. Standard library and a compiler only.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

STRUCT = re.compile(r"typedef struct (skops_\w+) \{(.*?)\n\} \1;", re.DOTALL)
FUNCTION = re.compile(r"\(\*\s*(\w+)\)\s*\(")
MEMBER = re.compile(r"(\w+)\s*;")
CONSTANT = re.compile(r"^#define (SKOPS_\w+) (\d+u?)\b", re.MULTILINE)
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wpadded", "-Werror")
LANGUAGES = (("c", "c11"), ("c++", "c++11"), ("c++", "c++20"))


def structs(header):
    """(name, fields) of every struct in the header's order."""
    text = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    found = STRUCT.findall(text)
    assert len(found) == len(re.findall(r"\bstruct \w+ \{", text)), "a struct that is not understood"
    for name, body in found:
        body = re.sub(r"union \{.*?\} (\w+);", r"union_ \1;", body, flags=re.DOTALL)
        fields = []
        for statement in body.split(";"):
            statement = " ".join(statement.split())
            if not statement:
                continue
            found = FUNCTION.search(statement) or MEMBER.search(statement + ";")
            fields.append(found.group(1))
        yield name, fields


def program(header):
    lines = ['#include <skops/plugin.h>', '#include <stdio.h>', 'int main(void) {']
    for name, fields in structs(header):
        lines.append(f'printf("{name} - - %zu\\n", sizeof({name}));')
        for field in fields:
            lines.append(f'printf("{name} {field} %zu %zu\\n", offsetof({name}, {field}), '
                         f'sizeof((({name}*)0)->{field}));')
    return "\n".join([*lines, "return 0; }", ""])


def layout(root):
    header = (root / "sdk/include/skops/plugin.h").read_text()
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "layout.c")
        source.write_text(program(header))
        out = pathlib.Path(folder, "layout")
        include = str(root / "sdk/include")
        subprocess.run(["cc", "-std=c11", "-I", include, str(source), "-o", str(out)], check=True)
        text = subprocess.run([str(out)], check=True, capture_output=True, text=True).stdout
    return text + "".join(f"{name} {value.rstrip('u')}\n" for name, value in CONSTANT.findall(header))


def compiles(root):
    for language, standard in LANGUAGES:
        done = subprocess.run(
            ["cc", "-x", language, f"-std={standard}", *WARNINGS, "-fsyntax-only",
             "-I", str(root / "sdk/include"), "-"],
            input="#include <skops/plugin.h>\n", capture_output=True, text=True)
        if done.returncode != 0:
            yield f"plugin.h as {standard}: {done.stderr}"


def version(text):
    numbers = dict(line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("SKOPS_ABI_"))
    return f"{numbers['SKOPS_ABI_MAJOR']}.{numbers['SKOPS_ABI_MINOR']}"


def main(root, *options):
    root = pathlib.Path(root).resolve()
    text = layout(root)
    path = root / f"sdk/abi/layout-{version(text)}.txt"
    if "--bless" in options:
        path.write_text(text)
    findings = list(compiles(root))
    if not path.is_file():
        findings.append(f"{path.name} is missing: write it with --bless when the version begins")
    elif path.read_text() != text:
        known = path.read_text().splitlines()
        new = text.splitlines()
        findings += [f"{path.name} has: {line}" for line in known if line not in new]
        findings += [f"the header has: {line}" for line in new if line not in known]
        findings += ["the order of fields differs"] if sorted(known) == sorted(new) else []
    # What an older minor laid out stays where it is; structs may have grown at their end.
    for older in (root / "sdk/abi").glob("layout-*.txt"):
        now = set(text.splitlines())
        findings += [f"{older.name} has: {line}" for line in older.read_text().splitlines()
                     if line not in now and " - - " not in line
                     and not line.startswith("SKOPS_ABI_")]
    for finding in dict.fromkeys(findings):
        print(finding)
    print(f"{len(text.splitlines())} lines, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
