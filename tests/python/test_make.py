"""Models that C++ programs make from numbers: scikit-learn loads them with the released skops and answers
as libskops does, and they are whole objects to it: parameters, clones, printing.
"""

import functools
import inspect
import json
import pathlib
import re
import subprocess
import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import sklearn
import skops.io
from sklearn.base import clone
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import all_estimators

import files
import test_save

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "build/bin"
NAMES = ["DecisionTreeClassifier", "DecisionTreeRegressor", "KMeans", "LinearRegression",
         "LogisticRegression", "LogisticRegression-two", "PCA", "Pipeline", "RandomForestClassifier",
         "RandomForestRegressor", "Ridge", "StandardScaler"]


def run(program, *arguments):
    done = subprocess.run([PROGRAMS / program, *map(str, arguments)], capture_output=True, text=True,
                          timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def load(path):
    return skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))


@pytest.fixture(scope="module", params=[(), ("--version", sklearn.__version__)],
                ids=["any-version", "this-version"])
def made(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    return folder, json.loads(run("make_native", folder, *request.param)), bool(request.param)


@pytest.mark.parametrize("name", NAMES)
def test_scikit_learn_answers_the_same(made, name):
    folder, answers, versioned = made
    assert set(answers) == {*NAMES, "x"}
    x = np.reshape(answers["x"], (-1, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("error" if versioned else "ignore")
        model = load(folder / f"{name}.skops")
    assert type(model).__name__ == name.partition("-")[0]
    assert answers[name]
    for method, expected in answers[name].items():
        with np.errstate(divide="ignore"):
            y = getattr(model, method)(x)
        if y.dtype.kind == "U":
            assert y.ravel().tolist() == expected, method
        else:
            np.testing.assert_allclose(y.ravel(), expected, rtol=1e-12, atol=1e-12, err_msg=method)
    assert model.n_features_in_ == 2 and repr(model)
    assert clone(model).get_params().keys() == model.get_params().keys()


@pytest.mark.parametrize("name", NAMES)
def test_they_are_what_skops_writes(made, name, tmp_path):
    """Dumped again by skops, they are still the same."""
    folder, answers, _ = made
    skops.io.dump(load(folder / f"{name}.skops"), tmp_path / "again.skops")
    method, expected = next(iter(answers[name].items()))
    y = getattr(load(tmp_path / "again.skops"), method)(np.reshape(answers["x"], (-1, 2)))
    if y.dtype.kind != "U":
        np.testing.assert_allclose(y.ravel(), expected, rtol=1e-12, atol=1e-12)


def test_the_example(tmp_path):
    printed = run("make_model", tmp_path)
    linear, tree = load(tmp_path / "linear.skops"), load(tmp_path / "tree.skops")
    x = np.random.RandomState(0).standard_normal((200, 3)) * 3
    by_numbers = LinearRegression()
    by_numbers.coef_, by_numbers.intercept_ = np.array([0.5, -2, 3]), 0.25
    np.testing.assert_array_equal(linear.predict(x), by_numbers.predict(x))
    expected = np.where(x[:, 1] <= 0.5, "low", np.where(x[:, 0] <= 2, "high", "low"))
    assert tree.predict(x[:, :2]).tolist() == expected.tolist()
    assert tree.get_depth() == 2 and tree.get_n_leaves() == 3
    # A tree that scikit-learn fits to these answers splits where this one does.
    fitted = DecisionTreeClassifier(max_depth=2, random_state=0).fit(x[:, :2], expected)
    assert fitted.classes_.tolist() == tree.classes_.tolist()
    assert fitted.tree_.feature.tolist() == tree.tree_.feature.tolist()
    first = np.array([[1, 2, 3.0]])
    assert printed.split() == [f"{linear.predict(first)[0]:g}", tree.predict(first[:, :2])[0]]


@functools.lru_cache(maxsize=None)
def table():
    """Class -> [(parameter, default, since, until)] of plugins/sklearn/parameters.inc."""
    out = {}
    text = (ROOT / "plugins/sklearn/parameters.inc").read_text(encoding="utf-8")
    for line in text.splitlines():
        if start := re.match(r"C\((\w+)\)", line):
            rows = out.setdefault(start.group(1), [])
        elif row := re.match(r'P\((\w+), (".*"), (\d+), (\d+)\)$', line):
            rows.append((row.group(1), json.loads(row.group(2)), int(row.group(3)), int(row.group(4))))
    return out


def text_of(default):
    if isinstance(default, tuple):
        return "tuple " + json.dumps(list(default))
    if isinstance(default, type):
        return f"type {default.__module__}.{default.__name__}"
    if callable(default):
        return f"function {default.__module__}.{default.__name__}"
    return json.dumps(default)


def test_the_table_of_parameters_is_scikit_learns():
    version = 1000 * int(sklearn.__version__.split(".")[0]) + int(sklearn.__version__.split(".")[1])
    classes = dict(all_estimators())
    rows = table()
    assert len(rows) >= 69
    for name, parameters in rows.items():
        now = {p: default for p, default, since, until in parameters
               if version >= since and (until == 0 or version < until)}
        cls = classes[name]
        required = getattr(cls, "_required_parameters", [])
        signature = inspect.signature(cls.__init__).parameters
        expected = {p: text_of(v.default) for p, v in signature.items()
                    if p != "self" and v.default is not v.empty and p not in required}
        assert now == expected, name


def text_in(nodes, node):
    """What parameters.inc says for the value of a node, or None."""
    node = nodes.get(node["__id__"], node)
    if node["__loader__"] == "JsonNode":
        return node["content"]
    if node["__loader__"] in ("TypeNode", "FunctionNode"):
        return f"{node['__loader__'][:-4].lower()} {node['__module__']}.{node['__class__']}"
    if node["__loader__"] == "TupleNode":
        items = [text_in(nodes, item) for item in node["content"]]
        return None if None in items else f"tuple [{', '.join(items)}]"
    return None


# Parameters that hold estimators which are only cloned: nobody builds them natively, nor completes them.
CLONED = {"base_estimator", "estimator", "estimators", "remainder", "transformers"}


def cloned_nodes(value, out):
    """The nodes in such parameters, which may be referred to from elsewhere."""
    for name, item in value.items() if isinstance(value, dict) else enumerate(value):
        if name in CLONED:
            all_nodes(item, out)
        if isinstance(item, (dict, list)):
            cloned_nodes(item, out)
    return out


def strip(nodes, value, version, keep, removed):
    """Takes the parameters that have their defaults out of every object of a class in the table, but for
    the nodes to keep."""
    if isinstance(value, list):
        for item in value:
            strip(nodes, item, version, keep, removed)
    if not isinstance(value, dict):
        return
    state = value.get("content")
    if value.get("__loader__") == "ObjectNode" and value["__class__"] in table() and state \
            and value["__id__"] not in keep:
        for name, default, since, until in table()[value["__class__"]]:
            item = state["content"].get(name)
            if since <= version and (until == 0 or version < until) and item is not None \
                    and name not in keep and text_in(nodes, item) == default:
                at = list(state["content"]).index(name)
                del state["content"][name], state["key_types"]["content"][at]
                removed.add(name)
    for item in value.values():
        strip(nodes, item, version, keep, removed)


def all_nodes(value, out):
    if isinstance(value, dict):
        if "__loader__" in value and "__id__" in value:
            out.setdefault(value["__id__"], value)
        for item in value.values():
            all_nodes(item, out)
    elif isinstance(value, list):
        for item in value:
            all_nodes(item, out)
    return out


def without_defaults(data, keep):
    """The file without the parameters that have their defaults, but for those to keep."""
    removed = set()

    def change(schema):
        nodes = all_nodes(schema, {})

        def full(value):  # so that taking a node away leaves no reference to it
            if isinstance(value, dict):
                value = nodes.get(value.get("__id__"), value) if "__class__" in value else value
                return {key: full(item) for key, item in value.items()}
            return [full(item) for item in value] if isinstance(value, list) else value

        copy = full(schema)
        strip(nodes, copy, 1009, keep | cloned_nodes(copy, {}).keys(), removed)
        schema.clear()
        schema.update(copy)

    return files.with_schema(data, change), removed


@pytest.mark.parametrize("name", test_save.NAMES)
def test_parameters_come_back(name, tmp_path):
    """A fitted model without them is for scikit-learn as it was. Those that the native class cannot do
    without are named in its error, and then given.
    """
    data = (test_save.DATA / "sk19" / name / "model.skops").read_bytes()
    source, target, keep = tmp_path / "stripped.skops", tmp_path / "made.skops", set()
    for _ in range(20):
        stripped, removed = without_defaults(data, keep)
        source.write_bytes(stripped)
        done = subprocess.run([PROGRAMS / "resave", source, target, "--made"], capture_output=True,
                              text=True, timeout=60, check=False)
        if done.returncode == 0:
            break
        missing = re.search(r"the attribute '(\w+)' is missing.*\[model.unfitted\]", done.stderr)
        assert missing and missing.group(1) in removed, done.stderr
        keep.add(missing.group(1))
    assert done.returncode == 0, done.stderr
    before, after = test_save.load(data), load(target)
    if hasattr(before, "get_params"):
        texts = [re.sub(r" at 0x[0-9a-f]+", "", repr(model.get_params(deep=False)))
                 for model in (before, after)]
        assert texts[0] == texts[1]
    assert vars(before).keys() == vars(after).keys()
    for (method, x), (_, y) in zip(test_save.answers(before, name), test_save.answers(after, name),
                                   strict=True):
        if sp.issparse(x):
            assert abs(x - y).nnz == 0, method
        elif isinstance(x, pd.DataFrame):
            pd.testing.assert_frame_equal(x, y)
        else:
            np.testing.assert_array_equal(x, y)
