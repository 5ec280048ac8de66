"""NumPy's arrays and scalars that no loader of released skops takes as they are.

An array is a member in NPY format where that says all of it. The others are made by
``numpy.ndarray(shape, dtype, bytes)``, or by the classes of :mod:`libskops.io.arrays`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from . import arrays
from ._take_common import Parts, attempt, call, has_attributes_of, refuse


def _same_dtype(a: np.dtype, b: np.dtype) -> bool:
    """Equal, and also in what numpy's == passes over: alignment, metadata, the class of records.
    (That numpy.longlong is another name of numpy.int64 is not looked at: pickle forgets it, too.)"""
    if a != b or a.isalignedstruct != b.isalignedstruct or (a.kind == "V" and a.type is not b.type) \
            or dict(a.metadata or {}) != dict(b.metadata or {}):
        return False
    return all(_same_dtype(a[name], b[name]) for name in a.names or ())


def descr_of(dtype: np.dtype) -> Any:
    """How an NPY header says a dtype; None where it does not say all."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of metadata
            descr = np.lib.format.dtype_to_descr(dtype)
        same = _same_dtype(dtype, np.lib.format.descr_to_dtype(descr))
    except Exception:
        return None
    # Readers take names as they stand in the text.
    return descr if same and "\\" not in repr(descr).replace("\\'", "").replace("\\\\", "") else None


def nests(array: np.ndarray) -> bool:
    """Whether numpy.array makes this array of objects again of nested lists of its cells."""
    if 0 in array.shape[:-1]:
        return False
    plain = (str, int, float, bool, type(None))
    if array.ndim > 1 and all(type(cell) in plain for cell in array.flat):
        return True
    try:
        return bool(np.array(array.tolist(), dtype=object).shape == array.shape) and array.ndim > 0
    except Exception:
        return False


def take_dtype(dtype: np.dtype) -> Parts:
    if type(dtype).__name__ == "StringDType":
        return call(dtype, _string_args(dtype), arrays.StringDType)
    args = _dtype_args(dtype)
    return call(dtype, args, np.dtype)


def _dtype_args(dtype: np.dtype) -> tuple:
    """The arguments of numpy.dtype."""
    if dtype.metadata:
        return (*(_plain_dtype_args(dtype) + (False, True))[:3], dict(dtype.metadata))
    return _plain_dtype_args(dtype)


def _plain_dtype_args(dtype: np.dtype) -> tuple:
    if dtype.subdtype is not None:
        return (dtype.subdtype,)
    if dtype.names is None:
        return (dtype.str,)
    if dtype.type is not np.void:
        inner = np.dtype((np.void, dtype))
        return ((dtype.type, inner),)
    fields: list[Any] = [dtype.fields[name] for name in dtype.names]  # type: ignore[index,union-attr]
    parts: dict[str, Any] = {
        "names": list(dtype.names), "formats": [field[0] for field in fields],
        "offsets": [field[1] for field in fields], "itemsize": dtype.itemsize}
    if any(len(field) > 2 for field in fields):
        parts["titles"] = [field[2] if len(field) > 2 else None for field in fields]
    return (parts, True) if dtype.isalignedstruct else (parts,)


def _string_args(dtype: Any) -> tuple:
    missing = getattr(dtype, "na_object", arrays.NOTHING)
    return (dtype.coerce,) if missing is arrays.NOTHING else (dtype.coerce, missing)


def take_array(obj: np.ndarray) -> Parts:
    if type(obj) is np.memmap:
        obj = np.array(obj, subok=False)
    if type(obj) is np.ndarray:
        return _plain_array(obj)
    plain = obj.view(np.ndarray)
    if obj.dtype.hasobject:
        raise refuse(obj, "its class would not make it of an array of objects",
                     "convert it by numpy.asarray")

    def same(copy: Any) -> bool:
        return (copy is not None and copy.shape == obj.shape and _same_dtype(copy.dtype, obj.dtype)
                and copy.tobytes() == plain.tobytes() and has_attributes_of(copy, obj))

    if descr_of(obj.dtype) is not None and same(attempt(obj, plain)):
        return "NdArrayNode", None, {"file": plain}, "numpy"
    args = (obj.shape, obj.dtype, bytearray(plain.tobytes()))
    if same(attempt(obj, *args)):
        return call(obj, args)
    raise refuse(obj, "its class does not make it of an array, or it has attributes beside, which "
                 "would be lost", "convert it by numpy.asarray")


def _plain_array(obj: np.ndarray) -> Parts:
    if obj.dtype == object:
        return call(obj, (obj.shape, [obj[at] for at in np.ndindex(*obj.shape)]), arrays.ObjectArray)
    if type(obj.dtype).__name__ == "StringDType":
        return call(obj, (obj.shape, obj.ravel().tolist(), *_string_args(obj.dtype)),
                    arrays.StringArray)
    if obj.dtype.hasobject:
        raise refuse(obj, f"numpy arrays of dtype {obj.dtype} hold objects in records",
                     "make an array of each field")
    if descr_of(obj.dtype) is not None:
        return "NdArrayNode", np.ndarray, {"file": obj}, "numpy"
    return call(obj, (obj.shape, obj.dtype, bytearray(obj.tobytes())), np.ndarray)


def take_scalar(obj: Any) -> Parts:
    cls = type(obj)
    if cls is np.str_:
        return call(obj, (str.__str__(obj),))
    if cls is np.bytes_ and obj[-1:] in (b"", b"\0"):
        return call(obj, (bytes(obj),))
    array = np.asarray(obj)
    if cls is np.record:
        return call(obj, (array, obj.dtype))
    try:
        same = type(back := cls(array)) is cls and _same_dtype(back.dtype, obj.dtype) and (
            back == obj or (back != back and obj != obj)
            or bool(np.isnat(back) and np.isnat(obj)))  # type: ignore[call-overload]
    except Exception:
        same = False
    if same and descr_of(array.dtype) is not None:
        return "NdArrayNode", None, {"file": array}, "numpy"
    if isinstance(obj, (np.datetime64, np.timedelta64)):
        unit, count = np.datetime_data(obj.dtype)
        value = None if np.isnat(obj) else int(obj.astype("int64"))
        args = ("NaT" if value is None else value, unit if count == 1 else f"{count}{unit}")
        if cls(*args) == obj or value is None:
            return call(obj, args)
    raise refuse(obj, f"NumPy does not make a {cls.__name__} of an array",
                 "keep it in an array of one element")
