"""What must hold in SciPy's objects before compiled code sees them; see sklearn_checks.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..._core import rises
from . import require


def check_spline(spline: Any) -> None:
    own = vars(spline)
    degree = own.get("k")
    # Older releases of SciPy have no underscores.
    require(not {"t", "_t"} <= own.keys() and not {"c", "_c"} <= own.keys(),
            "a spline has its knots or coefficients twice")
    knots, weights = own.get("_t", own.get("t")), own.get("_c", own.get("c"))
    require(isinstance(degree, (int, np.integer)) and 0 <= degree <= 1000,
            "the degree of a spline is no degree")
    require(type(knots) is np.ndarray and knots.dtype == np.float64 and knots.ndim == 1
            and len(knots) >= 2 * (degree + 1) and rises(knots),
            "the knots of a spline are too few or not in order")
    require(type(weights) is np.ndarray and weights.ndim >= 1
            and weights.dtype.kind in "fc" and len(weights) >= len(knots) - degree - 1,
            "a spline has fewer coefficients than its knots need")


def check_sparse(matrix: Any) -> None:
    """A sparse matrix that no loader of its own has made, but the class, from a state or arguments."""
    try:
        if matrix.format in ("csr", "csc", "bsr"):
            matrix.check_format(full_check=True)
        elif matrix.format == "coo":
            matrix._check()
    except Exception as error:
        require(False, f"a sparse matrix is none: {error}")


CHECKS = {
    "scipy.interpolate._bsplines.BSpline": check_spline,
    "scipy.sparse._base._spbase": check_sparse,
    "scipy.sparse._base.spmatrix": check_sparse,
}
