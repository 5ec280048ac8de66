"""pandas' objects, for test_io_types.py. Released skops refuses protocol 3, which most of them need."""

import datetime
import zoneinfo

import numpy as np
import pandas as pd
import pyarrow as pa

from objects_case import refused, unread

ZONE = zoneinfo.ZoneInfo("Europe/Berlin")
AUTUMN = datetime.datetime(2020, 10, 25, 2, 30, tzinfo=ZONE)
PROTOCOL = "protocol 3"


class SeriesOf(pd.Series):
    pass


def frame():
    return pd.DataFrame({
        "int": [1, 2, 3], "float": [0.5, np.nan, 1], "text": ["a", None, "größe"], "bool": [True, False, True],
        "object": pd.Series([1, "a", None], dtype=object), "date": pd.to_datetime(["2020-01-01", None, "2021-05-05"]),
        "zone": pd.to_datetime(["2020-01-01", None, "2021-05-05"]).tz_localize(ZONE), "span": pd.to_timedelta([1, None, 3], "D"),
        "category": pd.Categorical(["x", "y", "x"], ["y", "x", "z"], ordered=True), "nullable": pd.array([1, None, 3], dtype="Int64"),
        "period": pd.period_range("2020-01", periods=3, freq="M"), "interval": pd.interval_range(0, 3),
        "sparse": pd.arrays.SparseArray([0.0, 0.0, 1.0]), "string": pd.array(["a", None, "b"], dtype="string"),
        "small": np.array([1, 2, 3], dtype=np.int8), "complex": [1j, 2, 3]})


def with_attrs(obj):
    obj.attrs["note"] = 1
    return obj


def duplicates():
    out = pd.DataFrame(np.arange(6).reshape(2, 3), index=[1, 1], columns=["a", "a", "b"])
    return out


def multi():
    return pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)], names=["x", None])


