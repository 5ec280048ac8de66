"""Deep equality of objects, types included: what must hold after a round trip.

Two floats are the same where their bits say the same (-0.0 is not 0.0, nan is nan); two arrays where
dtype, shape, order and bytes' meaning agree; two references to one object where they were before.
"""

import copyreg
import datetime
import functools
import operator
import types
import zoneinfo
from collections import defaultdict, deque

import numpy as np
import scipy.sparse as sp

IMMUTABLE = (str, int, float, complex, bool, type(None), bytes, type, types.FunctionType,
             types.BuiltinFunctionType, np.ufunc)
# Whether one of these is shared shows only to `is`.
VALUES = IMMUTABLE + (tuple, frozenset, np.generic, np.dtype, datetime.date, datetime.time,
                      datetime.timedelta, datetime.tzinfo, range, slice)


def check_same(a, b, path="object", seen=None):
    """Fails with the path of the first difference."""
    seen = {} if seen is None else seen
    if id(a) in seen:
        assert seen[id(a)][1] is b or isinstance(a, VALUES), f"{path}: shared differently"
        return
    if not isinstance(a, IMMUTABLE):
        assert isinstance(a, VALUES) or id(b) not in seen.setdefault("made", {}), \
            f"{path}: shared where it was not"
        seen[id(a)] = a, b
        seen.setdefault("made", {})[id(b)] = b
    assert type(a) is type(b), f"{path}: {type(a)} became {type(b)}"
    for kind, check in CHECKS:
        if isinstance(a, kind):
            check(a, b, path, seen)
            if kind in WITH_ATTRIBUTES:
                check_attributes(a, b, path, seen)
            return
    check_object(a, b, path, seen)


def check_attributes(a, b, path, seen):
    """What an object holds beside what its class is for: __dict__ and slots."""
    def held(x):
        own = getattr(type(x), "__getstate__", None)
        state = getattr(x, "__dict__", {})
        if state and own is not None and own is not getattr(object, "__getstate__", None):
            state = x.__getstate__()
        return dict(sorted(state.items(), key=repr)) if isinstance(state, dict) else state

    one, other = held(a), held(b)
    if one or other:
        check_same(one, other, path, seen)
    for slot in copyreg._slotnames(type(a)):
        assert hasattr(a, slot) == hasattr(b, slot), f"{path}.{slot}"
        if hasattr(a, slot):
            check_same(getattr(a, slot), getattr(b, slot), f"{path}.{slot}", seen)


def check_object(a, b, path, seen):
    if a is b:
        return
    own = type(a).__eq__ is not object.__eq__
    if type(a).__module__.startswith("pandas"):
        return check_pandas(a, b, path, seen)
    if isinstance(a, (types.GenericAlias, zoneinfo.ZoneInfo)):
        assert str(a) == str(b), path
    elif isinstance(a, BaseException):
        check_same((a.args, vars(a)), (b.args, vars(b)), path, seen)
    elif type(a).__name__ == "rv_discrete_frozen":
        check_same((a.dist.name, a.args, a.kwds), (b.dist.name, b.args, b.kwds), path, seen)
    elif getattr(a, "__dict__", None) or getattr(b, "__dict__", None):
        check_attributes(a, b, path, seen)
    elif type(a).__reduce_ex__ is not object.__reduce_ex__ or type(a).__reduce__ is not object.__reduce__ \
            or hasattr(type(a), "__getstate__"):
        x, y = a.__reduce_ex__(4), b.__reduce_ex__(4)
        if isinstance(x, str):
            assert x == y, path
        else:
            check_same(x[1:3], y[1:3], path + ".__reduce_ex__", {})
    else:
        assert own or type(a) is object, f"{path}: nothing to compare by"
    if own and not hasattr(a, "__array__"):
        equal = a == b
        if isinstance(equal, (bool, np.bool_)):
            assert equal or a != a, f"{path}: {a!r} became {b!r}"


def check_number(a, b, path, seen):
    assert repr(a) == repr(b), f"{path}: {a!r} became {b!r}"
    check_attributes(a, b, path, seen)


def check_value(a, b, path, seen):
    assert a == b, f"{path}: {a!r} became {b!r}"


def check_by_repr(a, b, path, seen):
    assert repr(a) == repr(b) and (a is b or a == b), f"{path}: {a!r} became {b!r}"
    assert getattr(a, "fold", 0) == getattr(b, "fold", 0), path
    check_same(getattr(a, "tzinfo", None), getattr(b, "tzinfo", None), path + ".tzinfo", {})


