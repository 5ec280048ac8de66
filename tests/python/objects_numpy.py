"""NumPy's and SciPy's objects, for test_io_types.py: name -> what makes the object, or a `Case`."""

import datetime
import os
import tempfile

import numpy as np
import scipy.sparse as sp
import scipy.special

from objects_case import Case, differs, refused, unread

NAT = np.datetime64("NaT")


class ArrayOf(np.ndarray):
    pass


class ArrayWith(np.ndarray):
    def __new__(cls, array, note=None):
        out = np.asarray(array).view(cls)
        out.note = note
        return out


class CsrOf(sp.csr_matrix):
    pass


def cells(*shape):
    """An object array that holds lists, arrays, None."""
    out = np.empty(shape, dtype=object)
    for k, at in enumerate(np.ndindex(*shape)):
        out[at] = ([k, "a"], np.arange(k), None, {"k": k}, k)[k % 5]
    return out


def object_array(*items):
    out = np.empty(len(items), dtype=object)
    for k, item in enumerate(items):
        out[k] = item
    return out


def masked(**kwargs):
    return np.ma.MaskedArray([1.0, 2.0, 3.0], [False, True, False], **kwargs)


def fill(array, value):
    array.fill_value = value
    return array


def memmap():
    handle, path = tempfile.mkstemp()
    os.close(handle)
    out = np.memmap(path, dtype=np.float64, shape=(4,), mode="w+")
    out[:] = range(4)
    os.unlink(path)
    return out


def read_only(array):
    array.flags.writeable = False
    return array


def used(generator, count=7):
    for _ in range(count):
        generator.standard_normal()
    generator.integers(3, dtype=np.uint32) if isinstance(generator, np.random.Generator) else None
    return generator


def used_bits():
    out = np.random.PCG64(3)
    out.random_raw()
    return out


def spawned():
    seed = np.random.SeedSequence(5)
    seed.spawn(2)
    return np.random.Generator(np.random.PCG64(seed.spawn(3)[1]))


def that_spawned():
    out = np.random.default_rng(3)
    out.spawn(2)
    return out


def gauss():
    out = np.random.RandomState(3)
    out.standard_normal()
    return out


def state_of(kind):
    return used(np.random.RandomState(getattr(np.random, kind)(3)))


RECORD = np.dtype([("a", "<i4"), ("b", "<f8"), ("c", "S3")])
DENSE = np.arange(24).reshape(4, 6) % 5 * (np.arange(24).reshape(4, 6) % 3 == 0)


def sparse(form, **kwargs):
    return lambda: getattr(sp, form)(DENSE, **kwargs)


def unsorted(cls):
    return cls((np.array([1.0, 2.0, 3.0]), np.array([2, 0, 1]), np.array([0, 2, 3])), shape=(2, 3))


def duplicates(cls):
    return cls((np.array([1.0, 2.0, 3.0]), np.array([1, 1, 0]), np.array([0, 2, 3])), shape=(2, 3))


def explicit_zeros(cls):
    out = cls(DENSE.astype(float))
    out.data[...] = 0
    return out


def sorted_flag():
    out = sp.csr_matrix(DENSE)
    out.has_sorted_indices, out.has_canonical_format  # both are remembered
    return out


def with_wide_indices():
    out = sp.csr_matrix(DENSE)
    out.indices, out.indptr = out.indices.astype(np.int64), out.indptr.astype(np.int64)
    return out


def lil_of_rows():
    out = sp.lil_matrix((3, 4))
    out[0, 3], out[0, 1], out[2, 2] = 1.0, 2.0, 0.0
    return out


def dok():
    out = sp.dok_matrix((3, 4), dtype=np.float32)
    out[2, 1], out[0, 3] = 1.0, 2.0
    return out


