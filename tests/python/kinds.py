"""Kinds of input: name -> function of the data to ask that gives it, for scikit-learn and for libskops.
Where scikit-learn takes no such object, it gets
the same values as a pandas data frame.
"""

import functools

import numpy as np
import pandas as pd
import pyarrow as pa
import scipy.sparse as sp

NAMES = ["height", "width", "depth", "mass", "größe", "f", "g", "h", "i", "j", "k", "l", "m", "n"]
SINGLE = (1e-5, 1e-5)


def family(x):
    """What the data to ask is: the kinds of this family make sense for it."""
    if sp.issparse(x) or isinstance(x, np.ndarray) and x.ndim == 2 and x.dtype.kind in "fiub":
        return "matrix"
    if isinstance(x, pd.DataFrame):
        return "frame"
    if isinstance(x, list):
        return "texts"
    return "labels" if x.ndim == 1 else "objects"


class Kind:
    """`reasons`: the data is wrong in more than one way, and either may be named in the refusal."""

    def __init__(self, family, make, tolerance=None, reasons=1):
        self.family, self.make, self.tolerance, self.reasons = family, make, tolerance, reasons

    def __call__(self, x):
        if self.family == "matrix" and sp.issparse(x):
            x = x.toarray()
        out = self.make(x)
        return out if isinstance(out, tuple) and len(out) == 2 else (out, out)


def matrix(make, tolerance=None, reasons=1):
    """Of a matrix of numbers; a sparse one is made dense first."""
    return Kind("matrix", make, tolerance, reasons)


frame = functools.partial(Kind, "frame")
texts = functools.partial(Kind, "texts")
objects = functools.partial(Kind, "objects")
labels = functools.partial(Kind, "labels")


def whole(x, dtype):
    """Numbers that fit an integer dtype."""
    low = 0 if np.dtype(dtype).kind == "u" else -100
    return np.clip(np.nan_to_num(np.asarray(x, dtype=np.float64)), low, 100).astype(dtype)


def named(x):
    return pd.DataFrame(x, columns=NAMES[:x.shape[1]])


def mixed(x):
    out = named(np.nan_to_num(x))
    for k, dtype in enumerate(["float32", "int64", "float64", "bool", "int16"]):
        if k < out.shape[1]:
            out[NAMES[k]] = out[NAMES[k]].astype(dtype)
    return out


def nullable(x, missing):
    out = named(x.astype(np.float64))
    for k, dtype in enumerate(["Float64", "Int64", "Float32", "boolean"]):
        if k < out.shape[1]:
            values = np.nan_to_num(x[:, k].astype(np.float64))
            column = (values > 0) if dtype == "boolean" else np.round(values)
            out[NAMES[k]] = pd.array(column.astype(object), dtype=dtype)
            if missing:
                out.loc[1, NAMES[k]] = pd.NA
    return out


def as_half(x):
    return np.clip(x, -100, 100).astype(np.float16)


def unaligned(x):
    raw = np.zeros(x.nbytes + 1, dtype=np.uint8)
    out = raw[1:].view(x.dtype).reshape(x.shape)
    out[...] = x
    return out


def reversed_strides(x):
    return np.ascontiguousarray(x[::-1, ::-1])[::-1, ::-1]


def sliced(x):
    big = np.full((x.shape[0] * 3, x.shape[1] * 2), 7, dtype=x.dtype)
    big[1::3, ::2] = x
    return big[1::3, ::2]


def read_only(x):
    out = x.copy()
    out.setflags(write=False)
    return out


def long_indices(x):
    out = sp.csr_matrix(x)
    out.indices, out.indptr = out.indices.astype(np.int64), out.indptr.astype(np.int64)
    return out


def unsorted(x):
    """Entries of each row backwards."""
    out = sp.csr_matrix(x)
    for i in range(out.shape[0]):
        row = slice(out.indptr[i], out.indptr[i + 1])
        out.indices[row], out.data[row] = out.indices[row][::-1].copy(), out.data[row][::-1].copy()
    out.has_sorted_indices = False
    return out


def duplicated(x):
    """Each entry twice, with half its value."""
    out = sp.csr_matrix(x.astype(np.float64))
    twice = sp.csr_matrix((np.repeat(out.data / 2, 2), np.repeat(out.indices, 2), out.indptr * 2),
                          shape=out.shape)
    return twice.copy(), twice.copy()


def with_value(x, value):
    out = x.astype(np.float64)
    out[1, 1 % out.shape[1]] = value
    return out


def as_dict(f):
    return f, {name: f[name].to_numpy() for name in f.columns}


def as_dict_of_lists(f):
    return f, {name: f[name].tolist() for name in f.columns}


def arrow(f):
    return pa.Table.from_pandas(f, preserve_index=False)


def as_arrow(f):
    return f, arrow(f)


def chunked_arrow(f):
    half = len(f) // 2
    return f, pa.concat_tables([arrow(f.iloc[:half]), arrow(f.iloc[half:])])


