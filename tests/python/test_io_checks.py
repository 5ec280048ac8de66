"""Contents that compiled code would trust are refused, whatever is trusted: one change to an honest model
each, made on the fitted object, which skops then saves."""

import copy
import io
import sys
import types
import warnings
import zipfile

import numpy as np
import pytest
import scipy.sparse as sp
import skops.io
from sklearn.cluster import Birch, BisectingKMeans, KMeans, MiniBatchKMeans
from sklearn.ensemble import (
    GradientBoostingClassifier, GradientBoostingRegressor, HistGradientBoostingClassifier, IsolationForest,
    RandomForestClassifier, RandomTreesEmbedding,
)
from sklearn.feature_extraction import DictVectorizer, FeatureHasher
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import DistanceMetric
from sklearn.neighbors import BallTree, KDTree, KNeighborsClassifier, LocalOutlierFactor
from sklearn.preprocessing import KBinsDiscretizer, MultiLabelBinarizer, OneHotEncoder, SplineTransformer
from sklearn.svm import SVC, SVR, OneClassSVM
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier

import libskops
import libskops.io as sio
from nodes import archive, array, mapping, node, npy, plain, sequence

X = np.round(np.random.RandomState(0).standard_normal((60, 4)), 2)
Y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0.5)
TEXTS = ["one two", "two three", "three four five"]


def gram(a, b):
    return a @ b.T


def whole(model):
    data = skops.io.dumps(model)
    return sio.loads(data, trusted=skops.io.get_untrusted_types(data=data))


HONEST = [
    DecisionTreeClassifier(max_depth=3).fit(X, Y), ExtraTreeClassifier().fit(X, Y),
    DecisionTreeClassifier(),
    RandomForestClassifier(3).fit(X, Y), RandomTreesEmbedding(3).fit(X),
    GradientBoostingClassifier(n_estimators=3).fit(X, Y), GradientBoostingRegressor(n_estimators=3).fit(X, Y),
    GradientBoostingClassifier(n_estimators=3, init="zero").fit(X, Y),
    GradientBoostingClassifier(n_estimators=3, init=DecisionTreeClassifier()).fit(X, Y),
    GradientBoostingClassifier(n_estimators=3).fit(X, Y > 0),
    IsolationForest(n_estimators=3).fit(X), IsolationForest(n_estimators=3, max_features=2).fit(X),
    HistGradientBoostingClassifier(max_iter=3).fit(X, Y),
    HistGradientBoostingClassifier(max_iter=3, categorical_features=[1]).fit(np.abs(X).round(), Y),
    SVC(probability=True).fit(X, Y), SVR().fit(X, Y), OneClassSVM().fit(X), SVC(kernel="precomputed").fit(X @ X.T, Y),
    SVC(kernel=gram).fit(X, Y), SVC(), SVC().fit(sp.csr_matrix(X), Y),
    KMeans(3).fit(X), MiniBatchKMeans(3).fit(X), BisectingKMeans(3).fit(X),
    CountVectorizer().fit(TEXTS), TfidfVectorizer().fit(TEXTS), HashingVectorizer(), FeatureHasher(),
    DictVectorizer().fit([{"a": 1, "b": "x"}]),
    OneHotEncoder(min_frequency=3, drop="first").fit(X.round()), KBinsDiscretizer(3).fit(X),
    KNeighborsClassifier().fit(X, Y), KNeighborsClassifier().fit(X, np.c_[Y, Y]),
    KNeighborsClassifier(algorithm="brute").fit(sp.csr_matrix(X), Y), KNeighborsClassifier(metric="precomputed").fit(
        np.abs(X[:, :1] - X[:, :1].T), Y),
    LocalOutlierFactor(novelty=True, algorithm="ball_tree").fit(X), SplineTransformer().fit(X),
    KDTree(X, leaf_size=5), BallTree(X, leaf_size=7), KDTree(X[:1]), KDTree(X, metric="minkowski", p=3),
    BallTree(X, metric="seuclidean", V=np.ones(4)), BallTree(X, metric="mahalanobis", V=np.eye(4)),
    BallTree(X[:, :2], metric="haversine"), BallTree(X, metric="minkowski", p=3, w=np.ones(4)),
    MultiLabelBinarizer().fit([[1, 2], [3]]), MultiLabelBinarizer(),
    KNeighborsClassifier(metric="mahalanobis", metric_params={"VI": np.eye(4)}, algorithm="brute").fit(X, Y),
    KNeighborsClassifier(metric="minkowski", p=3, metric_params={"w": np.ones(4)}).fit(X, Y),
    GradientBoostingClassifier(n_estimators=3, init=LogisticRegression()).fit(X, Y),
    GradientBoostingRegressor(n_estimators=3, init=LinearRegression()).fit(X, Y),
    OneHotEncoder(drop="if_binary").fit(X.round()), OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=3)
    .fit(X.round()), OneHotEncoder(categories=[["b", "a"]]).fit([["a"]]), OneHotEncoder(drop="first").fit([["a"], ["b"]]),
    OneHotEncoder().fit([[1.0], [np.nan]]), OneHotEncoder(categories=[[2, 1]]).fit(np.array([[1]], dtype=object)),
]


