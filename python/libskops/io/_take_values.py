"""Values and callables: enums, subclasses of numbers and texts, methods, partial functions."""

from __future__ import annotations

import enum
import functools
import math
import operator
import pickle
from array import array
from types import MethodType
from typing import Any

from .. import _core
from ._take_common import Parts, call, check_no_attributes, rebuild, refuse


def take_enum(obj: enum.Enum) -> Parts:
    value = obj.value
    try:
        if type(value) not in (int, str):  # a value that is only itself is none after loading
            value = pickle.loads(pickle.dumps(value))
        same = type(obj)(value) is obj or obj == type(obj)(value)
    except Exception:
        same = False
    if not same:
        raise refuse(obj, "its value does not give it back", "keep its name or value instead")
    return call(obj, (obj.value,))


def scalar_subclass(plain: type) -> Any:
    def parts_of(obj: Any) -> Parts:
        value = {str: str.__str__, int: int.__int__, float: float.__float__}[plain](obj)  # type: ignore[index]
        copy = rebuild(obj, value)
        if copy != obj and not (plain is float and math.isnan(obj)):
            raise refuse(obj, f"its class makes another value of the {plain.__name__}",
                         f"convert it to {plain.__name__} first")
        check_no_attributes(obj, copy)
        return call(obj, (value,))
    return parts_of


def take_complex(obj: complex) -> Parts:
    if type(obj) is not complex:
        raise refuse(obj, "it is derived from complex", "convert it to complex first")
    return call(obj, (obj.real, obj.imag))


def take_bytes(obj: Any) -> Parts:
    plain = bytes(obj) if isinstance(obj, bytes) else bytearray(obj)
    copy = rebuild(obj, plain)
    if copy != obj:
        raise refuse(obj, "its class makes other bytes of them", "convert it to bytes first")
    check_no_attributes(obj, copy)
    return call(obj, (plain,))


def take_slice(obj: slice) -> Parts:
    """A slice of other things than plain numbers and texts."""
    return call(obj, (obj.start, obj.stop, obj.step))


def take_machine_array(obj: array) -> Parts:
    if type(obj) is not array:
        raise refuse(obj, "it is derived from array.array", "convert it to a list or a NumPy array")
    return call(obj, (obj.typecode, obj.tolist()))


def take_singleton(obj: Any) -> Parts:
    """Ellipsis and NotImplemented: what their types give."""
    return call(obj, ())


def take_zoneinfo(obj: Any) -> Parts:
    # Its __reduce__ names a private class method, which does the same with the key as the class; it
    # raises for objects of a file, which may have a key, too.
    try:
        obj.__reduce__()
    except Exception:
        raise refuse(obj, "objects of ZoneInfo.from_file hold data that cannot be loaded from a key",
                     "create it with ZoneInfo(key) instead") from None
    return call(obj, (obj.key,))


# Callables.

def take_method(obj: MethodType) -> Parts:
    owner = obj.__self__
    name = obj.__func__.__name__
    if isinstance(owner, type):
        raise refuse(obj, f"{owner.__name__}.{name} is bound to a class, not to an object",
                     "use a function of a module instead")
    if getattr(owner, name, None) != obj:
        raise refuse(obj, f"its object has no method {name} that is this one",
                     "use a method under its own name")
    return "MethodNode", type(owner), {"content.obj": owner, "content.func": name}


def take_partial(obj: functools.partial) -> Parts:
    if type(obj) is not functools.partial:
        raise refuse(obj, "it is derived from functools.partial", "use functools.partial itself")
    state: Any = obj.__reduce__()[2]
    func, args, kwds, namespace = state
    placeholder = getattr(functools, "Placeholder", None)
    if placeholder is not None and any(arg is placeholder for arg in args):
        raise refuse(obj, "it has placeholders", "give its arguments by name")
    return "PartialNode", ("functools", "partial"), {
        "content.func": func, "content.args": args, "content.kwds": kwds,
        "content.namespace": namespace or None}


def take_operator(obj: Any) -> Parts:
    if type(obj) not in (operator.attrgetter, operator.itemgetter, operator.methodcaller):
        raise refuse(obj, "it is derived from a class of operator", "use that class itself")
    constructor, args = obj.__reduce__()[:2]
    name = type(obj).__name__
    if name != "itemgetter":
        given = [str(text) for text in (*getattr(constructor, "args", ()), *args)]
        calls = name == "methodcaller"
        reason = _core.refused_operator(given[:1] if calls else given, calls)
        if reason:
            raise refuse(obj, f"nobody would load it for what it is given: {reason}",
                         "do in the program what it does")
    if isinstance(constructor, functools.partial):  # methodcaller with keyword arguments
        return ("OperatorFuncNode", ("operator", name),
                {"attrs": (*constructor.args, *args), "kwargs": dict(constructor.keywords)}, "", 3)
    return "OperatorFuncNode", ("operator", name), {"attrs": tuple(args)}
