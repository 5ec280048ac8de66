"""Writes what the manifests of libraries beside scikit-learn declare, from the installed libraries.

    scripts/generate_libraries.py [LIBRARY…]     default: all of LIBRARIES; pandas is one of them

For developers, when a library has a new release; the output is committed. Run it with an environment
that has the libraries (scripts/requirements-all.txt) and this package. Each library's estimators are
fitted and dumped, and what the dumps name of the library is declared, all of it opt-in; names that are
there already stay, for files of older releases; the first of "releases" stays, too. Of pandas, its scalars, offsets and two constants are
declared beside the nodes that are written by hand.
"""

import importlib
import importlib.metadata
import inspect
import json
import pathlib
import sys
import warnings

LIBRARIES = ("xgboost", "lightgbm", "catboost", "quantile_forest")
# Types of others that such objects hold and nobody trusts by default.
BORROWED = {"lightgbm": [("type", "collections", "OrderedDict")]}


def estimators(module):
    """The public classes that can be made and fitted without arguments."""
    for name in sorted(dir(module)):
        cls = getattr(module, name)
        if inspect.isclass(cls) and hasattr(cls, "fit") and hasattr(cls, "predict") \
                and not name.startswith(("_", "Dask")):
            yield cls


def fitted(library, cls):
    import numpy as np

    random = np.random.RandomState(0)
    x = random.rand(60, 4)
    y = (x[:, 0] > 0.5).astype(int)
    arguments = {"n_estimators": 3, "verbose": 0, "iterations": 3, "allow_writing_files": False}
    keywords = {"catboost": ("iterations", "verbose", "allow_writing_files"),
                "quantile_forest": ("n_estimators",)}.get(library, ("n_estimators",))
    given = {key: arguments[key] for key in keywords}
    model = cls(given) if cls.__name__ == "CatBoost" else cls(**given)
    if "Rank" in cls.__name__:
        groups = {"group_id": np.repeat(np.arange(3), 20)} if library == "catboost" else {"group": [20] * 3}
        return model.fit(x, y, **groups)
    return model.fit(x, y)


def names_of(library):
    """(use, module, name) of all that files of the library's models name of it."""
    import libskops
    import libskops.io as sio

    module = importlib.import_module(library)
    found = set(BORROWED.get(library, []))
    for cls in estimators(module):
        # What has no fit of its own in one process is declared by name.
        found.add(("object", cls.__module__, cls.__name__))
        try:
            data = sio.dumps(fitted(library, cls))
        except Exception as error:
            print(f"{library}: {cls.__name__} is declared unfitted: {error}", file=sys.stderr)
            continue
        for name in libskops.audit(data).names:
            place, _, last = name.name.rpartition(".")
            if place.partition(".")[0] == library:
                found.add((name.use, place, last))
    return found


def pandas_names():
    import pandas as pd
    from pandas._libs.tslibs import offsets

    found = set()
    for name in ("Interval", "Period", "Timedelta", "Timestamp", "DatetimeTZDtype", "StringDtype"):
        found.add(("constructor", "pandas", name))
    # Where they are before pandas 3.
    found |= {("constructor", "pandas._libs.tslibs." + module, name) for module, name in (
        ("period", "Period"), ("timedeltas", "Timedelta"), ("timestamps", "Timestamp"))}
    found.add(("constructor", "pandas._libs.interval", "Interval"))
    for name, cls in vars(offsets).items():
        if inspect.isclass(cls) and issubclass(cls, pd.offsets.BaseOffset) and not name.startswith("_"):
            found.add(("constructor", cls.__module__, cls.__name__))
    found |= {("function", "pandas", "NA"), ("function", "pandas", "NaT")}
    return found


def groups(names):
    by_place = {}
    for use, module, name in sorted(names):
        by_place.setdefault((use, module), []).append(name)
    return [{"trust": "opt-in", "uses": [use], "modules": [module], "names": found}
            for (use, module), found in sorted(by_place.items())]


def one_line_each(values):
    return ",\n    ".join(json.dumps(value) for value in values)


def write(library):
    path = pathlib.Path(__file__).resolve().parent.parent / f"plugins/{library}/declarations.json"
    declared = json.loads(path.read_text())
    names = pandas_names() if library == "pandas" else names_of(library)
    kept = []
    for group in declared["types"]:
        if library == "pandas" and group["uses"] == ["value"]:
            kept.append(group)
            continue
        names |= {(use, module, name) for use in group["uses"] for module in group["modules"]
                  for name in group["names"]}
    parts = [f'  "{key}": [\n    {one_line_each(values)}\n  ]' if values else f'  "{key}": []'
             for key, values in (("loaders", declared["loaders"]), ("types", kept + groups(names)))]
    here = importlib.metadata.version(library.replace("_", "-"))
    releases = json.dumps([declared.get("releases", [here])[0], here])
    path.write_text(f'{{\n  "releases": {releases},\n' + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for library in sys.argv[1:] or [*LIBRARIES, "pandas"]:
        write(library)
