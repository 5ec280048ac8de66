"""What must hold in SciPy's objects before compiled code sees them; see sklearn_checks.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..._core import rises
from . import require


def check_spline(spline: Any) -> None:
    own = vars(spline)
    degree = own.get("k")
    knots, weights = own.get("_t", own.get("t")), own.get("_c", own.get("c"))
    require(isinstance(degree, (int, np.integer)) and 0 <= degree <= 1000,
            "the degree of a spline is no degree")
    require(isinstance(knots, np.ndarray) and knots.dtype == np.float64 and knots.ndim == 1
            and len(knots) >= 2 * (degree + 1) and rises(knots),
            "the knots of a spline are too few or not in order")
    require(isinstance(weights, np.ndarray) and weights.ndim >= 1
            and weights.dtype.kind in "fc" and len(weights) >= len(knots) - degree - 1,
            "a spline has fewer coefficients than its knots need")


CHECKS = {"scipy.interpolate._bsplines.BSpline": check_spline}
