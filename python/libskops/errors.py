"""The exceptions of libskops: one root, one class a family.

Every exception has ``code`` (a stable dotted name), ``family`` (the name of its class' family),
``text`` (what is wrong), ``member`` (of the archive), ``path`` (in the object), ``plugin`` and
``remedy``; parts that do not apply are empty. ``str()`` of it is one printable line with all of them.
"""

__all__ = [
    "Error", "UntrustedError", "UsageError", "MalformedError", "LimitError", "UnsupportedError",
    "PluginError", "InputError",
]


class Error(Exception):
    """The root of everything that libskops raises."""

    family = "error"
    code: str = ""
    text: str = ""
    member: str = ""
    path: str = ""
    plugin: str = ""
    remedy: str = ""


class UntrustedError(Error):
    """A rule denies a name, or a name needs a decision."""

    family = "untrusted"


class UsageError(Error, ValueError):
    """The call makes no sense."""

    family = "usage"


class MalformedError(Error, ValueError):
    """The file breaks a rule of the format, or lies."""

    family = "malformed"


class LimitError(Error, ValueError):
    """The file exceeds a limit."""

    family = "limit"


class UnsupportedError(Error, AttributeError):
    """The file is honest, but this model has no such method or attribute."""

    family = "unsupported"


class PluginError(Error, RuntimeError):
    """A plugin is missing, refused or broken."""

    family = "plugin"


class InputError(Error, ValueError):
    """The data does not fit the model, or a file cannot be read."""

    family = "input"


BY_FAMILY = {
    1: UntrustedError, 2: UsageError, 3: MalformedError, 4: LimitError, 5: UnsupportedError,
    6: PluginError, 7: InputError,
}
