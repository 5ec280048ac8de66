"""The models that are timed: name -> fitted scikit-learn estimator, rows to ask, method.

Rows are float64 whose values float32 can hold, so that a peer that computes in float32 walks the
same branches. `scale` below 1 makes everything smaller, for the test that runs the benchmark.
"""

import dataclasses
import itertools

import numpy as np
from sklearn.datasets import make_classification
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC


@dataclasses.dataclass
class Workload:
    name: str
    model: object
    rows: object       # array, or list of texts
    method: str        # the method that is timed
    fitted: tuple      # (X, y), for peers that can only train anew

    def single(self, count):
        """The first `count` rows, each as the input of one call."""
        return [self.rows[index:index + 1] for index in range(count)]


def _split(x, y, asked):
    x = x.astype(np.float32).astype(np.float64)
    return x[:-asked], y[:-asked], np.ascontiguousarray(x[-asked:])


def _blobs(fitted, asked, features, informative, seed=0, **more):
    x, y = make_classification(fitted + asked, features, n_informative=informative,
                               random_state=seed, **more)
    return _split(x, y, asked)


def forest(scale, asked):
    """100 trees of unlimited depth, 20 features: a file of about 27 MB."""
    x, y, rows = _blobs(int(15_800 * scale), asked, 20, 10, flip_y=0.12, n_redundant=4)
    model = RandomForestClassifier(100, random_state=0, n_jobs=1).fit(x, y)
    return Workload("RandomForest 100", model, rows, "predict_proba", (x, y))


def histogram_boosting(scale, asked):
    x, y, rows = _blobs(int(20_000 * scale), asked, 20, 12, flip_y=0.05)
    model = HistGradientBoostingClassifier(max_iter=100, random_state=0).fit(x, y)
    return Workload("HistGradientBoosting 100", model, rows, "predict_proba", (x, y))


def logistic(scale, asked):
    x, y, rows = _blobs(int(4_000 * scale), asked, 1000, 50)
    model = LogisticRegression(C=0.01, tol=1e-8, max_iter=2000).fit(x, y)
    return Workload("LogisticRegression 1000", model, rows, "predict_proba", (x, y))


def kernel_machine(scale, asked):
    """About 1,800 support vectors of 20 features."""
    x, y, rows = _blobs(int(3_700 * scale), asked, 20, 10, flip_y=0.1, class_sep=0.55)
    model = SVC(tol=1e-6).fit(x, y)
    return Workload("SVC RBF", model, rows, "decision_function", (x, y))


def _documents(count, vocabulary, seed=0):
    """Sentences of made-up words whose frequencies fall as in natural language, in two topics."""
    random = np.random.RandomState(seed)
    syllables = ["".join(pair) for pair in itertools.product("bdfgklmnprstv", "aeiou")]
    words = np.array(["".join(random.choice(syllables, size=2 + index % 3)) + str(index % 7)[:index % 2]
                      for index in range(vocabulary)])
    topics = random.randint(0, 2, count)
    documents = []
    for topic in topics:
        length = random.randint(30, 120)
        ranks = (random.pareto(0.55, length) * 8).astype(np.int64)
        ranks = (ranks * 2 + (topic if random.random_sample() < 0.9 else 1 - topic)) % vocabulary
        chosen = words[ranks]
        chosen[::11] = np.char.capitalize(chosen[::11].astype(str))
        documents.append(" ".join(chosen) + ".")
    return documents, topics


def text(scale, asked):
    """About 25,000 terms."""
    documents, topics = _documents(int(17_000 * scale) + asked, int(36_000 * min(1.0, scale * 4)))
    model = make_pipeline(TfidfVectorizer(), LogisticRegression(tol=1e-8, max_iter=2000))
    fitted, y = documents[:-asked], topics[:-asked]
    return Workload("TF-IDF + LogisticRegression", model.fit(fitted, y), documents[-asked:],
                    "predict_proba", (fitted, y))


WORKLOADS = {"forest": forest, "histogram_boosting": histogram_boosting, "logistic": logistic,
             "kernel_machine": kernel_machine, "text": text}
