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
from array import array
from collections import defaultdict, deque
from importlib import import_module
from types import MethodType
from typing import Any

import numpy as np

from ._take_common import Parts, call, identical, refuse
from ._take_containers import (take_defaultdict, take_deque, take_dict, take_frozenset, take_list,
                               take_set, take_tuple)
from ._take_numpy import take_array, take_scalar
from ._take_values import (scalar_subclass, take_bytes, take_complex, take_enum, take_machine_array, take_method,
                           take_operator, take_partial, take_singleton, take_slice, take_zoneinfo)
from ..errors import PluginError
from .exceptions import UnsupportedTypeException


def hook_of(hooks: str, loader: str, variant: str) -> Any:
    """What takes apart the objects that a manifest's recipe leaves to a hook in the module `hooks`."""
    try:
        parts_of = import_module(hooks).HOOKS[loader].take_apart
    except (ImportError, AttributeError, KeyError) as error:
        refused = PluginError(f'{hooks} has no HOOKS["{loader}"], or cannot be imported: {error!r}')
        refused.code = "plugin.hook"
        raise refused from error
    if parts_of is None:
        return by_reduce

    def take_apart_by_hook(obj: Any) -> Parts:
        fields = parts_of(obj)
        if isinstance(fields, dict):
            return (loader, None, fields, variant) if variant else (loader, None, fields)
        return fields

    return take_apart_by_hook


def take_apart(obj: Any) -> Parts:
    """The parts of any object that has no recipe."""
    for base, parts_of in _BY_CLASS:
        if isinstance(obj, base):
            return parts_of(obj)
    zoneinfo = sys.modules.get("zoneinfo")
    if zoneinfo is not None and isinstance(obj, zoneinfo.ZoneInfo):
        return take_zoneinfo(obj)
    random = sys.modules.get("numpy.random")
    if random is not None and isinstance(obj, random.BitGenerator):
        from .hooks.numpy import take_bit_generator

        return take_bit_generator(obj)
    if "scipy.stats" in sys.modules and type(obj).__module__.startswith("scipy.stats."):
        from .hooks.scipy import take_distribution

        return take_distribution(obj) or by_reduce(obj)
    if "pandas" in sys.modules and type(obj).__module__.partition(".")[0] == "pandas":
        from .hooks.pandas import take_scalar as take_pandas_scalar

        return take_pandas_scalar(obj) or by_reduce(obj)
    return by_reduce(obj)


# Everything else: as pickle would.

def _is_global(obj: Any) -> bool:
    """Whether a module has it under its name: a ufunc, a function compiled by Cython, …"""
    name = getattr(obj, "__name__", None)
    modules = [getattr(obj, "__module__", None), "numpy", "scipy.special"]
    return isinstance(name, str) and any(
        getattr(sys.modules.get(module), name, None) is obj for module in modules if module)


def _by_name(obj: Any, name: str) -> Parts:
    """An object that its __reduce__ calls by a name: NA of pandas, a TypeVar, …"""
    module = getattr(obj, "__module__", None) or type(obj).__module__
    for where in (module.partition(".")[0], module):
        if getattr(sys.modules.get(where), name, None) is obj:
            return "FunctionNode", (where, name), {}
    raise refuse(obj, f"it is known by its name {name} only, and {module} has no such name",
                 "keep the name instead")


def _is_plain(cls: type) -> bool:
    """Whether all that its objects hold is their __dict__, and cls.__new__(cls) makes them."""
    return (cls.__new__ is object.__new__ and cls.__flags__ & (1 << 9) != 0 and cls.__itemsize__ == 0
            and cls.__basicsize__ <= object.__basicsize__ + 16
            and not copyreg._slotnames(cls))  # type: ignore[attr-defined]


def _has_getstate(cls: type) -> bool:
    own = getattr(cls, "__getstate__", None)
    return own is not None and own is not getattr(object, "__getstate__", None)


def _own_state(obj: Any) -> Any:
    """What the object's own __getstate__ says, else its __dict__."""
    if _has_getstate(type(obj)):
        return obj.__getstate__()
    return getattr(obj, "__dict__", None) or None


def _restores(obj: Any, state: Any) -> bool:
    """Whether an object without __init__, given this state, has the attributes of `obj`."""
    cls: Any = type(obj)
    try:
        copy = cls.__new__(cls)
        if hasattr(cls, "__setstate__"):
            if state is not None:
                copy.__setstate__(state)
        else:
            vars(copy).update(state or {})
        a, b = vars(obj), vars(copy)
        return list(a) == list(b) and identical(list(a.values()), list(b.values()))
    except Exception:
        return False


