"""Audit ``.skops`` files and score the models in them natively.

>>> import libskops
>>> model = libskops.Model.load("model.skops")      # doctest: +SKIP
>>> model.methods                                   # doctest: +SKIP
['predict', 'predict_proba']
>>> model.predict(X)                                # doctest: +SKIP

Nothing of a file is imported or executed: estimators are built by native plugins, and what no
plugin knows stays data. NumPy is the only requirement.

=====================================  =========================================================
:class:`Model`                         scores a file natively
:func:`audit`, :func:`report`          what a file would have built, and why it may or may not
:mod:`libskops.io`                     saves and loads Python objects, in place of ``skops.io``
:func:`policy_files`,                  the rules that are kept in files
:func:`read_policy`
:func:`plugins`, :func:`use_plugins`   which plugins this process has, and further ones
:class:`Error`                         the root of all exceptions
=====================================  =========================================================

Functions may be called from any thread.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Union

from . import _core
from ._core import Audit, AuditedName
from .errors import (
    Error, InputError, LimitError, MalformedError, PluginError, UnsupportedError, UntrustedError,
    UsageError,
)
from .errors import BY_FAMILY as _BY_FAMILY
from .model import Model, Source, StoredObject, _names, _source

__version__ = "0.1.0"
__all__ = [
    "Model", "StoredObject", "audit", "report", "plugins", "use_plugins", "policy_files", "read_policy", "trust_refused",
    "Audit", "AuditedName", "Error", "InputError",
    "LimitError", "MalformedError", "PluginError", "UnsupportedError", "UntrustedError",
    "UsageError",
]

_core.set_exception_classes(_BY_FAMILY)
_core.set_object_class(StoredObject)


def audit(file: Source, trust: str | Iterable[str] = (),
          deny: str | Iterable[str] = ()) -> Audit:
    """Say of every name in a file whether it may be built, and why.

    Parameters
    ----------
    file : str, path, bytes or binary file
    trust, deny : sequence of str
        Types ("numpy.add"), libraries ("xgboost") or prefixes ("my.models.*"), besides the rules of
        :func:`policy_files`. Deny beats trust.

    Returns
    -------
    Audit
        With ``names``, ``untrusted``, ``ok``, ``denied``, ``native_ok``, ``findings``, ``place(path)``
        and ``report(format)``, where the format is "text", "json", "sarif" or "html".

    Raises
    ------
    InputError, MalformedError, LimitError
        The file cannot be read, is none or lies, or is larger than the limits.
    UsageError
        A rule makes no sense, or a policy file is wrong.
    """
    return _core.audit(_source(file), _names(trust), _names(deny))


_FAMILIES = {cls.family: number for number, cls in _BY_FAMILY.items()}


def _audited(name: str | os.PathLike[str], value: Audit | Error) -> tuple[bytes, Any, Any]:
    if isinstance(value, Audit):
        return os.fsencode(name), value, None
    if not isinstance(value, Error):
        raise UsageError(f"an Audit or an Error is expected, not {type(value).__name__}")
    parts = (_FAMILIES.get(value.family, 2), value.code, value.text or str(value), value.member, value.path,
             value.plugin, value.remedy)
    return os.fsencode(name), None, parts


def report(audits: Iterable[Audit] | Mapping[str, Audit | Error],
           format: Literal["text", "json", "sarif", "html"] = "text") -> str:
    """Make one report of the audits of several files, as ``libskops audit A B --format sarif`` does.

    Parameters
    ----------
    audits : iterable of Audit, or mapping of names to Audit or Error
        A mapping says what the files are called in the report, and may hold the errors of those that
        could not be audited: a scan must not lose them.
    format : str
        "text"; "json": a line a file; "sarif": one log of version 2.1.0, for code scanning; "html": one
        page for browsers.

    Returns
    -------
    str

    Raises
    ------
    UsageError
        For another format, or for what is neither an audit nor an error.
    """
    if isinstance(audits, Mapping):
        rows = [_audited(name, value) for name, value in audits.items()]
    else:
        rows = [_audited(value.file, value) if isinstance(value, Audit) else _audited("", value)
                for value in audits]
    return _core.report(rows, format)


def use_plugins(pins: Iterable[tuple[str | os.PathLike[str], str, str]] = (), *,
                directories: Iterable[str | os.PathLike[str]] = (),
                lock_files: Iterable[str | os.PathLike[str]] = ()) -> None:
    """Let plugins of others into this process, before it audits, loads or saves the first file.

    Native code of a plugin runs in this process and is not contained: pin what you would install.
    Pinning trusts no name; the one who loads a file does, with ``trust=["acme"]``.

    Parameters
    ----------
    pins : sequence of (manifest, SHA-256 of the manifest, SHA-256 of the library)
        The path of a ``.skops-plugin.json`` and what ``sha256sum`` prints for it and for the library
        beside it ("" for a manifest alone). One that does not fit is a refused row of :func:`plugins`.
    directories, lock_files : sequence of paths
        Folders of installed plugins, and the lock files that say which of them are enabled
        (``libskops plugins install`` and ``enable`` write both). They count before those of the user and
        of the system.

    Raises
    ------
    UsageError
        After the first file of this process: its plugins are settled then.
    """
    _core.use_plugins([(os.fspath(manifest), first, second) for manifest, first, second in pins],
                      [os.fspath(path) for path in directories], [os.fspath(path) for path in lock_files])


def plugins() -> list[dict[str, str]]:
    """The plugins of this process and their states, then what installed packages bring.

    Returns
    -------
    list of dict
        With id, version, state, library, and code, text and remedy where it was refused. The state is
        "pinned", "loaded", "refused", "excluded", "manifest only" or "not enabled"; of what packages
        bring it is "found": they describe names, and no native code of theirs runs.
    """
    return _core.plugins()


def policy_files() -> list[dict[str, Any]]:
    """The policy files that this process goes by.

    They are read when the first file is loaded or audited, or here.

    Returns
    -------
    list of dict
        With layer, path, state ("absent", "read", "not adopted" or "changed"), rules (how many), and a
        text where the file does not count.

    Raises
    ------
    UsageError, InputError, LimitError
        One is wrong, can be written by others, cannot be read, or is too large. Loads and audits raise
        the same until it is mended.
    """
    return _core.policy_files()


_Place = Union[str, "os.PathLike[str]", None]
_USUAL: Any = object()


def read_policy(*, system: _Place = _USUAL, user: _Place = _USUAL,
                project: _Place = _USUAL) -> list[dict[str, Any]]:
    """Read the policy files again; later loads and audits of this process go by them.

    Parameters
    ----------
    system, user : path or None
        A policy file in place of ``/etc/libskops/policy.json`` or of the user's
        ``.config/libskops/policy.json``, with the ``adopted.json`` beside it. None: no such file.
    project : path or None
        The folder in which the search for adopted projects begins, upwards, in place of the working
        directory. None: no search.

    Returns
    -------
    list of dict
        What :func:`policy_files` returns.

    Raises
    ------
    UsageError, InputError, LimitError
        As :func:`policy_files`; the rules of before stay then.
    """
    def place(value: _Place) -> str | None:
        if value is _USUAL:
            return None
        return "" if value is None else os.fspath(value)

    _core.read_policy(place(system), place(user), place(project))
    return policy_files()


def trust_refused(name: str) -> None:
    """Lift the standing refusal of one name, for all later loads and audits of this process.

    For a program that knows why: importers, evaluators and their like are refused whatever is listed,
    and no policy file and no ``trusted=`` changes that. The name still needs a rule that trusts it.

    Parameters
    ----------
    name : str
        Exactly this name, for example ``"operator.methodcaller"`` for methods that do more than compute.

    Raises
    ------
    UsageError
        Where it is no name of a type or function.
    """
    _core.trust_refused(name)
