"""What must hold in scikit-learn's objects before compiled code sees them.

scikit-learn checks the data of a call against ``n_features_in_``, and then indexes unchecked by what the
model holds. A file can say anything: here each object is looked at once it has been built, whatever
its user trusts. A check refuses what would read or write out of bounds, loop or divide by zero; it says
nothing of honest, unfitted or odd objects. Nodes of trees are checked before (by the plugin's serializer),
so these checks only have to tie them to their models.

CHECKS goes by the class; subclasses are checked by their bases' checks.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..._core import in_range, permutes, values_in_range
from . import require


def is_a(obj: Any, module: str, name: str) -> bool:
    """Whether an object is of a class that somebody has imported; nothing is imported here."""
    cls = getattr(sys.modules.get(module), name, None)
    return cls is not None and isinstance(obj, cls)


def is_array(obj: Any, rank: int, kinds: str = "biufc") -> bool:
    """Of NumPy's own class: a masked array shows its masked values to compiled code only."""
    return type(obj) is np.ndarray and obj.ndim == rank and obj.dtype.kind in kinds


def is_csr(obj: Any) -> bool:
    """One of SciPy's, whose indices were checked; whatever else has attributes of these names is not."""
    return any(is_a(obj, "scipy.sparse", name) for name in ("csr_matrix", "csr_array"))


def n_features(own: dict[str, Any]) -> int:
    count: Any = own.get("n_features_in_")
    require(isinstance(count, (int, np.integer)) and count >= 0,
            "a fitted model has no n_features_in_")
    return int(count)


SHADOWS: dict[type, frozenset[str]] = {}


def shadows(cls: type) -> frozenset[str]:
    """What of scikit-learn's classes an attribute of an object must not replace: methods; and, where the
    object is of a class of scikit-learn's own, everything that a class has but its parameters, which may have a
    value there (`positive` of Lars). Properties win anyhow."""
    names = set()
    own = cls.__module__.partition(".")[0] == "sklearn"
    for base in cls.__mro__:
        if base.__module__.partition(".")[0] == "sklearn":
            names |= {name for name, value in vars(base).items()
                      if not hasattr(type(value), "__set__") and (own or hasattr(type(value), "__get__"))}
    if own and hasattr(cls, "_get_param_names"):
        names.difference_update(cls._get_param_names())
    return SHADOWS.setdefault(cls, frozenset(names))


def check_attributes(model: Any) -> None:
    """Checks and methods rely on what the class says; no fitted model holds an attribute of such a name."""
    names = SHADOWS.get(type(model))
    if names is None:
        names = shadows(type(model))
    if not names.isdisjoint(model.__dict__):
        name = min(names.intersection(model.__dict__))
        require(False, f"the attribute '{name}' takes the place of one that the class has")


def check_tree(model: Any) -> None:
    own = vars(model)
    tree = own.get("tree_")
    if tree is not None:
        require(is_a(tree, "sklearn.tree._tree", "Tree") and tree.n_features == n_features(own),
                "the tree of a decision tree has another number of features than the model")


MOST_REPEATED = 1 << 16  # entries of an ensemble of which some are the same tree


def distinct(trees: Iterable[Any], count: int) -> list[Any]:
    """Each tree once: a small file can name one a million times over, and predict would run it so often."""
    once = list({id(tree): tree for tree in trees}.values())
    require(len(once) == count or count <= MOST_REPEATED, "an ensemble repeats its trees too often")
    return once


def check_trees(trees: Iterable[Any], features: int) -> None:
    for tree in trees:
        require(is_a(tree, "sklearn.tree._classes", "BaseDecisionTree")
                and vars(tree).get("tree_") is not None
                and vars(tree).get("n_features_in_") == features,
                "a tree of an ensemble has another number of features than the ensemble")


def check_forest(model: Any) -> None:
    own = vars(model)
    if "estimators_" in own:
        require(isinstance(own["estimators_"], list), "the trees of a forest are no list")
        check_trees(distinct(own["estimators_"], len(own["estimators_"])), n_features(own))