@pytest.mark.parametrize("model", HONEST, ids=lambda model: type(model).__name__)
def test_honest_models_pass(model):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert type(whole(model)) is type(model)


def masked(values, hidden):
    """What compiled code sees of it is not what NumPy's functions see."""
    return np.ma.MaskedArray(np.where(hidden, 10**6, values).astype(values.dtype), hidden)


def pretending(**attributes):
    """An estimator, trusted by default, with attributes that make it look like something else."""
    out = LogisticRegression()
    vars(out).update(attributes)
    return out


def with_(**attributes):
    """A part with other attributes."""
    def change(part):
        vars(part).update(attributes)
        return part
    return change


class Changed:
    """An attribute of a copy replaced."""

    def __init__(self, model, **attributes):
        self.model = copy.deepcopy(model)
        self.name = f"{type(model).__name__}-{'-'.join(attributes)}"
        for name, value in attributes.items():
            owner = self.model
            *path, last = name.split("__")
            for part in path:
                owner = getattr(owner, part)
            if callable(value):
                value = value(getattr(owner, last))
            vars(owner)[last] = value


def tree(n_features):
    x = np.random.RandomState(1).standard_normal((60, n_features))
    return DecisionTreeClassifier().fit(x, x[:, -1] > 0)


def regression(n_features):
    x = np.random.RandomState(1).standard_normal((60, n_features))
    return DecisionTreeRegressor().fit(x, x[:, -1])


def matrix(rows, columns, make):
    out = np.empty((rows, columns), dtype=object)
    for place in np.ndindex(rows, columns):
        out[place] = make
    return out


