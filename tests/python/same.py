"""Deep equality of objects, types included: what must hold after a round trip."""

import functools
import operator
import types

import numpy as np
import scipy.sparse as sp

IMMUTABLE = (str, int, float, complex, bool, type(None), bytes, type, types.FunctionType,
             types.BuiltinFunctionType, np.ufunc)


def check_same(a, b, path="object", seen=None):
    """Fails with the path of the first difference."""
    seen = {} if seen is None else seen
    if id(a) in seen:
        assert seen[id(a)] is b or isinstance(a, IMMUTABLE + (tuple, np.generic)), \
            f"{path}: shared differently"
        return
    if not isinstance(a, IMMUTABLE):
        seen[id(a)] = b
    assert type(a) is type(b), f"{path}: {type(a)} became {type(b)}"
    if isinstance(a, np.ndarray):
        assert a.dtype == b.dtype and a.shape == b.shape, f"{path}: {a.dtype}{a.shape}, {b.dtype}{b.shape}"
        if isinstance(a, np.ma.MaskedArray):
            check_same(np.ma.getmaskarray(a), np.ma.getmaskarray(b), path + ".mask", seen)
            assert np.array_equal(a.fill_value, b.fill_value, equal_nan=a.dtype.kind in "fc"), path
            assert a.hardmask == b.hardmask, path
            a, b = np.asarray(a.data), np.asarray(b.data)
        if a.dtype == object:
            for k, (x, y) in enumerate(zip(a.ravel(), b.ravel())):
                check_same(x, y, f"{path}[{k}]", seen)
        elif a.dtype.names:
            for name in a.dtype.names:
                check_same(np.ascontiguousarray(a[name]), np.ascontiguousarray(b[name]),
                           f"{path}[{name!r}]", {})
        else:
            assert np.array_equal(a, b, equal_nan=a.dtype.kind in "fcmM"), f"{path}: values differ"
    elif isinstance(a, np.generic):
        assert a.dtype == b.dtype and (a == b or a != a), f"{path}: {a!r} became {b!r}"
    elif sp.issparse(a):
        assert a.shape == b.shape and a.dtype == b.dtype, path
        check_same(vars(a.tocoo()) if a.format in ("lil", "dok") else
                   {k: v for k, v in vars(a).items() if not k.startswith("_has")},
                   vars(b.tocoo()) if a.format in ("lil", "dok") else
                   {k: v for k, v in vars(b).items() if not k.startswith("_has")}, path, {})
    elif isinstance(a, (np.random.RandomState, np.random.Generator)):
        def state_of(random):
            return (random.bit_generator.state if isinstance(random, np.random.Generator)
                    else random.get_state(legacy=False))
        check_same(state_of(a), state_of(b), path, {})
    elif isinstance(a, dict):
        assert list(map(repr, a)) == list(map(repr, b)), f"{path}: keys"
        for (x, v), (y, w) in zip(a.items(), b.items()):
            check_same(x, y, f"{path}: key", {})
            check_same(v, w, f"{path}[{x!r}]", seen)
    elif isinstance(a, (list, tuple)):
        assert len(a) == len(b), f"{path}: length"
        for k, (x, y) in enumerate(zip(a, b)):
            check_same(x, y, f"{path}[{k}]", seen)
    elif isinstance(a, (set, frozenset)):
        assert a == b, path
    elif isinstance(a, functools.partial):
        check_same((a.func, a.args, a.keywords, vars(a)), (b.func, b.args, b.keywords, vars(b)),
                   path, seen)
    elif isinstance(a, (operator.attrgetter, operator.itemgetter, operator.methodcaller)):
        assert repr(a) == repr(b), path
    elif isinstance(a, types.MethodType):
        assert a.__func__ is b.__func__, path
        check_same(a.__self__, b.__self__, path + ".__self__", seen)
    elif isinstance(a, IMMUTABLE):
        assert a == b or a != a, f"{path}: {a!r} became {b!r}"
    elif hasattr(a, "equals") and hasattr(a, "to_numpy"):
        assert a.equals(b), path
    elif getattr(a, "__dict__", None) and type(a).__module__ != "builtins":
        check_same(vars(a), vars(b), path, seen)
    elif type(a).__reduce_ex__ is not object.__reduce_ex__ or type(a).__reduce__ is not object.__reduce__:
        x, y = a.__reduce_ex__(4), b.__reduce_ex__(4)
        check_same(x[1:3], y[1:3], path + ".__reduce_ex__", {})
    elif type(a).__eq__ is not object.__eq__:
        assert a == b, f"{path}: {a!r} became {b!r}"