def check_dtype(a, b, path, seen=None):
    assert a == b and str(a) == str(b) and a.isalignedstruct == b.isalignedstruct, f"{path}: {a!r} became {b!r}"
    assert (a.metadata or {}) == (b.metadata or {}), f"{path}: metadata {a.metadata} became {b.metadata}"
    assert a.type is b.type or a.kind in "iu", path  # numpy.longlong is another name in files
    if a.names:
        assert a.fields.keys() == b.fields.keys(), path
        for name in a.names:
            check_dtype(a[name], b[name], f"{path}[{name!r}]")
    elif type(a).__name__ == "StringDType":
        assert a.coerce == b.coerce and repr(a) == repr(b), path


def check_masked(a, b, path, seen):
    if a is np.ma.masked:
        assert a is b, path
        return
    check_dtype(a.dtype, b.dtype, path + ".dtype")
    assert a.shape == b.shape, path
    assert (a.mask is np.ma.nomask) == (b.mask is np.ma.nomask), f"{path}.mask"
    check_same(np.ma.getmaskarray(a), np.ma.getmaskarray(b), path + ".mask", {})
    check_same(a.fill_value, b.fill_value, path + ".fill_value", {})
    assert a.hardmask == b.hardmask, path
    check_same(np.asarray(a.data), np.asarray(b.data), path, {})
    assert a.baseclass is b.baseclass and vars(a).keys() == vars(b).keys(), path


def check_array(a, b, path, seen):
    check_dtype(a.dtype, b.dtype, path + ".dtype")
    assert a.shape == b.shape, f"{path}: {a.shape} became {b.shape}"
    if a.flags.f_contiguous and not a.flags.c_contiguous and a.dtype.kind not in "OT":
        assert b.flags.f_contiguous, f"{path}: order"
    plain_a, plain_b = np.asarray(a), np.asarray(b)
    if a.dtype == object or type(a.dtype).__name__ == "StringDType":
        for k, (x, y) in enumerate(zip(plain_a.ravel(), plain_b.ravel())):
            check_same(x, y, f"{path}[{k}]", seen if a.dtype == object else {})
    elif a.dtype.names:
        for name in a.dtype.names:
            check_same(np.ascontiguousarray(plain_a[name]), np.ascontiguousarray(plain_b[name]),
                       f"{path}[{name!r}]", {})
    else:
        assert np.array_equal(plain_a, plain_b, equal_nan=a.dtype.kind in "fcmM"), f"{path}: values differ"
        if a.dtype.kind in "fc":
            assert (np.signbit(plain_a.real) == np.signbit(plain_b.real)).all(), f"{path}: signs"
    if type(a) not in (np.ndarray, np.memmap):
        check_attributes(a, b, path, seen)


def check_scalar(a, b, path, seen):
    check_dtype(a.dtype, b.dtype, path + ".dtype")
    assert repr(a) == repr(b), f"{path}: {a!r} became {b!r}"
    check_array(np.asarray(a), np.asarray(b), path, {})


def check_sparse(a, b, path, seen):
    assert a.shape == b.shape and a.dtype == b.dtype, f"{path}: {a!r} became {b!r}"

    def parts(x):
        if x.format == "dok":
            return {tuple(map(int, np.atleast_1d(key))): x[key] for key in sorted(x.keys())}
        # What scipy remembers of their order it finds anew when it is asked.
        held = vars(x.tocsr()) if x.format == "lil" else vars(x)
        return {k: held[k] for k in sorted(held) if not k.startswith(("_has", "has_", "maxprint"))}

    check_same(parts(a), parts(b), path, {})


def check_random(a, b, path, seen):
    def state_of(x):
        if isinstance(x, np.random.RandomState):
            return x.get_state(legacy=False)
        bits = x if isinstance(x, np.random.BitGenerator) else x.bit_generator
        return {"state": bits.state, "seed": getattr(bits.seed_seq, "state", None)}

    check_same(state_of(a), state_of(b), path, {})


def check_dict(a, b, path, seen):
    keys, others = list(a), list(b)
    assert len(keys) == len(others), f"{path}: {len(keys)} keys became {len(others)}"
    for x, y in zip(keys, others):
        check_same(x, y, f"{path}: key {x!r}", seen)
        check_same(dict.__getitem__(a, x), dict.__getitem__(b, y), f"{path}[{x!r}]", seen)
    if isinstance(a, defaultdict):
        check_same(a.default_factory, b.default_factory, path + ".default_factory", seen)


def check_items(a, b, path, seen):
    assert len(a) == len(b), f"{path}: {len(a)} items became {len(b)}"
    assert getattr(a, "maxlen", None) == getattr(b, "maxlen", None), f"{path}.maxlen"
    for k, (x, y) in enumerate(zip(a, b)):
        check_same(x, y, f"{path}[{k}]", seen)


def check_set(a, b, path, seen):
    assert a == b, path
    assert sorted(map(repr, map(type, a))) == sorted(map(repr, map(type, b))), path


