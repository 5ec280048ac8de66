"""What libskops writes is read by the released skops: equal objects, with the same references among
them, and the same answers to the last bit.
"""

import collections
import functools
import io
import operator
import os
import pathlib
import random
import signal
import subprocess
import time
import types
import zipfile

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import skops.io
from sklearn.base import clone
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import command
import datasets
import table
from generate import METHODS

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESAVE = ROOT / "build/bin/resave"
DATA = ROOT / "tests/data"
CASES = {case.name: case for case in table.CASES}
NAMES = sorted(path.parent.name for path in DATA.glob("sk19/*/model.skops"))
IMMUTABLE = (str, int, float, complex, bool, type(None), type, bytes, np.generic, np.ufunc,
             types.FunctionType, types.BuiltinFunctionType)


def resave(source, target, *options):
    done = subprocess.run([RESAVE, source, target, *options], capture_output=True, timeout=60,
                          check=False)
    assert done.returncode == 0, done.stderr.decode()
    return pathlib.Path(target).read_bytes()


def load(data):
    return skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data))


def arrays_equal(a, b):
    if a.dtype != b.dtype or a.shape != b.shape or type(a) is not type(b):
        return False
    if a.dtype.names:  # padding between the fields may hold anything
        return all(arrays_equal(a[name], b[name]) for name in a.dtype.names)
    if a.dtype == object:
        return True  # cell by cell, elsewhere
    return a.tobytes() == b.tobytes()


class Comparison:
    """Whether two objects are equal in all that can be reached, and shared in the same way."""

    def __init__(self):
        self.partner = {}
        self.kept = []

    def __call__(self, a, b, path="root"):
        assert type(a) is type(b), path
        if isinstance(a, IMMUTABLE):
            assert a is b or a == b or (a != a and b != b), path
            return
        for x, y in ((a, b), (b, a)):
            known = self.partner.setdefault((x is a, id(x)), y)
            assert known is y, f"{path}: shared in another way"
        if (id(a), "done") in self.partner:
            return
        self.partner[id(a), "done"] = True
        self.kept.append((a, b))
        for name, x, y in self.parts(a, b, path):
            self(x, y, path + name)

    def parts(self, a, b, path):
        if isinstance(a, np.ma.MaskedArray):
            return [(".data", a.data, b.data), (".mask", np.array(a.mask), np.array(b.mask))]
        if isinstance(a, np.ndarray):
            assert arrays_equal(a, b), path
            cells = zip(a.ravel(), b.ravel()) if a.dtype == object else ()
            return [(f"[{k}]", x, y) for k, (x, y) in enumerate(cells)]
        if isinstance(a, (list, tuple)):
            assert len(a) == len(b), path
            return [(f"[{k}]", x, y) for k, (x, y) in enumerate(zip(a, b))]
        if isinstance(a, dict):
            assert [(type(k), k) for k in a] == [(type(k), k) for k in b], path
            return [(f"[{k!r}]", a[k], b[k]) for k in a]
        if isinstance(a, (set, slice, bytearray, np.dtype)) or sp.issparse(a):
            same = (abs(a - b).nnz == 0 if sp.issparse(a) else a == b)
            assert same, path
            return []
        if isinstance(a, np.random.Generator):
            return [(".state", a.bit_generator.state, b.bit_generator.state)]
        if isinstance(a, np.random.RandomState):
            return [(".state", a.get_state(legacy=False), b.get_state(legacy=False))]
        if hasattr(a, "__func__"):
            assert a.__func__ is b.__func__
            return [(".__self__", a.__self__, b.__self__)]
        state = a.__reduce_ex__(2)
        if isinstance(state, str):
            assert state == b.__reduce_ex__(2), path
            return []
        return [(f".{k}", x, y) for k, (x, y) in enumerate(zip(state[1:3], b.__reduce_ex__(2)[1:3]))]


def check_same(data, saved):
    assert set(skops.io.get_untrusted_types(data=data)) == \
        set(skops.io.get_untrusted_types(data=saved))
    a, b = load(data), load(saved)
    Comparison()(a, b)
    return a, b


def answers(model, name):
    asked = getattr(datasets, CASES[name].data)()[2]
    for method in METHODS:
        if method in CASES[name].skip or not hasattr(model, method):
            continue
        with np.errstate(all="ignore"):
            result = getattr(model, method)(asked.copy() if hasattr(asked, "copy") else asked)
        if method.startswith("staged_") or isinstance(result, (list, tuple)):
            yield from ((method, part) for part in result)
        else:
            yield method, result


