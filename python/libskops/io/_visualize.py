"""A file as a tree for people: ``visualize``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from .. import _core
from ..errors import Error
from ._load import File, TrustedTypes, _path_or_bytes, _trusted
from .exceptions import as_skops

Show = Literal["all", "untrusted", "trusted"]

_LONGEST = 200  # characters of a text that are printed


@dataclass
class NodeInfo:
    """A line of the tree."""

    level: int  # how deep it is nested, 0 for the root
    key: str  # "attrs", "coef_"; "content" for items; "root" on top
    val: str  # "numpy.ndarray", "json-type(1.5)", "b'abc'"
    is_self_safe: bool  # whether its own type is trusted
    is_safe: bool  # ... and everything below it
    is_last: bool  # whether it is the last of its siblings
    visible: bool = True  # whether `show` asks for it


def visualize(file: File | bytes, *, show: Show = "all", trusted: TrustedTypes | None = None,
              sink: Callable[..., Any] | None = None, **kwargs: Any) -> None:
    """Show what is in a file, and mark what is not trusted.

    Nothing of the file is built or imported.

    Parameters
    ----------
    file : str, path, binary file, or bytes
        The file; bytes are its contents.
    show : "all", "untrusted" or "trusted"
        Which nodes to show. A node is untrusted if anything below it is.
    trusted : list of str or type, default=None
        As in :func:`libskops.io.load`.
    sink : callable, default=:func:`pretty_print_tree`
        Called with an iterator of :class:`NodeInfo`, with ``show`` and with ``kwargs``.
    **kwargs
        For the sink. That of the default one are in :func:`pretty_print_tree`.

    Raises
    ------
    InputError, MalformedError, LimitError
        As :func:`libskops.io.load`; ValueError for another value of ``show``.
    """
    if show not in ("all", "untrusted", "trusted"):
        raise ValueError(f"show must be 'all', 'untrusted' or 'trusted', not {show!r}")
    source = file if isinstance(file, bytes) else _path_or_bytes(file)
    try:
        lines = _core.outline(source, _trusted(trusted))
    except Error as error:
        found = as_skops(error)
    else:
        nodes = (NodeInfo(*line, visible=_is_visible(line, show)) for line in lines)
        (sink or pretty_print_tree)(nodes, show, **kwargs)
        return
    raise found from None


def _is_visible(line: tuple[int, str, str, bool, bool, bool], show: Show) -> bool:
    level, _, _, is_self_safe, is_safe, _ = line
    if show == "all" or level == 0:
        return True
    return not is_safe if show == "untrusted" else is_self_safe


def pretty_print_tree(nodes_iter: Iterable[NodeInfo], show: Show, *, tag_safe: str = "",
                      tag_unsafe: str = "[UNSAFE]", use_colors: bool = True,
                      color_safe: str = "cyan", color_unsafe: str = "orange1",
                      color_child_unsafe: str = "magenta") -> None:
    """Print the tree, by ``rich`` and in colors where that package is installed.

    Parameters
    ----------
    nodes_iter : iterable of NodeInfo
    show : "all", "untrusted" or "trusted"
        Heeded already: the nodes know whether they are visible.
    tag_safe, tag_unsafe : str
        Follow nodes whose type is trusted, or is not.
    use_colors : bool
    color_safe, color_unsafe, color_child_unsafe : str
        Of nodes that are trusted with all below them, that are not trusted themselves, and that have
        untrusted nodes below them.
    """
    nodes = [node for node in nodes_iter if node.visible]
    rows = []
    for node, depth in zip(nodes, _depths(nodes)):
        tag = tag_safe if node.is_self_safe else tag_unsafe
        color = (color_safe if node.is_safe
                 else color_child_unsafe if node.is_self_safe else color_unsafe)
        text = _printable(node.val) + (f" {tag}" if tag else "")
        rows.append((depth, _printable(node.key), text, color))
    try:
        from rich.console import Console  # type: ignore[import-not-found, unused-ignore]
        from rich.markup import escape  # type: ignore[import-not-found, unused-ignore]
        from rich.tree import Tree  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        for prefix, (_, key, text, _) in zip(_prefixes([row[0] for row in rows]), rows):
            print(f"{prefix}{key}: {text}")
        return
    parents: list[Any] = []  # the last one of each depth
    for depth, key, text, color in rows:
        label = escape(text)
        if use_colors:
            label = f"[{color}]{label}[/{color}]"
        label = f"{escape(key)}: {label}"
        del parents[depth:]
        parents.append(parents[-1].add(label) if parents else Tree(label, guide_style="gray50"))
    Console().print(parents[0], soft_wrap=True)


def _depths(nodes: list[NodeInfo]) -> list[int]:
    """How many of the nodes each one is below: of a hidden node only the visible parents count."""
    depths: list[int] = []
    above: list[int] = []  # the levels of the visible parents
    for node in nodes:
        while above and above[-1] >= node.level:
            above.pop()
        depths.append(len(above))
        above.append(node.level)
    return depths


def _prefixes(depths: list[int]) -> list[str]:
    """The lines that join each node to its parent."""
    last = []
    follows: list[bool] = []  # per depth, whether a sibling comes after
    for depth in reversed(depths):
        del follows[depth + 1:]
        follows.extend([False] * (depth + 1 - len(follows)))
        last.append(not follows[depth])
        follows[depth] = True
    out = []
    bars: list[str] = []
    for depth, is_last in zip(depths, reversed(last)):
        if depth == 0:
            out.append("")
            continue
        del bars[depth - 1:]
        out.append("".join(bars) + ("└── " if is_last else "├── "))
        bars.append("    " if is_last else "│   ")
    return out


def _printable(text: str) -> str:
    """Text of a file: nothing that a terminal would take for a command, and not too much of it."""
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST - 60]}...{text[-57:]}"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
