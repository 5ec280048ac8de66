"""Checks on the tree and on the built plugins: `check.py RULE ROOT [BUILD]`.

Rules
  includes  which folder may include which: core its own headers and the one ABI header; sdk only
            itself; a plugin the sdk and its own folder; cli the core's public headers; python all of the
            core's, since taking objects apart and building them are passes over its graph; cli/validator
            the ABI header and all of the core's, since it stands on both sides of the boundary.
  sizes     no source above 30 KB, so that every file can be read in one go.
  paths     no path of a developer's machine, no package index but the official one.
  symbols   a plugin exports one symbol, needs only the system's libraries, and cannot start a program;
            the C API's library exports what its header declares.

Prints one line a finding, exit status 1 if there is any. Standard library only.
"""

import pathlib
import re
import subprocess
import sys

SOURCE_SUFFIXES = {".c", ".cc", ".cpp", ".h", ".hpp", ".inc", ".py", ".cmake", ".sh"}
CPP_SUFFIXES = {".c", ".cc", ".cpp", ".h", ".hpp", ".inc"}
PARTS = ("core", "sdk", "plugins", "cli", "python", "tests", "bench", "examples", "scripts", "docs")
LARGEST_SOURCE = 30 * 1024
ABI_HEADER = "skops/plugin.h"
PLUGIN_SYMBOL = "skops_plugin_v1"
PLUGIN_LIBRARIES = re.compile(
    r"(libc|libm|libstdc\+\+|libgcc_s|libpthread|libdl|ld-linux-[a-z0-9-]+)\.so(\.\d+)?$")