def check_gradient_boosting(model: Any) -> None:
    own = vars(model)
    trees = own.get("estimators_")
    if trees is None:
        return
    require(is_array(trees, 2, "O"), "the trees of a boosting model are no matrix")
    once = distinct(trees.flat, trees.size)
    check_trees(once, n_features(own))
    require(all(tree.tree_.n_outputs == 1 for tree in once),
            "a tree of a boosting model has several outputs")
    # Columns of what the trees are added to: those of the first guess.
    width = trees.shape[1]
    classes, start = own.get("classes_"), own.get("init_")
    require(width == own.get("n_trees_per_iteration_", width) and width >= 1,
            "a boosting model has not one column of trees per class")
    if width > 1:
        known = None if start is None or isinstance(start, str) else vars(start).get("classes_")
        for labels in (classes, known):
            require(labels is None or len(labels) == width,
                    "a boosting model has not one column of trees per class")
        require(classes is not None, "a boosting model without classes has columns of trees")
    check_first_guess(model, width)


def check_first_guess(model: Any, width: int) -> None:
    """scikit-learn adds the trees to what ``init_`` predicts, without a look at its shape."""
    own = vars(model)
    start, loss = own.get("init_"), own.get("_loss")
    multiclass = getattr(loss, "is_multiclass", None)
    if isinstance(start, str):
        return  # "zero": as wide as n_trees_per_iteration_
    parts = {} if start is None else vars(start)
    if multiclass is not None and bool(multiclass) == (width > 1):
        if type(start) is getattr(sys.modules.get("sklearn.dummy"), "DummyClassifier", None) and (
                parts.get("n_outputs_") == 1 and parts.get("n_classes_") == max(width, 2)
                and is_array(parts.get("class_prior_"), 1)
                and len(parts["class_prior_"]) == max(width, 2)):
            return
        if width == 1 and parts.get("n_outputs_") == 1 and (
                type(start) is getattr(sys.modules.get("sklearn.dummy"), "DummyRegressor", None)):
            return
    # Arrays without elements fit one row only, others of a wrong shape one number of rows.
    for rows in (1, 2, 3):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                first = model._raw_predict_init(np.zeros((rows, n_features(own)), np.float32))
            shape = np.shape(first)
        except Exception:
            shape = ()
        require(shape == (rows, width), "what init_ of a boosting model predicts has another shape than "
                                        "its trees")


def check_isolation_forest(model: Any) -> None:
    own = vars(model)
    trees = own.get("estimators_")
    if trees is None:
        return
    chosen = own.get("estimators_features_")
    require(isinstance(trees, list) and isinstance(chosen, list) and len(trees) == len(chosen),
            "an isolation forest has not one list of features per tree")
    distinct(trees, len(trees))
    whole = own.get("_max_features") == n_features(own)
    for tree, columns in zip(trees, chosen):
        require(is_row(columns, "iu"), "the features of a tree are no integers")
        check_trees([tree], n_features(own) if whole else len(columns))


def check_histogram_boosting(model: Any) -> None:
    own = vars(model)
    predictors = own.get("_predictors")
    if predictors is None:
        return
    count = n_features(own)
    require(own.get("_n_features", count) == count, "_n_features is another number than n_features_in_")
    mapper = own.get("_bin_mapper")
    flags = None if mapper is None else vars(mapper).get("is_categorical_")
    categorical = np.zeros(count, dtype=bool)
    if flags is not None:
        require(is_array(flags, 1, "bu") and len(flags) == count,
                "is_categorical_ has not one entry per feature")
        categorical = flags.astype(bool)
    require(isinstance(predictors, list) and all(isinstance(row, list) for row in predictors),
            "the trees of a boosting model are no lists")
    rows = {id(row): row for row in predictors}.values()
    total = sum(map(len, predictors))
    require(total <= MOST_REPEATED or total == sum(map(len, rows)),
            "an ensemble repeats its trees too often")
    for iteration in rows:
        for predictor in distinct(iteration, len(iteration)):
            require(is_a(predictor, "sklearn.ensemble._hist_gradient_boosting.predictor",
                         "TreePredictor"), "a boosting model holds something else than its trees")
            nodes = predictor.nodes
            features = nodes["feature_idx"]  # of leaves it is 0
            require(in_range(features, 0, count), "a histogram tree splits on a feature out of range")
            if not in_range(nodes["is_categorical"], 0, 1):
                require(categorical[features[nodes["is_categorical"] != 0]].all(),
                        "a histogram tree looks for categories in a feature that has none")


def is_row(array: Any, kinds: str, length: int | None = None) -> bool:
    return is_array(array, 1, kinds) and (length is None or len(array) == length)