@pytest.mark.parametrize("name", NAMES)
def test_models(name, tmp_path):
    source = DATA / "sk19" / name / "model.skops"
    data, saved = source.read_bytes(), resave(source, tmp_path / "saved.skops")
    assert resave(tmp_path / "saved.skops", tmp_path / "again.skops") == saved
    theirs, ours = check_same(data, saved)
    for (method, x), (_, y) in zip(answers(theirs, name), answers(ours, name), strict=True):
        if sp.issparse(x):
            assert abs(x - y).nnz == 0, method
        elif isinstance(x, pd.DataFrame):
            pd.testing.assert_frame_equal(x, y)
        else:
            np.testing.assert_array_equal(x, y)


def shared():
    inner = [1, 2]
    array = np.arange(4.0)
    return {"a": inner, "b": inner, "c": [1, 2], "x": array, "y": array, "z": array.copy(),
            "nested": {"a": {"b": [inner]}}}


def generators():
    first, second = np.random.default_rng(1), np.random.Generator(np.random.PCG64(2))
    return ["PCG64", first, second, first, {"bit_generator": "PCG64"}, np.random.RandomState(3)]


def object_array():
    cells = np.empty((2, 3), dtype=object)
    cells[:] = [[1, "a", None], [2.5, True, "a"]]
    return cells


PIPELINE = make_pipeline(StandardScaler(), FunctionTransformer(np.log1p))
OBJECTS = {
    "values": [None, True, 1, 1.0, "1", 10**40, float("nan"), float("-inf"), "é\u2028\x7f\0\"\\😀"],
    "plain": [{"a": [1, {"b": [], "": {}}], "__id__": 5, "__loader__": "x"}, [[[]]], {}],
    "keys": [{1: 2}, {1.5: []}, {"a": (1, 2)}, {"1": [1]}, {True: 1}],
    "odd-keys": {"__id__": np.arange(3), "content": {"__id__": (1,)}},
    "tuples": [(1, [2, (3,)]), ((), ([],))],
    "sets": [{1, 2}, {"a"}, {(1, 2)}],
    "containers": [collections.OrderedDict(a=[1]), collections.defaultdict(list, a=[1])],
    "shared": shared(),
    "bytes": [b"", b"a", bytearray(b"a"), b"a", bytearray(b"a")],
    "functions": [np.log1p, np.log1p, len, functools.partial(np.add, 1, out=None),
                  operator.attrgetter("a.b"), operator.itemgetter(0, 1), PIPELINE.fit, PIPELINE],
    "types": [int, int, np.float64, StandardScaler, {"a": int}],
    "slices": [slice(1), slice(None, 5, 2)],
    "generators": generators(),
    "object-array": [object_array(), np.array(["a", None], dtype=object)],
    "masked": np.ma.MaskedArray([1.0, 2.0], mask=[True, False]),
    "scalars": [np.float64(1.5), np.int8(1), np.float64(1.5), np.dtype("float32")],
    "arrays": [np.zeros(0), np.zeros((3, 0, 2), "i2"), np.asfortranarray(np.eye(3)),
               np.array(["a", "bc"]), np.array([(1, 2.0)], dtype=[("a", "i1"), ("b", "f8")]),
               np.zeros(100000), np.arange(10000.0), np.arange(10000.0)],
    "sparse": [sp.csr_matrix(np.eye(3)), sp.csc_array(np.eye(2))],
    "vectorizer": CountVectorizer().fit([" ".join(f"term{k}" for k in range(1000))]),
    "unfitted": Pipeline([("a", StandardScaler()), ("b", KMeans(n_clusters=3))]),
}


@pytest.mark.parametrize("name", OBJECTS)
@pytest.mark.parametrize("options", [(), ("--deflated",)], ids=["stored", "deflated"])
def test_objects(name, options, tmp_path):
    source, target = tmp_path / "source.skops", tmp_path / "saved.skops"
    skops.io.dump(OBJECTS[name], source)
    saved = resave(source, target, *options)
    check_same(source.read_bytes(), saved)
    with zipfile.ZipFile(io.BytesIO(saved)) as archive:
        assert archive.testzip() is None
        for info in archive.infolist():
            if info.compress_type == zipfile.ZIP_STORED:
                continue
            assert info.compress_type == zipfile.ZIP_DEFLATED
            if not options:  # unasked: only long rows of few numbers
                row = np.load(io.BytesIO(archive.read(info)))
                assert row.ndim == 1 and row.nbytes >= 1 << 16
                assert 2 * info.compress_size <= info.file_size
    skops.io.dump(OBJECTS[name], source, compression=zipfile.ZIP_DEFLATED)
    assert resave(source, target, *options) == saved  # other ids, other names, the same object


