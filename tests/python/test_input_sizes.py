"""Inputs that announce any size and cost nothing: views with strides of 0, sparse matrices with few
entries. Each is refused, or answered, in no more memory than the model and the entries need."""

import numpy as np
import pytest
import scipy.sparse as sp
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import BaggingClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import (FunctionTransformer, KBinsDiscretizer, LabelBinarizer, MaxAbsScaler,
                                   OneHotEncoder)

import libskops

X = np.array([[0.0, 1], [1, 0], [2, 2], [3, 1], [4, 0], [5, 2]])
Y = np.array([0, 1, 2, 0, 1, 2])


def wide(rows, columns, column=0):
    """One entry in so many rows and columns."""
    indptr = np.array([0] + [1] * rows, np.int64)
    return sp.csr_matrix((np.ones(1), np.array([column], np.int64), indptr), shape=(rows, columns))


def tall(rows, columns, dtype=np.int8):
    return np.broadcast_to(np.zeros(columns, dtype), (rows, columns))


def indicators():
    return LabelBinarizer().fit(np.array([[1, 0, 1], [0, 1, 0]]))


MODELS = {
    "binary labels": (lambda: LabelBinarizer().fit(["a", "b"]), "inverse_transform"),
    "three labels": (lambda: LabelBinarizer().fit(["a", "b", "c"]), "inverse_transform"),
    "indicators": (indicators, "inverse_transform"),
    "indicators forward": (indicators, "transform"),
    "bins": (lambda: KBinsDiscretizer(2).fit(X), "inverse_transform"),
    "categories": (lambda: OneHotEncoder().fit(X), "inverse_transform"),
    "counts": (lambda: CountVectorizer().fit(["a text", "and more"]), "inverse_transform"),
    "columns": (lambda: ColumnTransformer([("scaled", MaxAbsScaler(), [1])]).fit(X), "transform"),
    "union": (lambda: FeatureUnion([("a", "passthrough"), ("b", "passthrough"), ("c", MaxAbsScaler())]).fit(X),
              "transform"),
    "scaled": (lambda: MaxAbsScaler().fit(X), "transform"),
    "pipeline": (lambda: Pipeline([("scaled", MaxAbsScaler()), ("again", MaxAbsScaler())]).fit(X), "transform"),
    "votes": (lambda: BaggingClassifier(n_estimators=2, random_state=0).fit(X, Y), "predict_proba"),
    "function": (lambda: FunctionTransformer(accept_sparse=True).fit(X), "transform"),
}
INPUTS = {
    "2^62 columns": lambda: wide(4, 2**62, 2**40),
    "2^62 columns, one in reach": lambda: wide(4, 2**62, 1),
    "2^63 - 1 columns": lambda: wide(1, 2**63 - 1, 2**62),
    "2^45 columns": lambda: wide(4, 2**45, 3),
    "2^60 rows": lambda: tall(2**60, 2),
    "2^61 rows": lambda: tall(2**61, 2),
    "2^33 rows": lambda: tall(2**33, 2),
    "2^62 columns that repeat": lambda: np.broadcast_to(np.zeros(1, np.int8), (1, 2**62)),
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("x", INPUTS)
def test_what_no_memory_holds_is_refused(model, x):
    make, method = MODELS[model]
    loaded = libskops.Model.load(skops.io.dumps(make()))
    with pytest.raises(ValueError) as refused:
        getattr(loaded, method)(INPUTS[x]())
    assert "[input." in str(refused.value)


def test_wide_matrices_of_binary_labels():
    """Wider than any class, small enough for the host: the width is compared first."""
    model = libskops.Model.load(skops.io.dumps(LabelBinarizer().fit(["a", "b"])))
    with pytest.raises(ValueError, match="more than two columns"):
        model.inverse_transform(wide(4, 2**30, 5))
    assert list(model.inverse_transform(wide(4, 1))) == ["b", "a", "a", "a"]


def test_columns_beyond_the_last_selected_one():
    transformer = ColumnTransformer([("scaled", MaxAbsScaler(), [1])]).fit(sp.csr_matrix(X))
    x = sp.csr_matrix(X)
    x.data[:] = 3
    expected = transformer.transform(x)
    got = libskops.Model.load(skops.io.dumps(transformer)).transform(x)
    np.testing.assert_allclose(sp.csr_matrix(got).toarray(), sp.csr_matrix(expected).toarray())
