"""pandas: indexes, series, data frames, arrays and dtypes (protocol 3), and scalars by their class.

Classes are written under their public names, whatever release of pandas has them where. What the
pieces do not say (attrs, flags, how a sparse array is divided) is refused.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .._take_common import call, refuse
from . import Hook, require

# Building.


def _array(values: Any, what: str) -> np.ndarray:
    require(isinstance(values, np.ndarray), f"the {what} are no array")
    return values


def _is(cls: Any, *bases: type) -> None:
    require(isinstance(cls, type) and issubclass(cls, bases), "a class of pandas of another kind")


def build_index(cls: Any, fields: dict[str, Any]) -> Any:
    _is(cls, pd.Index)
    values, name = fields["content.values"], fields["content.name"]
    extra = {"freq": fields["content.freq"]} if fields.get("content.freq") is not None else {}
    if cls is pd.Index:
        return pd.Index(values, dtype=getattr(values, "dtype", None), name=name, copy=False)
    return cls(values, name=name, **extra)


def build_range(cls: Any, fields: dict[str, Any]) -> Any:
    _is(cls, pd.RangeIndex)
    return cls(fields["content.start"], fields["content.stop"], fields["content.step"],
               name=fields["content.name"])


def build_multi(cls: Any, fields: dict[str, Any]) -> Any:
    _is(cls, pd.MultiIndex)
    return cls(levels=fields["content.levels"], codes=fields["content.codes"],
               names=fields["content.names"], verify_integrity=True)


def _series(values: Any, index: Any, name: Any = None) -> Any:
    require(isinstance(index, pd.Index), "an index is none of pandas")
    require(hasattr(values, "dtype") and len(values) == len(index),
            "values and index differ in length")
    return pd.Series(values, index=index, name=name, dtype=values.dtype, copy=False)


def build_series(cls: Any, fields: dict[str, Any]) -> Any:
    require(cls is pd.Series, "a class of pandas of another kind")
    return _series(fields["content.values"], fields["content.index"], fields["content.name"])


def build_frame(cls: Any, fields: dict[str, Any]) -> Any:
    require(cls is pd.DataFrame, "a class of pandas of another kind")
    columns, index, data = (fields["content." + part] for part in ("columns", "index", "data"))
    require(isinstance(columns, pd.Index) and isinstance(data, list) and len(data) == len(columns),
            "a data frame has not one array a column")
    out = pd.DataFrame({k: _series(values, index) for k, values in enumerate(data)}, index=index,
                       copy=False)
    out.columns = columns
    return out


def build_numpy_backed(cls: Any, fields: dict[str, Any]) -> Any:
    values, tz = _array(fields["content.values"], "values"), fields["content.tz"]
    if cls is pd.arrays.NumpyExtensionArray:
        return cls(values)
    _is(cls, pd.arrays.DatetimeArray, pd.arrays.TimedeltaArray)
    require(values.dtype.kind == ("M" if cls is pd.arrays.DatetimeArray else "m"),
            "the values are no times")
    index = pd.Index(values, dtype=values.dtype)
    if tz is not None:
        index = index.tz_localize("UTC").tz_convert(tz)
    if fields.get("content.freq") is not None:
        index.freq = fields["content.freq"]
    return index.array


def build_masked(cls: Any, fields: dict[str, Any]) -> Any:
    _is(cls, pd.arrays.IntegerArray, pd.arrays.FloatingArray, pd.arrays.BooleanArray)
    return cls(_array(fields["content.values"], "values"), _array(fields["content.mask"], "mask"))


def build_categorical(cls: Any, fields: dict[str, Any]) -> Any:
    require(cls is pd.Categorical, "a class of pandas of another kind")
    return cls.from_codes(_array(fields["content.codes"], "codes"), dtype=fields["content.dtype"])


def build_period(cls: Any, fields: dict[str, Any]) -> Any:
    require(cls is pd.arrays.PeriodArray, "a class of pandas of another kind")
    ordinals = _array(fields["content.ordinals"], "ordinals")
    require(ordinals.dtype == np.int64 and isinstance(fields["content.dtype"], pd.PeriodDtype),
            "the ordinals of periods are no integers")
    return cls(ordinals, dtype=fields["content.dtype"])


def build_interval(cls: Any, fields: dict[str, Any]) -> Any:
    require(cls is pd.arrays.IntervalArray, "a class of pandas of another kind")
    return cls.from_arrays(fields["content.left"], fields["content.right"],
                           fields["content.closed"])


def build_extension(cls: Any, fields: dict[str, Any]) -> Any:
    _is(cls, pd.api.extensions.ExtensionArray)
    dtype = fields["content.dtype"]
    require(isinstance(dtype, pd.api.extensions.ExtensionDtype), "a dtype is none of pandas")
    out = pd.array(_array(fields["content.values"], "values"), dtype=dtype)
    require(isinstance(out, cls), "an array is of another class than its dtype")
    return out


def build_dtype(cls: Any, fields: dict[str, Any]) -> Any:
    name = fields["content.name"]
    require(isinstance(name, str), "the name of a dtype is no text")
    out = pd.api.types.pandas_dtype(name)
    require(isinstance(out, cls), "a dtype is of another class than its name")
    return out


def build_categorical_dtype(cls: Any, fields: dict[str, Any]) -> Any:
    require(cls is pd.CategoricalDtype, "a class of pandas of another kind")
    return cls(fields["content.categories"], ordered=fields["content.ordered"])


def build_sparse_dtype(cls: Any, fields: dict[str, Any]) -> Any:
    require(cls is pd.SparseDtype, "a class of pandas of another kind")
    return cls(fields["content.subtype"], fields["content.fill_value"])


# Taking apart.


def _parts(loader: str, obj: Any, public: Any, module: str, **pieces: Any) -> Any:
    """The node of an object of exactly the class that is public under this name."""
    name = type(obj).__name__
    if getattr(public, name, None) is not type(obj):
        raise refuse(obj, "it is derived from a class of pandas", "convert it to that class")
    return loader, (module, name), {"content." + key: value for key, value in pieces.items()}, "", 3


def _in_pandas(loader: str, obj: Any, **pieces: Any) -> Any:
    return _parts(loader, obj, pd, "pandas", **pieces)


def _in_arrays(loader: str, obj: Any, **pieces: Any) -> Any:
    return _parts(loader, obj, pd.arrays, "pandas.arrays", **pieces)


def _values(obj: Any) -> Any:
    """A NumPy array, or the array of an extension of pandas."""
    return obj.to_numpy(copy=False) if isinstance(obj.dtype, np.dtype) and obj.dtype.kind not in "mM" \
        else obj.array


def _freq(obj: Any) -> dict[str, Any]:
    freq = getattr(obj, "freq", None)
    return {} if freq is None or isinstance(obj.dtype, pd.PeriodDtype) else {"freq": freq}


def take_index(obj: Any) -> Any:
    return _in_pandas("PandasIndexNode", obj, values=_values(obj), name=obj.name, **_freq(obj))


def take_range(obj: Any) -> Any:
    return _in_pandas("PandasRangeIndexNode", obj, start=obj.start, stop=obj.stop, step=obj.step,
                      name=obj.name)


def take_multi(obj: Any) -> Any:
    return _in_pandas("PandasMultiIndexNode", obj, levels=list(obj.levels),
                      codes=[np.asarray(codes) for codes in obj.codes], names=list(obj.names))


def _check_beside(obj: Any) -> None:
    if obj.attrs or not obj.flags.allows_duplicate_labels:
        raise refuse(obj, "its attrs and flags would be lost", "keep them beside it")


def take_series(obj: Any) -> Any:
    _check_beside(obj)
    return _in_pandas("PandasSeriesNode", obj, values=_values(obj), index=obj.index, name=obj.name)


def take_frame(obj: Any) -> Any:
    _check_beside(obj)
    data = [_values(obj.iloc[:, k]) for k in range(obj.shape[1])]
    return _in_pandas("PandasDataFrameNode", obj, columns=obj.columns, index=obj.index, data=data)


def take_numpy_backed(obj: Any) -> Any:
    if isinstance(obj, pd.arrays.NumpyExtensionArray) and type(obj) is not pd.arrays.NumpyExtensionArray:
        return take_extension(obj)  # StringArray
    return _in_arrays("PandasNumpyBackedArrayNode", obj, values=obj._ndarray,
                      tz=getattr(obj, "tz", None), **_freq(obj))


def take_masked(obj: Any) -> Any:
    return _in_arrays("PandasMaskedArrayNode", obj, values=obj._data, mask=obj._mask)


def take_categorical(obj: Any) -> Any:
    return _in_pandas("PandasCategoricalNode", obj, codes=np.array(obj.codes), dtype=obj.dtype)


def take_period(obj: Any) -> Any:
    return _in_arrays("PandasPeriodArrayNode", obj, ordinals=obj.asi8, dtype=obj.dtype)


def take_interval(obj: Any) -> Any:
    return _in_arrays("PandasIntervalArrayNode", obj, left=obj.left, right=obj.right,
                      closed=obj.closed)


def take_extension(obj: Any) -> Any:
    if isinstance(obj, pd.arrays.SparseArray):
        values = np.asarray(obj)
        again = pd.array(values, dtype=obj.dtype)
        if type(again.sp_index) is not type(obj.sp_index) or not again.sp_index.equals(obj.sp_index):
            raise refuse(obj, "it stores values that are its fill value, or in blocks",
                         "make it anew of its values")
    else:
        values = obj.to_numpy(dtype=object, na_value=None)
        if not pd.array(values, dtype=obj.dtype).equals(obj):
            raise refuse(obj, "its values do not give it back", "convert it to an array of NumPy")
    return _in_arrays("PandasExtensionArrayNode", obj, values=values, dtype=obj.dtype)


def _tz_of(dtype: Any) -> Any:
    return type(getattr(dtype, "tz", None)), getattr(dtype, "storage", None)


def take_dtype(obj: Any) -> Any:
    name = str(obj)
    try:
        again = pd.api.types.pandas_dtype(name)
        same = type(again) is type(obj) and again == obj and _tz_of(again) == _tz_of(obj)
    except Exception:
        same = False
    if same:
        return _in_pandas("PandasExtensionDtypeNode", obj, name=name)
    if isinstance(obj, pd.StringDtype):
        return call(obj, (obj.storage, obj.na_value), ("pandas", "StringDtype"))
    if isinstance(obj, pd.DatetimeTZDtype):
        return call(obj, (obj.unit, obj.tz), ("pandas", "DatetimeTZDtype"))
    raise refuse(obj, "its name does not give it back", "use a dtype that its name says")


def take_categorical_dtype(obj: Any) -> Any:
    return _in_pandas("PandasCategoricalDtypeNode", obj, categories=obj.categories,
                      ordered=obj.ordered)


def take_sparse_dtype(obj: Any) -> Any:
    return _in_pandas("PandasSparseDtypeNode", obj, subtype=obj.subtype, fill_value=obj.fill_value)


def take_scalar(obj: Any) -> Any:
    """Timestamps and spans of time; None for everything else."""
    if obj is pd.NaT:
        return "FunctionNode", ("pandas", "NaT"), {}
    if type(obj) is pd.Timedelta:
        return call(obj, (obj.to_timedelta64(),), ("pandas", "Timedelta"))
    if type(obj) is not pd.Timestamp:
        return None
    args: tuple = (obj.to_datetime64(),) if obj.tz is None else (obj.to_pydatetime(warn=False),)
    again = pd.Timestamp(*args)
    if again != obj or again.unit != obj.unit or again.fold != obj.fold or again.tz is not obj.tz:
        raise refuse(obj, "a time with a zone and finer or coarser than microseconds cannot be made "
                     "again", "keep it without its zone")
    return call(obj, args, ("pandas", "Timestamp"))


HOOKS = {
    "PandasIndexNode": Hook(build_index, take_index),
    "PandasRangeIndexNode": Hook(build_range, take_range),
    "PandasMultiIndexNode": Hook(build_multi, take_multi),
    "PandasSeriesNode": Hook(build_series, take_series),
    "PandasDataFrameNode": Hook(build_frame, take_frame),
    "PandasNumpyBackedArrayNode": Hook(build_numpy_backed, take_numpy_backed),
    "PandasMaskedArrayNode": Hook(build_masked, take_masked),
    "PandasCategoricalNode": Hook(build_categorical, take_categorical),
    "PandasPeriodArrayNode": Hook(build_period, take_period),
    "PandasIntervalArrayNode": Hook(build_interval, take_interval),
    "PandasExtensionArrayNode": Hook(build_extension, take_extension),
    "PandasExtensionDtypeNode": Hook(build_dtype, take_dtype),
    "PandasCategoricalDtypeNode": Hook(build_categorical_dtype, take_categorical_dtype),
    "PandasSparseDtypeNode": Hook(build_sparse_dtype, take_sparse_dtype),
}
