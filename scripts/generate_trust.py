"""Writes the types that the first-party plugins trust, from the releases of scikit-learn themselves.

    scripts/generate_trust.py collect FOLDER     probe every release, one throw-away environment each
    scripts/generate_trust.py write FOLDER       merge the probes into the plugins' declarations

For developers, when scikit-learn has a new release; the output is committed. `collect` needs an
interpreter per row of RELEASES (found as python3.N on the path or under pyenv) and a package index;
a release that cannot be installed is skipped with a line that says so. Probes are kept in FOLDER, so
that one more release costs one more environment.

The declarations' "loaders", "checks" and the "contents" of types are written by hand and kept; "types"
and "releases" are replaced. Where a name came and
went is recorded beside them, in plugins/<library>/trusted_names.tsv (module, name, use, first and
last release that has it).
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

# scikit-learn, Python, NumPy, SciPy: together they also cover NumPy 1.19 to 2 and SciPy 1.5 to now.
RELEASES = [
    ("1.0.2", "3.8", "numpy==1.19.5", "scipy==1.5.4"),
    ("1.1.3", "3.9", "numpy==1.22.4", "scipy==1.7.3"),
    ("1.2.2", "3.10", "numpy==1.23.5", "scipy==1.8.1"),
    ("1.3.2", "3.11", "numpy==1.24.4", "scipy==1.10.1"),
    ("1.4.2", "3.11", "numpy==1.26.4", "scipy==1.11.4"),
    ("1.5.2", "3.11", "numpy==2.0.2", "scipy==1.13.1"),
    ("1.6.1", "3.12", "numpy==2.1.3", "scipy==1.14.1"),
    ("1.7.2", "3.12", "numpy==2.2.6", "scipy==1.15.3"),
    ("1.8.0", "3.12", "numpy", "scipy==1.16.3"),
    ("1.9", "3.13", "numpy", "scipy"),
]

# Runs inside each environment and prints JSON: library -> list of (module, name, use).
PROBE = r'''
import importlib, json, sys, warnings
warnings.simplefilter("ignore")
import numpy as np, scipy, scipy.special, scipy.sparse, sklearn
from sklearn.utils import all_estimators

names = {"numpy": [], "scipy": [], "sklearn": []}


def add(library, module, name, use):
    names[library].append((module, name, use))


for _, cls in all_estimators():
    if cls.__module__.startswith("sklearn."):
        add("sklearn", cls.__module__, cls.__name__, "object")


def classes(module, wanted, use):
    try:
        found = importlib.import_module(module)
    except ImportError:
        return
    for name in dir(found):
        cls = getattr(found, name)
        if isinstance(cls, type) and wanted(name, cls, found):
            # Compiled modules of some releases call themselves `_loss`.
            add("sklearn", cls.__module__, cls.__name__, use)


SGD = {"EpsilonInsensitive", "Hinge", "ModifiedHuber", "SquaredEpsilonInsensitive", "SquaredHinge",
       "Huber", "Log", "SquaredLoss"}
LINKS = {"HalfLogitLink", "IdentityLink", "Interval", "LogitLink", "LogLink", "MultinomialLogit"}
LOSSES = {"AbsoluteError", "ExponentialLoss", "HalfBinomialLoss", "HalfGammaLoss",
          "HalfMultinomialLoss", "HalfPoissonLoss", "HalfSquaredError", "HuberLoss", "PinballLoss"}
CY = {"CyAbsoluteError", "CyExponentialLoss", "CyHalfBinomialLoss", "CyHalfGammaLoss",
      "CyHalfMultinomialLoss", "CyHalfPoissonLoss", "CyHalfSquaredError", "CyHalfTweedieLoss",
      "CyHalfTweedieLossIdentity", "CyHuberLoss", "CyPinballLoss"}
classes("sklearn.linear_model._sgd_fast", lambda n, c, m: n in SGD, "loss")
classes("sklearn._loss._loss", lambda n, c, m: n in CY, "loss")
classes("sklearn._loss.link", lambda n, c, m: n in LINKS, "object")
classes("sklearn._loss.loss", lambda n, c, m: n in LOSSES, "object")
hist = "sklearn.ensemble._hist_gradient_boosting."
classes(hist + "binning", lambda n, c, m: n == "_BinMapper", "object")
# Trusted because their contents are checked whenever they are built.
classes(hist + "predictor", lambda n, c, m: n == "TreePredictor", "object")
classes("sklearn.tree._tree", lambda n, c, m: n == "Tree", "tree")


def ufuncs(module, kinds):
    return sorted({f.__name__ for f in map(module.__dict__.get, dir(module))
                   if isinstance(f, kinds)})


for name in ufuncs(np, np.ufunc):
    add("numpy", "ufunc", name, "function")
wrapper = tuple(type(f) for f in [getattr(scipy.special, "expit")] if not isinstance(f, np.ufunc))
for name in ufuncs(scipy.special, (np.ufunc,) + wrapper):
    add("scipy", "ufunc", name, "function")
for cls in set(np.sctypeDict.values()):
    if cls.__module__.startswith("numpy"):
        add("numpy", "numpy", cls.__name__, "scalar")
for name in dir(np.random):
    cls = getattr(np.random, name)
    if isinstance(cls, type) and issubclass(cls, np.random.BitGenerator) \
            and cls is not np.random.BitGenerator:
        add("numpy", "numpy.random", name, "bit_generator")
for kind in ("bsr", "coo", "csc", "csr", "dia"):
    for suffix in ("_matrix", "_array"):
        cls = getattr(scipy.sparse, kind + suffix, None)
        if cls is not None:
            add("scipy", cls.__module__, cls.__name__, "value")
            add("scipy", "scipy.sparse", cls.__name__, "value")
json.dump({"sklearn": sklearn.__version__, "numpy": np.__version__, "scipy": scipy.__version__,
           "names": names}, sys.stdout)
'''


def interpreter(version):
    found = shutil.which(f"python{version}")
    if found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0:
        return found
    pyenv = pathlib.Path.home() / ".pyenv/versions"
    candidates = sorted(pyenv.glob(f"{version}.*/bin/python"))
    return str(candidates[-1]) if candidates else None


def collect(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for release, python, *others in RELEASES:
        out = folder / f"{release}.json"
        if out.exists():
            continue
        found = interpreter(python)
        if found is None:
            print(f"{release}: skipped, no Python {python}", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as environment:
            subprocess.run([found, "-m", "venv", environment], check=True)
            own = environment + "/bin/python"
            wanted = f"scikit-learn=={release}" + (".*" if release.count(".") == 1 else "")
            done = subprocess.run([own, "-m", "pip", "install", "-q", "--only-binary", ":all:",
                                   "--no-compile", wanted, *others])
            probe = None if done.returncode else subprocess.run(
                [own, "-c", PROBE], stdout=subprocess.PIPE, text=True)
            if probe is None or probe.returncode:
                print(f"{release}: skipped, not installable here", file=sys.stderr)
                continue
            out.write_text(probe.stdout)
            print(f"{release}: done", file=sys.stderr)



def module_groups(names, uses, trust="default"):
    """(module, name) pairs as type groups; modules that hold the same names share one."""
    by_module = {}
    for module, name in sorted(set(names)):
        by_module.setdefault(module, []).append(name)
    by_names = {}
    for module, held in sorted(by_module.items()):
        by_names.setdefault(tuple(held), []).append(module)
    return [{"trust": trust, "uses": uses, "modules": modules, "names": list(held)}
            for held, modules in by_names.items()]


# Names that follow the installed NumPy and SciPy in spelling.
UFUNC_MODULES = {
    "numpy": ["numpy", "numpy._core._multiarray_umath", "numpy._core.umath",
              "numpy.core._multiarray_umath", "numpy.core.umath"],
    "scipy": ["scipy.special", "scipy.special._special_ufuncs", "scipy.special._ufuncs"],
}


# Plain Python classes of old releases that hold nothing but numbers: the losses of gradient boosting
# up to 1.3, and a dict whose keys were renamed.
SKLEARN_DATA = [
    {"trust": "default", "uses": ["object"], "modules": ["sklearn.ensemble._gb_losses"],
     "names": ["BinomialDeviance", "ExponentialLoss", "HuberLossFunction", "LeastAbsoluteError",
               "LeastSquaresError", "MultinomialDeviance", "QuantileLossFunction"]},
    {"trust": "default", "uses": ["deprecated_dict"],
     "modules": ["sklearn.covariance._graph_lasso"], "names": ["_DictWithDeprecatedKeys"]},
]


def types_of(library, names):
    """The type groups of one library, from all (module, name, use) that the probes found."""
    def of(use):
        return [(module, name) for module, name, found in names if found == use]

    if library == "sklearn":
        return SKLEARN_DATA + [group for use in ("object", "loss", "tree")
                for group in module_groups(of(use), [use])]
    ufuncs = [(module, name) for _, name in of("function") for module in UFUNC_MODULES[library]]
    if library == "scipy":
        sparse = of("value")
        # The modules' names before SciPy 1.8, and where its first arrays lived.
        for _, name in set(sparse):
            sparse.append(("scipy.sparse." + name[:3], name))
            if name.endswith("_array"):
                sparse.append(("scipy.sparse._arrays", name))
        return (module_groups(ufuncs, ["function", "function0"])
                + module_groups(sparse, ["sparse"]))
    scalars = of("scalar") + [("numpy", "bool"), ("numpy", "bool_")]
    return (module_groups([("numpy", "ndarray")], ["array"])
            + module_groups(scalars, ["array", "type"])
            + module_groups([("libskops.io.arrays", name) for name in
                             ("ObjectArray", "StringArray", "StringDType")], ["constructor"])
            + module_groups([("numpy.ma", "MaskedArray"), ("numpy.ma.core", "MaskedArray")],
                            ["masked_array"])
            + module_groups([(module, "RandomState") for module in
                             ("numpy.random", "numpy.random.mtrand")], ["random_state"])
            + module_groups([(module, "Generator") for module in
                             ("numpy.random", "numpy.random._generator")], ["random_generator"])
            + module_groups(of("bit_generator"), ["bit_generator"])
            + module_groups(ufuncs, ["function"])
            + module_groups([("numpy", "ufunc")], ["label"]))


def with_contents(types, old):
    """The type groups, with what was written by hand about their contents."""
    kept = {(tuple(group["uses"]), name): group["contents"] for group in old if "contents" in group
            for name in group["names"]}
    out = []
    for group in types:
        contents = {kept.get((tuple(group["uses"]), name)) for name in group["names"]}
        if len(contents) > 1:
            raise ValueError(f"types with and without checked contents in one group: {group}")
        added = {"contents": word for word in contents if word}
        out.append({"trust": group["trust"], **added, **group})
    return out


def one_line_each(values):
    return ",\n    ".join(json.dumps(value) for value in values)


def write(folder):
    root = pathlib.Path(__file__).resolve().parent.parent
    probes = [json.loads((folder / f"{row[0]}.json").read_text()) for row in RELEASES
              if (folder / f"{row[0]}.json").exists()]
    for library in ("numpy", "scipy", "sklearn"):
        seen = {}
        for probe in probes:
            for name in map(tuple, probe["names"][library]):
                seen.setdefault(name, []).append(probe[library])
        rows = ["module\tname\tuse\tfirst\tlast"]
        rows += ["\t".join((*name, found[0], found[-1])) for name, found in sorted(seen.items())]
        plugin = root / "plugins" / library
        (plugin / "trusted_names.tsv").write_text("\n".join(rows) + "\n")
        path = plugin / "declarations.json"
        declared = json.loads(path.read_text())
        releases = [probes[0][library], probes[-1][library]]
        path.write_text(f'{{\n  "releases": {json.dumps(releases)},\n  "loaders": [\n    ' + one_line_each(declared["loaders"])
                        + '\n  ],\n  "types": [\n    '
                        + one_line_each(with_contents(types_of(library, seen), declared["types"]))
                        + ("" if "checks" not in declared else
                           '\n  ],\n  "checks": [\n    ' + one_line_each(declared["checks"]))
                        + "\n  ]\n}\n")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("collect", "write"):
        sys.exit(__doc__)
    (collect if sys.argv[1] == "collect" else write)(pathlib.Path(sys.argv[2]))