def check_partial(a, b, path, seen):
    check_same((a.func, a.args, a.keywords), (b.func, b.args, b.keywords), path, seen)


def check_method(a, b, path, seen):
    assert a.__name__ == b.__name__ and getattr(a, "__func__", None) is getattr(b, "__func__", None), path
    check_same(a.__self__, b.__self__, path + ".__self__", seen)


def check_operator(a, b, path, seen):
    assert repr(a) == repr(b), path


def check_named(a, b, path, seen):
    if isinstance(a, types.BuiltinFunctionType) and not isinstance(a.__self__, (types.ModuleType, type(None))):
        return check_method(a, b, path, seen)
    assert a is b, f"{path}: {a!r} became {b!r}"


def check_slice(a, b, path, seen):
    check_same((a.start, a.stop, a.step), (b.start, b.stop, b.step), path, {})


def check_tree(a, b, path, seen):
    check_same(a.__getstate__(), b.__getstate__(), path, {})


def check_pandas(a, b, path, seen):
    import pandas as pd

    if isinstance(a, pd.DataFrame):
        pd.testing.assert_frame_equal(a, b, check_exact=True, check_freq=True)
        check_same(a.columns, b.columns, path + ".columns", {})
        check_same(a.index, b.index, path + ".index", {})
        for k in range(a.shape[1]):
            check_same(a.iloc[:, k].array, b.iloc[:, k].array, f"{path}[{k}]", {})
        check_same(a.attrs, b.attrs, path + ".attrs", seen)
        assert a.flags.allows_duplicate_labels == b.flags.allows_duplicate_labels, path
    elif isinstance(a, pd.Series):
        pd.testing.assert_series_equal(a, b, check_exact=True, check_freq=True)
        check_same(a.name, b.name, path + ".name", {})
        check_same(a.index, b.index, path + ".index", {})
        check_same(a.array, b.array, path + ".array", {})
        check_same(a.attrs, b.attrs, path + ".attrs", seen)
    elif isinstance(a, pd.Index):
        pd.testing.assert_index_equal(a, b, exact="equiv" if isinstance(a, pd.RangeIndex) else True)
        check_same(list(a.names), list(b.names), path + ".names", {})
        assert getattr(a, "freq", None) == getattr(b, "freq", None), f"{path}.freq"
        if isinstance(a, pd.MultiIndex):
            for k, (x, y) in enumerate(zip(a.levels, b.levels)):
                check_same(x, y, f"{path}.levels[{k}]", {})
            check_same([np.asarray(c) for c in a.codes], [np.asarray(c) for c in b.codes], path, {})
        elif not isinstance(a, pd.RangeIndex):
            check_same(a.array, b.array, path + ".array", {})
    elif isinstance(a, pd.api.extensions.ExtensionArray):
        check_same(a.dtype, b.dtype, path + ".dtype", {})
        pd.testing.assert_extension_array_equal(a, b, check_exact=True)
        assert getattr(a, "freq", None) == getattr(b, "freq", None), f"{path}.freq"
        if isinstance(a, pd.arrays.SparseArray):
            check_same((a.sp_values, a.sp_index.indices), (b.sp_values, b.sp_index.indices), path, {})
            assert type(a.sp_index) is type(b.sp_index), path
        elif hasattr(a, "_ndarray"):
            check_same(a._ndarray, b._ndarray, path, {})
    elif isinstance(a, pd.CategoricalDtype):
        assert a.ordered is b.ordered, path
        check_same(a.categories, b.categories, path + ".categories", {})
    else:
        assert repr(a) == repr(b), f"{path}: {a!r} became {b!r}"
        assert a is b or a == b, f"{path}: {a!r} became {b!r}"


CHECKS = [
    (np.ma.MaskedArray, check_masked),
    (np.ndarray, check_array),
    (np.generic, check_scalar),
    (np.dtype, check_dtype),
    (sp.spmatrix, check_sparse),
    (getattr(sp, "sparray", sp.spmatrix), check_sparse),
    ((np.random.RandomState, np.random.Generator, np.random.BitGenerator), check_random),
    (dict, check_dict),
    ((list, tuple, deque), check_items),
    ((set, frozenset), check_set),
    (functools.partial, check_partial),
    ((operator.attrgetter, operator.itemgetter, operator.methodcaller), check_operator),
    (types.MethodType, check_method),
    ((type, types.FunctionType, types.BuiltinFunctionType, np.ufunc), check_named),
    (slice, check_slice),
    (range, check_value),
    ((datetime.date, datetime.time, datetime.timedelta), check_by_repr),
    ((bool, type(None)), check_named),
    ((int, float, complex), check_number),
    ((str, bytes, bytearray), check_value),
]
WITH_ATTRIBUTES = (dict, (list, tuple, deque), (set, frozenset), functools.partial, (str, bytes, bytearray))