def _object(state: Any) -> Parts:
    return "ObjectNode", None, {"content": state}


_newobj: Any = vars(copyreg)["__newobj__"]


# Functions that do no more than cls.__new__(cls), the class being their first argument.
def _only_makes(function: Any, args: tuple, cls: type) -> bool:
    if function is _newobj:
        return args == (cls,) or (args[0] is cls and cls.__new__ is object.__new__)
    name = getattr(function, "__name__", "")
    return args[:1] == (cls,) and (
        (name == "newObj" and len(args) == 1)  # of scikit-learn's compiled classes
        or (name.startswith("__pyx_unpickle_") and len(args) == 3 and hasattr(cls, "__setstate__")))


def by_reduce(obj: Any) -> Parts:
    cls = type(obj)
    if callable(obj) and _is_global(obj):
        return "FunctionNode", obj, {}
    reduce = copyreg.dispatch_table.get(cls)
    try:
        reduced = reduce(obj) if reduce is not None else obj.__reduce_ex__(4)
    except UnsupportedTypeException:
        raise
    except Exception as error:
        raise refuse(obj, f"it cannot be pickled either ({error})",
                     "give its class __getstate__ and __setstate__") from error
    if isinstance(reduced, str):
        return _by_name(obj, reduced)
    whole: tuple[Any, ...] = tuple(reduced)
    function, args, state, items, pairs, setter = whole + (None,) * (6 - len(whole))
    if items is not None or pairs is not None or setter is not None:
        raise refuse(obj, "it holds items beside its state", "convert it to a plain container first")
    has_setstate = hasattr(cls, "__setstate__")
    if function is cls:
        if state is None or state == {}:
            return call(obj, args)
        if isinstance(obj, BaseException) and isinstance(state, dict) and not (
                cls.__basicsize__ > Exception.__basicsize__ + 16 or copyreg._slotnames(cls)):  # type: ignore[attr-defined]
            return _object({"args": obj.args, **state})  # its __setstate__ sets attributes
        if args == () and (has_setstate or _restores(obj, state)):
            return _object(state)
    if _only_makes(function, args, cls):
        if not _can_make(cls):
            raise refuse(obj, "its class is not made without arguments",
                         "give it __reduce__ with the arguments of its class")
        own = _own_state(obj) if has_setstate and _has_getstate(cls) else state
        if state is None and len(args) == 3:
            own = args[2]  # of compiled classes
        if own is None or has_setstate or isinstance(own, dict):
            return _object(own)
        if isinstance(own, tuple):
            raise refuse(obj, "its class has __slots__ and no __setstate__",
                         "give it __getstate__ and __setstate__")
    if function is _newobj and args[0] is cls and len(args) > 1:
        if state is None and cls.__init__ is object.__init__:  # type: ignore[misc]
            return call(obj, args[1:])
        raise refuse(obj, "its class has __getnewargs__ and state beside, or an __init__ of its own",
                     "give it __getstate__ and __setstate__")
    if _is_plain(cls):
        own = _own_state(obj)
        if _restores(obj, own):
            return _object(own)
    name = getattr(function, "__name__", repr(function))
    raise refuse(obj, f"only the function {name} can make it again",
                 "give its class __getstate__ and __setstate__, or keep what it is made of")


def _can_make(cls: Any) -> bool:
    if cls.__new__ is object.__new__ or not cls.__flags__ & (1 << 9):
        return True
    try:
        return type(cls.__new__(cls)) is cls
    except Exception:
        return False


# The first that fits, so derived classes come before their bases.
_BY_CLASS: list = [
    (enum.Enum, take_enum),
    (np.generic, take_scalar),
    (np.ndarray, take_array),
    (defaultdict, take_defaultdict),
    (dict, take_dict),
    (list, take_list),
    (set, take_set),
    (frozenset, take_frozenset),
    (tuple, take_tuple),
    (deque, take_deque),
    (str, scalar_subclass(str)),
    (int, scalar_subclass(int)),
    (float, scalar_subclass(float)),
    (complex, take_complex),
    ((bytes, bytearray), take_bytes),
    (MethodType, take_method),
    (functools.partial, take_partial),
    ((operator.attrgetter, operator.itemgetter, operator.methodcaller), take_operator),
    (slice, take_slice),
    (array, take_machine_array),
    ((type(...), type(NotImplemented)), take_singleton),
]
