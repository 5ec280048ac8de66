"""Sparse matrices and arrays, from the arrays that scipy.sparse.save_npz writes.

SciPy's compiled code indexes by what they hold, so the indices are checked here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse

from ... import _core
from ..._core import in_range, rises
from ..exceptions import UnsupportedTypeException
from . import Hook, require
from .scipy_checks import CHECKS


def indices(parts: dict[str, Any], name: str) -> np.ndarray:
    found: Any = parts.get(name)
    require(isinstance(found, np.ndarray) and found.ndim == 1 and found.dtype.kind in "iu",
            f"the '{name}' of a sparse matrix are no integers in a row")
    return found if found.dtype.isnative else found.astype(found.dtype.newbyteorder("="))


def check_range(found: np.ndarray, extent: int) -> None:
    require(in_range(found, 0, extent), "an index of a sparse matrix is out of range")


def check_pointers(pointers: np.ndarray, major: int, count: int) -> None:
    require(len(pointers) == major + 1 and pointers[0] == 0 and pointers[-1] == count
            and rises(pointers),
            "indptr of a sparse matrix does not go from 0 to its number of entries")


def data_of(parts: dict[str, Any], rank: int) -> np.ndarray:
    data: Any = parts.get("data")
    require(isinstance(data, np.ndarray) and data.ndim == rank and data.dtype.kind in "biufc",
            "the data of a sparse matrix are no numbers")
    return data


def compressed(parts: dict[str, Any], shape: tuple[int, ...], form: str) -> Any:
    data = data_of(parts, 3 if form == "bsr" else 1)
    minor, pointers = indices(parts, "indices"), indices(parts, "indptr")
    require(len(data) == len(minor), "indices and data of a sparse matrix differ in length")
    rows, columns = shape if len(shape) == 2 else (1, *shape)
    if form == "csc":
        rows, columns = columns, rows
    if form == "bsr":
        height, width = data.shape[1:]
        require(height > 0 and width > 0 and rows % height == 0 and columns % width == 0,
                "the blocks of a sparse matrix do not fit its shape")
        rows, columns = rows // height, columns // width
    check_pointers(pointers, rows, len(minor))
    check_range(minor, columns)
    return data, minor, pointers


BLANKS: dict[type, dict[str, Any]] = {}


def assembled(cls: Any, content: Any, shape: tuple[int, ...]) -> Any:
    """What ``cls(content, shape=shape)`` makes, without its checks, which have been made."""
    if cls not in BLANKS:
        none = np.zeros(0, np.int32)
        BLANKS[cls] = vars(cls((np.zeros(0), none, np.zeros(2, np.int32)), shape=(1, 1)))
    out = cls.__new__(cls)
    own = vars(out)
    own.update(BLANKS[cls])
    own["data"], own["indices"], own["indptr"] = content
    own["_shape"] = shape
    return out


def coordinates(parts: dict[str, Any], shape: tuple[int, ...]) -> Any:
    data = data_of(parts, 1)
    if "coords" in parts:
        coords = parts["coords"]
        require(isinstance(coords, np.ndarray) and coords.ndim == 2 and coords.dtype.kind in "iu",
                "the coordinates of a sparse array are no integers")
        places = tuple(coords)
    elif len(shape) == 1:
        places = (indices(parts, "col"),)
    else:
        places = (indices(parts, "row"), indices(parts, "col"))
    require(len(places) == len(shape) and all(len(place) == len(data) for place in places),
            "the coordinates of a sparse matrix differ in length")
    for place, extent in zip(places, shape):
        check_range(place, extent)
    return data, places


def diagonals(parts: dict[str, Any], shape: tuple[int, ...]) -> Any:
    data, offsets = data_of(parts, 2), indices(parts, "offsets")
    require(len(offsets) == len(data), "the diagonals of a sparse matrix differ in number")
    require(offsets.size == 0 or (offsets.min() >= -shape[0] and offsets.max() <= shape[1]),
            "a diagonal of a sparse matrix is out of range")
    return data, offsets


def build_sparse(name: str, fields: dict[str, Any]) -> Any:
    parts = fields["file"]
    form = parts.get("format")
    require(isinstance(form, np.ndarray) and form.ndim == 0 and form.dtype.kind in "SU",
            "a sparse matrix does not say its format")
    form = form.item()
    form = form.decode("ascii", "replace") if isinstance(form, bytes) else form
    cls = name.rpartition(".")[2]  # one of those that the loader accepts
    require(form in ("csr", "csc", "bsr", "coo", "dia") and cls.rpartition("_")[0] == form,
            "a sparse matrix is of another class than its format")
    is_array = parts.get("_is_array")
    require(is_array is None or bool(is_array) == cls.endswith("_array"),
            "a sparse matrix is of another class than its file says")
    shape = tuple(indices(parts, "shape").tolist())
    require(len(shape) == 2 or (cls.endswith("_array") and form in ("coo", "csr") and shape),
            "a sparse matrix has two dimensions")
    require(min(shape) >= 0 and max(shape) < 2**62, "a sparse matrix has an impossible shape")
    if form == "coo":
        content = coordinates(parts, shape)
    elif form == "dia":
        content = diagonals(parts, shape)
    else:
        content = compressed(parts, shape, form)
    cls = getattr(scipy.sparse, cls)
    if form in ("csr", "csc") and content[0].dtype.isnative and (
            content[1].dtype == content[2].dtype and content[1].dtype in (np.int32, np.int64)):
        return assembled(cls, content, shape)
    out = cls(content, shape=shape)
    if form in ("csr", "csc", "bsr") and out.indices.dtype != content[1].dtype:
        out.indices, out.indptr = content[1:]  # SciPy made them narrower
    return out


# What sparse matrices hold; what they remember of their order is found anew.
_ATTRIBUTES = {"_shape", "maxprint", "_maxprint", "data", "indices", "indptr", "row", "col", "coords",
               "offsets", "rows", "dtype", "_dict", "has_canonical_format", "_has_canonical_format",
               "has_sorted_indices", "_has_sorted_indices"}


def take_sparse(obj: Any) -> Any:
    """The arrays that scipy.sparse.save_npz writes, in its order."""
    if type(obj).__module__.partition(".")[0] != "scipy":
        raise UnsupportedTypeException(
            f"Objects of type {type(obj).__name__} are not supported: it is derived from a class of "
            "SciPy; convert it to that class.")
    beside = [name for name in vars(obj) if name not in _ATTRIBUTES]
    if beside:
        raise UnsupportedTypeException(
            f"Objects of type {type(obj).__name__} are not supported: it has the attribute "
            f"{beside[0]} beside, which would be lost; keep it in an object that holds the matrix.")
    if obj.format in ("lil", "dok"):
        # Made of another format by their constructor: save_npz does not know them.
        return "ConstructorFromReduceNode", None, {"content": (obj.tocsr(copy=False) if obj.ndim == 2
                                                               else obj.tocoo(),)}
    parts: dict[str, np.ndarray] = {"format": np.array(obj.format.encode("ascii")),
                                    "shape": np.array(obj.shape), "data": obj.data}
    if obj.format in ("csr", "csc", "bsr"):
        parts.update(indices=obj.indices, indptr=obj.indptr)
    elif obj.format == "dia":
        parts.update(offsets=obj.offsets)
    elif obj.ndim == 2:
        parts.update(row=obj.row, col=obj.col)
    else:
        content = ((obj.data, tuple(obj.coords)), tuple(obj.shape))
        return "ConstructorFromReduceNode", None, {"content": content}
    if isinstance(obj, getattr(scipy.sparse, "sparray", ())):
        parts["_is_array"] = np.array(True)
    return {"type": "scipy", "file": (_core.npz(parts), ".npz")}


def take_distribution(obj: Any) -> Any:
    """Discrete distributions, which hold themselves; None for everything else."""
    import scipy.stats

    def public(dist: Any) -> bool:
        known: Any = getattr(scipy.stats, dist.name or "", None)
        return type(known) is type(dist) and known._updated_ctor_param() == dist._updated_ctor_param()

    if isinstance(obj, scipy.stats.rv_discrete):
        name: Any = obj.name
        if getattr(scipy.stats, name or "", None) is obj:
            return "FunctionNode", ("scipy.stats", name), {}
    elif type(obj).__name__ == "rv_discrete_frozen" and public(obj.dist):
        if obj.kwds or obj.dist._random_state is not np.random.mtrand._rand:
            raise UnsupportedTypeException(
                f"Objects of type {type(obj).__name__} are not supported with arguments given by name or "
                "a random state of their own; give the arguments by position.")
        dist = getattr(scipy.stats, obj.dist.name)
        return "ConstructorFromReduceNode", None, {"content": (dist, *obj.args)}
    return None


__all__ = ["CHECKS", "HOOKS"]
HOOKS = {"SparseMatrixNode": Hook(build_sparse, take_sparse, imported=False, npz=True)}
