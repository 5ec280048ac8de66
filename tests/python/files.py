"""Small files and data that several tests use."""

import functools
import io
import json
import warnings
import zipfile

import numpy as np
import pandas as pd
import skops.io
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

X = np.round(np.random.RandomState(0).standard_normal((40, 4)) * 8) / 4
Y = (X[:, 0] + X[:, 1] > 0).astype(int)
FRAME = pd.DataFrame({"town": np.array(["Bern", "Chur"], dtype=object)[Y], "age": X[:, 0],
                      "income": X[:, 1]})


@functools.lru_cache(maxsize=None)
def fitted(kind):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if kind == "pipeline":
            return make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y)
        if kind == "linear":
            return LinearRegression().fit(X, X[:, 0] - 2 * X[:, 3])
        if kind == "named":
            return LinearRegression().fit(pd.DataFrame(X, columns=list("abcd")), X[:, 0])
        if kind == "table":
            return make_pipeline(make_column_transformer(
                (OneHotEncoder(), ["town"]), (StandardScaler(), ["age", "income"])),
                LogisticRegression()).fit(FRAME, Y)
    raise KeyError(kind)


@functools.lru_cache(maxsize=None)
def written(kind):
    return skops.io.dumps(fitted(kind))


def with_schema(data, change):
    """The archive `data` with its schema changed by a function of the parsed JSON."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            member = old.read(name)
            if name == "schema.json":
                schema = json.loads(member)
                change(schema)
                member = json.dumps(schema).encode()
            new.writestr(name, member)
    return out.getvalue()


def hostile(name):
    """A file that names one type beside what it needs."""
    module, cls = name

    def change(schema):
        types = schema["content"]["key_types"]["content"]
        types.append({**types[0]})
        schema["content"]["content"]["extra"] = {
            "__class__": cls, "__module__": module, "__loader__": "ObjectNode", "__id__": 987654321,
            "content": {"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode",
                        "content": {}, "key_types": {
                            "__class__": "list", "__module__": "builtins",
                            "__loader__": "ListNode", "content": [], "__id__": 987654323},
                        "__id__": 987654322},
        }
    return with_schema(written("linear"), change)


def one_node(name, loader, **fields):
    """A file of one node: who it says it is, and by which loader."""
    module, cls = name
    root = {"__class__": cls, "__module__": module, "__loader__": loader, "protocol": 2,
            "_skops_version": "0.16.0", **fields}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("schema.json", json.dumps(root))
    return out.getvalue()