def check_libsvm(model: Any) -> None:
    own = vars(model)
    if "support_" not in own:
        return
    support, vectors, weights = own["support_"], own.get("support_vectors_"), own.get("_dual_coef_")
    require(is_row(support, "iu"), "support_ is no row of integers")
    count = len(support)
    one = is_a(model, "sklearn.svm._classes", "SVR") or is_a(
        model, "sklearn.svm._classes", "NuSVR") or is_a(model, "sklearn.svm._classes", "OneClassSVM")
    classes = 2 if one else len(own.get("classes_", ()))
    require(classes >= 2, "a support vector machine has fewer than two classes")
    pairs = classes * (classes - 1) // 2
    sizes = own.get("_n_support")
    require(is_row(sizes, "iu", classes), "_n_support has not one entry a class")
    require(one or ((sizes >= 0).all() and sizes.sum() == count),
            "_n_support does not add up to the support vectors")
    require(is_array(weights, 2, "f") or is_csr(weights), "_dual_coef_ is no matrix")
    # All entries of a sparse one are there, zeros too: they are read by their places.
    require((weights.shape == (classes - 1, count) or count == 0)
            and weights.data.nbytes >= (classes - 1) * count * weights.dtype.itemsize,
            "_dual_coef_ has not one column a support vector")
    require(is_row(own.get("_intercept_"), "f", pairs), "_intercept_ has not one entry per pair")
    for name in ("_probA", "_probB"):
        if name in own:
            require(is_row(own[name], "f") and len(own[name]) in (0, pairs),
                    f"{name} has not one entry per pair of classes")
    known = len(own.get("_probA", ()))
    require(known == len(own.get("_probB", ())), "_probA and _probB differ in length")
    wanted = own.get("probability", False)  # "deprecated" means False
    require(known or not own.get("_effective_probability") and (
        isinstance(wanted, str) or isinstance(wanted, (bool, np.bool_)) and not wanted),
            "a support vector machine has no _probA for its probabilities")
    fitted = own.get("shape_fit_")
    require(isinstance(fitted, tuple) and len(fitted) == 2
            and all(isinstance(extent, (int, np.integer)) for extent in fitted),
            "shape_fit_ is no shape")
    kernel = own.get("kernel")
    require(is_array(vectors, 2, "f") or is_csr(vectors), "support_vectors_ is no matrix")
    require(isinstance(kernel, str) or callable(kernel), "the kernel is no name and no function")
    if kernel == "precomputed" or callable(kernel):
        require(not own.get("_sparse"), "a sparse support vector machine has a kernel of its own")
        require(count == 0 or (support.min() >= 0 and support.max() < fitted[0]),
                "support_ points outside of the fitted samples")
        return
    require(vectors.shape == (count, n_features(own)),
            "support_vectors_ has not one row a support vector and one column a feature")


def check_threads(own: dict[str, Any]) -> None:
    threads = own.get("_n_threads", 1)
    require(isinstance(threads, (int, np.integer)) and 1 <= threads <= 4096,
            "_n_threads is no number of threads")


def check_centers(model: Any) -> None:
    own = vars(model)
    centers = own.get("cluster_centers_")
    if centers is None:
        return
    check_threads(own)
    count = n_features(own)

    def check(center: Any, rank: int) -> None:
        require(is_array(center, rank, "f") and len(center) and center.shape[-1] == count,
                "the centres of clusters have another number of features than the model")

    check(centers, 2)
    tree, seen = [own.get("_bisecting_tree")], 0
    while tree:
        node = tree.pop()
        if node is None:
            continue
        seen += 1
        require(seen <= 2 * len(centers), "a tree of clusters has more nodes than centres")
        parts = vars(node)
        check(parts.get("center"), 1)
        tree += [parts.get("left"), parts.get("right")]


def check_vocabulary(model: Any) -> None:
    vocabulary = vars(model).get("vocabulary_")
    if vocabulary:
        require(isinstance(vocabulary, dict), "a vocabulary is no dict")
        require(values_in_range(vocabulary),
                "a vocabulary's places are not those from 0 to its size")


def check_hashing(model: Any) -> None:
    count = vars(model).get("n_features", 1)
    require(isinstance(count, (int, np.integer)) and count >= 1, "n_features is no number above 0")


