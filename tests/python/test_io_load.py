"""libskops.io.load against released skops: every file of tests/data that the installed scikit-learn
wrote becomes the same object."""

import pathlib
import warnings

import numpy as np
import pytest
import scipy.sparse as sp
import skops.io

import datasets
import libskops.io as sio
from generate import METHODS
from live import CASES, VERSION

DATA = pathlib.Path(__file__).parent.parent / "data"
GENERATION = DATA / {(1, 9): "sk19"}.get(VERSION, "none")
FILES = sorted(GENERATION.glob("*/model.skops"))


def same(theirs, ours):
    assert type(ours) is type(theirs)
    if isinstance(theirs, (list, tuple)):
        assert len(ours) == len(theirs)
        for a, b in zip(theirs, ours):
            same(a, b)
    elif sp.issparse(theirs):
        assert ours.format == theirs.format and ours.shape == theirs.shape
        np.testing.assert_array_equal(ours.toarray(), theirs.toarray())
    elif isinstance(theirs, np.ndarray):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
    elif hasattr(theirs, "to_numpy"):
        same(theirs.to_numpy(), ours.to_numpy())
    else:
        assert ours == theirs or ours != ours


def ask(model, method, asked):
    """Bit for bit: the same code runs on what should be the same numbers."""
    try:
        result = getattr(model, method)(asked)
        return list(result) if method.startswith("staged_") else result
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_predicts_as_the_object_that_skops_loads(path):
    data = path.read_bytes()
    theirs = skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data))
    ours = sio.load(path, trusted=sio.get_untrusted_types(data=data))
    assert type(ours) is type(theirs) and list(vars(ours)) == list(vars(theirs))
    case = CASES[path.parent.name]
    _, _, asked = getattr(datasets, case.data)()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for method in METHODS:
            assert hasattr(ours, method) == hasattr(theirs, method)
            if hasattr(theirs, method):
                same(ask(theirs, method, asked), ask(ours, method, asked))


def test_there_are_files():
    assert VERSION != (1, 9) or len(FILES) > 400