def hostile():
    own = DecisionTreeClassifier(max_depth=3).fit(X, Y)
    yield Changed(own, tree_=tree(40).tree_)
    yield Changed(own, n_features_in_=3)
    yield Changed(own, n_features_in_=None)
    yield Changed(own, tree_=7)
    forest = RandomForestClassifier(3).fit(X, Y)
    yield Changed(forest, n_features_in_=2)
    yield Changed(forest, estimators_=lambda trees: [*trees, tree(9)])
    yield Changed(forest, estimators_=lambda trees: [*trees, SVC()])
    boosting = GradientBoostingClassifier(n_estimators=3).fit(X, Y)
    yield Changed(boosting, n_features_in_=3)
    yield Changed(boosting, estimators_=matrix(2, 5, regression(4)))
    yield Changed(boosting, estimators_=matrix(2, 5, regression(4)), n_trees_per_iteration_=5)
    yield Changed(boosting, estimators_=matrix(2, 5, regression(4)), n_trees_per_iteration_=5,
                  classes_=np.arange(5))
    yield Changed(boosting, estimators_=matrix(2, 3, regression(8)))
    yield Changed(boosting, estimators_=lambda trees: trees.ravel())
    yield Changed(GradientBoostingRegressor(n_estimators=3).fit(X, Y), estimators_=matrix(2, 2, regression(4)))
    part = IsolationForest(n_estimators=3, max_features=2).fit(X)
    yield Changed(part, estimators_features_=lambda lists: [row[:1] for row in lists])
    yield Changed(part, estimators_features_=lambda lists: lists[:1])
    histogram = HistGradientBoostingClassifier(max_iter=3).fit(X, Y)
    yield Changed(histogram, n_features_in_=1)
    categories = HistGradientBoostingClassifier(max_iter=9, categorical_features=[1]).fit(
        np.abs(X).round(), np.abs(X[:, 1]).round() % 2)
    yield Changed(categories, _bin_mapper__is_categorical_=np.zeros(4, np.uint8))
    yield Changed(categories, _bin_mapper__is_categorical_=np.ones(2, np.uint8))
    yield Changed(categories, _predictors=[[7]])
    for model in (SVC().fit(X, Y), SVC().fit(sp.csr_matrix(X), Y)):
        yield Changed(model, _n_support=lambda n: n + 100)
        yield Changed(model, _n_support=np.array([200, -100, -56], np.int32))
        yield Changed(model, _n_support=lambda n: n[:1])
        yield Changed(model, support_=lambda s: s[:3])
        yield Changed(model, _dual_coef_=lambda c: c[:1])
        yield Changed(model, _intercept_=lambda i: i[:1])
        yield Changed(model, support_vectors_=lambda v: v[:5])
        yield Changed(model, n_features_in_=9)
        yield Changed(model, _probA=np.zeros(9), _probB=np.zeros(9))
        yield Changed(model, classes_=np.arange(9))
    yield Changed(SVC(kernel="precomputed").fit(X @ X.T, Y), support_=lambda s: s + 1000)
    yield Changed(SVC(kernel="precomputed").fit(X @ X.T, Y), shape_fit_=(3, 3))
    yield Changed(SVR().fit(X, Y), _dual_coef_=lambda c: c[:, :4])
    yield Changed(SVR().fit(X, Y), _intercept_=np.zeros(0))
    for model in (KMeans(3).fit(X), MiniBatchKMeans(3).fit(X)):
        yield Changed(model, cluster_centers_=lambda c: c[:, :1].copy())
        yield Changed(model, n_features_in_=40)
        yield Changed(model, _n_threads=-1)
        yield Changed(model, _n_threads=10**9)
    bisecting = BisectingKMeans(3).fit(X)
    yield Changed(bisecting, _bisecting_tree__left__center=np.zeros(1))
    yield Changed(CountVectorizer().fit(TEXTS), vocabulary_={"one": 10**9})
    yield Changed(CountVectorizer().fit(TEXTS), vocabulary_={"one": -1})
    yield Changed(TfidfVectorizer().fit(TEXTS), vocabulary_={"one": 1, "two": 2})
    yield Changed(DictVectorizer().fit([{"a": 1}]), vocabulary_={"a": 70000})
    yield Changed(HashingVectorizer(), n_features=0)
    yield Changed(FeatureHasher(), n_features=-3)
    yield Changed(OneHotEncoder().fit(X.round()), _n_features_outs=[1, 1, 1, 1])
    neighbors = KNeighborsClassifier(algorithm="brute").fit(X, Y)
    yield Changed(neighbors, n_features_in_=90)
    yield Changed(neighbors, _fit_X=lambda x: x[:, :1].copy())
    yield Changed(neighbors, _y=lambda y: y + 100)
    yield Changed(neighbors, _y=lambda y: y[:3])
    yield from look_alikes()
    spline = SplineTransformer().fit(X)
    for change in ({"k": 900}, {"_t": np.zeros(2)}, {"_c": np.zeros((1, 7))}, {"k": -1}):
        broken = copy.deepcopy(spline)
        vars(broken.bsplines_[0]).update(change)
        yield Changed(broken)