def check_cached_labels(model: Any) -> None:
    places = vars(model).get("_cached_dict")
    if places is None:  # made of these then
        classes = list(vars(model).get("classes_", ()))
        places = dict(zip(classes, range(len(classes))))
    require(isinstance(places, dict) and values_in_range(places),
            "the places of labels are not those from 0 to their number")


def in_order(categories: np.ndarray) -> bool:
    """Numbers are looked for by halving (all else in a dict): none may be beyond the last one."""
    return categories.dtype.kind in "OUSb" or not (categories[-1:] < categories).any()


def check_one_hot(model: Any) -> None:
    """Where the columns of the categories are: scikit-learn's matrix has no others, and looks at none."""
    own = vars(model)
    if "categories_" not in own or "_n_features_outs" not in own:
        return
    categories = own["categories_"]
    require(isinstance(categories, list) and all(
        type(row) is np.ndarray and row.ndim == 1 and in_order(row) for row in categories),
            "the categories of a feature are in no order")
    count = len(categories)
    dropped = own.get("_drop_idx_after_grouping", own.get("drop_idx_"))
    require(dropped is None or (is_array(dropped, 1, "iuO") and len(dropped) == count),
            "the dropped categories are not one a feature")
    rare = grouped = [None] * count
    if own.get("_infrequent_enabled"):
        rare, grouped = own.get("_infrequent_indices"), own.get("_default_to_infrequent_mappings")
        require(isinstance(rare, list) and isinstance(grouped, list) and len(rare) == count
                and len(grouped) == count, "infrequent categories are not one list a feature")
    widths = []
    for k, row in enumerate(categories):
        width = len(row)
        require((rare[k] is None) == (grouped[k] is None), "infrequent categories have no place")
        if rare[k] is not None:
            width -= len(rare[k]) - 1
            require(is_row(rare[k], "iu") and len(rare[k]) and in_range(rare[k], 0, len(row))
                    and is_row(grouped[k], "iu", len(row)) and in_range(grouped[k], 0, width),
                    "an infrequent category is out of range")
        drop = None if dropped is None else dropped[k]
        if drop is not None:
            require(isinstance(drop, (int, np.integer)) and 0 <= drop < width,
                    "a dropped category is out of range")
            width -= 1
        widths.append(width)
    require(isinstance(own["_n_features_outs"], list) and own["_n_features_outs"] == widths,
            "_n_features_outs does not say how many columns the categories make")


def check_metric(parameters: Any, count: int) -> None:
    """Compiled code takes norms that it is given for one a sample, and a matrix for one a feature."""
    parameters = parameters or {}
    require(isinstance(parameters, dict), "the parameters of a metric are no dict")
    require(not {"X_norm_squared", "Y_norm_squared"} & parameters.keys(),
            "the parameters of a metric hold norms of samples")
    require(parameters.get("VI") is None or np.shape(parameters["VI"]) == (count, count),
            "the matrix of a metric has not one row and column a feature")


def check_birch(model: Any) -> None:
    own = vars(model)
    if "_subcluster_norms" in own:
        require(is_array(own["_subcluster_norms"], 1, "f")
                and np.shape(own.get("subcluster_centers_"))[:1] == own["_subcluster_norms"].shape,
                "the norms of subclusters are not one a centre")


def check_neighbors(model: Any) -> None:
    own = vars(model)
    fitted = own.get("_fit_X")
    if fitted is None:
        return
    require(is_array(fitted, 2) or is_csr(fitted), "_fit_X is no matrix")
    rows = fitted.shape[0]
    require(own.get("n_samples_fit_") == rows, "n_samples_fit_ is not the number of rows of _fit_X")
    metric = own.get("metric")
    require(not isinstance(metric, np.ndarray), "the metric is an array")
    precomputed = isinstance(metric, str) and metric == "precomputed"
    require(fitted.shape[1] == n_features(own) and (not precomputed or fitted.shape[1] == rows),
            "_fit_X has another number of features than the model")
    for name in ("metric_params", "effective_metric_params_"):
        check_metric(own.get(name), fitted.shape[1])
    tree = own.get("_tree")
    require(tree is None or ((is_a(tree, "sklearn.neighbors._kd_tree", "KDTree")
                              or is_a(tree, "sklearn.neighbors._ball_tree", "BallTree"))
                             and tree.data.shape == fitted.shape),
            "the tree of neighbours is one of other samples")
    labels, classes = own.get("_y"), own.get("classes_")
    if labels is None:
        return
    require(type(labels) is np.ndarray and len(labels) == rows, "_y has not one entry a sample")
    if classes is None or labels.dtype.kind not in "iu" or labels.size == 0:
        return
    if isinstance(classes, list):
        require(labels.ndim == 2 and labels.shape[1] == len(classes),
                "_y has not one column an output")
        limits = np.array([len(part) for part in classes])
    else:
        limits = np.array(len(classes))
    require((labels >= 0).all() and (labels < limits).all(), "_y holds no places of classes")


