"""The installed wheel: saved in Python, run natively, the same numbers."""

import hashlib
import importlib.resources
import json
import subprocess
import sys

import libskops
import libskops.io as sio
import numpy as np
import pytest

from @id@ import Clipper

X = np.array([[1.0, 5.0], [2.0, 7.0], [3.0, 6.0]])
MANIFEST = importlib.resources.files("@id@") / "@id@.skops-plugin.json"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def test_it_is_found_and_runs_no_native_code_by_that():
    row, = [row for row in libskops.plugins() if row["id"] == "@id@"]
    assert row["state"] == "found", row
    assert libskops.Model.load(sio.dumps(Clipper().fit(X)), trust=["@id@"]).methods == []


def test_python_objects_make_the_round_trip():
    model = Clipper().fit(X)
    data = sio.dumps(model)
    with pytest.raises(sio.UntrustedTypesFoundException, match='trusted=."@id@".'):
        sio.loads(data)
    assert (sio.loads(data, trusted=["@id@"]).transform(X + 1) == model.transform(X + 1)).all()


def test_pinned_it_runs(tmp_path):
    """In a process of its own: which plugins may run is said once, before the first file."""
    sio.dump(Clipper().fit(X), tmp_path / "model.skops")
    library = json.loads(MANIFEST.read_text())["library"][0]
    assert sha256(MANIFEST.with_name(library["file"]).read_bytes()) == library["sha256"]
    code = f"""
import libskops, numpy as np
libskops.use_plugins([({str(MANIFEST)!r}, {sha256(MANIFEST.read_bytes())!r}, {library["sha256"]!r})])
model = libskops.Model.load({str(tmp_path / "model.skops")!r}, trust=["@id@"])
print(model.methods, model.transform(np.array([[0.0, 6.0], [9.0, 9.0]])).tolist())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "['transform'] [[1.0, 6.0], [3.0, 7.0]]", done.stdout + done.stderr
