"""The dict of GridSearchCV's results that scikit-learn had before 1.2."""

from __future__ import annotations

from typing import Any

from . import Hook, require
from .sklearn_checks import CHECKS


def build_deprecated_dict(_: str, fields: dict[str, Any]) -> dict[Any, Any]:
    """A plain dict: the class only warned of old keys, and is gone."""
    main = fields["content.main"]
    require(isinstance(main, dict), "the content of a dict is no dict")
    return dict(main)


__all__ = ["CHECKS", "HOOKS"]
HOOKS = {"_DictWithDeprecatedKeysNode": Hook(build_deprecated_dict, imported=False)}
