"""How objects are taken apart that C++ knows no way for: containers' subclasses, methods, enums, …

:func:`take_apart` gives ``(loader, class, fields)`` for an object: the loader that will build it
again, the class to name (None: the object's own; a type; or module and name) and what the loader's
fields hold. A fourth item names the loader's variant, a fifth the protocol that it needs. What no
loader gives back equal is refused with :class:`UnsupportedTypeException`: nothing is lost silently.

Only ways are used that released skops takes, too: ``cls(*args)``, ``cls.__new__(cls)`` and a state,
its containers.
"""

from __future__ import annotations

import copyreg
import enum
import functools
import operator
import sys
from collections import OrderedDict, defaultdict, deque
from importlib import import_module
from types import MethodType
from typing import Any

import numpy as np

from .exceptions import UnsupportedTypeException

Parts = tuple  # (loader, class, fields) and, rarely, variant and protocol


def hook_of(library: str, loader: str, variant: str) -> Any:
    """What takes apart the objects that a manifest's recipe leaves to a hook of the library."""
    parts_of = import_module(f".hooks.{library}", __package__).HOOKS[loader].take_apart
    if parts_of is None:
        return _by_reduce

    def take_apart_by_hook(obj: Any) -> Parts:
        fields = parts_of(obj)
        if isinstance(fields, dict):
            return (loader, None, fields, variant) if variant else (loader, None, fields)
        return fields

    return take_apart_by_hook


def refuse(obj: Any, why: str, remedy: str) -> UnsupportedTypeException:
    return UnsupportedTypeException(
        f"Objects of type {type(obj).__name__} are not supported: {why}; {remedy}.")


def call(obj: Any, args: tuple, cls: Any = None) -> Parts:
    return "ConstructorFromReduceNode", cls, {"content": args}


def take_apart(obj: Any) -> Parts:
    """The parts of any object that has no recipe."""
    for base, parts_of in _BY_CLASS:
        if isinstance(obj, base):
            return parts_of(obj)
    zoneinfo = sys.modules.get("zoneinfo")
    if zoneinfo is not None and isinstance(obj, zoneinfo.ZoneInfo):
        return _zoneinfo(obj)
    return _by_reduce(obj)


# Containers, exactly or derived.

def _check_no_attributes(obj: Any, copy: Any = None) -> None:
    """Refuse what the items alone do not give back; `copy` was made of them."""
    if getattr(obj, "__dict__", None) and vars(obj) != getattr(copy, "__dict__", None):
        raise refuse(obj, "it has attributes beside its items, which would be lost",
                     "keep them in an object that holds the container")
    for slot in copyreg._slotnames(type(obj)):  # type: ignore[attr-defined]
        if hasattr(obj, slot):
            raise refuse(obj, "it has slots beside its items, which would be lost",
                         "keep them in an object that holds the container")


def _identical(a: Any, b: Any) -> bool:
    return len(a) == len(b) and all(x is y for x, y in zip(a, b))


def _rebuild(obj: Any, build: Any) -> Any:
    try:
        copy = build()
    except Exception as error:
        raise refuse(obj, f"its class cannot be called with its items ({error})",
                     "convert it to a plain container first") from error
    if type(copy) is not type(obj):
        raise refuse(obj, "its class makes objects of other classes",
                     "convert it to a plain container first")
    return copy


def _list(obj: list) -> Parts:
    items = list.__getitem__(obj, slice(None))
    copy = _rebuild(obj, lambda: type(obj)(items))
    if not _identical(list.__getitem__(copy, slice(None)), items):
        raise refuse(obj, "its class makes other items of them", "convert it to a list first")
    _check_no_attributes(obj, copy)
    return "ListNode", None, {"content": items}


def _set(obj: set) -> Parts:
    copy = _rebuild(obj, lambda: type(obj)(list(obj)))
    if copy != obj:
        raise refuse(obj, "its class makes other items of them", "convert it to a set first")
    _check_no_attributes(obj, copy)
    return "SetNode", None, {"content": sorted_items(obj)}


def _frozenset(obj: frozenset) -> Parts:
    copy = _rebuild(obj, lambda: type(obj)(list(obj)))
    if copy != obj:
        raise refuse(obj, "its class makes other items of them", "convert it to a frozenset first")
    _check_no_attributes(obj, copy)
    return call(obj, (sorted_items(obj),))


def sorted_items(items: Any) -> list:
    """The items in an order that does not depend on the process where that is possible."""
    return sorted(items, key=lambda item: (type(item).__name__, repr(item)))


def _tuple(obj: tuple) -> Parts:
    items = tuple(obj)
    cls = type(obj)
    fields = getattr(cls, "_fields", None)
    if cls.__bases__ == (tuple,) and isinstance(fields, tuple) \
            and all(isinstance(name, str) for name in fields):
        _check_no_attributes(obj)
        if _identical(tuple(_rebuild(obj, lambda: cls(*items))), items):
            return "TupleNode", None, {"content": items}
    elif not getattr(obj, "__dict__", None):
        # Released skops makes a plain tuple of other subclasses.
        if _identical(tuple(_rebuild(obj, lambda: cls(items))), items):
            return call(obj, (items,))
    raise refuse(obj, "its class makes other items of them", "convert it to a tuple first")


