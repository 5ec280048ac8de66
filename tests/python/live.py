"""A fitted estimator of the installed scikit-learn beside the native model of its file."""

import functools
import warnings

import numpy as np
import pandas as pd
import scipy.sparse as sp
import sklearn
import skops.io

import datasets
import libskops
import table
from generate import METHODS

VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])
CASES = {case.name: case for case in table.CASES if case.since <= VERSION <= case.until}


@functools.lru_cache(maxsize=2)
def pair(name):
    """(fitted estimator, native model, data to ask)."""
    case = CASES[name]
    x, y, asked = getattr(datasets, case.data)()
    estimator = case.make()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if y is None or type(estimator).__name__ in ("LabelEncoder", "LabelBinarizer"):
            estimator.fit(x)
        else:
            estimator.fit(x, y)
    return estimator, native(estimator), asked


def native(estimator):
    return libskops.Model.load(skops.io.dumps(estimator))


def methods(name):
    estimator = pair(name)[0]
    skipped = CASES[name].skip
    return [m for m in METHODS if m not in skipped and hasattr(estimator, m)]


def ask(model, method, x, **options):
    """The method's result; generators as lists."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        result = getattr(model, method)(x, **options)
        return list(result) if method.startswith("staged_") else result


# Where scikit-learn fails inside instead of refusing the data, libskops may answer.
THEIR_OWN = ("Buffer dtype mismatch", "Please do report a minimal reproducer",
             "The type of target data is not known", "object has no attribute 'shape'", "boolean value of NA is ambiguous")

# What both messages must hold where scikit-learn's does.
STATEMENTS = (
    "contains NaN", "contains infinity", "is expecting", "Expected 2D array", "0 sample(s)",
    "feature names should match", "Found unknown categories", "y contains previously unseen labels",
    "could not convert string to float", "Complex data not supported", "Negative values",
    "raw text documents", "Sparse data was passed", "columns are missing",
)


def check_same_refusal(theirs, ours, where, reasons=1):
    """`ours` must be libskops' own error and say what scikit-learn's says."""
    assert isinstance(ours, libskops.Error), f"{where}: {type(ours).__name__}: {ours}"
    for statement in STATEMENTS if reasons == 1 else ():
        if statement.lower() in str(theirs).lower():
            assert statement.lower() in str(ours).lower(), (
                f"{where}: scikit-learn says {str(theirs)[:200]!r}, libskops {str(ours)[:200]!r}")


def check_same(expected, got, tolerance, where, sparse_array=False):
    if isinstance(expected, (list, tuple)):
        assert type(got) is type(expected), f"{where}: {type(got)}, not {type(expected)}"
        assert len(got) == len(expected), f"{where}: {len(got)} items, not {len(expected)}"
        for k, (e, g) in enumerate(zip(expected, got)):
            check_same(e, g, tolerance, f"{where}[{k}]", sparse_array)
        return
    if isinstance(expected, pd.DataFrame):
        expected = expected.to_numpy()  # libskops gives arrays, whatever it is given
    if sp.issparse(expected):
        assert sp.issparse(got) and got.format == "csr", f"{where}: {type(got)}, not sparse"
        # A sparse array gives sparse arrays; scikit-learn makes matrices of some all the same.
        if expected.format == "csr" and not (sparse_array and isinstance(got, sp.csr_array)):
            assert type(got) is type(expected), f"{where}: {type(got)}, not {type(expected)}"
        assert got.dtype == expected.dtype, f"{where}: dtype {got.dtype}, not {expected.dtype}"
        assert got.shape == expected.shape, f"{where}: shape {got.shape}, not {expected.shape}"
        expected, got = expected.toarray(), got.toarray()
    assert isinstance(got, np.ndarray), f"{where}: {type(got)}"
    assert got.dtype == expected.dtype, f"{where}: dtype {got.dtype}, not {expected.dtype}"
    assert got.shape == expected.shape, f"{where}: shape {got.shape}, not {expected.shape}"
    if expected.dtype.kind == "f":
        if expected.dtype.itemsize < 8:
            tolerance = (max(tolerance[0], 1e-5), max(tolerance[1], 1e-5))
        np.testing.assert_allclose(got, expected, rtol=tolerance[0], atol=tolerance[1],
                                   err_msg=where)
    elif expected.dtype.kind == "O":
        for e, g in zip(expected.ravel().tolist(), got.ravel().tolist()):
            same = type(e) is type(g) and (e == g or (e != e and g != g))
            if isinstance(e, float) and isinstance(g, float) and e == e:
                same = abs(e - g) <= tolerance[1] + tolerance[0] * abs(e)
            assert same, f"{where}: {g!r}, not {e!r}"
    else:
        np.testing.assert_array_equal(got, expected, err_msg=where)


def outcome(model, method, x, **options):
    """(result, None) or (None, exception)."""
    try:
        return ask(model, method, x, **options), None
    except Exception as error:  # every way to refuse is compared
        return None, error


def compare(name, method, theirs, ours=None, tolerance=None, reasons=1, **options):
    """Ask both: scikit-learn with `theirs`, the native model with `ours` (the same by default)."""
    estimator, model, _ = pair(name)
    ours = theirs if ours is None else ours
    tolerance = tolerance or CASES[name].tolerance
    expected, refusal = outcome(estimator, method, theirs, **options)
    got, error = outcome(model, method, ours, **options)
    where = f"{name}.{method}"
    if refusal is not None:
        if any(text in str(refusal) for text in THEIR_OWN) and error is None:
            return
        assert error is not None, f"{where}: scikit-learn refuses: {str(refusal)[:300]}"
        check_same_refusal(refusal, error, where, reasons)
        return
    if error is not None:
        raise AssertionError(f"{where}: {type(error).__name__}: {error}") from error
    check_same(expected, got, tolerance, where, isinstance(ours, sp.sparray))
