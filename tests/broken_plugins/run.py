"""The validator against plugins that break one rule each: `run.py LIBSKOPS LIBRARIES [NAME…]`.

table.json has a row for each: what is wrong with it, and which checks have to fail because of it.
The plugin that breaks nothing has to pass all of them. Manifests are written here, so that they can
be wrong, too. Standard library only.
"""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
SCALER = {"trust": "opt-in", "uses": ["object"], "modules": ["broken"], "names": ["Scaler"]}


def write_manifest(folder, library, changes):
    data = (folder / library).read_bytes()
    sha256 = changes.get("sha256", hashlib.sha256(data).hexdigest())
    types = [SCALER] + ([changes["types_add"]] if "types_add" in changes else [])
    manifest = {"manifest_version": 1, "id": "broken", "version": "1.0", "abi": [1, 0],
                "library": [{"platform": "linux-x86_64", "file": library, "size": len(data),
                             "sha256": sha256}],
                "loaders": [], "types": types,
                "serializers": [{"loader": "ObjectNode", "module": "broken",
                                 "class": changes.get("class", "Scaler")}]}
    if "extra" in changes:
        manifest["extra"] = changes["extra"]
    path = folder / "broken.skops-plugin.json"
    # As the library writes its declarations: the host compares the texts.
    path.write_text(json.dumps(manifest, separators=(",", ":")))
    return path


def validate(program, libraries, folder, name, row):
    library = row.get("library", name) + ".so"
    shutil.copy(libraries / library, folder / library)
    manifest = write_manifest(folder, library, row.get("manifest", {}))
    done = subprocess.run([str(pathlib.Path(program).resolve()), "plugins", "validate", str(manifest), "--json",
                           *row.get("arguments", ["--time", "20"])],
                          capture_output=True, text=True, timeout=300, cwd=folder,
                          env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
    if not done.stdout.strip().endswith("}"):
        return done.returncode, {}, f"exit status {done.returncode}: {done.stderr}"
    checks = json.loads(done.stdout)["plugins"][0]["checks"]
    return done.returncode, {check["id"]: check for check in checks}, done.stderr


def problems(name, row, status, checks, stderr):
    if not checks or stderr:
        yield f"the validator itself failed: {stderr}"
    failed = sorted(id for id, check in checks.items() if check["result"] == "failed")
    if status != (6 if failed else 0):
        yield f"exit status {status} with {len(failed)} failures"
    for id in row["failed"]:
        if id not in failed:
            yield f"{id} did not find it; failed: {failed}"
    for id in row.get("warning", []):
        if checks.get(id, {}).get("result") != "warning":
            yield f"{id} did not warn"
    if not row["failed"]:
        for id in failed:
            yield f"{id} failed: {checks[id]['details']}"
    for id, check in checks.items():
        if check["result"] == "failed" and not check["details"]:
            yield f"{id} failed without saying why"


def main(program, libraries, *names):
    table = json.loads((HERE / "table.json").read_text())
    table["scaler"] = {"what": "Nothing is wrong", "failed": []}
    plugins = {path.stem for pattern in ("*.c", "*.cpp") for path in HERE.glob(pattern)}
    missing = plugins - set(table)
    failures = [f"{name}: has no row in table.json" for name in sorted(missing)]
    for name, row in table.items():
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            status, checks, stderr = validate(program, pathlib.Path(libraries),
                                              pathlib.Path(folder), name, row)
        found = list(problems(name, row, status, checks, stderr))
        failures += [f"{name}: {problem}" for problem in found]
        if names:
            for id, check in checks.items():
                if check["result"] == "failed":
                    print(f"  {id}: {check['details']}")
    for failure in failures:
        print(failure)
    print(f"{len(table) - 1} broken plugins, {len(failures)} problems")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