def _dict(obj: dict) -> Parts:
    items = dict(dict.items(obj)) if not isinstance(obj, OrderedDict) else OrderedDict(obj.items())

    def build() -> dict:
        copy = type(obj)()
        for key, value in items.items():
            copy[key] = value
        return copy

    copy = _rebuild(obj, build)
    if not _identical(list(dict.keys(copy)), list(dict.keys(obj))) \
            or not _identical(list(dict.values(copy)), list(dict.values(obj))):
        raise refuse(obj, "its class makes other items of them", "convert it to a dict first")
    _check_no_attributes(obj, copy)
    return "DictNode", None, {"content": items}


def _defaultdict(obj: defaultdict) -> Parts:
    if type(obj) is not defaultdict:
        return _dict(obj)
    if all(type(key) is str for key in obj):
        return "DefaultDictNode", None, {"content.main": dict(obj),
                                         "content.default_factory": obj.default_factory}
    # Released skops takes only text for keys there.
    return call(obj, (obj.default_factory, list(obj.items())))


def _deque(obj: deque) -> Parts:
    _check_no_attributes(obj)
    args: tuple = (list(obj),) if obj.maxlen is None else (list(obj), obj.maxlen)
    if not _identical(list(_rebuild(obj, lambda: type(obj)(*args))), args[0]):
        raise refuse(obj, "its class makes other items of them", "convert it to a deque first")
    return call(obj, args)


# Values.

def _enum(obj: enum.Enum) -> Parts:
    try:
        same = type(obj)(obj.value) is obj
    except Exception:
        same = False
    if not same:
        raise refuse(obj, "its value does not give it back", "keep its name or value instead")
    return call(obj, (obj.value,))


def _scalar_subclass(plain: type) -> Any:
    def parts_of(obj: Any) -> Parts:
        _check_no_attributes(obj)
        value = plain(obj) if plain is not str else str.__str__(obj)
        if _rebuild(obj, lambda: type(obj)(value)) != obj:
            raise refuse(obj, f"its class makes another value of the {plain.__name__}",
                         f"convert it to {plain.__name__} first")
        return call(obj, (value,))
    return parts_of


def _complex(obj: complex) -> Parts:
    if type(obj) is not complex:
        raise refuse(obj, "it is derived from complex", "convert it to complex first")
    return call(obj, (obj.real, obj.imag))


def _bytes(obj: Any) -> Parts:
    _check_no_attributes(obj)
    plain = bytes(obj) if isinstance(obj, bytes) else bytearray(obj)
    if _rebuild(obj, lambda: type(obj)(plain)) != obj:
        raise refuse(obj, "its class makes other bytes of them", "convert it to bytes first")
    return call(obj, (plain,))


def _zoneinfo(obj: Any) -> Parts:
    # Its __reduce__ names a private class method, which does the same with the key as the class; it
    # raises for objects of a file, which may have a key, too.
    try:
        obj.__reduce__()
    except Exception:
        raise refuse(obj, "objects of ZoneInfo.from_file hold data that cannot be loaded from a key",
                     "create it with ZoneInfo(key) instead") from None
    return call(obj, (obj.key,))


# Callables.

def _method(obj: MethodType) -> Parts:
    owner = obj.__self__
    name = obj.__func__.__name__
    if isinstance(owner, type):
        raise refuse(obj, f"{owner.__name__}.{name} is bound to a class, not to an object",
                     "use a function of a module instead")
    if getattr(owner, name, None) != obj:
        raise refuse(obj, f"its object has no method {name} that is this one",
                     "use a method under its own name")
    return "MethodNode", type(owner), {"content.obj": owner, "content.func": name}


def _partial(obj: functools.partial) -> Parts:
    if type(obj) is not functools.partial:
        raise refuse(obj, "it is derived from functools.partial", "use functools.partial itself")
    _, _, (func, args, kwds, namespace) = obj.__reduce__()  # type: ignore[misc]
    placeholder = getattr(functools, "Placeholder", None)
    if placeholder is not None and any(arg is placeholder for arg in args):
        raise refuse(obj, "it has placeholders", "give its arguments by name")
    return "PartialNode", ("functools", "partial"), {
        "content.func": func, "content.args": args, "content.kwds": kwds,
        "content.namespace": namespace or None}


def _operator(obj: Any) -> Parts:
    constructor, args = obj.__reduce__()[:2]
    name = type(obj).__name__
    if isinstance(constructor, functools.partial):  # methodcaller with keyword arguments
        return ("OperatorFuncNode", ("operator", name),
                {"attrs": (*constructor.args, *args), "kwargs": dict(constructor.keywords)}, "", 3)
    return "OperatorFuncNode", ("operator", name), {"attrs": tuple(args)}


# NumPy.

