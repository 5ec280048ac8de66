"""Parts of scikit-learn that are no estimators, for test_io_types.py."""

import numpy as np
from sklearn.base import clone
from sklearn.cluster import Birch
from sklearn.gaussian_process import kernels
from sklearn.metrics import DistanceMetric, make_scorer, mean_squared_error
from sklearn.model_selection import KFold, ShuffleSplit
from sklearn.neighbors import BallTree, KDTree
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import Bunch

from objects_case import refused

X = np.random.RandomState(0).rand(30, 3)


def shared_estimator():
    scaler = StandardScaler().fit(X)
    return make_pipeline(scaler, scaler)


TYPES = {
    "KDTree": lambda: KDTree(X, leaf_size=3),
    "BallTree": lambda: BallTree(X, metric="manhattan"),
    "KDTree of a metric with parameters": lambda: KDTree(X, metric="minkowski", p=3),
    "shared KDTree": lambda: (lambda tree: [tree, tree])(KDTree(X)),
    "Birch": lambda: Birch(n_clusters=2),
    "Birch, fitted": refused(lambda: Birch(n_clusters=2).fit(X), "contains itself"),
    "metrics": lambda: [DistanceMetric.get_metric("euclidean"), DistanceMetric.get_metric("minkowski", p=3)],
    "Bunch": lambda: Bunch(a=1, b=X),
    "kernels": lambda: kernels.RBF(2.0) + kernels.WhiteKernel() * kernels.ConstantKernel(3),
    "scorer": lambda: make_scorer(mean_squared_error, greater_is_better=False),
    "splitters": lambda: [KFold(3), ShuffleSplit(2, random_state=np.random.RandomState(1))],
    "tree": lambda: DecisionTreeClassifier(random_state=0).fit(X, X[:, 0] > 0.5).tree_,
    "one estimator twice": shared_estimator,
    "clone": lambda: clone(shared_estimator()),
    "function of NumPy in a transformer": lambda: FunctionTransformer(np.log1p, inverse_func=np.expm1),
    "lambda in a transformer": refused(lambda: FunctionTransformer(lambda x: x), "lambda"),
    "class with configured output": lambda: StandardScaler().set_output(transform="pandas").fit(X),
}
