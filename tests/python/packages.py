"""Installed packages that bring a plugin: folders as installers leave them, on the path of a new process."""

import json
import os
import subprocess
import sys
import textwrap

MANIFEST = {"manifest_version": 1, "id": "acme", "version": "1.0", "abi": [1, 0], "library": [], "loaders": [],
            # What such a manifest proposes does not count: nobody has accepted it.
            "types": [{"trust": "default", "uses": ["object"], "modules": ["acme.models"], "names": ["Plain"]}],
            "serializers": []}
HOOKED = {**MANIFEST, "hooks": "acme.hooks", "loaders": [
    {"loader": "AcmeTableNode", "protocols": [0, 3], "use": "acme_table",
     "fields": [{"name": "content", "kind": "node"}], "recipe": {"make": "hook", "of": ["acme.models.Table"]}}],
    "types": MANIFEST["types"] + [
        {"trust": "opt-in", "uses": ["acme_table"], "modules": ["acme.models"], "names": ["Table"]}],
    "checks": ["acme.models.Plain"]}
MODULES = {
    "__init__": "",
    "models": """
        class Plain:
            def __init__(self, size=1):
                self.size = size
        class Table:
            __slots__ = ("rows",)  # no state that Python would give by itself
            def __init__(self, rows):
                self.rows = rows
    """,
    "hooks": """
        from libskops.io.hooks import Hook, require
        from .models import Table
        def build(cls, fields):
            rows = fields["content"]
            require(cls is Table and isinstance(rows, list), "the rows of a table are no list")
            return cls(rows)
        def check_plain(obj):
            require(isinstance(obj.size, int), "a size is no integer")
        HOOKS = {"AcmeTableNode": Hook(build, lambda table: {"content": table.rows})}
        CHECKS = {"acme.models.Plain": check_plain}
    """,
}


def install(site, manifest=MANIFEST, *, package="acme", name=None, value=None, text=None, modules=MODULES,
            record=True):
    """The package and its .dist-info in the folder `site`; gives the manifest's path."""
    name = manifest["id"] if name is None else name
    folder = site / package
    folder.mkdir(parents=True)
    for module, source in modules.items():
        (folder / f"{module}.py").write_text(textwrap.dedent(source))
    path = folder / f"{name}.skops-plugin.json"
    if text is None:
        path.write_text(json.dumps(manifest))
    elif text is not False:
        path.write_bytes(text)
    info = site / f"{package}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[libskops.plugins]\n{name} = {value or package}\n")
    if record:
        (info / "RECORD").write_text(f"{package}/{path.name},,\n{package}/__init__.py,,\n")
    return path


def run(site, code, *arguments):
    """What a new Python prints, with the packages of `site` installed; the last line is JSON."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PRELUDE) + textwrap.dedent(code), *map(str, arguments)],
        capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONPATH": str(site)})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


PRELUDE = """
    import json, sys
    import libskops, libskops.io as sio
    def say(**what):
        print(json.dumps(what))
    def error_of(call):
        try:
            call()
        except Exception as error:
            return [type(error).__name__, getattr(error, "code", ""), str(error)]
    def imported():
        return sorted(name for name in sys.modules if name.partition(".")[0] == "acme")
    def looked():
        return "importlib.metadata" in sys.modules
"""
