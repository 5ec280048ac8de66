"""The surface of libskops.Model: ways to load, methods, attributes, threads, life and death."""

import copy
import gc
import io
import pathlib
import pickle
import resource
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import scipy.sparse as sp
import skops.io
from sklearn.feature_extraction.text import TfidfVectorizer

import libskops
from files import FRAME, X, fitted, written


def as_path(folder):
    path = folder / "größe model.skops"
    path.write_bytes(written("pipeline"))
    return path


SOURCES = {
    "str": lambda folder: str(as_path(folder)),
    "Path": as_path,
    "bytes": lambda folder: written("pipeline"),
    "bytearray": lambda folder: bytearray(written("pipeline")),
    "memoryview": lambda folder: memoryview(written("pipeline")),
    "backward memoryview": lambda folder: memoryview(written("pipeline")[::-1])[::-1],
    "BytesIO": lambda folder: io.BytesIO(written("pipeline")),
    "open file": lambda folder: open(as_path(folder), "rb"),
    "unbuffered file": lambda folder: open(as_path(folder), "rb", buffering=0),
    "Path-like": lambda folder: type("P", (), {"__fspath__": lambda s: str(as_path(folder))})(),
    "bytes path": lambda folder: type("P", (), {
        "__fspath__": lambda s: str(as_path(folder)).encode()})(),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_load_from(kind, tmp_path):
    model = libskops.Model.load(SOURCES[kind](tmp_path))
    np.testing.assert_allclose(model.predict_proba(X), fitted("pipeline").predict_proba(X),
                               rtol=1e-9)
    assert libskops.audit(SOURCES[kind](tmp_path)).ok


def test_bytes_live_as_long_as_a_method():
    data = bytes(bytearray(written("pipeline")))  # an object of its own
    before = sys.getrefcount(data)
    predict = libskops.Model.load(data).predict
    gc.collect()
    assert sys.getrefcount(data) == before + 1
    expected = fitted("pipeline").predict(X)
    np.testing.assert_array_equal(predict(X), expected)
    del predict
    assert sys.getrefcount(data) == before


def test_methods():
    model = libskops.Model.load(written("pipeline"))
    assert set(model.methods) >= {"predict", "predict_proba", "predict_log_proba",
                                  "decision_function"}
    assert "transform" not in model.methods and not hasattr(model, "transform")
    for method in model.methods:
        assert callable(getattr(model, method))
        assert hasattr(fitted("pipeline"), method)
    assert model.predict.__name__ == "predict"
    np.testing.assert_array_equal(model.predict(X=X), model.predict(X))


def test_attributes_are_arrays_and_plain_values():
    estimator, model = fitted("linear"), libskops.Model.load(written("linear"))
    np.testing.assert_array_equal(model.coef_, estimator.coef_)
    assert model.coef_.dtype == estimator.coef_.dtype
    assert model.n_features_in_ == 4 and type(model.n_features_in_) is int
    assert model.fit_intercept is True
    assert isinstance(model.intercept_, (float, np.floating))
    assert model.intercept_ == pytest.approx(estimator.intercept_)
    assert model.type == "sklearn.linear_model._base.LinearRegression"
    assert "coef_" in model.attributes and "coef_" in dir(model) and "predict" in dir(model)
    assert repr(model) == "<libskops.Model of sklearn.linear_model._base.LinearRegression>"


def test_names_of_features():
    model = libskops.Model.load(written("named"))
    assert model.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    assert model.feature_names_in_.dtype == object


def test_attributes_are_read_once_and_cannot_be_changed():
    model = libskops.Model.load(written("linear"))
    assert model.coef_ is model.coef_
    with pytest.raises(ValueError, match="read-only"):
        model.coef_[0] = 1
    for change in (lambda: setattr(model, "coef_", 1), lambda: setattr(model, "predict", None),
                   lambda: setattr(model, "new", 1), lambda: delattr(model, "coef_")):
        with pytest.raises(AttributeError, match="cannot be changed"):
            change()


def test_nested_objects():
    estimator, model = fitted("pipeline"), libskops.Model.load(written("pipeline"))
    assert [name for name, _ in model.steps] == [name for name, _ in estimator.steps]
    scaler, last = (step for _, step in model.steps)
    assert isinstance(scaler, libskops.StoredObject)
    assert scaler.type == "sklearn.preprocessing._data.StandardScaler"
    assert repr(scaler) == "<libskops.StoredObject of sklearn.preprocessing._data.StandardScaler>"
    np.testing.assert_array_equal(scaler.mean_, estimator[0].mean_)
    np.testing.assert_array_equal(last.classes_, estimator[1].classes_)
    assert "mean_" in dir(scaler) and "mean_" in scaler.attributes
    assert not hasattr(scaler, "coef_")
    with pytest.raises(libskops.UnsupportedError, match="StandardScaler has no stored attribute"):
        scaler.coef_


def test_vocabulary_is_a_dict():
    documents = ["a cat", "a dog and a cat"]
    estimator = TfidfVectorizer().fit(documents)
    model = libskops.Model.load(skops.io.dumps(estimator))
    assert model.vocabulary_ == {word: int(k) for word, k in estimator.vocabulary_.items()}
    assert model.ngram_range == (1, 1)
    got, expected = model.transform(documents), estimator.transform(documents)
    assert type(got) is type(expected)
    np.testing.assert_allclose(got.toarray(), expected.toarray(), rtol=1e-12)


def test_missing_attributes_are_attribute_errors():
    model = libskops.Model.load(written("linear"))
    assert not hasattr(model, "classes_")
    assert getattr(model, "classes_", 7) == 7
    assert not hasattr(model, "_repr_html_") and not hasattr(model, "__array__")
    with pytest.raises(AttributeError) as caught:
        model.classes_
    assert isinstance(caught.value, libskops.UnsupportedError)
    assert "LinearRegression" in str(caught.value) and "predict" in str(caught.value)


def test_copies_are_the_model_and_pickles_are_refused():
    model = libskops.Model.load(written("pipeline"))
    assert copy.copy(model) is model and copy.deepcopy([model])[0] is model
    for part in (model, model.steps[0][1]):
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(part)


def test_models_come_from_load():
    for wrong in ((), (written("linear"),), ("model.skops",)):
        with pytest.raises(TypeError):
            libskops.Model(*wrong)


def test_options_of_methods():
    from sklearn.neighbors import KNeighborsClassifier
    y = (X[:, 0] > 0).astype(int)
    estimator = KNeighborsClassifier(3).fit(X, y)
    model = libskops.Model.load(skops.io.dumps(estimator))
    for options in ({"n_neighbors": 2}, {"return_distance": False},
                    {"n_neighbors": np.int64(4), "return_distance": True}):
        expected, got = estimator.kneighbors(X[:5], **options), model.kneighbors(X[:5], **options)
        np.testing.assert_allclose(np.asarray(got), np.asarray(expected))
    for options in ({"nonsense": 1}, {"n_neighbors": "two"}, {"n_neighbors": -1}):
        with pytest.raises((libskops.Error, TypeError)):
            model.kneighbors(X[:5], **options)


@pytest.mark.parametrize("call", [
    lambda m: m.predict(), lambda m: m.predict(X, X), lambda m: m.predict(X, X=X),
    lambda m: m.predict(X, threads="two"), lambda m: m.predict(X, threads=1.5),
    lambda m: m.predict(X, check=[1]),
])
def test_wrong_calls(call):
    with pytest.raises((TypeError, libskops.Error)):
        call(libskops.Model.load(written("linear")))


def test_threads_give_the_same():
    model = libskops.Model.load(written("pipeline"))
    many = np.tile(X, (100, 1))
    expected = model.predict_proba(many)
    for threads in (1, 2, 4, 0, -1, 10**6):
        np.testing.assert_array_equal(model.predict_proba(many, threads=threads), expected)


def test_use_from_many_threads():
    data = written("table")
    model = libskops.Model.load(data)
    many = FRAME.iloc[np.arange(2000) % len(FRAME)]
    expected, one = fitted("table").predict_proba(many), fitted("table").predict_proba(FRAME[:1])
    wrong, done = [], []

    def work(seed):
        try:
            for k in range(15):
                np.testing.assert_allclose(model.predict_proba(many), expected, rtol=1e-9)
                np.testing.assert_allclose(model.predict_proba(FRAME[:1]), one, rtol=1e-9)
                assert libskops.Model.load(data).steps[1][1].coef_.shape == (1, 4)
                assert model.steps[0][1].type.endswith("ColumnTransformer")
            done.append(seed)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and len(done) == 6


def test_a_long_call_lets_others_run():
    from sklearn.neighbors import KNeighborsRegressor
    random = np.random.RandomState(0)
    fit = random.standard_normal((2000, 24))
    estimator = KNeighborsRegressor(5, algorithm="brute").fit(fit, fit[:, 0])
    model = libskops.Model.load(skops.io.dumps(estimator))
    asked = random.standard_normal((20000, 24))
    counted, stop = [0], threading.Event()

    def count():
        while not stop.is_set():
            counted[0] += 1
            time.sleep(0.0005)

    thread = threading.Thread(target=count)
    thread.start()
    time.sleep(0.02)
    before, start = counted[0], time.perf_counter()
    model.predict(asked)
    took, ran = time.perf_counter() - start, counted[0] - before
    stop.set()
    thread.join()
    assert took > 0.02, "the call is too short to tell"
    assert ran >= 3, f"{ran} turns of another thread in {took:.3f} s"


def test_texts_of_a_list_that_another_thread_empties():
    documents = [f"a cat and dog number {k}" for k in range(3000)]
    estimator = TfidfVectorizer().fit(documents[:100])
    model = libskops.Model.load(skops.io.dumps(estimator))
    expected = estimator.transform(documents)
    for _ in range(5):
        asked = [("%s" % text) + "" for text in documents]
        emptier = threading.Timer(0.0005, asked.clear)
        emptier.start()
        got = model.transform(asked)
        emptier.join()
        if got.shape[0] == len(documents):
            assert abs(got - expected).max() < 1e-12


def grown(work, rounds):
    """Bytes that the process grew by between a first and a second half of many rounds."""
    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    for _ in range(rounds):
        work()
    gc.collect()
    before = resident()
    for _ in range(rounds):
        work()
    gc.collect()
    return resident() - before


LOOPS = {
    "load": (lambda: libskops.Model.load(written("table")), 150),
    "audit": (lambda: libskops.audit(written("table")).report("html"), 150),
    "attributes": (lambda: [getattr(libskops.Model.load(written("linear")), name)
                            for name in ("coef_", "n_features_in_")], 200),
    "nested": (lambda m=libskops.Model.load(written("pipeline")):
               [step._native.attribute("_sklearn_version") for _, step in m.steps], 5000),
    "array": (lambda m=libskops.Model.load(written("linear")): m.predict(X), 20000),
    "list": (lambda m=libskops.Model.load(written("linear")): m.predict([[1, 2, 3, 4.0]]), 5000),
    "frame": (lambda m=libskops.Model.load(written("table")): m.predict(FRAME), 1000),
    "new frame": (lambda m=libskops.Model.load(written("table")): m.predict(FRAME.copy()), 500),
    "dict": (lambda m=libskops.Model.load(written("table")): m.predict(
        {name: FRAME[name].to_numpy() for name in FRAME}), 1000),
    "sparse": (lambda m=libskops.Model.load(written("linear")): m.predict(sp.csr_matrix(X)), 1000),
    "refused": (lambda m=libskops.Model.load(written("linear")):
                pytest.raises(libskops.InputError, m.predict, X[:, :2]), 2000),
    "many rows": (lambda m=libskops.Model.load(written("pipeline")):
                  m.predict(np.ones((5000, 4))), 200),
}


@pytest.mark.parametrize("name", LOOPS)
def test_no_leak(name):
    work, rounds = LOOPS[name]
    assert grown(work, rounds) < 1_500_000


@pytest.mark.parametrize("name", ["array", "list", "frame", "dict", "sparse", "refused"])
def test_no_references_are_lost(name):
    work, _ = LOOPS[name]
    work()
    watched = (None, X, FRAME, FRAME.columns, FRAME["town"].iloc[0], np.dtype("float64"),
               np.dtype("int64"), np.ndarray)
    before = [sys.getrefcount(item) for item in watched]
    for _ in range(300):
        work()
    after = [sys.getrefcount(item) for item in watched]
    for item, b, a in zip(watched, before, after):
        assert abs(a - b) < 50, type(item)


def test_exit_is_silent():
    """Models, methods and arrays that live until the interpreter ends, in cycles as well."""
    program = (
        "import sys, io, threading, libskops\n"
        "data = sys.stdin.buffer.read()\n"
        "model = libskops.Model.load(data)\n"
        "predict, coef = model.predict, model.steps[1][1].coef_\n"
        "class Cycle: pass\n"
        "cycle = Cycle(); cycle.me = cycle; cycle.model = libskops.Model.load(data)\n"
        "sys.keep = model, libskops.audit(data)\n"
        "audit = libskops.audit(data).names[0]\n"
        "t = threading.Thread(target=predict, args=([[1, 2, 3, 4.0]] * 400,)); t.start()\n"
    )
    run = subprocess.run([sys.executable, "-c", program], input=written("pipeline"),
                         capture_output=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")


def test_import_needs_numpy_alone():
    program = (
        "import sys, libskops\n"
        "model = libskops.Model.load(sys.stdin.buffer.read())\n"
        "model.predict([[1, 2, 3, 4.0]])\n"
        "heavy = {'scipy', 'pandas', 'sklearn', 'skops', 'pyarrow', 'joblib'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], input=written("pipeline"),
                         capture_output=True, check=True)
    assert run.stdout.strip() == b"[]"


def test_without_scipy_sparse_results_are_their_parts():
    estimator = TfidfVectorizer().fit(["a cat", "a dog"])
    program = (
        "import sys; sys.modules['scipy'] = None\n"
        "import libskops\n"
        "data, indices, indptr, shape = libskops.Model.load(sys.stdin.buffer.read()).transform("
        "['the cat'])\n"
        "print(data.tolist(), indices.tolist(), indptr.tolist(), shape)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], input=skops.io.dumps(estimator),
                         capture_output=True, check=True)
    assert run.stdout.strip() == b"[1.0] [0] [0, 1] (1, 2)"


def test_plugins():
    rows = {row["id"]: row for row in libskops.plugins()}
    assert {"builtins", "numpy", "sklearn"} <= set(rows)
    libskops.Model.load(written("pipeline"))
    assert {row["id"]: row["state"] for row in libskops.plugins()}["sklearn"] == "loaded"
    assert pathlib.Path(rows["sklearn"]["library"]).is_file()