def check_binary_tree(tree: Any) -> None:
    """KDTree and BallTree: a permutation of the rows, and ranges of it that nest."""
    data, order, nodes, bounds, *_, metric, weights = tree.__getstate__()
    n = len(data)
    require(n > 0 and data.ndim == 2 and bounds.ndim == 3
            and bounds.shape[1:] == (len(nodes), data.shape[1])
            and bounds.shape[0] == (2 if type(tree).__module__.endswith("_kd_tree") else 1),
            "the parts of a tree of neighbours differ in size")
    require(len(order) == n and permutes(order),
            "the order of a tree of neighbours is no permutation")
    begin, end = nodes["idx_start"], nodes["idx_end"]
    require(len(nodes) > 0 and in_range(begin, 0, n + 1) and in_range(end, 0, n + 1)
            and (begin <= end).all(), "a range of a tree of neighbours is out of range")
    # The children of node k are 2k + 1 and 2k + 2.
    require(in_range(nodes["is_leaf"][max(0, (len(nodes) - 1) // 2):], 1, 2),
            "a node of a tree of neighbours has children out of range")
    require(weights is None or np.shape(weights) == (n,),
            "the weights of a tree of neighbours are not one a sample")
    require(metric is not None, "a tree of neighbours has no metric")
    _, scales, inverse = metric.__getstate__()[:3]
    kind, width = type(metric).__name__, data.shape[1]
    require((not kind.startswith("SEuclidean") or scales.shape == (width,))
            and (not kind.startswith("Minkowski") or scales.size in (0, width))
            and (not kind.startswith("WMinkowski") or scales.shape == (width,))
            and (not kind.startswith("Mahalanobis") or inverse.shape == (width, width))
            and (not kind.startswith("Haversine") or width == 2),
            "the metric of a tree of neighbours is one of another number of features")


CHECKS = {
    "sklearn.base.BaseEstimator": check_attributes,
    "sklearn._loss.loss.BaseLoss": check_attributes,
    "sklearn._loss.link.BaseLink": check_attributes,
    "sklearn.tree._classes.BaseDecisionTree": check_tree,
    "sklearn.ensemble._forest.BaseForest": check_forest,
    "sklearn.ensemble._gb.BaseGradientBoosting": check_gradient_boosting,
    "sklearn.ensemble._iforest.IsolationForest": check_isolation_forest,
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.BaseHistGradientBoosting":
        check_histogram_boosting,
    "sklearn.svm._base.BaseLibSVM": check_libsvm,
    "sklearn.cluster._kmeans._BaseKMeans": check_centers,
    "sklearn.feature_extraction.text.CountVectorizer": check_vocabulary,
    "sklearn.feature_extraction.text.HashingVectorizer": check_hashing,
    "sklearn.feature_extraction._hash.FeatureHasher": check_hashing,
    "sklearn.feature_extraction._dict_vectorizer.DictVectorizer": check_vocabulary,
    "sklearn.preprocessing._encoders.OneHotEncoder": check_one_hot,
    "sklearn.preprocessing._label.MultiLabelBinarizer": check_cached_labels,
    "sklearn.cluster._birch.Birch": check_birch,
    "sklearn.neighbors._base.NeighborsBase": check_neighbors,
    "sklearn.neighbors._kd_tree.KDTree": check_binary_tree,
    "sklearn.neighbors._kd_tree.KDTree64": check_binary_tree,
    "sklearn.neighbors._kd_tree.KDTree32": check_binary_tree,
    "sklearn.neighbors._ball_tree.BallTree": check_binary_tree,
    "sklearn.neighbors._ball_tree.BallTree64": check_binary_tree,
    "sklearn.neighbors._ball_tree.BallTree32": check_binary_tree,
}
