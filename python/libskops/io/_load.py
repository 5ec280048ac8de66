"""From files to Python objects: ``load``, ``loads`` and ``get_untrusted_types``."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO, Union

from .. import _core
from ..errors import Error, MalformedError, UnsupportedError, UntrustedError
from ..model import _source
from .exceptions import UntrustedTypesFoundException, as_skops, raised

File = Union[str, "os.PathLike[Any]", BinaryIO]
TrustedTypes = Sequence[Union[str, type]]

# Files whose names cannot be listed: what is used is not what is written, or nobody knows.
_NO_LIST = {"audit.unknown-loader": UnsupportedError, "audit.method-owner": MalformedError,
            "audit.unreadable-name": MalformedError}

_TRUE = (
    "trusted must be a list of strings or types. Before version 0.10 trusted could be a boolean, but "
    "this is no longer supported, due to a reported CVE-2024-37065. You can pass the output of "
    "`get_untrusted_types` as trusted to load the data. Be sure to review the output of the function "
    "before passing it as trusted."
)


def load(file: File, trusted: TrustedTypes | None = None, *,
         progress: Callable[[int, int], Any] | None = None) -> Any:
    """Load an object saved with the skops persistence format.

    Parameters
    ----------
    file : str, path, or binary file
        The file that holds the object.
    trusted : list of str or type, default=None
        Types to trust besides those that are trusted by default: by name, as
        :func:`get_untrusted_types` returns them, or the types themselves. The name of a library
        ("xgboost") trusts what its plugin declares, "my.models.*" all below it.
    progress : callable, optional
        Called now and then with the bytes read and the bytes in all. What it raises ends the load, as
        Ctrl-C does.

    Returns
    -------
    object

    Raises
    ------
    UntrustedTypesFoundException
        If the file holds a type that is not trusted. Nothing has been imported then.
    InputError, MalformedError, LimitError
        The file cannot be read, is none or lies, or is larger than the limits. Also what released skops
        raises there: :class:`FileNotFoundError`, :class:`zipfile.BadZipFile`, …
    UnsupportedError
        The file needs a class or a release that is not installed, or is of a newer protocol.

    Notes
    -----
    May be called from several threads at once.
    """
    trust = [] if trusted is None else _trusted(trusted)
    return _load(file if type(file) is str else _path_or_bytes(file), trust, progress)


def loads(data: bytes, trusted: TrustedTypes | None = None, *,
          progress: Callable[[int, int], Any] | None = None) -> Any:
    """Load an object saved with the skops persistence format from a bytes object.

    Parameters, results and exceptions are those of :func:`load`.
    """
    if isinstance(data, str):
        raise TypeError("Can't load skops format from string, pass bytes")
    trust = [] if trusted is None else _trusted(trusted)
    return _load(data if type(data) is bytes else bytes(data), trust, progress)


def get_untrusted_types(
    *, data: bytes | None = None, file: File | None = None
) -> list[str]:
    """The names in a file that are trusted neither by default nor by policy files, sorted.

    Exactly one of ``data`` and ``file`` is given, otherwise it is a ValueError. Nothing of the file is
    imported. Files that cannot be read or lie raise what :func:`load` raises.
    """
    if data:
        if file:
            raise ValueError("Only one of data or file should be passed.")
        if isinstance(data, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        source: str | bytes = bytes(data)
    elif file:
        source = _path_or_bytes(file)
    else:
        raise ValueError("Exactly one of data or file should be passed.")
    try:
        audit = _core.audit(source, [], [])
    except Error as error:
        found = error
    else:
        for finding in audit.findings:
            if finding["code"] in _NO_LIST:
                found = _NO_LIST[finding["code"]](finding["text"])
                found.code, found.path = finding["code"], finding["path"]
                break
        else:
            return audit.untrusted
    raise as_skops(found) from None


def _load(source: str | bytes, trust: list[str],
          progress: Callable[[int, int], Any] | None) -> Any:
    try:
        return _core.load_objects(source, trust, progress)
    except UntrustedError as error:
        found: Exception = _untrusted(source, trust, error)
    except Error as error:
        found = as_skops(error)
    raise found from None


def _path_or_bytes(file: Any) -> str | bytes:
    if isinstance(file, bytes):  # a path, as open() takes it
        return os.fsdecode(file)
    if hasattr(file, "read") and getattr(file, "seekable", bool)():
        file.seek(0)  # wherever it stands, as zipfile does
    return _source(file)


def _trusted(trusted: Any) -> list[str]:
    if trusted is True:
        raise TypeError(_TRUE)
    if not trusted:
        return []
    items: Iterable[Any] = [trusted] if isinstance(trusted, (str, type)) else trusted
    return [name for name in map(_type_name, items) if _is_rule(name)]


def _type_name(item: Any) -> str:
    if isinstance(item, str):
        return item
    if not hasattr(item, "__name__"):
        raise TypeError(f"trusted must be a list of strings or types, and holds {type(item).__name__}")
    module = getattr(item, "__module__", None)
    if module is None:  # ufuncs: wherever they are found
        for module, loaded in list(sys.modules.items()):
            if module not in ("__main__", "__mp_main__") and (
                    getattr(loaded, item.__name__, None) is item):
                break
        else:
            module = "__main__"
    return f"{module}.{item.__name__}"


@functools.lru_cache(1024)
def _is_rule(name: str) -> bool:
    """Whether a text can name anything; released skops passes over the others."""
    parts = name[:-2].split(".") if name.endswith(".*") else name.split(".")
    return all(part.isidentifier() for part in parts) or (
        len(parts) == 1 and name.replace("-", "_").isidentifier())


def _untrusted(source: str | bytes, trust: list[str], error: UntrustedError) -> Any:
    audit = _core.audit(source, trust, [])
    # Findings of their own: all names are trusted, but not the code that makes the object, or what it is given,
    # or what a name leads to.
    own = error.code in ("trust.hooks", "audit.operator", "trust.another-name")
    notes = [f"- {error}"] if own else []
    for name in audit.names:
        if name.decision == "allowed":
            continue
        where = f" at {audit.place(name.paths[0])}" if name.paths else ""
        if not name.allow:
            notes.append(f"- {name.name}{where}: {name.rule}; it cannot be allowed")
            continue
        line = f'trusted=["{name.name}"]'
        if name.reason == "loader-not-opted-in":
            line = f'trusted=["{name.allow}"]'
        elif name.library:
            line += f', or trusted=["{name.library}"] for the library' if (
                name.reason == "not-opted-in") else f" (of {name.library})"
        notes.append(f"- {name.name}{where}: {name.rule}; allow it by {line}")
    # Plugins of installed packages that might have declared them.
    notes += [f"- {finding['text']}" for finding in audit.findings
              if finding["code"].partition(".")[0] in ("manifest", "conflict", "abi")]
    listed = audit.untrusted or [name.name for name in audit.names if error.path in name.paths]
    out = raised(UntrustedTypesFoundException)(listed, notes)
    for part in ("code", "text", "member", "path", "plugin", "remedy"):
        setattr(out, part, getattr(error, part))
    return out
