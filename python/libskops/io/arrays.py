"""Makes the arrays that no loader of released skops makes: files name these classes.

Each is called with what the array is made of and gives the array itself, never an object of its own
class. Released skops can read such files where libskops is installed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

NOTHING = object()


def _check(shape: Any, cells: Any) -> tuple[int, ...]:
    if not (isinstance(shape, tuple) and isinstance(cells, list)
            and all(type(extent) is int and 0 <= extent < 2**62 for extent in shape)):
        raise TypeError("an array is made of a tuple of extents and a list of cells")
    count = 1
    for extent in shape:
        count *= extent
    if count != len(cells):
        raise ValueError(f"an array of shape {shape} has {count} cells, not {len(cells)}")
    return shape


class ObjectArray:
    """An array of objects of any shape: ``ObjectArray(shape, cells)``."""

    def __new__(cls, shape: Any, cells: Any) -> Any:
        out = np.empty(_check(shape, cells), dtype=object)
        for at, cell in zip(np.ndindex(*shape), cells):
            out[at] = cell
        return out


class StringDType:
    """NumPy's dtype of texts of any length: ``StringDType(coerce, missing)``."""

    def __new__(cls, coerce: Any = True, missing: Any = NOTHING) -> Any:
        if type(coerce) is not bool:
            raise TypeError("whether a StringDType coerces is a bool")
        if missing is NOTHING:
            return np.dtypes.StringDType(coerce=coerce)
        return np.dtypes.StringDType(coerce=coerce, na_object=missing)


class StringArray:
    """An array of such texts: ``StringArray(shape, texts, coerce, missing)``."""

    def __new__(cls, shape: Any, texts: Any, coerce: Any = True, missing: Any = NOTHING) -> Any:
        dtype = StringDType(coerce, missing)
        out = np.empty(_check(shape, texts), dtype=dtype)
        for at, text in zip(np.ndindex(*shape), texts):
            out[at] = text
        return out