TYPES = {
    # arrays
    **{f"array of {dtype}": (lambda dtype=dtype: np.arange(6).reshape(2, 3).astype(dtype))
        for dtype in "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 longdouble complex64 complex128 clongdouble " "S3 U3 >i4 >f8 >c16 >U2 longlong ulonglong intc".split()},
    "array of nan": lambda: np.array([np.nan, np.inf, -0.0]),
    "long row of few numbers": lambda: np.arange(20_000) % 7 / 3,  # deflated unasked
    "fortran order": lambda: np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "strided": lambda: np.arange(20).reshape(4, 5)[::2, ::-2],
    "transposed 3-d": lambda: np.arange(24).reshape(2, 3, 4).transpose(1, 2, 0),
    "broadcast": lambda: np.broadcast_to(np.arange(3), (4, 3)),
    "read only": lambda: read_only(np.arange(3)),
    "0-d": lambda: np.array(1.5),
    "0-d text": lambda: np.array("a"),
    "empty": lambda: np.array([]),
    "(0, 3)": lambda: np.empty((0, 3)),
    "(3, 0)": lambda: np.empty((3, 0), order="F"),
    "(2, 0, 2)": lambda: np.empty((2, 0, 2), dtype="S2"),
    "64 axes": lambda: np.zeros((1,) * 64),
    "large": lambda: np.arange(100_000.0),
    "view of large": lambda: np.arange(1000)[10:20],
    "texts": lambda: np.array(["a", "größe", "😀", ""]),
    "bytes": lambda: np.array([b"a", b"bc\0d"]),
    "texts of no letters": lambda: np.array([""]),
    "S0": lambda: np.zeros(2, "S0"),
    "surrogates": lambda: np.array(["\ud800"]),
    "dates": lambda: np.array(["2020-01-01", "NaT"], dtype="M8[D]"),
    "dates of ns": lambda: np.array(["2020-01-01T01:02:03.123456789"], dtype="M8[ns]"),
    "dates without unit": lambda: np.array(["NaT"], dtype="M8"),
    "dates of 25 s": lambda: np.array([1, 2], dtype="M8[25s]"),
    "spans": lambda: np.array([1, -2, "NaT"], dtype="m8[ms]"),
    "spans without unit": lambda: np.array([1], dtype="m8"),
    "big-endian dates": lambda: np.array(["2020"], dtype=">M8[Y]"),
    "void": lambda: np.array([b"abc", b"d"], dtype="V3"),
    "V0": lambda: np.zeros(2, dtype="V0"),
    "records": lambda: np.array([(1, 2.0, b"x"), (3, 4.0, b"yz")], dtype=RECORD),
    "nested records": lambda: np.zeros(2, dtype=[("a", [("b", "<f4"), ("c", "|b1")]), ("d", "<U3")]),
    "subarrays": lambda: np.ones(2, dtype=[("a", "<f8", (2, 3)), ("b", "i1", 4)]),
    "aligned records": lambda: np.ones(3, dtype=np.dtype([("a", "u1"), ("b", "<f8")], align=True)),
    "padded records":
        lambda: np.ones(3, dtype={"names": ["a", "b"], "formats": ["<i4", "<f8"], "offsets": [4, 16], "itemsize": 32}),
    "fields out of order":
        lambda: np.ones(2, dtype={"names": ["a", "b"], "formats": ["<i4", "<i4"], "offsets": [4, 0]}),
    "overlapping fields":
        lambda: np.ones(2, dtype={"names": ["a", "b"], "formats": ["<i4", "<i2"], "offsets": [0, 0]}),
    "some fields": lambda: np.ones(2, dtype=RECORD)[["a", "c"]],
    "titles": lambda: np.zeros(1, dtype=[(("title", "a"), "<i4")]),
    "unicode field": lambda: np.zeros(1, dtype=[("größe", "<i4"), ("😀", "<f8")]),
    "no fields": lambda: np.zeros(2, dtype=[]),
    "records with objects": refused(lambda: np.zeros(1, dtype=[("a", object)]), "objects in records"),
    "dtype with metadata": lambda: np.zeros(1, dtype=np.dtype("<f8", metadata={"a": 1})),
    "quoted field": lambda: np.zeros(1, dtype=[("it's \"x\"", "<i4")]),
    # arrays of objects
    "objects": lambda: object_array(1, "a", None, [1, 2], {"a": 1}, np.arange(2), (1, 2)),
    "objects (2, 3)": lambda: cells(2, 3),
    "objects (2, 0)": lambda: cells(2, 0),
    "objects (0, 2)": lambda: cells(0, 2),
    "objects (0,)": lambda: cells(0),
    "objects (2, 1, 2)": lambda: cells(2, 1, 2),
    "objects 0-d": lambda: np.array(None, dtype=object),
    "objects 0-d of list": lambda: cells(),
    "lists as cells": lambda: object_array([1, 2], [3, 4]),
    "lists of one length in 2-d": lambda: object_array([1, 2], [3, 4], [5, 6], [7, 8]).reshape(2, 2),
    "arrays as cells": lambda: object_array(np.arange(2), np.arange(2)),
    "texts as objects": lambda: np.array(["a", "b"], dtype=object),
    "objects, fortran": lambda: np.asfortranarray(cells(2, 3)),
    "objects, strided": lambda: cells(4, 4)[::2, ::-1],
    "arrays of arrays": lambda: object_array(object_array(1, None), object_array("a")),
    "shared cells": lambda: (lambda x: [object_array(x, x), x])([1]),
    "cells never set": lambda: np.empty(3, dtype=object),
    "tuples as cells": lambda: object_array((1, 2), (3, 4)),
    "empty lists as cells": lambda: object_array([], []),
    "cyclic array":
        refused(lambda: (lambda a: (a.__setitem__(0, a), a)[1])(np.empty(1, dtype=object)), "contains itself"),
    "numpy scalars as cells": lambda: object_array(np.int8(1), np.float32(2)),
    # scalars
    **{f"scalar {name}": (lambda name=name: getattr(np, name)(1))
        for name in "bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 "
        "longdouble complex64 complex128 clongdouble longlong ulonglong intc uintc".split()},
    "scalar nan":
        lambda: [np.float64("nan"), np.float32("inf"), np.complex128(complex(np.nan, 1)), np.float16("-inf")],
    "scalar longdouble digits": lambda: np.longdouble("0.1"),
    "scalar text": lambda: np.str_("größe"),
    "scalar texts": lambda: [np.str_(""), np.str_("a\0")],
    "scalar bytes": lambda: [np.bytes_(b"ab"), np.bytes_(b"")],
    "scalar bytes with zero": lambda: np.bytes_(b"a\0"),
    "scalar date": lambda: np.datetime64("2020-01-01"),
    "scalar dates":
        lambda: [np.datetime64("2020-01-01T01:02:03.000001", "us"), np.datetime64(5, "25s"), np.datetime64("1677-01-01", "ns"), np.datetime64(-3, "Y")],
    "scalar NaT": lambda: [NAT, np.datetime64("NaT", "ns"), np.timedelta64("NaT"), np.timedelta64("NaT", "D")],
    "scalar span": lambda: [np.timedelta64(3, "D"), np.timedelta64(3), np.timedelta64(-2, "25us")],
    "scalar record": lambda: np.ones(1, dtype=RECORD)[0],
    "scalar void": lambda: np.void(b"abc"),
    "scalar record array": lambda: np.rec.array(np.ones(1, RECORD))[0],
    "True_": lambda: [np.True_, True],
    "scalar of big-endian": lambda: np.array([1], ">i4")[0],
    "scalar keys and values": lambda: {"a": np.int64(3), "b": [np.float32(1)]},
    # dtypes and functions
    **{f"dtype {text}": (lambda text=text: np.dtype(text))
        for text in "f8 >f8 i1 U5 S3 O M8 M8[ns] m8[25s] V8 bool c16 longdouble >U2".split()},
    "dtype of records": lambda: RECORD,
    "dtype of objects": lambda: np.dtype([("a", object)]),
    "dtype of subarray": lambda: np.dtype(("<f8", (2, 3))),
    "dtype aligned": lambda: np.dtype([("a", "u1"), ("b", "<f8")], align=True),
    "dtype with metadata ": lambda: np.dtype("<f8", metadata={"a": 1}),
    "dtype with titles": lambda: np.dtype([(("title", "a"), "<i4")]),
    "dtype of strings": lambda: np.dtypes.StringDType(),
    "dtype padded": lambda: np.dtype({"names": ["a"], "formats": ["<i4"], "offsets": [4], "itemsize": 16}),
    "dtype of record type": lambda: np.dtype((np.record, RECORD)),
    "escaped field": lambda: np.zeros(1, dtype=[("a\\b'\"", "<i4")]),
    "scalar types":
        lambda: [np.float64, np.int64, np.bool_, np.str_, np.datetime64, np.void, np.generic, np.number, np.longdouble, np.intc],
    "ufuncs": lambda: [np.add, np.sqrt, scipy.special.expit, scipy.special.gammaln],
    "numpy functions": lambda: [np.mean, np.linalg.norm, np.median],
    "ufunc method": refused(lambda: np.add.reduce, ""),
    "numpy classes": lambda: [np.ndarray, np.dtype, np.random.RandomState],
    "frompyfunc": refused(lambda: np.frompyfunc(int, 1, 1), ""),
    "vectorize": lambda: np.vectorize(abs),
    "poly1d": lambda: np.poly1d([1, 2]),
    "Polynomial": lambda: np.polynomial.Polynomial([1, 2, 3]),
    "numpy constants": lambda: [np.newaxis, np.pi],
    # subclasses
    "matrix": lambda: np.matrix([[1, 2], [3, 4]]),
    "memmap": Case(memmap, becomes=np.array),
    "recarray": lambda: np.rec.array(np.ones(2, RECORD)),
    "recarray field": lambda: np.rec.array(np.ones(2, RECORD)).a,
    "chararray": refused(lambda: np.char.array(["a", "b "]), "class"),
    "array subclass": lambda: np.arange(3).view(ArrayOf),
    "array subclass with attributes": refused(lambda: ArrayWith([1, 2], "note"), "attributes"),
    "array subclass of objects": refused(lambda: object_array(1, 2).view(ArrayOf), "class"),
    "0-d subclass": lambda: np.array(1).view(ArrayOf),
    "datetime in numpy": lambda: np.array([datetime.date(2020, 1, 1)], dtype=object),
    "nditer": refused(lambda: np.nditer(np.arange(3)), ""),
    "broadcast object": refused(lambda: np.broadcast(np.arange(3), 1), ""),
    "SeedSequence": lambda: np.random.SeedSequence(3),
    "finfo": refused(lambda: np.finfo(np.float64), "arguments"),
    "bit generator": lambda: [np.random.PCG64(3), np.random.MT19937(np.random.SeedSequence(5, spawn_key=(1,)))],
    "bit generator in use": refused(lambda: used_bits(), "once they were used"),
    "errstate": refused(lambda: np.errstate(all="ignore"), "slots"),
    # masked arrays
    "masked": lambda: masked(),
    "masked without mask": lambda: np.ma.MaskedArray([1, 2]),
    "masked, nomask and one more": lambda: [np.ma.MaskedArray([1]), np.ma.array([1, 2], mask=False)],
    "masked with fill value": lambda: masked(fill_value=-1.0),
    "masked, fill value set later": lambda: fill(np.ma.array([1, 2], mask=[0, 1]), 7),
    "masked with hard mask": lambda: masked(hard_mask=True),
    "masked, both": lambda: masked(hard_mask=True, fill_value=3),
    "masked texts": lambda: np.ma.array(["a", "b"], mask=[0, 1]),
    "masked texts with fill value": lambda: np.ma.array(["a", "b"], mask=[0, 1], fill_value="x"),
    "masked records": lambda: np.ma.array(np.ones(2, RECORD), mask=[(0, 1, 0), (1, 0, 0)]),
    "masked records with fill value":
        lambda: np.ma.array(np.ones(2, RECORD), mask=[(0, 1, 0), (1, 0, 0)], fill_value=(1, 2, b"x")),
    "masked objects": lambda: np.ma.array(object_array(1, None), mask=[0, 1]),
    "masked dates": lambda: np.ma.array(["2020", "2021"], dtype="M8[Y]", mask=[1, 0]),
    "masked 0-d": lambda: np.ma.array(1.5, mask=True),
    "masked empty": lambda: np.ma.array([], mask=[]),
    "masked constant": lambda: np.ma.masked,
    "masked record array": refused(lambda: np.ma.mrecords.fromarrays([[1, 2]], names="a"), "derived"),
    "masked 2-d": lambda: np.ma.masked_equal(np.arange(6).reshape(2, 3), 2),
    "masked in records": lambda: np.ma.array(np.ones(2, [("a", "<f8", (2,))]), mask=False),
    "masked fortran": lambda: np.ma.array(np.asfortranarray(np.arange(6.).reshape(2, 3)), mask=False),
    "masked matrix": lambda: np.ma.array(np.matrix([[1]]), mask=[[True]]),
    "masked with attributes":
        refused(lambda: (lambda m: (setattr(m, "note", 1), m)[1])(masked()), "attributes"),
    "masked with shared mask": lambda: (lambda m: [np.ma.array([1, 2], mask=m), m])(np.array([True, False])),
    "masked dtype": lambda: np.ma.make_mask_descr(RECORD),
    # texts of NumPy 2
    "strings": lambda: np.array(["a", "größe" * 20, ""], dtype="T"),
    "strings with None": lambda: np.array(["a", None], dtype=np.dtypes.StringDType(na_object=None)),
    "strings with nan": lambda: np.array(["a", np.nan], dtype=np.dtypes.StringDType(na_object=np.nan)),
    "strings, coerce=False": lambda: np.array(["a"], dtype=np.dtypes.StringDType(coerce=False)),
    "strings (2, 2)": lambda: np.array([["a", "b"], ["c", "d"]], dtype="T"),
    "strings (0, 2)": lambda: np.empty((0, 2), dtype="T"),
    "strings 0-d": lambda: np.array("a", dtype="T"),
    "strings with text as missing": lambda: np.array(["a", "?"], dtype=np.dtypes.StringDType(na_object="?")),
    "strings, fortran": lambda: np.asfortranarray(np.array([["a", "b"], ["c", "d"]], dtype="T")),
    # random states
    "RandomState": lambda: np.random.RandomState(3),
    "RandomState in use": lambda: used(np.random.RandomState(3)),
    "RandomState, gauss": gauss,
    "Generator": lambda: np.random.default_rng(3),
    **{f"Generator {kind}": (lambda kind=kind: used(np.random.Generator(getattr(np.random, kind)(5))))
        for kind in "PCG64 PCG64DXSM MT19937 Philox SFC64".split()},
    **{f"RandomState of {kind}": refused(lambda kind=kind: state_of(kind), "bit generator")
        for kind in "PCG64 Philox SFC64".split()},
    "Generator of a spawned seed": spawned,
    "Generator that spawned": that_spawned,
    "Generator of big seed": lambda: np.random.default_rng(2**200),
    "Generator of list": lambda: np.random.default_rng([1, 2, 3]),
    "Generator without seed": lambda: np.random.default_rng(),
    "Generator of RandomState":
        refused(lambda: np.random.Generator(np.random.RandomState(3)._bit_generator), "seed sequence"),
    "Generator of MT legacy":
        refused(lambda: (lambda b: (b._legacy_seeding(3), np.random.Generator(b))[1])(np.random.MT19937(1)), "seed sequence"),
    "shared generator": lambda: (lambda g: [g, g])(np.random.default_rng(1)),
    "two generators of one bit generator":
        refused(lambda: (lambda b: [np.random.Generator(b), np.random.Generator(b)])(np.random.PCG64(1)), "share"),
    "RandomState method": lambda: np.random.RandomState(3).normal,
    "Generator method": lambda: np.random.default_rng(3).normal,
    "numpy.random.normal": lambda: np.random.normal,
    # sparse
    **{f"{form}_{kind}": sparse(f"{form}_{kind}")
        for form in "csr csc bsr coo dia lil dok".split()
        for kind in ("matrix", "array")},
    **{f"empty {form}_{kind}": (lambda form=form, kind=kind: getattr(sp, f"{form}_{kind}")((0, 3)))
        for form in "csr csc coo lil dok dia bsr".split()
        for kind in ("matrix", "array")},
    **{f"csr_matrix of {dtype}": (lambda dtype=dtype: sp.csr_matrix(DENSE.astype(dtype)))
        for dtype in "bool int8 uint64 float32 complex64 longdouble".split()},
    "csr_matrix of big-endian":
        lambda: (lambda m: (setattr(m, "data", m.data.astype(">f8")), m)[1])(sp.csr_matrix(DENSE)),
    **{f"{form}_array, 1-d": (lambda form=form: getattr(sp, f"{form}_array")(np.array([0, 1, 0, 2])))
        for form in "csr coo dok".split()},
    "coo_array, 3-d": lambda: sp.coo_array(np.arange(8).reshape(2, 2, 2) % 3),
    "empty coo_array, 1-d": lambda: sp.coo_array((0,)),
    "coo of duplicates": lambda: sp.coo_matrix(([1, 2, 3], ([0, 0, 1], [1, 1, 0])), shape=(2, 3)),
    "coo_array unsorted": lambda: sp.coo_array(([1, 2], ([1, 0], [0, 1])), shape=(2, 2)),
    "csr unsorted": lambda: unsorted(sp.csr_matrix),
    "csc_array unsorted": lambda: unsorted(lambda x, shape: sp.csc_array(x, shape=shape[::-1])),
    "csr duplicates": lambda: duplicates(sp.csr_array),
    "explicit zeros":
        lambda: [explicit_zeros(sp.csr_matrix), explicit_zeros(sp.coo_array), explicit_zeros(sp.bsr_array), explicit_zeros(sp.dia_matrix)],
    "csr with sorted flag": sorted_flag,
    "csr with wide indices": differs(with_wide_indices, "SciPy makes the indices narrow"),
    "lil of rows": lil_of_rows,
    "dok": dok,
    "bsr blocks": lambda: sp.bsr_matrix(np.kron(np.eye(2), np.ones((2, 3))), blocksize=(2, 3)),
    "dia offsets": lambda: sp.diags([[1, 2], [3, 4, 5]], [-1, 0]),
    "csr subclass": refused(lambda: CsrOf(DENSE), "derived"),
    "csr with attribute":
        refused(lambda: (lambda m: (setattr(m, "note", 1), m)[1])(sp.csr_matrix(DENSE)), "note"),
    "shared csr": lambda: (lambda m: [m, m])(sp.csr_matrix(DENSE)),
    "csr of (1, 0)": lambda: sp.csr_matrix((1, 0)),
    "csr that shares its arrays": lambda: (lambda m: [m, m.data])(sp.csr_matrix(DENSE)),
    "sparse class": lambda: [sp.csr_matrix, sp.coo_array],
    "LinearOperator": lambda: sp.linalg.aslinearoperator(np.eye(2)),
    "csr transposed": lambda: sp.csr_matrix(DENSE).T,
    "lil of bool": lambda: sp.lil_array(DENSE > 1),
    # scipy
    "scipy distribution": lambda: scipy.stats.norm(loc=2),
    "frozen discrete distribution": lambda: [scipy.stats.randint(1, 5), scipy.stats.poisson(3.5)],
    "discrete distribution": lambda: scipy.stats.randint,
    "frozen discrete distribution, named": refused(lambda: scipy.stats.randint(low=1, high=5), "by position"),
    "distribution": lambda: scipy.stats.norm,
    "interp1d": refused(lambda: scipy.interpolate.interp1d([0, 1, 2], [1, 2, 3]), "slots"),
    "BSpline": lambda: scipy.interpolate.BSpline(np.arange(8.0), np.ones(4), 3),
    "PchipInterpolator": refused(lambda: scipy.interpolate.PchipInterpolator([0, 1, 2], [1, 2, 4]), "slots"),
    "OptimizeResult": lambda: scipy.optimize.OptimizeResult(x=1, fun=[2]),
    "cKDTree": lambda: scipy.spatial.cKDTree(np.arange(6.).reshape(3, 2)),
    "KDTree of scipy": lambda: scipy.spatial.KDTree(np.arange(6.).reshape(3, 2)),
    "gaussian_kde": lambda: scipy.stats.gaussian_kde([1, 2, 3.]),
    "Delaunay": lambda: scipy.spatial.Delaunay([[0, 0], [0, 1], [1, 0.]]),
}

import numpy.ma.mrecords  # noqa: E402, F401
import scipy.interpolate  # noqa: E402, F401
import scipy.optimize  # noqa: E402, F401
import scipy.sparse.linalg  # noqa: E402, F401
import scipy.spatial  # noqa: E402, F401
import scipy.stats  # noqa: E402, F401
