"""examples/plugins/manifest, installed as a wheel: category_encoders' objects by one rule."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples/plugins/manifest"
MANIFEST = EXAMPLE / "src/skops_category_encoders/category_encoders.skops-plugin.json"
GROUPS = json.loads(MANIFEST.read_text())["types"]
ENCODERS = sorted(name for group in GROUPS if group["uses"] == ["object"] for name in group["names"])
NEEDS_MORE = {"GLMMEncoder"}  # statsmodels

CODE = """
import json, sys, warnings
warnings.simplefilter("ignore")
import libskops, libskops.io as sio
import category_encoders as ce, numpy as np, pandas as pd

rows = 60
X = pd.DataFrame({"color": ["red", "green", "blue"] * 20, "size": ["s", "m", "l", "l", "m", "s"] * 10,
                  "n": np.arange(rows) / 7})
y = pd.Series((np.arange(rows) % 3 == 0).astype(int))
fresh = X.assign(color="green")
said = {}
for name in json.loads(sys.argv[1]):
    for case, data, target in (("frame", X, y), ("objects", X.astype({"color": object, "size": object}), y),
                               ("array", X.to_numpy(dtype=object), np.asarray(y))):
        cls = getattr(ce, name)
        if name == "PolynomialWrapper":
            encoder = cls(ce.TargetEncoder())
        elif name == "NestedCVWrapper":
            encoder = cls(ce.TargetEncoder(), cv=2, random_state=0)
        elif name == "MultiClassWrapper":
            encoder = cls(ce.TargetEncoder())
        else:
            encoder = cls(**({"random_state": 0} if "random_state" in cls().get_params() else {}))
        encoder.fit(data, target)
        file = sio.dumps(encoder)
        audit = libskops.audit(file)
        own = {n.library for n in audit.names if n.name.startswith("category_encoders.")}
        try:
            sio.loads(file)
            refused = ""
        except sio.UntrustedTypesFoundException as error:
            refused = str(error)
        again = sio.loads(file, trusted=["category_encoders"])
        new = fresh if case == "frame" else fresh.astype({"color": object, "size": object}) \\
            if case == "objects" else fresh.to_numpy(dtype=object)
        a, b = encoder.transform(new), again.transform(new)
        said[name + " " + case] = dict(
            own=sorted(own), refused='trusted=["category_encoders"]' in refused, type=type(again) is cls,
            equal=bool(a.equals(b)) and list(a.columns) == list(b.columns),
            again=sio.dumps(again) == file, params=repr(encoder.get_params()) == repr(again.get_params()))
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    pytest.importorskip("category_encoders")
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(EXAMPLE, folder / "source")  # builders write beside what they build
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                    "--no-build-isolation", "--no-deps", "--target", str(folder / "site"), str(folder / "source")],
                   check=True, capture_output=True, env={**os.environ, "TMPDIR": str(folder)})
    return folder / "site"


def test_every_encoder_by_one_rule(site):
    names = [name for name in ENCODERS if name not in NEEDS_MORE]
    done = subprocess.run([sys.executable, "-c", CODE, json.dumps(names)], capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(site)})
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert len(said) == 3 * len(names) >= 45
    good = {"own": ["category_encoders"], "refused": True, "type": True, "equal": True, "again": True, "params": True}
    assert {name: row for name, row in said.items() if row != good} == {}


def test_names_are_those_of_the_library(site):
    import category_encoders
    import importlib

    assert set(ENCODERS) == set(category_encoders.__all__)
    for group in GROUPS:
        for module in group["modules"]:
            if module == "category_encoders.glmm":
                continue
            for name in group["names"]:
                assert group["trust"] == "opt-in"
                if group["uses"] == ["object"]:
                    assert isinstance(getattr(importlib.import_module(module), name), type)
