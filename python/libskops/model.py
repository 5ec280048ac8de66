"""The native model, and the objects stored in it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, BinaryIO, NoReturn, Union

from . import _core
from .errors import UnsupportedError, UsageError

Source = Union[str, "os.PathLike[Any]", bytes, bytearray, memoryview, BinaryIO]


def _source(file: Source) -> str | bytes:
    """A path as str or bytes-like path, or the bytes of a file."""
    if isinstance(file, (bytes, str)):
        return file
    if isinstance(file, (bytearray, memoryview)):
        return bytes(file)  # a copy: nobody may change what has been audited
    if hasattr(file, "read"):
        data = file.read()
        if isinstance(data, str):
            raise UsageError("the file is open in text mode; open it in binary mode ('rb')")
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise UsageError(f"read() of the file gave {type(data).__name__}, not bytes")
        return bytes(data)
    try:
        path = os.fspath(file)
    except TypeError:
        raise UsageError(
            f"a file is a path, bytes or a binary file object, not {type(file).__name__}"
        ) from None
    return os.fsdecode(path)


def _names(names: str | Iterable[str]) -> list[str]:
    names = [names] if isinstance(names, str) else list(names)
    for name in names:
        if not isinstance(name, str):
            raise UsageError(f"names of types and libraries are texts, not {type(name).__name__}")
    return names


class StoredObject:
    """An object in a file: its type and its attributes, as data.

    Attributes are NumPy arrays (read-only), plain Python values and further stored objects. Nothing
    of the file is imported or executed. One that the file does not have is an
    :class:`~libskops.UnsupportedError`, which is an AttributeError. Instances cannot be changed and may
    be used from several threads.
    """

    def __init__(self, native: _core.NativeModel) -> None:
        if not isinstance(native, _core.NativeModel):
            raise TypeError(f"make a {type(self).__name__} with Model.load(file)")
        self.__dict__["_native"] = native

    @property
    def type(self) -> str:
        """The object's "module.Class"."""
        return self._native.type

    @property
    def attributes(self) -> list[str]:
        """Names of the attributes that the file holds."""
        return self._native.attributes

    def __getattr__(self, name: str) -> Any:
        # Attributes are read at their first use and kept.
        if (name[:2] == "__" and name[-2:] == "__") or name == "_native":
            raise AttributeError(name)
        native = self._native
        if not native.has_attribute(name):
            raise self._missing(name)
        value = self.__dict__[name] = native.attribute(name)
        return value

    def _missing(self, name: str) -> UnsupportedError:
        error = UnsupportedError(f"{self.type} has no stored attribute '{name}'")
        error.code = "model.no-attribute"
        return error

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        self.__setattr__(name, None)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._native.attributes})

    def __repr__(self) -> str:
        return f"<libskops.{type(self).__name__} of {self.type}>"

    def __copy__(self) -> StoredObject:
        return self

    def __deepcopy__(self, memo: Any) -> StoredObject:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} cannot be pickled; load its file again instead")


class Model(StoredObject):
    """A native model: the methods of the stored estimator under scikit-learn's names.

    Make one with :meth:`Model.load`. Methods take NumPy arrays, SciPy sparse matrices, lists of
    texts, pandas data frames, dicts of columns and Arrow tables, and give NumPy arrays (SciPy CSR
    where scikit-learn gives sparse matrices). ``threads=N`` lets a call use up to N threads.
    Attributes of the estimator (``classes_``, ``coef_``, …) are read as NumPy arrays, plain Python
    values and stored objects. Instances cannot be changed and may be used from several threads.
    """

    def __init__(self, native: _core.NativeModel) -> None:
        super().__init__(native)
        for index, name in enumerate(native.methods):
            self.__dict__[name] = native.method(index)

    @classmethod
    def load(cls, file: Source, trust: str | Iterable[str] = (),
             deny: str | Iterable[str] = ()) -> Model:
        """Load a model natively.

        Parameters
        ----------
        file : str, path, bytes or binary file
            A path is mapped: do not change the file while the model is in use.
        trust, deny : sequence of str
            Types ("numpy.add"), libraries ("xgboost") or prefixes ("my.models.*"), besides the rules of
            :func:`libskops.policy_files`. Names that nobody trusts stay data; a denied one refuses the file.

        Returns
        -------
        Model

        Raises
        ------
        UntrustedError
            A rule denies a name of the file.
        InputError, MalformedError, LimitError
            The file cannot be read, is none or lies, or is larger than the limits.
        UsageError
            A rule makes no sense, or a policy file is wrong.

        Notes
        -----
        Where a step has no native code there are no methods; asking for one says which step it is. The
        attributes can be read all the same.
        """
        return cls(_core.load(_source(file), _names(trust), _names(deny)))

    @property
    def methods(self) -> list[str]:
        """Names of the methods that can be called."""
        return self._native.methods

    def _missing(self, name: str) -> UnsupportedError:
        native = self._native
        if native.unavailable:
            error = UnsupportedError(f"'{name}' is not available: {native.unavailable}")
            error.code = "model.unavailable"
            return error
        error = UnsupportedError(
            f"{native.type} has no method or stored attribute '{name}'; methods: "
            + ", ".join(native.methods)
        )
        error.code = "model.no-method"
        return error
