"""Audit ``.skops`` files and score the models in them natively.

>>> import libskops
>>> model = libskops.Model.load("model.skops")      # doctest: +SKIP
>>> model.methods                                   # doctest: +SKIP
['predict', 'predict_proba']
>>> model.predict(X)                                # doctest: +SKIP

Nothing of a file is imported or executed: estimators are built by native plugins, and what no
plugin knows stays data. NumPy is the only requirement.
"""

import os

from . import _core
from ._core import Audit, AuditedName
from .errors import (
    Error, InputError, LimitError, MalformedError, PluginError, UnsupportedError, UntrustedError,
    UsageError,
)
from .errors import BY_FAMILY as _BY_FAMILY

__version__ = "0.1.0"
__all__ = [
    "Model", "audit", "plugins", "Audit", "AuditedName", "Error", "InputError", "LimitError",
    "MalformedError", "PluginError", "UnsupportedError", "UntrustedError", "UsageError",
]

_core.set_exception_classes(_BY_FAMILY)


def _source(file):
    """A path as str, or the bytes of a file."""
    if isinstance(file, (bytes, str)):
        return file
    if isinstance(file, (bytearray, memoryview)):
        return bytes(file)
    if hasattr(file, "read"):
        data = file.read()
        if not isinstance(data, bytes):
            raise UsageError("open the file in binary mode ('rb')")
        return data
    return os.fspath(file)


def _names(names):
    return [names] if isinstance(names, str) else [str(name) for name in names]


def audit(file, trust=(), deny=()):
    """Say of every name in a file whether it may be built, and why.

    Parameters
    ----------
    file : str, path, bytes or binary file
    trust, deny : sequence of str
        Types ("numpy.add"), libraries ("xgboost") or prefixes ("my.models.*").

    Returns
    -------
    Audit
        With ``names``, ``untrusted``, ``ok``, ``denied`` and ``report(format)``.
    """
    return _core.audit(_source(file), _names(trust), _names(deny))


def plugins():
    """The pinned plugins and their states, as a list of dicts."""
    return _core.plugins()


class Model:
    """A native model: the methods of the stored estimator under scikit-learn's names.

    Make one with :meth:`Model.load`. Methods take NumPy arrays, SciPy sparse matrices, lists of
    texts, pandas data frames, dicts of columns and Arrow tables, and give NumPy arrays (SciPy CSR
    where scikit-learn gives sparse matrices). ``threads=N`` lets a call use up to N threads.
    Attributes of the estimator (``classes_``, ``coef_``, …) are read as NumPy arrays and plain
    Python values. Instances are immutable and may be used from several threads.
    """

    def __init__(self, native):
        self._native = native
        for index, name in enumerate(native.methods):
            self.__dict__[name] = native.method(index)

    @classmethod
    def load(cls, file, trust=(), deny=()):
        """Load a model natively; see :func:`audit` for the parameters."""
        return cls(_core.load(_source(file), _names(trust), _names(deny)))

    @property
    def type(self):
        """The stored estimator's "module.Class"."""
        return self._native.type

    @property
    def methods(self):
        """Names of the methods that can be called."""
        return self._native.methods

    @property
    def attributes(self):
        """Names of the attributes that the file holds."""
        return self._native.attributes

    def __getattr__(self, name):
        if name.startswith("__") or name == "_native":
            raise AttributeError(name)
        native = self._native
        if native.has_attribute(name):
            return native.attribute(name)
        if native.unavailable:
            raise UnsupportedError(f"'{name}' is not available: {native.unavailable}")
        raise UnsupportedError(
            f"{native.type} has no method or stored attribute '{name}'; methods: "
            + ", ".join(native.methods)
        )

    def __dir__(self):
        return sorted({*super().__dir__(), *self._native.attributes})

    def __repr__(self):
        return f"<libskops.Model of {self._native.type}>"
