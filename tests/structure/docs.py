"""Checks on the documentation: `docs.py RULE ROOT`.

Rules
  links     every relative link of every .md file leads to a file, and its anchor to a heading.
  snippets  a code block after `<!-- from FILE -->` consists of lines of that (compiled) file, in order.
  errors    docs/errors.md has one row for each error code in the sources, and no other.
  limits    docs/limits.md has one row for each limit of limits.hpp and policy_files.hpp, with its default.
  estimators  docs/estimators.md has one row for each class of the sklearn plugin's table, and no other.
  packages  docs/dependencies.md names every package that scripts/setup installs, and no other -dev one.

Prints one line a finding, exit status 1 if there is any. Standard library only.
"""

import pathlib
import re
import sys

SKIPPED = {".git", ".venv", ".venv-all", ".venvs", "demo", "node_modules"}
LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")
SNIPPET = re.compile(r"<!-- from (\S+) -->\n```\w*\n(.*?)```", re.DOTALL)
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]*) \|", re.MULTILINE)


def pages(root):
    for path in sorted(root.rglob("*.md")):
        parts = path.relative_to(root).parts
        if not SKIPPED.intersection(parts) and not parts[0].startswith("build"):
            yield path


def without_code(text):
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(path):
    for line in re.sub(r"^```.*?^```", "", path.read_text(), flags=re.DOTALL | re.MULTILINE).splitlines():
        if line.startswith("#"):
            title = line.lstrip("#").strip().lower()
            yield re.sub(r"[^\w\- ]", "", title).replace(" ", "-")


def check_links(root):
    for page in pages(root):
        for target in LINK.findall(without_code(page.read_text())):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            path = page.parent / name if name else page
            if not path.exists():
                yield f"{page.relative_to(root)}: no such file: {target}"
            elif anchor and path.suffix == ".md" and anchor not in anchors(path):
                yield f"{page.relative_to(root)}: no such heading: {target}"


def lines_of(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def check_snippets(root):
    found = 0
    for page in pages(root):
        for name, block in SNIPPET.findall(page.read_text()):
            found += 1
            source = root / name
            if not source.is_file():
                yield f"{page.relative_to(root)}: no such file: {name}"
                continue
            wanted, known = lines_of(block), lines_of(source.read_text())
            if not any(known[k:k + len(wanted)] == wanted for k in range(len(known))):
                missing = next((line for line in wanted if line not in known), wanted[0])
                yield f"{page.relative_to(root)}: not as in {name}: {missing}"
    if found == 0:
        yield "no page has a snippet"


# ---- Error codes ----

DOMAINS = ("abi|archive|array|audit|call|conflict|data|entry|file|graph|host|init|input|json|library|"
           "limit|lock|make|manifest|model|npy|objects|output|plugin|policy|predict|save|trust|usage|sdk")
CODE = re.compile(rf'"((?:{DOMAINS})\.[a-z][a-z0-9_-]*)"')
NOT_CODES = re.compile(r"\.(npy|json|hpp|h|inc|skops)$")
COMPOSED = re.compile(r'std::string\("([a-z]+)\."\) \+')
# Functions that put a family's name before what they are given, and which argument that is.
COMPOSING = {"refuse": 0, "charge": 3}


def argument(text, start, index):
    """The text of one argument of the call whose arguments begin at `start`."""
    depth = begun = 0
    arguments, begun = [], start
    for k in range(start, len(text)):
        c = text[k]
        if c in "([{":
            depth += 1
        elif c in ")]}":
            if depth == 0:
                arguments.append(text[begun:k])
                break
            depth -= 1
        elif c == "," and depth == 0:
            arguments.append(text[begun:k])
            begun = k + 1
    return arguments[index] if index < len(arguments) else ""


def codes_of(path):
    text = path.read_text(errors="replace")
    for code in CODE.findall(text):
        npy_code = code == "data.npy" and "cli" in path.parts
        if npy_code or not NOT_CODES.search(code):
            yield code
    family = COMPOSED.search(text)
    if family:
        for name, index in COMPOSING.items():
            for call in re.finditer(rf"\b{name}\(", text):
                for word in re.findall(r'"([a-z0-9_-]+)"', argument(text, call.end(), index)):
                    yield f"{family.group(1)}.{word}"


def source_codes(root):
    codes = {}
    for part in ("core", "sdk", "plugins", "cli", "python"):
        for path in sorted((root / part).rglob("*")):
            # The ids of the validator's checks have the same form, and its host's errors are for
            # plugins alone.
            if "validator" in path.relative_to(root).parts:
                continue
            if path.suffix in (".cpp", ".hpp", ".h", ".inc", ".py"):
                for code in codes_of(path):
                    codes.setdefault(code, path.relative_to(root))
    return codes


def check_errors(root):
    codes = source_codes(root)
    listed = re.findall(r"^\| `([a-z]+\.[a-z0-9_-]+)` \|", (root / "docs/errors.md").read_text(),
                        re.MULTILINE)
    for code in sorted(set(codes) - set(listed)):
        yield f"docs/errors.md does not list {code} ({codes[code]})"
    for code in sorted(set(listed) - set(codes)):
        yield f"docs/errors.md lists {code}, which nothing reports"
    for code in sorted({code for code in listed if listed.count(code) > 1}):
        yield f"docs/errors.md lists {code} twice"


# ---- Limits ----

LIMIT = re.compile(r"^  std::uint64_t (\w+) = ([^;]+);", re.MULTILINE)
UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}


