"""Every case of tests/data/table.py against the installed scikit-learn: dtype, shape, type, values, and
refusals. The first case of each estimator is asked in every kind of input, the others in the usual
ones; LIBSKOPS_ALL_KINDS=1 asks all in all.
"""

import fnmatch
import functools
import os

import pytest

import datasets
from differences import DIFFERENCES
from kinds import KINDS, family
from live import CASES, compare, methods, pair

USUAL = ("as-is", "float32", "fortran", "reversed", "object", "csr", "frame", "one-row", "lists",
         "own-array", "own-object", "own-arrow", "objects-frame", "series", "label-object")


@functools.lru_cache(maxsize=None)
def family_of(data):
    return family(getattr(datasets, data)()[2])


def rows():
    seen = set()
    for name, case in CASES.items():
        own = family_of(case.data)
        estimator = name.split("-")[0], own
        every = estimator not in seen or "LIBSKOPS_ALL_KINDS" in os.environ
        seen.add(estimator)
        for kind, make in KINDS.items():
            wide = "frame" in kind and "precomputed" in name  # more columns than names
            if make.family in ("any", own) and (every or kind in USUAL) and not wide:
                yield name, kind


def row(name, kind):
    for names, kinds, reason in DIFFERENCES:
        if fnmatch.fnmatch(name, names) and kind in kinds:
            return pytest.param(name, kind, marks=pytest.mark.xfail(reason=reason, strict=True))
    return pytest.param(name, kind)


@pytest.mark.parametrize("name, kind", [row(*pair) for pair in rows()])
def test_like_scikit_learn(name, kind):
    _, _, asked = pair(name)
    for method in methods(name):
        theirs, ours = KINDS[kind](asked)
        tolerance = KINDS[kind].tolerance or CASES[name].tolerance
        compare(name, method, theirs, ours, tolerance=tolerance, reasons=KINDS[kind].reasons)
