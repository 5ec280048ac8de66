"""Audit ``.skops`` files and score the models in them natively.

>>> import libskops
>>> model = libskops.Model.load("model.skops")      # doctest: +SKIP
>>> model.methods                                   # doctest: +SKIP
['predict', 'predict_proba']
>>> model.predict(X)                                # doctest: +SKIP

Nothing of a file is imported or executed: estimators are built by native plugins, and what no
plugin knows stays data. NumPy is the only requirement.
"""

from __future__ import annotations

from collections.abc import Iterable

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
    "Model", "StoredObject", "audit", "plugins", "Audit", "AuditedName", "Error", "InputError",
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
        Types ("numpy.add"), libraries ("xgboost") or prefixes ("my.models.*").

    Returns
    -------
    Audit
        With ``names``, ``untrusted``, ``ok``, ``denied``, ``findings`` and ``report(format)``, where
        the format is "text", "json" or "html".
    """
    return _core.audit(_source(file), _names(trust), _names(deny))


def plugins() -> list[dict[str, str]]:
    """The pinned plugins and their states, as a list of dicts."""
    return _core.plugins()
