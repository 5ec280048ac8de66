"""libskops.io.dumps: every estimator of scikit-learn, with the parameters of its own test suite, goes to
released skops and back to libskops and gives the same numbers, and the same bytes each time.
"""

import pathlib
import pickle
import subprocess
import sys

import numpy as np
import pytest
import skops.io
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LinearRegression
from skops.io.tests.test_persist import _tested_estimators, get_input, set_random_state

import libskops.io as sio
from same import check_same

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESAVE = ROOT / "build/bin/resave"
ESTIMATORS = [(f"{type(e).__name__}-{k}", e) for k, e in enumerate(
    [*_tested_estimators(), FrozenEstimator(LinearRegression().fit([[0.0], [1.0]], [0, 1]))])]
METHODS = ("predict", "predict_proba", "decision_function", "transform", "score_samples")
# What compiled code would trust is checked by libskops, so that it needs no decision.
CHECKED = {"sklearn.tree._tree.Tree",
           "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"}


def fitted(estimator):
    if isinstance(estimator, FrozenEstimator):
        return estimator, [[0.5], [2.0]]
    set_random_state(estimator, random_state=0)
    x, y = get_input(estimator)
    return (estimator.fit(x) if y is None else estimator.fit(x, y)), x


def answers(estimator, x):
    """What the methods give, or why they do not."""
    out = {}
    for name in METHODS:
        if hasattr(estimator, name):
            try:
                out[name] = getattr(estimator, name)(x)
            except Exception as error:
                out[name] = f"{type(error).__name__}: {error}"
    return out


def loaded_by_skops(data):
    return skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data))


def loaded(data):
    return sio.loads(data, trusted=sio.get_untrusted_types(data=data))


def check_round_trip(obj, tmp_path):
    data, theirs = sio.dumps(obj), skops.io.dumps(obj)
    assert sio.dumps(obj) == data
    assert len(data) <= len(theirs)
    assert skops.io.get_untrusted_types(data=data) == skops.io.get_untrusted_types(data=theirs)
    assert sio.get_untrusted_types(data=data) == sio.get_untrusted_types(data=theirs)
    # What is written anew from the file is the file.
    (tmp_path / "a.skops").write_bytes(data)
    subprocess.run([RESAVE, tmp_path / "a.skops", tmp_path / "b.skops"], check=True, timeout=60)
    assert (tmp_path / "b.skops").read_bytes() == data
    out = loaded_by_skops(data), loaded(data), loaded(theirs)
    for other in out:
        check_same(obj, other)
    return out


@pytest.mark.parametrize("name, estimator", ESTIMATORS, ids=[name for name, _ in ESTIMATORS])
def test_unfitted(name, estimator, tmp_path):
    check_round_trip(estimator, tmp_path)


@pytest.mark.parametrize("name, estimator", ESTIMATORS, ids=[name for name, _ in ESTIMATORS])
def test_fitted(name, estimator, tmp_path):
    try:
        estimator, x = fitted(estimator)
    except ImportError as error:  # a library that is not installed
        pytest.skip(str(error).split(".")[0])
    others = check_round_trip(estimator, tmp_path)
    # Arrays that were views of others are contiguous in every copy, and BLAS adds in another order.
    expected = answers(pickle.loads(pickle.dumps(estimator)), x)
    for other in others:
        check_same(expected, answers(other, x))


def test_every_estimator_is_there():
    from sklearn.utils import all_estimators

    tested = {name.partition("-")[0] for name, _ in ESTIMATORS}
    # skops' list leaves out what it refuses; a cycle, which no reader of skops takes.
    assert {name for name, _ in all_estimators()} - tested == {"Birch"}


def test_two_processes_give_the_same_bytes():
    script = (
        "import sys, libskops.io as sio, numpy as np\n"
        "from sklearn.linear_model import LogisticRegression\n"
        "x = np.arange(20.0).reshape(10, 2)\n"
        "model = LogisticRegression().fit(x, x[:, 0] > 9)\n"
        "value = [model, {'a', 'b', 'c', ('d', 1)}, frozenset('xyz'), {np.add, len}]\n"
        "sys.stdout.buffer.write(sio.dumps(value))\n")
    runs = [subprocess.run([sys.executable, "-c", script], check=True, capture_output=True,
                           env={"PYTHONHASHSEED": str(seed)}, timeout=120).stdout for seed in (1, 2)]
    assert runs[0] == runs[1] and len(runs[0]) > 1000


class Grows:
    """Its state is taken after its bytes were: what the bytes lay in is gone by then."""

    def __init__(self, data):
        self.data = data

    def __getstate__(self):
        self.data.extend(b"x" * 10_000_000)
        return {"n": 1}


class Key:
    """Hashed by where it lies, so that a set of them has another order each time."""

    def __init__(self, *numbers):
        self.numbers = np.array(numbers)


class Keys(set):
    pass


class FrozenKeys(frozenset):
    pass


def test_order_of_sets_is_that_of_their_items():
    def made(kind, numbers):
        return kind([Key(k, k + 1) for k in numbers])

    for kind in (set, frozenset, Keys, FrozenKeys):
        files = {sio.dumps(made(kind, order)) for order in (range(30), range(29, -1, -1)) * 3}
        assert len(files) == 1
        found = loaded(files.pop())
        assert type(found) is kind and sorted(key.numbers[0] for key in found) == list(range(30))


def test_bytes_that_move_while_others_are_taken_apart():
    data = bytearray(b"abc")
    file = sio.dumps([data, Grows(data)])
    assert len(data) > 10_000_000
    assert loaded(file)[0] == b"abc"
