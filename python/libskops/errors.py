"""The exceptions of libskops: one root, one class a family.

Every exception has ``code`` (a stable dotted name), ``member`` (of the archive), ``path`` (in the
object), ``plugin`` and ``remedy``; parts that do not apply are empty.
"""

__all__ = [
    "Error", "UntrustedError", "UsageError", "MalformedError", "LimitError", "UnsupportedError",
    "PluginError", "InputError",
]


class Error(Exception):
    """The root of everything that libskops raises."""

    code = member = path = plugin = remedy = ""


class UntrustedError(Error):
    """A rule denies a name, or a name needs a decision."""


class UsageError(Error, ValueError):
    """The call makes no sense."""


class MalformedError(Error, ValueError):
    """The file breaks a rule of the format, or lies."""


class LimitError(Error, ValueError):
    """The file exceeds a limit."""


class UnsupportedError(Error, AttributeError):
    """The file is honest, but this model has no such method or attribute."""


class PluginError(Error, RuntimeError):
    """A plugin is missing, refused or broken."""


class InputError(Error, ValueError):
    """The data does not fit the model, or a file cannot be read."""


BY_FAMILY = {
    1: UntrustedError, 2: UsageError, 3: MalformedError, 4: LimitError, 5: UnsupportedError,
    6: PluginError, 7: InputError,
}