TYPES = {name: case if not callable(case) else unread(case, PROTOCOL) for name, case in {
    "Index": lambda: pd.Index([1, 2, 3], name="a"),
    "Index of floats": lambda: pd.Index([0.5, np.nan]),
    "Index of texts": lambda: pd.Index(["a", "b"]),
    "Index of objects": lambda: pd.Index([1, "a", None], dtype=object),
    "Index of texts as objects": lambda: pd.Index(["a", "b"], dtype=object),
    "Index of bool": lambda: pd.Index([True, False]),
    "Index of int8": lambda: pd.Index(np.array([1], "int8")),
    "empty Index": lambda: pd.Index([]),
    "Index named by tuple": lambda: pd.Index([1], name=("a", 1)),
    "Index of Int64": lambda: pd.Index(pd.array([1, None], dtype="Int64")),
    "RangeIndex": lambda: pd.RangeIndex(1, 9, 2, name="r"),
    "MultiIndex": multi,
    "MultiIndex of unused levels": lambda: multi()[:1],
    "MultiIndex with missing": lambda: pd.MultiIndex.from_arrays([["a", None], [1, 2]]),
    "DatetimeIndex": lambda: pd.DatetimeIndex(["2020-01-01", "2021-01-01"], name="t"),
    "DatetimeIndex with freq": lambda: pd.date_range("2020-01-01", periods=4, freq="MS"),
    "DatetimeIndex with zone": lambda: pd.date_range("2020-10-25", periods=30, freq="h", tz=ZONE),
    "DatetimeIndex of seconds": lambda: pd.DatetimeIndex(np.array([1, 2], "M8[s]")),
    "DatetimeIndex, UTC": lambda: pd.DatetimeIndex(["2020-01-01"], tz=datetime.timezone.utc),
    "TimedeltaIndex": lambda: pd.TimedeltaIndex(["1D", None]),
    "TimedeltaIndex with freq": lambda: pd.timedelta_range("1D", periods=3),
    "PeriodIndex": lambda: pd.period_range("2020-01", periods=3, freq="M", name="p"),
    "IntervalIndex": lambda: pd.interval_range(0, 3, closed="left"),
    "IntervalIndex of times": lambda: pd.interval_range(pd.Timestamp("2020"), pd.Timestamp("2021"), periods=3),
    "CategoricalIndex": lambda: pd.CategoricalIndex(["a", "b", "a"], name="c"),
    "Series": lambda: pd.Series([1, 2, 3], name="a"),
    "Series of texts": lambda: pd.Series(["a", None]),
    "Series of objects": lambda: pd.Series([1, [2], None], dtype=object),
    "Series of texts as objects": lambda: pd.Series(["a", "b"], dtype=object),
    "Series with index": lambda: pd.Series([1.5, 2], index=["x", "y"], name=3),
    "Series with duplicates in index": lambda: pd.Series([1, 2], index=[1, 1]),
    "empty Series": lambda: pd.Series([], dtype=float),
    "Series of MultiIndex": lambda: pd.Series([1, 2, 3], index=multi()),
    "Series of dates": lambda: pd.Series(pd.date_range("2020", periods=2)),
    "Series with attrs": refused(lambda: with_attrs(pd.Series([1])), "attrs"),
    "Series subclass": refused(lambda: SeriesOf([1]), "derived"),
    "DataFrame": frame,
    "empty DataFrame": lambda: pd.DataFrame(),
    "DataFrame without rows": lambda: pd.DataFrame({"a": np.array([], dtype="int8")}),
    "DataFrame without columns": lambda: pd.DataFrame(index=[1, 2]),
    "DataFrame of numbers": lambda: pd.DataFrame(np.arange(6.0).reshape(2, 3)),
    "DataFrame of duplicates": duplicates,
    "DataFrame of MultiIndex": lambda: pd.DataFrame([[1, 2, 3]] * 3, index=multi(), columns=multi()),
    "DataFrame with attrs": refused(lambda: with_attrs(frame()), "attrs"),
    "DataFrame without duplicate labels":
        refused(lambda: pd.DataFrame({"a": [1]}).set_flags(allows_duplicate_labels=False), "flags"),
    "dict of DataFrames": lambda: {"a": frame(), "b": [frame().index]},
    "shared Index":
        lambda: (lambda i: [pd.Series([1, 2], index=i), pd.Series([3, 4], index=i)])(pd.Index([5, 6])),
    "Categorical": lambda: pd.Categorical(["a", None, "b"]),
    "Categorical of numbers": lambda: pd.Categorical([3, 1, 3], ordered=True),
    "Categorical without categories": lambda: pd.Categorical([None, None]),
    "Int64": lambda: pd.array([1, None], dtype="Int64"),
    "UInt8": lambda: pd.array([1, None], dtype="UInt8"),
    "Float32": lambda: pd.array([1.5, None], dtype="Float32"),
    "boolean": lambda: pd.array([True, None], dtype="boolean"),
    "string array": lambda: pd.array(["a", None], dtype="string"),
    "string array of Python": lambda: pd.array(["a", None], dtype=pd.StringDtype("python")),
    "str array of Python": lambda: pd.array(["a", None], dtype=pd.StringDtype("python", na_value=np.nan)),
    "str array": lambda: pd.array(["a", None], dtype="str"),
    "DatetimeArray": lambda: pd.array(np.array(["2020", "NaT"], "M8[ns]")),
    "DatetimeArray with zone": lambda: pd.DatetimeIndex(["2020-01-01", None]).tz_localize(ZONE).array,
    "TimedeltaArray": lambda: pd.array(np.array([1, "NaT"], "m8[ms]")),
    "PeriodArray": lambda: pd.period_range("2020", periods=2, freq="D").array,
    "IntervalArray": lambda: pd.arrays.IntervalArray.from_breaks([0, 1, 2.5], closed="both"),
    "NumpyExtensionArray": lambda: pd.arrays.NumpyExtensionArray(np.arange(3)),
    "SparseArray": lambda: pd.arrays.SparseArray([0, 0, 1, 2]),
    "SparseArray with fill value": lambda: pd.arrays.SparseArray([1.0, 1, 2], fill_value=1.0),
    "SparseArray of nan": lambda: pd.arrays.SparseArray([np.nan, 1]),
    "SparseArray in blocks": refused(lambda: pd.arrays.SparseArray([0, 1, 1], kind="block"), "blocks"),
    "arrow array": lambda: pd.array([1, None], dtype="int64[pyarrow]"),
    "arrow texts": lambda: pd.array(["a", None], dtype="string[pyarrow]"),
    "arrow lists": refused(lambda: pd.array([[1, 2], None], dtype=pd.ArrowDtype(pa.list_(pa.int64()))), "name"),
    "DatetimeTZDtype of timezone":
        lambda: pd.DatetimeTZDtype("s", datetime.timezone(datetime.timedelta(hours=1))),
    "CategoricalDtype": lambda: pd.CategoricalDtype(["b", "a"], ordered=True),
    "CategoricalDtype without categories": lambda: pd.CategoricalDtype(),
    "SparseDtype": lambda: [pd.SparseDtype(float), pd.SparseDtype("int", 3), pd.SparseDtype(bool)],
    "dtypes":
        lambda: [pd.Int64Dtype(), pd.BooleanDtype(), pd.Float32Dtype(), pd.PeriodDtype("M"), pd.IntervalDtype("int64", "left"), pd.DatetimeTZDtype("ns", ZONE), pd.ArrowDtype(pa.int8())],
}.items()}
TYPES.update({
    "StringDtype of Python": lambda: pd.StringDtype("python", na_value=np.nan),
    "Timestamp":
        lambda: [pd.Timestamp("2020-01-01T01:02:03.000004"), pd.Timestamp("2020-01-01T01:02:03.000004005"), pd.Timestamp(5, unit="s")],
    "Timestamp with zone": lambda: pd.Timestamp(AUTUMN),
    "Timestamp with zone and fold": lambda: pd.Timestamp(AUTUMN.replace(fold=1)),
    "Timestamp of ns with zone":
        refused(lambda: pd.Timestamp("2020-05-25T02:30:00.000000001", tz=ZONE), "zone"),
    "Timedelta": lambda: [pd.Timedelta(5, "D"), pd.Timedelta(5, "ns")],
    "Period": lambda: pd.Period("2020-01", "M"),
    "Interval": lambda: pd.Interval(0, 1.5, "both"),
    "NA and NaT": lambda: [pd.NA, pd.NaT],
    "offsets": lambda: [pd.offsets.Day(3), pd.offsets.MonthEnd(), pd.offsets.Hour(2)],
    "DateOffset": lambda: pd.DateOffset(months=2),
})