def look_alikes():
    """Methods and attributes of classes replaced, arrays and matrices that are something else to compiled
    code than to the checks, parts that each are in order and do not fit together."""
    encoder = OneHotEncoder(min_frequency=3, handle_unknown="infrequent_if_exist").fit(X.round())
    yield Changed(encoder, _compute_n_features_outs=lambda _: list, _n_features_outs=[])
    yield Changed(encoder, _default_to_infrequent_mappings=lambda lists: [
        None if row is None else row + 1000 for row in lists])
    yield Changed(encoder, _infrequent_indices=lambda lists: [None if row is None else row - 99 for row in lists])
    plain = OneHotEncoder().fit(X.round())
    yield Changed(plain, categories_=lambda lists: [row[::-1].copy() for row in lists])
    yield Changed(OneHotEncoder(drop="first").fit(X.round()),
                  _drop_idx_after_grouping=np.array([-5] * 4, dtype=object))
    labels = MultiLabelBinarizer().fit([[1, 2], [3]])
    yield Changed(labels, _cached_dict={1: 10**7, 2: 1, 3: 2})
    yield Changed(labels, classes_=np.array([1, 1, 1, 2]))
    yield Changed(FeatureHasher(), n_features=np.array(0))
    yield Changed(FeatureHasher(), n_features=0.5)

    boosting = GradientBoostingClassifier(n_estimators=3).fit(X, Y)
    yield Changed(boosting, init_=with_(class_prior_=np.ones(1)))
    yield Changed(boosting, init_=with_(n_outputs_=2))
    yield Changed(boosting, _loss=with_(is_multiclass=False))
    yield Changed(boosting, _loss=with_(predict_proba=list))
    regressor = GradientBoostingRegressor(n_estimators=3).fit(X, Y)
    yield Changed(regressor, init_=with_(n_outputs_=0, constant_=np.zeros((1, 0))))
    yield Changed(regressor, init_=Changed(LinearRegression().fit(X, Y), intercept_=np.zeros(0)).model)
    yield Changed(regressor, init_=Changed(LinearRegression().fit(X, Y), intercept_=np.zeros((2, 1))).model)
    histogram = HistGradientBoostingClassifier(max_iter=3).fit(X, Y)
    yield Changed(histogram, _n_features=1)
    categories = HistGradientBoostingClassifier(max_iter=9, categorical_features=[1]).fit(
        np.abs(X).round(), np.abs(X[:, 1]).round() % 2)
    yield Changed(categories, _bin_mapper__is_categorical_=np.ma.MaskedArray(np.zeros(4, bool), np.ones(4, bool)))
    part = IsolationForest(n_estimators=3, max_features=4).fit(X)
    yield Changed(part, _max_features=9, estimators_features_=[np.array([True, False, False, False])] * 3)

    svc, sparse = SVC().fit(X, Y), SVC().fit(sp.csr_matrix(X), Y)
    yield Changed(svc, support_=lambda s: masked(s, s == s[0]))
    yield Changed(svc, _n_support=lambda n: masked(n, n == n[0]))
    yield Changed(svc, kernel=np.array("precomputed"))
    yield Changed(svc, _impl="epsilon_svr")
    yield Changed(SVR().fit(X, Y), _n_support=np.zeros(1000, np.int32))
    yield Changed(SVR().fit(X, Y), probability=True)
    yield Changed(sparse, _effective_probability=True)
    yield Changed(sparse, _dual_coef_=lambda c: sp.csr_matrix(c.shape))
    yield Changed(sparse, support_vectors_=lambda v: pretending(
        shape=v.shape, data=v.data, indices=v.indices + 10**6, indptr=v.indptr))
    yield Changed(SVC(kernel="precomputed").fit(X @ X.T, Y), _sparse=True)

    neighbors = KNeighborsClassifier(algorithm="brute").fit(X, Y)
    yield Changed(neighbors, _y=lambda y: masked(y, y == 1))
    yield Changed(neighbors, n_samples_fit_=59)
    yield Changed(neighbors, _fit_X=np.array(1.5))
    yield Changed(neighbors, metric=np.array("precomputed"))
    yield Changed(neighbors, effective_metric_params_={"Y_norm_squared": np.zeros(1)})
    yield Changed(neighbors, metric_params={"X_norm_squared": np.zeros(1)})
    yield Changed(neighbors, effective_metric_params_={"X_norm_squared": np.zeros(1)})
    yield Changed(neighbors, effective_metric_="mahalanobis", effective_metric_params_={"VI": np.ones((4, 0))})
    yield Changed(KNeighborsClassifier(algorithm="kd_tree").fit(X, Y), _tree=KDTree(np.r_[X, X]))
    for vector, metric in (("V", "seuclidean"), ("V", "mahalanobis"), ("w", "minkowski")):
        tree = BallTree(X)
        value = np.eye(2) if metric == "mahalanobis" else np.ones(2)
        state = list(tree.__getstate__())
        state[11] = DistanceMetric.get_metric(metric, **{vector: value, **({"p": 3} if vector == "w" else {})})
        tree.__setstate__(tuple(state))
        yield types.SimpleNamespace(name=f"BallTree-{metric}", model=tree)


@pytest.mark.parametrize("changed", list(hostile()), ids=lambda changed: changed.name)
def test_hostile_models_are_refused(changed):
    with warnings.catch_warnings(), pytest.raises(libskops.MalformedError):
        warnings.simplefilter("ignore")
        whole(changed.model)


def test_norms_of_subclusters():
    """A model that released skops refuses to save."""
    model = Birch(n_clusters=3).fit(X)
    del model.root_, model.dummy_leaf_
    assert sio.loads(sio.dumps(model)).predict(X).tolist() == model.predict(X).tolist()
    model._subcluster_norms = np.zeros(1)
    with pytest.raises(libskops.MalformedError, match="norms"):
        sio.loads(sio.dumps(model))