def as_batch(f):
    table = arrow(f).combine_chunks()
    return f, table.to_batches()[0] if len(f) else table


def sliced_arrow(f):
    return f.iloc[2:7], arrow(f).slice(2, 5)


KINDS = {
    "as-is": Kind("any", lambda x: x),
    # numbers
    "float64": matrix(lambda x: x.astype(np.float64)),
    "float32": matrix(lambda x: x.astype(np.float32), SINGLE),
    # libskops computes in float32 or float64 and reads all other floats as float64
    "float16": matrix(lambda x: (as_half(x).astype(np.float64), as_half(x))),
    "longdouble": matrix(lambda x: (x.astype(np.float64), x.astype(np.longdouble))),
    "int64": matrix(lambda x: whole(x, np.int64)),
    "int32": matrix(lambda x: whole(x, np.int32)),
    "int8": matrix(lambda x: whole(x, np.int8), SINGLE),
    "uint8": matrix(lambda x: whole(x, np.uint8), SINGLE),
    "uint64": matrix(lambda x: whole(x, np.uint64)),
    "bool": matrix(lambda x: np.nan_to_num(x) > 0, SINGLE),
    "object": matrix(lambda x: x.astype(object)),
    "object-none": matrix(lambda x: with_value(x, np.nan).astype(object)),
    "big-endian": matrix(lambda x: x.astype(x.dtype.newbyteorder(">"))),
    # layouts
    "fortran": matrix(np.asfortranarray),
    "reversed": matrix(reversed_strides),
    "sliced": matrix(sliced),
    "unaligned": matrix(unaligned),
    "read-only": matrix(read_only),
    "broadcast": matrix(lambda x: np.broadcast_to(x[0], x.shape)),
    "subclass": matrix(lambda x: x.view(type("Mine", (np.ndarray,), {}))),
    "masked": matrix(lambda x: (x, np.ma.masked_array(x))),
    # sequences
    "lists": matrix(lambda x: x.tolist()),
    "tuples": matrix(lambda x: (tuple(map(tuple, x.tolist())),) * 2),
    "list-of-arrays": matrix(list),
    # rows
    "one-row": matrix(lambda x: x[:1]),
    "one-row-list": matrix(lambda x: x[:1].tolist()),
    "no-rows": matrix(lambda x: x[:0]),
    "many-rows": matrix(lambda x: np.tile(x, (40, 1))),
    # sparse
    "csr": matrix(sp.csr_matrix),
    "csr-array": matrix(sp.csr_array),
    "csr-float32": matrix(lambda x: sp.csr_matrix(x.astype(np.float32)), SINGLE),
    "csr-int": matrix(lambda x: sp.csr_matrix(whole(x, np.int64))),
    "csr-bool": matrix(lambda x: sp.csr_matrix(np.nan_to_num(x) > 0), SINGLE),
    "csr-long": matrix(long_indices),
    "csr-unsorted": matrix(lambda x: (unsorted(x), unsorted(x))),
    "csr-duplicated": matrix(duplicated),
    "csr-no-rows": matrix(lambda x: sp.csr_matrix(x)[:0], reasons=2),
    "csr-nan": matrix(lambda x: sp.csr_matrix(with_value(x, np.nan)), reasons=2),
    "csc": matrix(sp.csc_matrix),
    "coo": matrix(sp.coo_array),
    "lil": matrix(sp.lil_matrix),
    # wrong numbers
    "nan": matrix(lambda x: with_value(x, np.nan)),
    "inf": matrix(lambda x: with_value(x, np.inf)),
    "nan-float32": matrix(lambda x: with_value(x, np.nan).astype(np.float32), SINGLE),
    "huge": matrix(lambda x: with_value(x, 1e300)),
    "complex": matrix(lambda x: x.astype(np.complex128)),
    "words": matrix(lambda x: np.full(x.shape, "word")),
    "object-words": matrix(lambda x: np.full(x.shape, "word", dtype=object)),
    "fewer-columns": matrix(lambda x: x[:, :-1]),
    "more-columns": matrix(lambda x: np.hstack([x, x[:, :1]])),
    "no-columns": matrix(lambda x: x[:, :0]),
    "one-dimension": matrix(lambda x: x[0], reasons=2),
    "three-dimensions": matrix(lambda x: x[None], reasons=2),
    "scalar": matrix(lambda x: np.float64(3)),
    "ragged": matrix(lambda x: [[1.0, 2.0], [3.0]], reasons=2),
    # frames of a matrix
    "frame": matrix(named),
    "frame-numbered": matrix(pd.DataFrame),
    "frame-mixed": matrix(mixed),
    "frame-float32": matrix(lambda x: named(x.astype(np.float32)), SINGLE),
    "frame-nullable": matrix(lambda x: nullable(x, False)),
    "frame-nullable-missing": matrix(lambda x: nullable(x, True)),
    "frame-object": matrix(lambda x: named(x.astype(object))),
    "frame-one-row": matrix(lambda x: named(x[:1])),
    "frame-no-rows": matrix(lambda x: named(x[:0])),
    "frame-split": matrix(lambda x: pd.concat([named(x)[[c]] for c in NAMES[:x.shape[1]]], axis=1)),
    "frame-reversed-rows": matrix(lambda x: named(x).iloc[::-1]),
    "frame-sparse": matrix(lambda x: named(x.astype(np.float64)).astype(
        pd.SparseDtype("float64", 0.0))),
    "dict": matrix(lambda x: as_dict(named(x))),
    "dict-lists": matrix(lambda x: as_dict_of_lists(named(x))),
    "arrow": matrix(lambda x: as_arrow(named(x))),
    "arrow-chunks": matrix(lambda x: chunked_arrow(named(x))),
    "arrow-batch": matrix(lambda x: as_batch(named(x))),
    "arrow-slice": matrix(lambda x: sliced_arrow(named(x))),
    "arrow-mixed": matrix(lambda x: as_arrow(mixed(x))),
    # frames of their own
    "own-one-row": frame(lambda x: x.iloc[:1]),
    "own-no-rows": frame(lambda x: x.iloc[:0]),
    "own-array": frame(lambda x: x.to_numpy()),
    "own-object": frame(lambda x: x.astype(object)),
    "own-backwards": frame(lambda x: x[x.columns[::-1]]),
    "own-renamed": frame(lambda x: x.rename(columns={x.columns[0]: "other"})),
    "own-fewer": frame(lambda x: x[x.columns[:-1]]),
    "own-more": frame(lambda x: x.assign(more=1.0)),
    "own-nullable": frame(lambda x: x.convert_dtypes()),
    "own-category": frame(lambda x: x.astype({c: "category" for c in x.columns
                                              if x[c].dtype.kind not in "fiub"})),
    "own-copy": frame(lambda x: pd.concat([x[[c]] for c in x.columns], axis=1)),
    "own-dict": frame(as_dict),
    "own-dict-lists": frame(as_dict_of_lists),
    "own-arrow": frame(as_arrow),
    "own-arrow-chunks": frame(chunked_arrow),
    "own-arrow-slice": frame(sliced_arrow),
    "own-arrow-batch": frame(as_batch),
    "own-words-for-numbers": frame(lambda x: x.astype({c: str for c in x.columns
                                                       if x[c].dtype.kind in "fiub"})),
    # objects and fixed-width texts
    "objects-lists": objects(lambda x: x.tolist()),
    "objects-frame": objects(lambda x: named(x)),
    "objects-string-frame": objects(lambda x: named(x).astype("string")),
    "objects-category-frame": objects(lambda x: named(x).astype("category")),
    "objects-arrow": objects(lambda x: as_arrow(named(x))),
    "objects-dictionary-arrow": objects(lambda x: as_arrow(named(x).astype("category"))),
    "objects-fortran": objects(np.asfortranarray),
    "objects-reversed": objects(reversed_strides),
    "objects-one-row": objects(lambda x: x[:1]),
    "objects-no-rows": objects(lambda x: x[:0]),
    "objects-fewer": objects(lambda x: x[:, :-1]),
    "objects-numbers": objects(lambda x: np.ones(x.shape)),
    # documents
    "tuple-of-texts": texts(lambda x: (tuple(x), tuple(x))),
    "object-array": texts(lambda x: np.array(x, dtype=object)),
    "text-array": texts(lambda x: np.array(x)),
    "text-array-reversed": texts(lambda x: np.array(x)[::-1]),
    "series": texts(pd.Series),
    "string-series": texts(lambda x: pd.Series(x, dtype="string")),
    "generator": texts(lambda x: ((t for t in x), (t for t in x))),
    "arrow-array": texts(lambda x: (x, pa.array(x))),
    "arrow-chunked-array": texts(lambda x: (x, pa.chunked_array([x[:3], x[3:]]))),
    "one-text": texts(lambda x: x[:1]),
    "no-texts": Kind("texts", lambda x: [], reasons=2),
    "a-string": texts(lambda x: x[0]),
    "none-among-texts": texts(lambda x: [x[0], None]),
    "number-among-texts": texts(lambda x: [x[0], 3]),
    "numbers": texts(lambda x: np.ones((2, 3)), reasons=2),
    # labels
    "label-list": labels(lambda x: x.tolist()),
    "label-series": labels(pd.Series),
    "label-object": labels(lambda x: x.astype(object)),
    "label-column": labels(lambda x: x[:, None]),
    "label-reversed": labels(lambda x: x[::-1]),
    "no-labels": labels(lambda x: x[:0], reasons=2),
    "label-unseen": labels(lambda x: np.array(["zzz"]) if x.dtype.kind in "OU"
                           else np.array([12345.0])),
}
