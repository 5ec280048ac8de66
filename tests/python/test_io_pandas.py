"""pandas' objects from the nodes of protocol 3, by files written by hand. The library is opted in by name."""

import numpy as np
import pandas as pd
import pytest

import libskops
import libskops.io as sio
from nodes import archive, array, node, npy, plain, sequence


class Files:
    """Collects the arrays of one file."""

    def __init__(self):
        self.members = {}

    def of(self, value):
        if isinstance(value, dict) and "__loader__" in value:
            return value
        if isinstance(value, np.ndarray) and value.dtype == object:
            return node("NdArrayNode", "numpy.ndarray", type="json", content=[plain(cell) for cell in value],
                        shape=sequence("tuple", plain(len(value))))
        if isinstance(value, np.ndarray):
            name = f"{len(self.members)}.npy"
            self.members[name] = npy(value)
            return array(name)
        if isinstance(value, (list, tuple)):
            return sequence(type(value).__name__, *map(self.of, value))
        return plain(value)

    def node(self, loader, cls, /, **content):
        return node(loader, cls, content={key: self.of(value) for key, value in content.items()})

    def load(self, root, trusted=("pandas",)):
        return sio.loads(archive(root, self.members, protocol=3), trusted=trusted)


@pytest.fixture
def files():
    return Files()


def index(files, values, name=None, cls="Index"):
    return files.node("PandasIndexNode", f"pandas.{cls}", values=values, name=name)


def span(files, size):
    return files.node("PandasRangeIndexNode", "pandas.RangeIndex", start=0, stop=size, step=1, name=None)


def test_indexes(files):
    made = files.load(index(files, np.array([3, 1]), "rows"))
    pd.testing.assert_index_equal(made, pd.Index([3, 1], name="rows"))
    made = files.load(index(files, np.array(["a", None], dtype=object)))
    assert made.dtype == object and made.tolist() == ["a", None]
    made = files.load(index(files, np.array(["2020-01-01"], "M8[ns]"), cls="DatetimeIndex"))
    assert type(made) is pd.DatetimeIndex and made[0] == pd.Timestamp("2020-01-01")
    made = files.load(span(files, 4))
    assert type(made) is pd.RangeIndex and made.tolist() == [0, 1, 2, 3]
    made = files.load(files.node(
        "PandasMultiIndexNode", "pandas.MultiIndex", names=["x", None],
        levels=[index(files, np.array([1, 2])), index(files, np.array(["a", "b"], dtype=object))],
        codes=[np.array([0, 1, 1]), np.array([1, 0, 1])]))
    assert made.tolist() == [(1, "b"), (2, "a"), (2, "b")] and list(made.names) == ["x", None]
    with pytest.raises(ValueError):
        files.load(files.node("PandasMultiIndexNode", "pandas.MultiIndex", names=["x"],
                              levels=[index(files, np.array([1]))], codes=[np.array([7])]))


def test_series_and_frames(files):
    series = files.node("PandasSeriesNode", "pandas.Series", values=np.array([1.5, np.nan]),
                        index=index(files, np.array(["a", "b"], dtype=object)), name="s")
    expected = pd.Series([1.5, np.nan], index=pd.Index(["a", "b"], dtype=object), name="s")
    pd.testing.assert_series_equal(files.load(series), expected)
    frame = files.node("PandasDataFrameNode", "pandas.DataFrame", index=span(files, 2),
                       columns=index(files, np.array(["x", "x"], dtype=object)),
                       data=[np.array([1, 2]), np.array(["p", None], dtype=object)])
    made = files.load(frame)
    assert list(made.columns) == ["x", "x"] and made.iloc[:, 0].tolist() == [1, 2]
    assert made.dtypes.tolist() == [np.dtype("int64"), np.dtype(object)]
    assert made.iloc[:, 1].tolist() == ["p", None]
    for data in ([np.array([1, 2])], [np.array([1, 2]), np.array([1])]):
        with pytest.raises(libskops.MalformedError):
            files.load(files.node("PandasDataFrameNode", "pandas.DataFrame", index=span(files, 2), data=data,
                                  columns=index(files, np.array(["x", "y"], dtype=object))))