def test_where_it_is():
    from sklearn.pipeline import make_pipeline
    broken = Changed(RandomForestClassifier(3).fit(X, Y), n_features_in_=2).model
    with pytest.raises(libskops.MalformedError) as caught:
        whole(make_pipeline(broken))
    assert caught.value.path == "steps[0][1]" and caught.value.code == "objects.contents"


def test_a_subclass_is_checked_too(monkeypatch):
    """A class of somebody else below a checked one."""
    module = types.ModuleType("somebodys")
    module.Forest = type("Forest", (RandomForestClassifier,), {"__module__": "somebodys"})
    monkeypatch.setitem(sys.modules, "somebodys", module)
    model = module.Forest(3).fit(X, Y)
    assert type(whole(model)) is module.Forest
    model.n_features_in_ = 2
    with pytest.raises(libskops.MalformedError, match="number of features"):
        whole(model)


def change_node_arrays():
    """(member's dtype field, value) of a tree's records."""
    yield "left_child", 10**6
    yield "right_child", -5
    yield "feature", 99
    yield "feature", -3
    yield "left_child", 0


@pytest.mark.parametrize("field, value", list(change_node_arrays()))
def test_nodes_of_trees(field, value):
    data = skops.io.dumps(DecisionTreeClassifier(max_depth=3).fit(X, Y))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            member = old.read(name)
            if name.endswith(".npy"):
                array = np.load(io.BytesIO(member))
                if array.dtype.names and field in array.dtype.names:
                    array[field][0] = value
                    buffer = io.BytesIO()
                    np.save(buffer, array)
                    member = buffer.getvalue()
            new.writestr(name, member)
    with pytest.raises(libskops.MalformedError) as caught:
        sio.loads(out.getvalue(), trusted=["sklearn.tree._tree.Tree"])
    assert caught.value.path == "tree_"


def broken_trees():
    for tree in (KDTree(X, leaf_size=5), BallTree(X, leaf_size=5)):
        data, order, nodes, bounds, *rest = tree.__getstate__()
        for part in (
            (data, np.zeros_like(order), nodes, bounds), (data, order + 1, nodes, bounds),
            (data, order, nodes[:3], bounds), (data, order, nodes, bounds[:, :3].copy()),
            (data, order, nodes, bounds[:, :, :1].copy()), (data[:5].copy(), order, nodes, bounds),
        ):
            yield type(tree), (*part, *rest)
        for name, value in (("idx_start", -1), ("idx_end", 10**6), ("is_leaf", 0)):
            changed = np.array(nodes)
            changed[name][-1] = value
            yield type(tree), (data, order, changed, bounds, *rest)


@pytest.mark.parametrize("cls, state", list(broken_trees()))
def test_trees_of_neighbours(cls, state):
    tree = cls.__new__(cls)
    tree.__setstate__(state)
    with pytest.raises(libskops.Error):
        whole(tree)


@pytest.mark.parametrize("name", ["csr", "csc", "coo"])
def test_sparse_matrices_made_by_their_class(name):
    """Not by the loader that checks the indices: from a state, where somebody trusts the class by name."""
    matrix = getattr(sp, f"{name}_matrix")(np.eye(3))
    full = f"scipy.sparse._{name}.{name}_matrix"
    own = {key: value for key, value in vars(matrix).items() if isinstance(value, np.ndarray)}
    for beyond in (0, 10**6):
        arrays = {key: value for key, value in own.items()}
        parts = {"_shape": sequence("tuple", plain(3), plain(3))}
        if name == "coo":
            places = [np.arange(3), np.arange(3) + beyond]
            arrays.update(a=places[0], b=places[1])
            parts["coords"] = sequence("tuple", array("a.npy"), array("b.npy"))
        else:
            arrays["indices"] = arrays["indices"] + np.int32(beyond)
        parts.update({key: array(f"{key}.npy") for key in arrays if key not in "ab"})
        file = archive(node("ObjectNode", full, content=mapping(parts)),
                       {f"{key}.npy": npy(value) for key, value in arrays.items()})
        if beyond:
            with pytest.raises(libskops.MalformedError, match="sparse matrix"):
                sio.loads(file, trusted=[full])
        else:
            assert (sio.loads(file, trusted=[full]).toarray() == np.eye(3)).all()
