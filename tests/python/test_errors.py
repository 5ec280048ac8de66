"""What goes wrong, and what libskops says then: class, code, where, and what to do."""

import copy
import io
import pickle

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.compose import make_column_transformer
from sklearn.preprocessing import OneHotEncoder

import libskops
from files import FRAME, X, fitted, hostile, with_schema, written
from live import CASES, methods, pair

NAMED = pd.DataFrame(X, columns=list("abcd"))


def with_file(data):
    def load(folder):
        path = folder / "model.skops"
        path.write_bytes(data)
        return libskops.Model.load(path)
    return load


def no_native(folder):
    def change(schema):
        schema["__class__"] = "Unheard"
    return libskops.Model.load(with_schema(written("linear"), change))


def asked(kind, x, method="predict"):
    return lambda folder: getattr(libskops.Model.load(written(kind)), method)(x)


# name: (what to do, class, code (a prefix), words of the message)
FILES = {
    "missing file": (lambda d: libskops.Model.load(d / "none.skops"), "InputError", "file.",
                     ["none.skops"]),
    "directory": (lambda d: libskops.Model.load(d), "InputError", "file.", []),
    "empty file": (with_file(b""), "MalformedError", "archive.", ["model.skops"]),
    "empty bytes": (lambda d: libskops.Model.load(b""), "MalformedError", "archive.", []),
    "text": (with_file(b"not a model at all" * 10), "MalformedError", "archive.", ["model.skops"]),
    "pickle": (with_file(pickle.dumps({"a": 1})), "MalformedError", "archive.", []),
    "truncated": (with_file(written("linear")[:-30]), "MalformedError", "archive.", []),
    "first half": (with_file(written("linear")[:400]), "MalformedError", "archive.", []),
    "without its head": (with_file(written("linear")[10:]), "MalformedError", "archive.", []),
    "bytes after the end": (with_file(written("linear") + b"more"), "MalformedError", "archive.",
                            []),
    "no schema": (lambda d: libskops.Model.load(empty_zip()), "MalformedError", "archive.",
                  ["schema.json"]),
    "wrong schema": (lambda d: libskops.Model.load(empty_zip(b"[1, 2")), "MalformedError", "", 
                     ["schema.json"]),
    "text mode": (lambda d: libskops.Model.load(io.StringIO("text")), "UsageError", "", ["'rb'"]),
    "text file": (lambda d: libskops.Model.load(open(__file__)), "UsageError", "", ["'rb'"]),
    "a number": (lambda d: libskops.Model.load(3), "UsageError", "", ["int"]),
    "nothing": (lambda d: libskops.Model.load(None), "UsageError", "", ["NoneType"]),
    "a reader of numbers": (lambda d: libskops.Model.load(
        type("R", (), {"read": lambda self: 3})()), "UsageError", "", ["int"]),
    "denied": (lambda d: libskops.Model.load(
        written("pipeline"), deny=["sklearn.preprocessing._data.StandardScaler"]),
        "UntrustedError", "", ["sklearn.preprocessing._data.StandardScaler"]),
    "denied library": (lambda d: libskops.Model.load(written("pipeline"), deny="sklearn"),
                       "UntrustedError", "", ["sklearn"]),
    "wrong trust": (lambda d: libskops.Model.load(written("linear"), trust="*"), "UsageError", "",
                    ["*"]),
    "trust of a number": (lambda d: libskops.Model.load(written("linear"), trust=[3]),
                          "UsageError", "", ["int"]),
    "wrong format": (lambda d: libskops.audit(written("linear")).report("pdf"), "UsageError",
                     "usage.", ["html"]),
    "no native code": (lambda d: no_native(d).predict(X), "UnsupportedError", "model.",
                       ["predict", "Unheard"]),
}