BANNED_SYMBOLS = {"system", "popen", "execv", "execve", "execvp", "execl", "execlp", "posix_spawn",
                  "posix_spawnp", "fork", "vfork", "dlopen", "dlmopen"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def sources(root, parts=PARTS, suffixes=SOURCE_SUFFIXES):
    for part in parts:
        for path in sorted((root / part).rglob("*")):
            if path.is_file() and path.suffix in suffixes and "__pycache__" not in path.parts:
                yield path


def is_inside(path, folder):
    return folder.resolve() in path.resolve().parents


def public_folder_of(root, path):
    """What the file's part may include by <skops/...>, and from where by "...": (folders of public
    headers, single headers, own folder)."""
    part, *rest = path.relative_to(root).parts
    if part == "core":
        return [root / "core/include"], {ABI_HEADER}, root / "core"
    if part == "sdk":
        return [root / "sdk/include"], set(), root / "sdk"
    if part == "plugins":
        return [root / "sdk/include"], set(), root / "plugins" / rest[0]
    if part == "cli" and rest[0] == "validator":
        return [root / "core/include", root / "core"], {ABI_HEADER}, root / "cli"
    if part == "python":
        return [root / "core/include", root / "core"], set(), root / "python"
    return [root / "core/include"], set(), root / part  # cli


def project_headers(root):
    """Every header of the project by each name under which it could be included."""
    known = {}
    for path in sources(root, ("core", "sdk", "plugins", "cli", "python"), {".h", ".hpp", ".inc"}):
        parts = path.relative_to(root).parts
        for start in range(len(parts)):
            known.setdefault("/".join(parts[start:]), []).append(path)
    return known


def check_includes(root, _build):
    known = project_headers(root)
    for path in sources(root, ("core", "sdk", "plugins", "cli", "python"), CPP_SUFFIXES):
        public, single, own = public_folder_of(root, path)
        for bracket, name in INCLUDE.findall(path.read_text(errors="replace")):
            if name in single or (".." not in name.split("/") and
                                  any((folder / name).is_file() for folder in public)):
                continue
            beside = path.parent / name
            if bracket == '"' and beside.is_file():
                target = beside
            elif (own / name).is_file():
                target = own / name
            elif name.startswith("skops/"):
                yield f"{path.relative_to(root)}: <{name}> is none of the headers it may include"
                continue
            elif bracket == '"' and name in known:
                inside = [header for header in known[name] if is_inside(header, own)]
                target = inside[0] if inside else known[name][0]
            else:
                continue  # a header of the system, of a library, or a generated one
            if not is_inside(target, own):
                yield (f"{path.relative_to(root)}: \"{name}\" leaves "
                       f"{own.relative_to(root)}/ for {target.resolve().relative_to(root)}")


def check_sizes(root, _build):
    for path in sources(root):
        size = path.stat().st_size
        if size > LARGEST_SOURCE:
            yield f"{path.relative_to(root)}: {size} bytes, more than {LARGEST_SOURCE}; split it"


def machine_traces():
    # Put together here so that this file does not find itself.
    home = "/" + "home/"
    return re.compile(
        "(" + r"(?<![\w.])/" + r"work/|" + home + r"(?!user\b)\w+|" + "/" + r"root/\w|"
        + "extra-" + "index-url|--" + "index-url|pip" + r"\.conf|"
        + r"https?://[\w.-]*(artifactory|nexus|devpi|pypi-mirror|apt-cacher|proxy)[\w.-]*)")


def check_paths(root, _build):
    pattern = machine_traces()
    files = list(sources(root, suffixes=SOURCE_SUFFIXES | {"", ".txt", ".md", ".json", ".toml"}))
    files += [path for path in root.glob("*") if path.is_file() and path.name != ".git"]
    files += [path for path in (root / ".ci").rglob("*") if path.is_file()]
    for path in files:
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            found = pattern.search(line)
            if found:
                yield f"{path.relative_to(root)}:{number}: names a machine: {found.group(0)}"


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def check_library(path):
    exported = [line.split()[-1].split("@")[0]
                for line in run("nm", "-D", "--defined-only", str(path)).splitlines()]
    if exported != [PLUGIN_SYMBOL]:
        yield f"{path.name}: exports {exported[:5]}, not just {PLUGIN_SYMBOL}"
    for line in run("nm", "-D", "--undefined-only", str(path)).splitlines():
        name = line.split()[-1].split("@")[0]
        if name in BANNED_SYMBOLS:
            yield f"{path.name}: uses {name}"
    for line in run("readelf", "-d", str(path)).splitlines():
        needed = re.search(r"\(NEEDED\).*\[(.+)\]", line)
        if needed and not PLUGIN_LIBRARIES.match(needed.group(1)):
            yield f"{path.name}: needs {needed.group(1)}; link it statically or do without"


def check_symbols(root, build):
    plugins = sorted((build / "plugins").glob("*.so"))
    manifests = list((build / "plugins").glob("*.skops-plugin.json"))
    folders = [folder for folder in (root / "plugins").iterdir()
               if (folder / "CMakeLists.txt").is_file()]
    if len(manifests) < len(folders) or not plugins:
        yield (f"{build}/plugins: {len(manifests)} manifests and {len(plugins)} libraries "
               f"for {len(folders)} plugins")
    for path in plugins:
        yield from check_library(path)
    shared = build / "lib/libskops.so"
    if shared.is_file():
        yield from check_c_library(shared, root / "core/include/skops/skops.h")


def check_c_library(path, header):
    """The C API's library exports what its header declares, and nothing else."""
    declared = set(re.findall(r"^SKOPS_API [\w* ]*?(skops_\w+)\(", header.read_text(), re.MULTILINE))
    exported = {line.split()[-1].split("@")[0]
                for line in run("nm", "-D", "--defined-only", str(path)).splitlines()}
    for name in sorted(declared ^ exported):
        yield (f"{path.name}: {name} is " +
               ("declared, but not exported" if name in declared else "exported, but not declared"))


RULES = {"includes": check_includes, "sizes": check_sizes, "paths": check_paths,
         "symbols": check_symbols}


def main(rule, root, build=None):
    findings = list(RULES[rule](pathlib.Path(root).resolve(), build and pathlib.Path(build)))
    for finding in findings:
        print(finding)
    print(f"{rule}: {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
