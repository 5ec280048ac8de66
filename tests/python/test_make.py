"""Models that C++ programs make from numbers: scikit-learn loads them with the released skops and answers
as libskops does, and they are whole objects to it: parameters, clones, printing.
"""

import json
import pathlib
import re
import subprocess
import warnings

import numpy as np
import pytest
import sklearn
import skops.io
from sklearn.base import clone
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import all_estimators

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
    assert len(rows) >= 70
    for name, parameters in rows.items():
        now = {p: default for p, default, since, until in parameters
               if version >= since and (until == 0 or version < until)}
        cls = classes[name]
        required = getattr(cls, "_required_parameters", [])
        signature = __import__("inspect").signature(cls.__init__).parameters
        expected = {p: text_of(v.default) for p, v in signature.items()
                    if p != "self" and v.default is not v.empty and p not in required}
        assert now == expected, name