DATA = {
    "too few columns": (asked("linear", X[:, :3]), "InputError", "input.",
                        ["X has 3 features", "LinearRegression is expecting 4 features"]),
    "too many columns": (asked("pipeline", np.ones((2, 7))), "InputError", "input.",
                         ["X has 7 features", "expecting 4"]),
    "no rows": (asked("linear", X[:0]), "InputError", "input.", ["0 sample(s)"]),
    "one dimension": (asked("linear", X[0]), "InputError", "input.", ["2D array", "reshape"]),
    "wrong names": (asked("named", NAMED.rename(columns={"b": "z"})), "InputError", "input.",
                    ["unseen at fit time: z", "now missing: b"]),
    "another order": (asked("named", NAMED[list("dcba")]), "InputError", "input.",
                      ["same order"]),
    "missing column": (asked("table", FRAME[["town", "age"]]), "InputError", "input.",
                       ["income"]),
    "names of several types": (asked("named", NAMED.rename(columns={"a": 1})), "InputError",
                               "input.table", ["string names", "astype(str)"]),
    "texts for numbers": (asked("linear", [["a", "b", "c", "d"]]), "InputError", "input.",
                          ["could not convert string to float: 'a'"]),
    "texts in a frame": (asked("named", NAMED.assign(b="word")), "InputError", "input.",
                         ["could not convert string to float: 'word'"]),
    "unknown category": (asked("table", FRAME.assign(town="Atlantis")), "InputError", "input.",
                         ["Found unknown categories", "Atlantis"]),
    "nan": (asked("linear", [[1, 2, np.nan, 4]]), "InputError", "input.",
            ["contains NaN", "LinearRegression", "impute"]),
    "infinity": (asked("linear", [[1, 2, np.inf, 4]]), "InputError", "input.", ["infinity"]),
    "complex": (asked("linear", X.astype(complex)), "InputError", "input.", ["Complex"]),
    "dates": (asked("linear", np.zeros((2, 4), "datetime64[s]")), "InputError", "input.",
              ["real number"]),
    "a text": (asked("linear", "text"), "InputError", "input.", ["list of texts"]),
    "ragged": (asked("linear", [[1, 2], [3]]), "InputError", "input.", ["inhomogeneous"]),
    "half a surrogate": (asked("linear", ["\ud800"]), "InputError", "input.", ["surrogate"]),
    "columns of two lengths": (asked("named", {"a": [1, 2], "b": [1], "c": [1], "d": [1]}),
                               "InputError", "input.table", ["differ in length"]),
    "column of two dimensions": (asked("named", {"a": [[1, 2]]}), "InputError", "input.table",
                                 ["one dimension"]),
    "no columns": (asked("named", {}), "InputError", "input.table", ["without columns"]),
    "missing method": (asked("linear", X, "predict_proba"), "UnsupportedError", "model.no-method",
                       ["LinearRegression", "predict_proba", "methods: predict"]),
}


def empty_zip(schema=None):
    import zipfile
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("other" if schema is None else "schema.json", schema or b"")
    return out.getvalue()


@pytest.mark.parametrize("name", [*FILES, *DATA])
def test_error(name, tmp_path):
    do, cls, code, words = {**FILES, **DATA}[name]
    with pytest.raises(libskops.Error) as caught:
        do(tmp_path)
    error = caught.value
    assert type(error) is getattr(libskops, cls), f"{type(error).__name__}: {error}"
    assert error.code.startswith(code), f"{error.code}: {error}"
    for word in words:
        assert word in str(error), str(error)
    assert len(str(error)) < 1500 and "\n" not in str(error)
    for part in (error.code, error.member, error.path, error.plugin, error.remedy, error.family):
        assert isinstance(part, str)
    again = pickle.loads(pickle.dumps(error))
    for other in (again, copy.copy(error)):
        assert type(other) is type(error) and str(other) == str(error)
        assert (other.code, other.path, other.remedy) == (error.code, error.path, error.remedy)


def test_errors_say_where():
    def change(schema):
        schema["content"]["content"]["coef_"]["file"] = "nowhere.npy"
    with pytest.raises(libskops.MalformedError) as caught:
        libskops.Model.load(with_schema(written("linear"), change))
    assert caught.value.member == "nowhere.npy" and "coef_" in caught.value.path
    assert "coef_" in str(caught.value)


def test_classes_of_errors():
    assert issubclass(libskops.InputError, ValueError)
    assert issubclass(libskops.UnsupportedError, AttributeError)
    families = {cls: cls.family for cls in libskops.Error.__subclasses__()}
    assert len(set(families.values())) == len(families) == 7
    for cls, family in families.items():
        assert cls.__name__.lower() == family + "error"
        assert cls("text").code == ""


def test_a_python_name_that_no_plugin_has_stays_data():
    """Native loads build nothing of it; the audit asks for a decision."""
    data = hostile(("os", "system"))
    audit = libskops.audit(data)
    assert "os.system" in audit.untrusted and not audit.ok
    model = libskops.Model.load(data)
    np.testing.assert_allclose(model.predict(X), fitted("linear").predict(X), atol=1e-12)
    assert model.extra.type == "os.system"


