"""pandas' objects, from the nodes of protocol 3: each is described by what its constructor takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from . import Hook, require


def parts(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields without what they have in common."""
    return {path.partition(".")[2]: value for path, value in fields.items()}


def build_index(cls: type, fields: dict[str, Any]) -> Any:
    own = parts(fields)
    values = own["values"]
    require(issubclass(cls, pd.Index), "an index of a class that is none")
    out = pd.Index(values, name=own["name"], dtype=getattr(values, "dtype", None), copy=False)
    require(cls is pd.Index or isinstance(out, cls), "the values of an index make one of another class")
    return out


def build_range_index(cls: type, fields: dict[str, Any]) -> Any:
    own = parts(fields)
    return pd.RangeIndex(own["start"], own["stop"], own["step"], name=own["name"])


def build_multi_index(cls: type, fields: dict[str, Any]) -> Any:
    own = parts(fields)
    return pd.MultiIndex(levels=own["levels"], codes=own["codes"], names=own["names"],
                         verify_integrity=True)


def build_series(cls: type, fields: dict[str, Any]) -> Any:
    own = parts(fields)
    values = own["values"]
    return pd.Series(values, index=own["index"], name=own["name"],
                     dtype=getattr(values, "dtype", None), copy=False)


def build_data_frame(cls: type, fields: dict[str, Any]) -> Any:
    own = parts(fields)
    columns, index, data = own["columns"], own["index"], own["data"]
    require(isinstance(data, (list, tuple)) and len(data) == len(columns),
            "a data frame has not one array a column")
    require(all(len(array) == len(index) for array in data),
            "the columns of a data frame differ in length")
    # By position: names of columns may repeat.
    out = pd.DataFrame({place: pd.Series(array, index=index, dtype=getattr(array, "dtype", None))
                        for place, array in enumerate(data)}, index=index)
    out.columns = columns
    return out


def build_numpy_backed(cls: type, fields: dict[str, Any]) -> Any:
    own = parts(fields)
    values, zone = own["values"], own.get("tz")
    require(isinstance(values, np.ndarray), "the values of an array are none")
    if cls is pd.arrays.DatetimeArray:
        require(values.dtype.kind == "M", "the values of dates are no dates")
        index = pd.DatetimeIndex(values)
        if zone is not None:
            index = index.tz_localize("UTC").tz_convert(zone)
        return index.array
    require(zone is None, "a time zone without dates")
    if cls is pd.arrays.TimedeltaArray:
        require(values.dtype.kind == "m", "the values of time differences are none")
        return pd.TimedeltaIndex(values).array
    return cls(values)


def build_masked(cls: type, fields: dict[str, Any]) -> Any:
    own = parts(fields)
    values, mask = own["values"], own["mask"]
    require(isinstance(values, np.ndarray) and isinstance(mask, np.ndarray)
            and values.shape == mask.shape and mask.dtype == bool,
            "the values and the mask of an array differ")
    return cls(values, mask)


def build_categorical(cls: type, fields: dict[str, Any]) -> Any:
    own = parts(fields)
    codes, dtype = own["codes"], own["dtype"]
    require(isinstance(dtype, pd.CategoricalDtype), "the dtype of a categorical is none")
    return pd.Categorical.from_codes(codes, dtype=dtype)  # which checks the codes


def build_period(cls: type, fields: dict[str, Any]) -> Any:
    own = parts(fields)
    ordinals, dtype = own["ordinals"], own["dtype"]
    require(isinstance(dtype, pd.PeriodDtype) and isinstance(ordinals, np.ndarray)
            and ordinals.dtype == np.int64, "the ordinals of periods are no numbers")
    return pd.PeriodIndex.from_ordinals(ordinals, freq=dtype.freq).array


def build_interval(cls: type, fields: dict[str, Any]) -> Any:
    own = parts(fields)
    return pd.arrays.IntervalArray.from_arrays(own["left"], own["right"], closed=own["closed"])


def build_extension_array(cls: type, fields: dict[str, Any]) -> Any:
    own = parts(fields)
    out = pd.array(own["values"], dtype=own["dtype"], copy=False)
    require(isinstance(out, cls), "the values of an array make one of another class")
    return out


def build_extension_dtype(cls: type, fields: dict[str, Any]) -> Any:
    name = parts(fields)["name"]
    require(isinstance(name, str), "the name of a dtype is no text")
    require(hasattr(cls, "construct_from_string"), "a dtype of a class that is none")
    return cls.construct_from_string(name)


def build_categorical_dtype(cls: type, fields: dict[str, Any]) -> Any:
    own = parts(fields)
    return pd.CategoricalDtype(own["categories"], own["ordered"])


def build_sparse_dtype(cls: type, fields: dict[str, Any]) -> Any:
    own = parts(fields)
    return pd.SparseDtype(own["subtype"], own["fill_value"])


HOOKS = {
    "PandasIndexNode": Hook(build_index),
    "PandasRangeIndexNode": Hook(build_range_index),
    "PandasMultiIndexNode": Hook(build_multi_index),
    "PandasSeriesNode": Hook(build_series),
    "PandasDataFrameNode": Hook(build_data_frame),
    "PandasNumpyBackedArrayNode": Hook(build_numpy_backed),
    "PandasMaskedArrayNode": Hook(build_masked),
    "PandasCategoricalNode": Hook(build_categorical),
    "PandasPeriodArrayNode": Hook(build_period),
    "PandasIntervalArrayNode": Hook(build_interval),
    "PandasExtensionArrayNode": Hook(build_extension_array),
    "PandasExtensionDtypeNode": Hook(build_extension_dtype),
    "PandasCategoricalDtypeNode": Hook(build_categorical_dtype),
    "PandasSparseDtypeNode": Hook(build_sparse_dtype),
}