def dtype(files, name, cls):
    return files.node("PandasExtensionDtypeNode", f"pandas.{cls}", name=name)


def test_dtypes(files):
    assert files.load(dtype(files, "Int64", "Int64Dtype")) == pd.Int64Dtype()
    assert files.load(dtype(files, "boolean", "BooleanDtype")) == pd.BooleanDtype()
    assert files.load(dtype(files, "datetime64[ns, UTC]", "DatetimeTZDtype")) == pd.DatetimeTZDtype(tz="UTC")
    assert files.load(dtype(files, "period[D]", "PeriodDtype")) == pd.PeriodDtype("D")
    categories = files.node("PandasCategoricalDtypeNode", "pandas.CategoricalDtype", ordered=True,
                            categories=index(files, np.array(["b", "a"], dtype=object)))
    made = files.load(categories)
    assert made.ordered and made.categories.tolist() == ["b", "a"]
    sparse = files.node("PandasSparseDtypeNode", "pandas.SparseDtype", fill_value=0,
                        subtype=node("DTypeNode", "numpy.dtype", content=files.of(np.empty(0, "int64"))))
    assert files.load(sparse, ["pandas", "numpy.dtype"]) == pd.SparseDtype("int64", 0)


def test_arrays(files):
    made = files.load(files.node("PandasMaskedArrayNode", "pandas.arrays.IntegerArray",
                                 values=np.array([1, 2]), mask=np.array([False, True])))
    assert made.tolist() == [1, pd.NA] and made.dtype == pd.Int64Dtype()
    categories = files.node("PandasCategoricalDtypeNode", "pandas.CategoricalDtype", ordered=False,
                            categories=index(files, np.array(["b", "a"], dtype=object)))
    made = files.load(files.node("PandasCategoricalNode", "pandas.Categorical", dtype=categories,
                                 codes=np.array([1, -1, 0], np.int8)))
    assert made.tolist() == ["a", np.nan, "b"]
    made = files.load(files.node("PandasNumpyBackedArrayNode", "pandas.arrays.DatetimeArray",
                                 values=np.array(["2020-01-01T12"], "M8[ns]"), tz="Europe/Berlin"))
    assert made[0] == pd.Timestamp("2020-01-01T13", tz="Europe/Berlin")
    made = files.load(files.node("PandasNumpyBackedArrayNode", "pandas.arrays.TimedeltaArray",
                                 values=np.array([5], "m8[ns]"), tz=None))
    assert made[0] == pd.Timedelta(5)
    made = files.load(files.node("PandasPeriodArrayNode", "pandas.arrays.PeriodArray",
                                 ordinals=np.array([3]), dtype=dtype(files, "period[D]", "PeriodDtype")))
    assert made[0] == pd.Period(ordinal=3, freq="D")
    made = files.load(files.node("PandasIntervalArrayNode", "pandas.arrays.IntervalArray", closed="left",
                                 left=np.array([0.0, 1.0]), right=np.array([1.0, 2.0])))
    assert made[1] == pd.Interval(1, 2, "left")
    made = files.load(files.node("PandasExtensionArrayNode", "pandas.arrays.StringArray",
                                 values=np.array(["a", None], dtype=object),
                                 dtype=dtype(files, "string[python]", "StringDtype")))
    assert made.tolist() == ["a", pd.NA]
    for wrong in (
        files.node("PandasMaskedArrayNode", "pandas.arrays.IntegerArray", values=np.array([1, 2]),
                   mask=np.array([False])),
        files.node("PandasCategoricalNode", "pandas.Categorical", dtype=categories,
                   codes=np.array([5], np.int8)),
        files.node("PandasNumpyBackedArrayNode", "pandas.arrays.DatetimeArray", values=np.array([1]), tz=None),
        files.node("PandasExtensionArrayNode", "pandas.arrays.StringArray", values=np.array([1, 2]),
                   dtype=dtype(files, "Int64", "Int64Dtype")),
    ):
        with pytest.raises(ValueError):
            files.load(wrong)


def test_nothing_of_pandas_without_a_decision(files):
    with pytest.raises(sio.UntrustedTypesFoundException, match="pandas.RangeIndex"):
        files.load(span(files, 3), trusted=())