def test_large_arrays_lie_at_multiples_of_64(tmp_path):
    source = tmp_path / "source.skops"
    skops.io.dump([np.arange(float(n)) for n in range(480, 620)], source)
    saved = resave(source, tmp_path / "saved.skops")
    with zipfile.ZipFile(io.BytesIO(saved)) as archive:
        aligned = 0
        for info in archive.infolist():
            if info.file_size >= 4096 and info.filename.endswith(".npy"):
                at = saved.index(archive.read(info), info.header_offset)
                assert at % 64 == 0
                aligned += 1
    assert aligned == 140 - 16  # of 512 numbers and more, less the header of 128 bytes


def test_sizes(tmp_path):
    """Never larger than what skops writes, and far smaller where values repeat."""
    source, target = tmp_path / "source.skops", tmp_path / "saved.skops"
    ratios = []
    for name in NAMES[::4]:
        skops.io.dump(load((DATA / "sk19" / name / "model.skops").read_bytes()), source)
        ratios.append(len(resave(source, target)) / source.stat().st_size)
    assert max(ratios) <= 1
    assert np.median(ratios) <= 0.5
    terms = CountVectorizer().fit([" ".join(f"term{k}" for k in range(40000))])
    skops.io.dump(terms, source)
    assert len(resave(source, target)) <= 0.05 * source.stat().st_size


def start(source, target):
    process = subprocess.Popen([RESAVE, source, target, "--times", "1000000", "--ready"],
                               stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    return process


def test_killed_while_writing(tmp_path):
    """The file is always whole, and nothing else is left but what was being renamed."""
    folder = tmp_path / "out"
    folder.mkdir()
    source, target = tmp_path / "source.skops", folder / "model.skops"
    skops.io.dump([np.arange(200000.0), {"a": 1}], source)
    expected = resave(source, tmp_path / "expected.skops")
    left = 0
    for seed in range(40):
        target.write_bytes(b"old")
        process = start(source, target)
        time.sleep(random.Random(seed).random() * 0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert target.read_bytes() == expected
        for name in set(os.listdir(folder)) - {"model.skops"}:
            # Between naming the finished file and renaming it.
            assert name.startswith(".libskops-")
            assert (folder / name).read_bytes() == expected
            (folder / name).unlink()
            left += 1
    assert left <= 20


def test_full_device(tmp_path):
    source = tmp_path / "source.skops"
    skops.io.dump([1], source)
    done = subprocess.run([RESAVE, source, "/dev/full"], capture_output=True, check=False)
    assert done.returncode == 7
    assert b"No space left" in done.stderr and b"file.write" in done.stderr


def test_a_file_may_replace_itself(tmp_path):
    source = tmp_path / "model.skops"
    skops.io.dump(OBJECTS["arrays"], source)
    data = source.read_bytes()
    check_same(data, resave(source, source))


def test_models_made_of_numbers(tmp_path):
    """What a plugin writes through the C ABI, scored by scikit-learn and by libskops."""
    subprocess.run([ROOT / "build/bin/make_models", tmp_path], check=True)
    x = np.random.RandomState(0).standard_normal((50, 3)) * 3
    linear = load((tmp_path / "linear.skops").read_bytes())
    np.testing.assert_allclose(linear.predict(x), x @ [0.5, -2, 3] + 0.25, rtol=1e-12)
    tree = load((tmp_path / "tree.skops").read_bytes())
    expected = np.where(x[:, 1] <= 0.5, -1, np.where(x[:, 0] <= 2, 10, 20))
    np.testing.assert_array_equal(tree.predict(x[:, :2]), expected)
    assert tree.get_depth() == 2 and clone(tree).get_params() == tree.get_params()
    np.save(tmp_path / "x.npy", x[:, :2])
    answer = command.run("predict", tmp_path / "tree.skops", tmp_path / "x.npy")
    np.testing.assert_array_equal([float(line) for line in answer.stdout.split()[-50:]], expected)
