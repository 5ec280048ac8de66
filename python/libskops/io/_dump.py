"""From objects to files: ``dump`` and ``dumps``."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from typing import Any, BinaryIO

from .. import _core
from ..errors import InputError, UnsupportedError
from .exceptions import UnsupportedTypeException, as_skops, raised

ZIP_STORED, ZIP_DEFLATED = 0, 8  # as in zipfile


def _written(obj: Any, write: Callable[[bool, int], Any], compression: int,
             compresslevel: int | None) -> Any:
    # As zipfile, which has no level for what it stores.
    level = -1 if compresslevel is None or compression == ZIP_STORED else compresslevel
    try:
        return write(compression == ZIP_DEFLATED, level)
    except UnsupportedError as error:
        if isinstance(error, UnsupportedTypeException):
            raise
        found = error
    except InputError as error:
        raise as_skops(error) from None
    out = raised(UnsupportedTypeException)(str(found))
    for part in ("code", "text", "member", "path", "plugin", "remedy"):
        setattr(out, part, getattr(found, part))
    raise out from None


def _recompressed(data: bytes, compression: int, compresslevel: int | None) -> bytes:
    """The same members, compressed by Python's zipfile: methods that the core does not write."""
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, \
            zipfile.ZipFile(out, "w", compression, compresslevel=compresslevel) as target:
        for member in source.infolist():
            made = zipfile.ZipInfo(member.filename)
            made.compress_type = compression
            made.create_system = 0
            target.writestr(made, source.read(member), compresslevel=compresslevel)
    return out.getvalue()


def dumps(obj: Any, *, compression: int = ZIP_STORED, compresslevel: int | None = None,
          progress: Callable[[int, int], Any] | None = None) -> bytes:
    """Save an object as bytes.

    Parameters
    ----------
    obj : object
        Most often a fitted estimator.
    compression : int, default=zipfile.ZIP_STORED
        A method of :mod:`zipfile`. Stored files load fastest.
    compresslevel : int, optional
        Of the method: 0 to 9.
    progress : callable, optional
        Called now and then with the bytes written and the bytes to be written, as far as known.

    Returns
    -------
    bytes
        The same for equal objects, in every process.

    Raises
    ------
    UnsupportedTypeException
        Where a part would not come back equal, with its path in the object.
    NotImplementedError
        For a method of compression that :mod:`zipfile` does not have.

    Notes
    -----
    May be called from several threads at once; nobody may change the object meanwhile.
    """
    if compression not in (ZIP_STORED, ZIP_DEFLATED):
        return _recompressed(dumps(obj, progress=progress), compression, compresslevel)
    return _written(obj, lambda deflate, level: _core.dumps(obj, deflate, level, progress),
                    compression, compresslevel)


def dump(obj: Any, file: str | bytes | PathLike[Any] | BinaryIO, *, compression: int = ZIP_STORED,
         compresslevel: int | None = None,
         progress: Callable[[int, int], Any] | None = None) -> None:
    """Save an object as a file.

    A path appears whole or not at all: what is interrupted leaves the old file.

    Parameters
    ----------
    obj : object
        Most often a fitted estimator.
    file : str, path or binary file
    compression, compresslevel, progress
        As in :func:`dumps`.

    Raises
    ------
    UnsupportedTypeException, NotImplementedError
        As :func:`dumps`.
    InputError
        Where the file cannot be written; also the :class:`OSError` that Python has for it.
    """
    write: Callable[[Any], Any] | None = getattr(file, "write", None)
    if write is not None:
        data = dumps(obj, compression=compression, compresslevel=compresslevel, progress=progress)
        written = write(data)
        if isinstance(written, int) and written < len(data):  # unbuffered files take what they can
            rest = memoryview(data)[written:]
            while rest:
                written = write(rest)
                if not written:
                    raise OSError("the file takes no more bytes")
                rest = rest[written:]
    elif compression not in (ZIP_STORED, ZIP_DEFLATED):
        data = dumps(obj, compression=compression, compresslevel=compresslevel, progress=progress)
        _written(obj, lambda deflate, level: _core.write_file(file, data), compression, None)
    else:
        _written(obj, lambda deflate, level: _core.dump(obj, file, deflate, level, progress),
                 compression, compresslevel)
