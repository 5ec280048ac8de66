"""Containers' subclasses, and containers that no loader of their own takes."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from typing import Any

from ._take_common import (Parts, attempt, call, check_no_attributes, has_attributes_of, identical,
                           rebuild, refuse)


def take_list(obj: list) -> Parts:
    items = list.__getitem__(obj, slice(None))
    copy = rebuild(obj, items)
    if not identical(list.__getitem__(copy, slice(None)), items):
        raise refuse(obj, "its class makes other items of them", "convert it to a list first")
    check_no_attributes(obj, copy)
    return "ListNode", None, {"content": items}


def take_set(obj: set) -> Parts:
    copy = rebuild(obj, list(obj))
    if copy != obj:
        raise refuse(obj, "its class makes other items of them", "convert it to a set first")
    check_no_attributes(obj, copy)
    return "SetNode", None, {"content": set(obj)}  # sorted when it is written


def take_frozenset(obj: frozenset) -> Parts:
    copy = rebuild(obj, set(obj))
    if copy != obj:
        raise refuse(obj, "its class makes other items of them", "convert it to a frozenset first")
    check_no_attributes(obj, copy)
    return call(obj, (set(obj),))


def take_tuple(obj: tuple) -> Parts:
    items = tuple(obj)
    cls = type(obj)
    named = isinstance(getattr(cls, "_fields", None), tuple)
    # Released skops makes a plain tuple of what is neither a tuple nor derived from it at once.
    if named and cls.__bases__ == (tuple,) and all(isinstance(name, str) for name in cls._fields):  # type: ignore[attr-defined]
        ways: list = [(items, lambda: ("TupleNode", None, {"content": items}))]
    elif named:
        ways = [(items, lambda: call(obj, items))]
    else:
        ways = [((items,), lambda: call(obj, (items,)))]
    for args, parts in ways:
        copy = attempt(obj, *args)
        if copy is not None and identical(tuple(copy), items) and has_attributes_of(copy, obj):
            return parts()
    raise refuse(obj, "its class does not make it of its items", "convert it to a tuple first")


def _is_text(key: Any) -> bool:
    """Whether a DictNode has this key as it is."""
    if type(key) is not str:
        return False
    try:
        key.encode()
    except UnicodeEncodeError:
        return False
    return True


def _same_dict(obj: dict, copy: Any) -> bool:
    return (copy is not None and identical(list(copy), list(obj))
            and identical(list(dict.values(copy)), list(dict.values(obj)))
            and getattr(copy, "default_factory", None) is getattr(obj, "default_factory", None)
            and has_attributes_of(copy, obj))


def take_dict(obj: dict) -> Parts:
    plain = OrderedDict(obj.items()) if isinstance(obj, OrderedDict) else dict(dict.items(obj))
    if all(map(_is_text, plain)):
        copy = attempt(obj)
        if copy is not None:
            try:
                for key, value in plain.items():
                    copy[key] = value
            except Exception:
                copy = None
        if _same_dict(obj, copy):
            return "DictNode", None, {"content": plain}
    # A Counter counts pairs, and takes a dict.
    pairs = list(plain.items())
    args: tuple
    for args in ((pairs,), (dict(plain),)):
        if _same_dict(obj, attempt(obj, *args)):
            return call(obj, args)
    raise refuse(obj, "its class does not make it of its items, or it has attributes beside them, "
                 "which would be lost", "convert it to a dict first")


def take_defaultdict(obj: defaultdict) -> Parts:
    if type(obj) is defaultdict and all(map(_is_text, obj)):
        return "DefaultDictNode", None, {"content.main": dict(obj),
                                         "content.default_factory": obj.default_factory}
    # Released skops takes only text for keys there, and makes no subclasses.
    args = (obj.default_factory, list(obj.items()))
    if _same_dict(obj, attempt(obj, *args)):
        return call(obj, args)
    return take_dict(obj)


def take_deque(obj: deque) -> Parts:
    items = list(obj)
    args: tuple = (items,) if obj.maxlen is None else (items, obj.maxlen)
    copy = rebuild(obj, *args)
    if not identical(list(copy), items):
        raise refuse(obj, "its class makes other items of them", "convert it to a deque first")
    check_no_attributes(obj, copy)
    return call(obj, args)
