"""Makes hostile .skops files out of honest ones: one value of a fitted model changed at a time.

    python hostile_files.py FOLDER [--seed N] [--per-attribute N] [--only NAME]

FOLDER is made anew and receives the files, the inputs for their methods, and `list.tsv`, a line per
file: the file, the input, what was changed. Every class that tests/data has cases of takes part.
Every attribute of its model is replaced by values of other shapes, dtypes, ranges and kinds, and
every field of a tree's records by indices that lead out of it. Whether such a file is refused or
gives some result does not matter; that it ends, without a crash, without reading out of bounds and
within the limits, does. `probe_hostile` (C++) runs the list.
"""

import argparse
import copy
import io
import json
import pathlib
import random
import shutil
import sys
import warnings
import zipfile

try:
    import numpy as np
    import skops.io
    import sklearn  # noqa: F401
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

warnings.filterwarnings("ignore")


def models():
    """Name, fitted model, input for its methods."""
    from sklearn import (cluster, compose, decomposition, ensemble, feature_extraction,
                         feature_selection, impute, linear_model, model_selection, naive_bayes,
                         neighbors, neural_network, pipeline, preprocessing, svm, tree, calibration)
    from sklearn.datasets import load_iris

    x, y = load_iris(return_X_y=True)
    x, y = x[::5], y[::5]
    two = (y > 0).astype(int)
    words = np.array(["setosa", "versicolor", "virginica"])[y]
    docs = ["one two three", "two three four four", "five six one", "Two, one; six"] * 5
    labels = [0, 1, 2, 1] * 5
    text = feature_extraction.text
    holes = x.copy()
    holes[::7, 1] = np.nan
    counts = np.round(x)
    lr = linear_model.LogisticRegression
    dt = tree.DecisionTreeClassifier

    def fit(model, data=x, target=y):
        return type(model).__name__, model.fit(data, target), data

    chosen = [
        fit(linear_model.LinearRegression()), fit(linear_model.Ridge(), target=np.c_[y, two]),
        fit(linear_model.RidgeClassifier()), fit(linear_model.Lasso()), fit(lr()),
        fit(lr(), target=words), fit(linear_model.SGDClassifier(loss="log_loss"), target=two),
        fit(svm.LinearSVC()), fit(svm.SVC(probability=True)), fit(svm.SVC(kernel="poly")),
        fit(svm.SVR()), fit(svm.SVC(decision_function_shape="ovo")),
        fit(dt()), fit(tree.DecisionTreeRegressor(), target=np.c_[y, two]),
        fit(ensemble.RandomForestClassifier(3)), fit(ensemble.ExtraTreesRegressor(2)),
        fit(ensemble.GradientBoostingClassifier(n_estimators=2)),
        fit(ensemble.GradientBoostingRegressor(n_estimators=2)),
        fit(ensemble.HistGradientBoostingClassifier(max_iter=2, max_leaf_nodes=4,
                                                    categorical_features=[0]), data=counts),
        fit(ensemble.HistGradientBoostingRegressor(max_iter=2, min_samples_leaf=3), data=holes),
        fit(ensemble.IsolationForest(n_estimators=2)),
        fit(ensemble.VotingClassifier([("a", lr()), ("b", dt())], voting="soft")),
        fit(ensemble.BaggingClassifier(dt(max_depth=2), n_estimators=2, max_features=0.5)),
        fit(neighbors.KNeighborsClassifier()), fit(neighbors.KNeighborsRegressor(algorithm="brute")),
        fit(neural_network.MLPClassifier(hidden_layer_sizes=(4,), max_iter=5)),
        fit(neural_network.MLPRegressor(hidden_layer_sizes=(3, 2), max_iter=5)),
        fit(naive_bayes.GaussianNB()), fit(naive_bayes.MultinomialNB()),
        fit(cluster.KMeans(3, n_init=1)), fit(decomposition.PCA(2)),
        fit(decomposition.TruncatedSVD(2)), fit(preprocessing.StandardScaler()),
        fit(preprocessing.MinMaxScaler()), fit(preprocessing.RobustScaler()),
        fit(preprocessing.MaxAbsScaler()), fit(preprocessing.Normalizer()),
        fit(preprocessing.PolynomialFeatures(2)), fit(preprocessing.KBinsDiscretizer(3)),
        fit(impute.SimpleImputer(add_indicator=True), data=holes),
        fit(preprocessing.OneHotEncoder(handle_unknown="ignore", drop="first"), data=counts),
        fit(preprocessing.OneHotEncoder(min_frequency=5, handle_unknown="infrequent_if_exist"),
            data=counts),
        fit(preprocessing.OrdinalEncoder(), data=counts),
        fit(preprocessing.FunctionTransformer(np.log1p)),
        fit(feature_selection.SelectKBest(k=2)),
        fit(pipeline.make_pipeline(preprocessing.StandardScaler(), lr())),
        fit(pipeline.make_union(preprocessing.StandardScaler(), decomposition.PCA(1))),
        fit(compose.ColumnTransformer([("a", preprocessing.StandardScaler(), [0, 2]),
                                       ("b", "passthrough", [1])])),
        fit(model_selection.GridSearchCV(lr(), {"C": [1, 2]}, cv=2)),
        fit(calibration.CalibratedClassifierCV(lr(), cv=2)),
        fit(calibration.CalibratedClassifierCV(lr(), cv=2, method="isotonic"), target=two),
        fit(text.CountVectorizer(), data=docs), fit(text.TfidfVectorizer(), data=docs),
        fit(text.CountVectorizer(analyzer="char_wb", ngram_range=(1, 3)), data=docs),
        fit(text.HashingVectorizer(n_features=16), data=docs),
        fit(pipeline.make_pipeline(text.TfidfVectorizer(), lr()), data=docs, target=labels),
    ]
    yield from chosen
    yield from first_cases({name for name, _, _ in chosen})


