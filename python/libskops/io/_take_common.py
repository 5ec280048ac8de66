"""What all ways of taking an object apart share."""

from __future__ import annotations

import copyreg
from typing import Any

from .exceptions import UnsupportedTypeException

Parts = tuple  # (loader, class, fields) and, rarely, variant and protocol


def refuse(obj: Any, why: str, remedy: str) -> UnsupportedTypeException:
    return UnsupportedTypeException(
        f"Objects of type {type(obj).__name__} are not supported: {why}; {remedy}.")


def call(obj: Any, args: tuple, cls: Any = None) -> Parts:
    """cls(*args); the class is the object's own where none is given."""
    return "ConstructorFromReduceNode", cls, {"content": args}


def attributes_of(obj: Any) -> dict:
    """What an object holds in its __dict__ and its slots."""
    out = dict(getattr(obj, "__dict__", None) or {})
    for slot in copyreg._slotnames(type(obj)):  # type: ignore[attr-defined]
        if hasattr(obj, slot):
            out[slot] = getattr(obj, slot)
    return out


def has_attributes_of(copy: Any, obj: Any) -> bool:
    """Whether a copy made of the items has the attributes, too."""
    try:
        return bool(attributes_of(obj) == attributes_of(copy))
    except Exception:  # arrays do not say whether they are equal
        return False


def check_no_attributes(obj: Any, copy: Any) -> None:
    """Refuse what the items alone do not give back; `copy` was made of them."""
    if not has_attributes_of(copy, obj):
        raise refuse(obj, "it has attributes beside its items, which would be lost",
                     "keep them in an object that holds the container")


def identical(a: Any, b: Any) -> bool:
    return len(a) == len(b) and all(x is y for x, y in zip(a, b))


def attempt(obj: Any, *args: Any) -> Any:
    """The object's class called; None where that fails or makes something of another class."""
    try:
        copy = type(obj)(*args)
    except Exception:
        return None
    return copy if type(copy) is type(obj) else None


def rebuild(obj: Any, *args: Any) -> Any:
    """The same, or a refusal."""
    try:
        copy = type(obj)(*args)
    except Exception as error:
        raise refuse(obj, f"its class cannot be called with its items ({error})",
                     "convert it to a plain container first") from error
    if type(copy) is not type(obj):
        raise refuse(obj, "its class makes objects of other classes",
                     "convert it to a plain container first")
    return copy
