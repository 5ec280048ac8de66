"""The exceptions of ``libskops.io``, under the names of ``skops.io.exceptions``.

They are raised as subclasses of skops' own where skops has been imported, so that

    except skops.io.exceptions.UntrustedTypesFoundException

catches them, too; skops itself is never imported from here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from ..errors import Error, UnsupportedError, UntrustedError

__all__ = ["UnsupportedTypeException", "UntrustedTypesFoundException"]


class UnsupportedTypeException(UnsupportedError, TypeError):
    """Raised when an object cannot be persisted; the message says why."""


class UntrustedTypesFoundException(UntrustedError, TypeError):
    """Raised when a file holds types that nobody has decided about, or that a rule denies.

    ``types`` lists them; the message says of each the one line that would allow it.
    """

    def __init__(self, unsafe: Iterable[str], notes: Iterable[str] = ()) -> None:
        self.types = sorted(unsafe)
        message = f"Untrusted types found in the file: {self.types}."
        notes = list(notes)
        if notes:
            message += "\n\n" + "\n".join(notes)
            message += (
                "\n\nOnly add the types that you have looked at and trust to the `trusted` argument; "
                "do not pass all that get_untrusted_types() reports just to make a file load."
            )
        Exception.__init__(self, message)  # skops' own class, which may come next, wants a list


@lru_cache(maxsize=None)
def _joined(ours: type, theirs: type) -> type:
    return type(ours.__name__, (ours, theirs), {
        "__doc__": ours.__doc__, "__module__": ours.__module__, "__qualname__": ours.__qualname__,
    })


# What released skops raises as something else than the family of libskops' error.
_ALSO = {"graph.protocol": TypeError, "graph.protocol-newer": ValueError,
         "audit.unknown-loader": TypeError}


def _also(error: Error) -> type | None:
    if error.code.startswith("archive."):
        from zipfile import BadZipFile

        return BadZipFile
    return _ALSO.get(error.code)


def _system_error(error: Error) -> int | None:
    """The number of the system's error that the message of a file's error ends with."""
    import errno
    import os

    text = str(error)
    if "no such file" in text:
        return errno.ENOENT
    if "this is a directory" in text:
        return errno.EISDIR
    return next((number for number in errno.errorcode if os.strerror(number) in text), None)


def as_skops(error: Error) -> Error:
    """The same error, also of the class that skops raises."""
    also, number = _also(error), None
    if error.code in ("file.unreadable", "file.write"):
        number = _system_error(error)
        also = type(OSError(number, "")) if number else OSError
    if also is None or isinstance(error, also):
        return error
    out: Any = _joined(type(error), also)(str(error))  # type: ignore[arg-type]
    out.__dict__.update(error.__dict__)
    if number:
        out.errno = number
    return out


def raised(ours: type) -> Any:
    """The class to raise: also a subclass of skops' own, if anybody here can know that one."""
    skops = sys.modules.get("skops.io.exceptions")
    theirs = getattr(skops, ours.__name__, None)
    return ours if theirs is None or issubclass(ours, theirs) else _joined(ours, theirs)