def header_number(text):
    found = re.fullmatch(r"(?:std::uint64_t\{)?(\d+)\}?(?: << (\d+))?", text.strip())
    return int(found[1]) << int(found[2] or 0)


def page_number(text):
    found = re.fullmatch(r"([\d,]+)(?: (KiB|MiB|GiB))?", text.strip())
    if found:
        return int(found[1].replace(",", "")) * UNITS.get(found[2], 1)
    found = re.fullmatch(r"2\^(\d+)", text.strip())
    return 1 << int(found[1]) if found else None


def check_limits(root):
    header = (root / "core/include/skops/limits.hpp").read_text()
    limits = dict(LIMIT.findall(header[:header.index("class Budget")]))
    policies = root / "core/include/skops/policy_files.hpp"
    if policies.is_file():
        header = policies.read_text()
        limits |= dict(LIMIT.findall(header[:header.index("struct PolicyLocations")]))
    rows = dict(ROW.findall((root / "docs/limits.md").read_text()))
    for name, value in limits.items():
        if name not in rows:
            yield f"docs/limits.md does not list {name}"
        elif page_number(rows[name]) != header_number(value):
            yield f"docs/limits.md: {name} is {rows[name]}, the header says {value}"
    for name in rows:
        if name not in limits:
            yield f"docs/limits.md lists {name}, which is no limit"


# ---- Estimators ----

def check_estimators(root):
    table = (root / "plugins/sklearn/table.inc").read_text()
    classes = set(re.findall(r'^SKOPS_ESTIMATOR\("[\w.]+", (\w+)\)', table, re.MULTILINE))
    rows = set(dict(ROW.findall((root / "docs/estimators.md").read_text())))
    for name in sorted(classes - rows):
        yield f"docs/estimators.md does not list {name}"
    for name in sorted(rows - classes):
        yield f"docs/estimators.md lists {name}, which the plugin does not build"


# ---- Packages ----

def check_packages(root):
    page = (root / "docs/dependencies.md").read_text()
    named = set(re.findall(r"`([^`\s]+)`", page))
    installed = set()
    for name in ("packages.txt", "requirements.txt"):
        for line in (root / "scripts" / name).read_text().splitlines():
            package = re.split(r"[\s<>=!#]", line.strip())[0]
            if package:
                installed.add(package)
    for package in sorted(installed - named):
        yield f"docs/dependencies.md does not name {package}"
    for package in sorted(named - installed):
        if re.fullmatch(r"lib[\w.+-]+-dev", package):
            yield f"docs/dependencies.md names {package}, which nothing installs"


RULES = {"links": check_links, "snippets": check_snippets, "errors": check_errors,
         "limits": check_limits, "estimators": check_estimators, "packages": check_packages}


def main(rule, root):
    findings = list(RULES[rule](pathlib.Path(root).resolve()))
    for finding in findings:
        print(finding)
    print(f"{rule}: {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