class Misbehaves:
    """Objects that lie while they are read."""

    class Array:
        def __array__(self, *args, **more):
            raise RuntimeError("no array today")

    class ArrayOfLists:
        def __array__(self, *args, **more):
            return [1, 2]

    class Capsule:
        def __arrow_c_stream__(self, requested_schema=None):
            return 3

    class NoStream:
        def __arrow_c_stream__(self, requested_schema=None):
            raise KeyError("no stream")

    class Sparse:
        """Says that it has more rows than there are pointers."""
        format, shape = "csr", (2**62, 4)
        data, indices = np.ones(2), np.zeros(2, dtype=np.int32)
        indptr = np.array([0, 1, 2], dtype=np.int32)

        def tocsr(self):
            return self

    class SparseColumns(Sparse):
        """Entries outside of the matrix."""
        shape, indices = (2, 4), np.array([0, 4000], dtype=np.int32)

    class SparsePointers(Sparse):
        shape, indptr = (2, 4), np.array([0, 2**30, 2], dtype=np.int32)

    class SparseNegative(Sparse):
        shape, indptr = (2, 4), np.array([-1, 1, 2], dtype=np.int32)

    class SparseEnd(Sparse):
        shape, indptr = (2, 4), np.array([0, 1, 2000], dtype=np.int32)

    class SparseTexts(Sparse):
        shape, data = (2, 4), np.array(["a", "b"])

    class SparseShape(Sparse):
        shape = "ab"

    class SparseOfOther(Sparse):
        format = "other"

        def tocsr(self):
            return 3

    class Forgetful:
        def __len__(self):
            return 1000

        def __getitem__(self, index):
            raise IndexError

    class Frame(pd.DataFrame):
        """Blocks that do not fit the frame."""
        @property
        def _mgr(self):
            block = type("B", (), {"values": np.ones((1, 3)),
                                   "mgr_locs": type("L", (), {"as_array": np.array([2**40])})()})
            return type("M", (), {"blocks": (block,)})()

        @_mgr.setter
        def _mgr(self, value):
            pass


@pytest.mark.parametrize("cls", [c for n, c in vars(Misbehaves).items() if not n.startswith("_")])
def test_objects_that_lie(cls):
    model = libskops.Model.load(written("linear"))
    made = cls.__new__(cls) if cls is Misbehaves.Frame else cls()
    with pytest.raises(Exception) as caught:
        model.predict(made)
    assert not isinstance(caught.value, (SystemError, MemoryError, AssertionError))
    np.testing.assert_allclose(model.predict(X[:1]), fitted("linear").predict(X[:1]), atol=1e-12)


def test_arrow_streams_are_read_once():
    import pyarrow as pa
    stream = pa.table({name: X[:, k] for k, name in enumerate("abcd")}).__arrow_c_stream__()
    once = type("Once", (), {"__arrow_c_stream__": lambda self, requested_schema=None: stream})()
    model = libskops.Model.load(written("named"))
    np.testing.assert_allclose(model.predict(once), fitted("named").predict(NAMED), atol=1e-12)
    for _ in range(2):  # an exhausted stream has no rows; it must not be read beyond its end
        with pytest.raises(libskops.InputError):
            model.predict(once)


@pytest.mark.parametrize("column", ["date", "list", "struct", "decimal"])
def test_arrow_types_that_are_refused_by_name(column):
    import datetime
    import decimal
    import pyarrow as pa
    values = {"date": datetime.date(2020, 1, 1), "list": [1.0], "struct": {"a": 1.0},
              "decimal": decimal.Decimal("1.5")}[column]
    table = pa.table({"a": [1.0], "b": [values], "c": [1.0], "d": [2.0]})
    with pytest.raises(libskops.InputError, match="'b'"):
        libskops.Model.load(written("named")).predict(table)


@pytest.mark.parametrize("case", sorted({name.split("-")[0]: name for name in CASES}.values()))
def test_no_method_drops_an_unknown_argument(case):
    _, model, asked = pair(case)
    for method in methods(case):
        with pytest.raises(libskops.InputError, match="nonsense"):
            getattr(model, method)(asked, nonsense=1)


@pytest.mark.parametrize("form", ["string_view", "large_string", "string", "dictionary"])
def test_arrow_texts(form):
    import pyarrow as pa
    long = "a town whose name is longer than twelve bytes"
    towns = np.array([long, "Bern", "größer"] * 5, dtype=object)
    estimator = make_column_transformer((OneHotEncoder(sparse_output=False), ["town"])).fit(
        pd.DataFrame({"town": towns}))
    model = libskops.Model.load(skops.io.dumps(estimator))
    array = pa.array(towns.tolist())
    if form == "dictionary":
        array = array.dictionary_encode()
    elif form != "string":
        array = array.cast(getattr(pa, form)())
    expected = estimator.transform(pd.DataFrame({"town": towns}))
    for table in (pa.table({"town": array}), pa.table({"town": array}).slice(2, 9),
                  pa.table({"town": pa.chunked_array([array[:4], array[4:4], array[4:]])})):
        start = 2 if len(table) == 9 else 0
        np.testing.assert_array_equal(model.transform(table), expected[start:start + len(table)])
