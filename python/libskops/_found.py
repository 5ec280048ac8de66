"""Plugins that installed Python packages bring, by the entry point group ``libskops.plugins``.

    [project.entry-points."libskops.plugins"]
    acme_outliers = "acme_outliers"

The name is the plugin's id, the value the package whose folder holds the manifest,
``acme_outliers.skops-plugin.json``. The package is only located here, never imported: what is found
describes names, and a name is built when somebody has trusted it. Looked for once in a process, when a
file or an object first needs more than libskops itself describes.
"""

from __future__ import annotations

import os
import sys
from typing import Any

GROUP = "libskops.plugins"
SUFFIX = ".skops-plugin.json"


def _entry_points() -> list[Any]:
    from importlib.metadata import entry_points

    if sys.version_info >= (3, 10):
        found: Any = entry_points(group=GROUP)
    else:
        found = entry_points().get(GROUP, ())
    return sorted(found, key=lambda entry: (entry.name, entry.value))


def _recorded(entry: Any, wanted: str) -> str | None:
    """The manifest among the files that the distribution says it has installed."""
    distribution = getattr(entry, "dist", None)
    if distribution is None:
        return None
    for file in distribution.files or ():
        if str(file) == wanted:
            return str(distribution.locate_file(file))
    return None


def _in_package(package: str, name: str) -> str | None:
    """The manifest in the package's folder, wherever it is imported from (editable installs)."""
    from importlib.util import find_spec

    spec = find_spec(package)  # of a package at the top: nothing is imported
    for folder in (spec.submodule_search_locations if spec is not None else None) or ():
        path = os.path.join(folder, name)
        if os.path.exists(path):
            return path
    return None


def _locate(entry: Any) -> str:
    package, name = entry.value, entry.name + SUFFIX
    if not package.isidentifier():
        raise ValueError(f"the entry point names {package!r}, which is no package at the top")
    path = _recorded(entry, f"{package}/{name}") or _in_package(package, name)
    if path is None:
        raise ValueError(f"the package {package} has no file {name}")
    return os.path.realpath(path)  # installers may link what they install


def _one_by_one(out: list[tuple[str, str, str, str]]) -> list[Any]:
    """The entry points of each distribution by itself: what one has spoiled must not hide the others'."""
    from importlib.metadata import distributions

    found, seen = [], set()
    for distribution in distributions():
        name = ""
        try:
            name = str(distribution.metadata["Name"])
            key = name.lower().replace("-", "_").replace(".", "_")
            if key not in seen:  # the first one on the path is the one that is imported
                seen.add(key)
                found += [entry for entry in distribution.entry_points if entry.group == GROUP]
        except Exception as error:
            where = getattr(distribution, "_path", name)
            out.append(("", name, "", f"the entry points of {where} cannot be read: {error}"))
    return sorted(found, key=lambda entry: (entry.name, entry.value))


def find() -> list[tuple[str, str, str, str]]:
    """(id, package, path of the manifest, what is wrong) of each entry point; never raises."""
    out: list[tuple[str, str, str, str]] = []
    try:
        entries = _entry_points()
    except Exception:
        try:
            entries = _one_by_one(out)
        except Exception as error:
            return [("", "", "", f"the entry points cannot be read: {error}")]
    for entry in entries:
        path = problem = ""
        try:
            path = _locate(entry)
        except Exception as error:
            problem = f"{error}"
        row = (str(entry.name), str(entry.value), path, problem)
        if row not in out:  # a distribution may be on the path twice
            out.append(row)
    return out
