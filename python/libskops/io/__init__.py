"""A drop-in for ``skops.io``: the same functions, signatures and exceptions.

>>> import libskops.io as sio
>>> sio.dump(model, "model.skops")                              # doctest: +SKIP
>>> sio.get_untrusted_types(file="model.skops")                 # doctest: +SKIP
[]
>>> model = sio.load("model.skops")                             # doctest: +SKIP

Files go both ways between the two. What differs: contents that compiled code would trust (the nodes of
trees, random states, indices of sparse matrices) are checked whatever is trusted, so that their types
need no decision; and nothing is imported before the whole file has been audited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._load import get_untrusted_types, load, loads
from .exceptions import UnsupportedTypeException, UntrustedTypesFoundException

if TYPE_CHECKING:
    from ._dump import dump, dumps
    from ._visualize import visualize

__all__ = [
    "dump", "dumps", "load", "loads", "get_untrusted_types", "visualize",
    "UnsupportedTypeException", "UntrustedTypesFoundException",
]

_LATER = {"dump": "_dump", "dumps": "_dump", "visualize": "_visualize"}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_LATER[name]}", __name__), name)
    globals()[name] = value
    return value