def first_cases(known):
    """Of every other class of tests/data/table.py the first case that is asked numbers or texts."""
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "data"))
    import generate

    for case in generate.table.CASES:
        name = case.name.split("-")[0]
        if name in known or not case.since <= generate.VERSION <= case.until:
            continue
        model, asked = generate.fit(case)
        asked = asked.toarray() if hasattr(asked, "toarray") else asked
        if isinstance(asked, list) or getattr(asked, "dtype", np.dtype(object)).kind in "fiub":
            known.add(name)
            # Labels become one column: the probe reads matrices.
            yield name, model, asked if isinstance(asked, list) else asked.reshape(len(asked), -1)


def refer(value, seen):
    """The same schema with later copies of a container or array as bare references, so that changing
    the first one changes them all. Visits key_types first and __reduce__ last, as readers do."""
    if isinstance(value, list):
        return [refer(item, seen) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("__loader__") in ("JsonNode", "TypeNode"):
        return {key: item for key, item in value.items() if key != "__id__"}
    if value.get("__loader__") and value.get("__id__"):
        if value["__id__"] in seen:
            return {"__id__": value["__id__"]}
        seen.add(value["__id__"])
    order = sorted(value, key=lambda key: {"key_types": 0, "__reduce__": 2}.get(key, 1))
    done = {key: refer(value[key], seen) for key in order}
    return {key: done[key] for key in value}


class Saved:
    """A .skops file taken apart."""

    def __init__(self, model):
        with zipfile.ZipFile(io.BytesIO(skops.io.dumps(model))) as archive:
            self.members = {n: archive.read(n) for n in archive.namelist() if n != "schema.json"}
            self.schema = refer(json.loads(archive.read("schema.json")), set())

    def write(self, path):
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in self.members.items():
                archive.writestr(name, data)
            archive.writestr("schema.json", json.dumps(self.schema))

    def add_array(self, array):
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        name = f"hostile{len(self.members)}.npy"
        self.members[name] = buffer.getvalue()
        return {"__class__": "ndarray", "__module__": "numpy", "__loader__": "NdArrayNode",
                "type": "numpy", "file": name}

    def array(self, node):
        return np.load(io.BytesIO(self.members[node["file"]]), allow_pickle=False)


def slots(schema):
    """Path, owner, container, key of every node that is an entry of a dict or list in the object."""
    stack = [("", schema)]
    while stack:
        path, node = stack.pop()
        content = node.get("content")
        if node["__loader__"] == "DictNode":
            entries = [(content, key, f".{key}") for key in content]
        elif node["__loader__"] in ("ListNode", "TupleNode", "SetNode") or node.get("type") == "json":
            entries = [(content, k, f"[{k}]") for k in range(min(len(content), 3))]
        elif node["__loader__"] == "TreeNode":
            entries = [(node, "content", ""), (node["__reduce__"], "args", ".args")]
        elif isinstance(content, dict) and "__loader__" in content:
            entries = [(node, "content", "")]
        else:
            entries = []
        for container, key, step in entries:
            child = container[key]
            if isinstance(child, dict) and "__loader__" in child:
                if step:
                    yield path + step, node, container, key
                stack.append((path + step, child))


def identified(node):
    """`node` with an id, so that it can be referred to; a reference stays one."""
    return node if "__loader__" not in node else {**node, "__id__": node.get("__id__") or 2**62}


def plain(value):
    return {"__class__": "str", "__module__": "builtins", "__loader__": "JsonNode",
            "content": json.dumps(value), "is_json": True}


def sequence(kind, items):
    return {"__class__": kind, "__module__": "builtins",
            "__loader__": {"list": "ListNode", "tuple": "TupleNode"}[kind], "content": items}


PLAIN = [None, True, False, 0, -1, 1, 2, 2**31, 2**63 - 1, 2**63, -2**63, 10**400, 0.5, -0.0, 1e308,
         float("nan"), float("inf"), "", "x", "rbf", "x" * 100_000, "\ud7ff", "(a+)+$", [], [1], [[]],
         [None], ["a", "a"], {}, {"a": 1}, [[1.5] * 4] * 3, list(range(300))]


def arrays(array, rng):
    """Arrays that a careless reader takes for `array`."""
    yield "empty", array[:0] if array.ndim else np.zeros(0, array.dtype)
    yield "no-bytes", np.zeros((0,) * max(array.ndim, 1) , array.dtype)
    yield "scalar", np.array(0, array.dtype) if array.dtype.names is None else array[:1].reshape(())
    yield "cube", array.reshape(1, -1, 1)
    if array.ndim == 0:
        array = array.reshape(1)
    yield "flat", array.reshape(-1)
    yield "twice", np.concatenate([array, array])
    yield "one-less", array[:-1]
    yield "reversed", array[::-1].copy()
    yield "big-endian", array.astype(array.dtype.newbyteorder(">"))
    if array.ndim == 2:
        yield "transposed", array.T.copy()
        yield "narrow", array[:, :1].copy()
        yield "no-columns", array[:, :0].copy()
        yield "wide", np.concatenate([array, array], axis=1)
        yield "fortran", np.asfortranarray(array)
    if array.dtype.names:
        for field in array.dtype.names:
            kind = array.dtype[field].kind
            limits = np.iinfo(array.dtype[field]) if kind in "iu" else None
            values = [limits.min, limits.max, len(array), 0, 1, 2] if limits else [
                np.nan, np.inf, -np.inf, 1e300]
            for value in values:
                changed = array.copy()
                with np.errstate(over="ignore"):
                    changed[field][rng.choice([0, len(array) // 2, slice(None)])] = value
                yield f"{field}={value}", changed
            changed = array.copy()
            changed[field] = rng.permutation(changed[field])
            yield f"{field}-shuffled", changed
        names = list(array.dtype.names)
        yield "renamed", array.astype([(n + "_", array.dtype[n]) for n in names])
        yield "fewer-fields", array[names[:-1]].astype([(n, array.dtype[n]) for n in names[:-1]])
        yield "floats", array.astype([(n, "<f8") for n in names])
        yield "plain", np.zeros(len(array))
        return
    for dtype in ("f8", "f4", "f2", "i8", "i4", "u1", "u8", "?", "c16", "U3", "S3", "M8[s]"):
        with np.errstate(all="ignore"):
            try:
                yield dtype, array.astype(dtype)
            except (ValueError, TypeError):
                yield dtype, np.zeros(array.shape, dtype)
    if array.dtype.kind in "iuf":
        low, high = ((np.iinfo(array.dtype).min, np.iinfo(array.dtype).max)
                     if array.dtype.kind in "iu" else (-1e308, 1e308))
        for value in (low, high, 0, 1, len(array)):
            yield f"all={value}", np.full_like(array, value)
            changed = array.copy()
            if changed.size:
                changed.reshape(-1)[rng.integers(changed.size)] = value
            yield f"one={value}", changed
    if array.dtype.kind == "f":
        for value in (np.nan, np.inf, -1.0):
            yield f"all={value}", np.full_like(array, value)


def replacements(saved, node, rng):
    """What may stand in the place of `node`: a name and a new node."""
    loader = node["__loader__"]
    out = []
    if loader == "NdArrayNode" and node["type"] == "numpy":
        array = saved.array(node)
        for name, other in arrays(array, rng):
            new = saved.add_array(other)
            if array.ndim == 0 and other.ndim == 0 and other.dtype == array.dtype:
                new["__class__"] = node["__class__"]
            out.append((name, new))
    if loader in ("ListNode", "TupleNode") and node["content"]:
        kind, items = node["__class__"], node["content"]
        if kind in ("list", "tuple"):
            alias = identified(items[0])
            doubled = {"__id__": alias["__id__"]}
            inner = {k: v for k, v in node.items() if k != "__id__"}
            out += [("emptied", sequence(kind, [])), ("one-less", sequence(kind, items[:-1])),
                    ("twice", sequence(kind, refer(items + items, set()))),
                    ("first-only", sequence(kind, [alias] + [doubled] * (len(items) - 1))),
                    ("reversed", sequence(kind, items[::-1])),
                    ("nulls", sequence(kind, [plain(None)] * len(items))),
                    ("nested", sequence(kind, [inner]))]
            # One estimator 2^40 times.
            deep = alias
            for level in range(40):
                deep = sequence("list", [deep, {"__id__": deep["__id__"]}])
                deep["__id__"] = 2**62 + 1 + level
            out.append(("2^40-aliases", deep))
    if loader == "DictNode" and node["content"]:
        out.append(("emptied", {**node, "content": {}, "key_types": sequence("list", [])}))
    if loader in ("ObjectNode", "TreeNode"):
        out += [("without-state", {k: v for k, v in node.items() if k not in ("content", "__id__")}),
                ("other-class", {**node, "__class__": "Ridge",
                                 "__module__": "sklearn.linear_model._ridge"}),
                ("unknown-class", {**node, "__class__": "Evil", "__module__": "evil"})]
    for value in PLAIN:
        out.append((f"json {json.dumps(value)[:20]}", plain(value)))
    out.append(("array", saved.add_array(np.arange(12.0).reshape(3, 4))))
    out.append(("function", {"__class__": "system", "__module__": "os",
                             "__loader__": "FunctionNode"}))
    return out


def write_input(folder, name, data):
    if isinstance(data, list):
        path = folder / f"{name}.txt"
        path.write_text("\n".join(data) + "\n")
    else:
        path = folder / f"{name}.npy"
        np.save(path, np.asarray(data, dtype=np.float64))
    return path.name


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-attribute", type=int, default=10**9)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    shutil.rmtree(arguments.folder, ignore_errors=True)
    arguments.folder.mkdir(parents=True)
    pick, rng = random.Random(arguments.seed), np.random.default_rng(arguments.seed)
    lines = []
    for number, (name, model, data) in enumerate(models()):
        if arguments.only not in name:
            continue
        honest = Saved(model)
        given = write_input(arguments.folder, f"{number}-{name}", data)

        def put(saved, what):
            path = f"{number}-{name}-{len(lines)}.skops"
            saved.write(arguments.folder / path)
            lines.append(f"{path}\t{given}\t{name} {what}")

        put(honest, "as it is")
        for index, (path, *_) in enumerate(list(slots(honest.schema))):
            saved = copy.deepcopy(honest)
            _, owner, container, key = list(slots(saved.schema))[index]
            node = container[key]
            changes = replacements(saved, node, rng)
            extra = {m: d for m, d in saved.members.items() if m not in honest.members}
            for what, new in pick.sample(changes, min(len(changes), arguments.per_attribute)):
                container[key] = new
                if "__id__" in node and "__loader__" in new:
                    new["__id__"] = node["__id__"]
                used = new.get("file")
                saved.members = dict(honest.members)
                if used in extra:
                    saved.members[used] = extra[used]
                put(saved, f"{path}: {what}")
            if owner["__loader__"] == "DictNode":
                del container[key]
                owner["key_types"]["content"].pop()
                saved.members = honest.members
                put(saved, f"{path}: deleted")
    (arguments.folder / "list.tsv").write_text("\n".join(lines) + "\n")
    print(len(lines), "files")


if __name__ == "__main__":
    main()