def _array(obj: np.ndarray) -> Parts:
    if type(obj) is np.memmap:
        return take_apart_array(np.array(obj))
    if type(obj) is np.ndarray:
        return take_apart_array(obj)
    if obj.dtype.hasobject or type(obj)(np.array(obj)).dtype != obj.dtype:
        raise refuse(obj, "its class does not make it of an array", "convert it by numpy.asarray")
    _check_no_attributes(obj)
    return "NdArrayNode", None, {"file": np.array(obj, copy=None, subok=False)}, "numpy"


def take_apart_array(obj: np.ndarray) -> Parts:
    """A plain array that is no member of its own: of objects and no dimension."""
    if obj.dtype != object:
        return "NdArrayNode", np.ndarray, {"file": obj}, "numpy"
    # No loader of released skops makes an array of objects and no dimension.
    raise UnsupportedTypeException(
        "numpy arrays of objects without dimensions are not supported: released skops cannot load "
        "them; keep the object itself, obj[()].")


def _scalar(obj: np.generic) -> Parts:
    cls = type(obj)
    array = np.asarray(obj)
    try:
        same = type(back := cls(array)) is cls and back.dtype == obj.dtype and (
            back == obj or (back != back and obj != obj)
            or bool(np.isnat(back) and np.isnat(obj)))  # type: ignore[call-overload]
    except Exception:
        same = False
    if same:
        return "NdArrayNode", None, {"file": array}, "numpy"
    if isinstance(obj, np.bytes_):
        return call(obj, (bytes(obj),))
    if isinstance(obj, (np.datetime64, np.timedelta64)):
        unit, count = np.datetime_data(obj.dtype)
        value = None if np.isnat(obj) else int(obj.astype("int64"))
        args = ("NaT" if value is None else value, unit if count == 1 else f"{count}{unit}")
        if cls(*args) == obj or value is None:
            return call(obj, args)
    raise refuse(obj, f"NumPy does not make a {cls.__name__} of an array",
                 "keep it in an array of one element")


# Everything else: as pickle would.

def _is_global(obj: Any) -> bool:
    """Whether a module has it under its name: a ufunc, a function compiled by Cython, …"""
    name = getattr(obj, "__name__", None)
    modules = [getattr(obj, "__module__", None), "numpy", "scipy.special"]
    return isinstance(name, str) and any(
        getattr(sys.modules.get(module), name, None) is obj for module in modules if module)


def _by_reduce(obj: Any) -> Parts:
    cls = type(obj)
    if callable(obj) and _is_global(obj):
        return "FunctionNode", obj, {}
    try:
        reduced = obj.__reduce_ex__(4)
    except UnsupportedTypeException:
        raise
    except Exception as error:
        raise refuse(obj, f"it cannot be pickled either ({error})",
                     "give its class __getstate__ and __setstate__") from error
    if isinstance(reduced, str):
        raise refuse(obj, f"it is known by its name {reduced} only", "keep the name instead")
    function, args, state, items, pairs, setter = (*reduced, *(None,) * (6 - len(reduced)))
    if items is not None or pairs is not None or setter is not None:
        raise refuse(obj, "it holds items beside its state", "convert it to a plain container first")
    new = function in (copyreg.__newobj__, getattr(copyreg, "__newobj_ex__", None))
    if function is cls and state is None:
        return call(obj, args)
    if function is copyreg.__newobj__ and len(args) > 1 and state is None \
            and args[0] is cls and cls.__init__ is object.__init__:
        return call(obj, args[1:])
    if function is copyreg.__newobj__ and args == (cls,) and state is None:
        return "ObjectNode", None, {"content": None}
    if hasattr(cls, "__setstate__"):
        # What its own __getstate__ says is what its __setstate__ takes.
        own = getattr(cls, "__getstate__", None)
        if own is not None and own is not getattr(object, "__getstate__", None):
            state = obj.__getstate__()
        if state is not None:
            return "ObjectNode", None, {"content": state}
    elif function is copyreg.__newobj__ and args == (cls,) and isinstance(state, dict):
        return "ObjectNode", None, {"content": state}
    if new and isinstance(state, tuple):
        raise refuse(obj, "its class has __slots__ and no __setstate__",
                     "give it __getstate__ and __setstate__")
    if new and len(args) > 1:
        raise refuse(obj, "its class has __getnewargs__ and state beside, or an __init__ of its own",
                     "give it __getstate__ and __setstate__")
    name = getattr(function, "__name__", repr(function))
    raise refuse(obj, f"only the function {name} can make it again",
                 "give its class __getstate__ and __setstate__")


# The first that fits, so derived classes come before their bases.
_BY_CLASS: list = [
    (enum.Enum, _enum),
    (np.generic, _scalar),
    (np.ndarray, _array),
    (defaultdict, _defaultdict),
    (dict, _dict),
    (list, _list),
    (set, _set),
    (frozenset, _frozenset),
    (tuple, _tuple),
    (deque, _deque),
    (str, _scalar_subclass(str)),
    (int, _scalar_subclass(int)),
    (float, _scalar_subclass(float)),
    (complex, _complex),
    ((bytes, bytearray), _bytes),
    (MethodType, _method),
    (functools.partial, _partial),
    ((operator.attrgetter, operator.itemgetter, operator.methodcaller), _operator),
]
