"""What no recipe of a manifest covers: how objects of a library are built and taken apart.

A module of this package per library, imported when a file or an object first needs it, has a table

    HOOKS = {"RandomStateNode": Hook(build=..., take_apart=...)}

by loader. ``build(cls, fields)`` gets the class that the node names and a dict: the loader's field path
("content.bit_generator") to the built child (node), a list or dict of built children (nodes, map),
bytes (member), or a plain value (json). A further name that the loader's declaration brings in is there
under its use ("bit_generator"), as the object that was audited. ``take_apart(obj)`` gives the same
fields. A hook checks what it passes on to compiled code.

A second table, CHECKS, goes by classes that the library's manifest lists under "checks": each built
object of such a class or of a subclass is given to the function, which refuses what compiled code
would trust.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Hook:
    """How the objects of one loader are made."""

    __slots__ = ("build", "take_apart", "imported", "npz")

    def __init__(
        self,
        build: Callable[[Any, dict[str, Any]], Any],
        take_apart: Callable[[Any], dict[str, Any]] | None = None,
        *,
        imported: bool = True,
        npz: bool = False,
    ) -> None:
        self.build = build
        self.take_apart = take_apart
        # False: `cls` is the dotted name instead, for classes whose place has moved.
        self.imported = imported
        # True: members are archives of arrays, given as dicts of arrays.
        self.npz = npz


def require(truth: Any, message: str) -> None:
    """Refuse a file that lies."""
    if not truth:
        from ...errors import MalformedError

        error = MalformedError(message)
        error.code = "objects.contents"
        raise error
