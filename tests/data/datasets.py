"""Small data sets for the cases of table.py: name -> (X to fit, y to fit, X to ask).

Rows to ask hold edge values: rows of the training set, values exactly on split thresholds (training
values are multiples of 1/4, so thresholds are multiples of 1/8), far-away values, zeros of both
signs, ties, missing values and unseen categories where the estimator takes them.
"""

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.spatial.distance import cdist

ROWS = 90
ASKED = 14


def _numbers(features=5, seed=0, rows=ROWS):
    random = np.random.RandomState(seed)
    return np.round(random.standard_normal((rows, features)) * 8) / 4


def _asked(fitted, seed=1):
    random = np.random.RandomState(seed)
    columns = fitted.shape[1]
    rows = [fitted[:4], np.round(random.standard_normal((5, columns)) * 16) / 8,
            random.standard_normal((2, columns)), np.zeros((1, columns)),
            np.full((1, columns), -0.0), np.full((1, columns), 40.0)]
    return np.vstack(rows)[:ASKED]


def _score(fitted):
    return fitted[:, 0] + 0.7 * fitted[:, 1] ** 2 - fitted[:, 2] * fitted[:, 3]


def _labels(fitted, classes):
    score = _score(fitted)
    return np.searchsorted(np.quantile(score, np.arange(1, classes) / classes), score)


def binary():
    x = _numbers()
    return x, _labels(x, 2), _asked(x)


def three():
    x = _numbers()
    return x, _labels(x, 3), _asked(x)


def odd_labels():
    """Integers that are not 0, 1, …"""
    x = _numbers()
    return x, np.array([-7, 3, 100])[_labels(x, 3)], _asked(x)


def bool_labels():
    x = _numbers()
    return x, _labels(x, 2) == 1, _asked(x)


def binary_strings():
    x = _numbers()
    return x, np.array(["nein", "ja"])[_labels(x, 2)], _asked(x)


def three_strings():
    x = _numbers()
    return x, np.array(["rot", "grün", "blau"])[_labels(x, 3)], _asked(x)


def object_labels():
    x = _numbers()
    return x, np.array(["rot", "grün", "blau"], dtype=object)[_labels(x, 3)], _asked(x)


def three_float32():
    x, y, asked = three()
    return x.astype(np.float32), y, asked.astype(np.float32)


def binary_float32():
    x, y, asked = binary()
    return x.astype(np.float32), y, asked.astype(np.float32)


def three_integers():
    x = (_numbers() * 4).astype(np.int64)
    return x, _labels(x / 4, 3), (_asked(x / 4) * 4).astype(np.int64)


def two_outputs():
    """Two class targets."""
    x = _numbers()
    return x, np.column_stack([_labels(x, 2), _labels(x[:, ::-1], 3)]), _asked(x)


def two_string_outputs():
    x = _numbers()
    names = np.array(["a", "bb", "ccc"])
    return x, np.column_stack([names[_labels(x, 2)], names[_labels(x[:, ::-1], 3)]]), _asked(x)


def multilabel():
    x = _numbers()
    y = np.column_stack([_labels(x, 2), _labels(x[:, ::-1], 2), (x[:, 0] > 0).astype(int)])
    return x, y, _asked(x)


def regression():
    x = _numbers()
    return x, _score(x) + 0.1, _asked(x)


def regression_two():
    x = _numbers()
    return x, np.column_stack([_score(x), x[:, 0] - 2 * x[:, 4] + 3]), _asked(x)


def regression_float32():
    x, y, asked = regression()
    return x.astype(np.float32), y.astype(np.float32), asked.astype(np.float32)


def regression_integers():
    x, y, asked = regression()
    return (x * 4).astype(np.int32), y, (asked * 4).astype(np.int32)


def regression_fortran():
    x, y, asked = regression()
    return np.asfortranarray(x), y, asked


def regression_frame():
    x, y, asked = regression()
    names = ["height", "width", "depth", "mass", "größe"]
    return pd.DataFrame(x, columns=names), y, pd.DataFrame(asked, columns=names)


def three_frame():
    x, y, asked = three()
    names = ["height", "width", "depth", "mass", "größe"]
    return pd.DataFrame(x, columns=names), y, pd.DataFrame(asked, columns=names)


def positive():
    """Counts: for Poisson and gamma losses."""
    x = _numbers()
    return x, np.floor(np.exp(x[:, 0] / 2)) + 1.0, _asked(x)


def _holes(x, seed):
    x = x.copy()
    x[np.random.RandomState(seed).random_sample(x.shape) < 0.15] = np.nan
    return x


def binary_missing():
    x, y, asked = binary()
    asked = _holes(asked, 3)
    asked[0] = np.nan
    return _holes(x, 2), y, asked


def three_missing():
    x, y, asked = three()
    asked = _holes(asked, 3)
    asked[0] = np.nan
    return _holes(x, 2), y, asked


def regression_missing():
    x, y, asked = regression()
    asked = _holes(asked, 3)
    asked[0] = np.nan
    return _holes(x, 2), y, asked


def missing_at_prediction_only():
    """Nothing missing while fitting: a tree must still know which way a missing value goes."""
    x, y, asked = three()
    return x, y, _holes(asked, 3)


def missing_float32():
    x, y, asked = binary_missing()
    return x.astype(np.float32), y, asked.astype(np.float32)


def missing_column():
    """A column without any value, and integers that stand for missing."""
    x, y, asked = regression_missing()
    x[:, 2] = np.nan
    return x, y, asked


def missing_marked():
    x = np.abs(_numbers() * 4).astype(np.int64)
    x[::7, 1] = -1
    asked = x[:ASKED].copy()
    asked[2] = -1
    return x, _labels(x / 4, 2), asked


def _category_codes(missing=False):
    x, y, asked = binary()
    for part, seed in ((x, 4), (asked, 5)):
        random = np.random.RandomState(seed)
        part[:, 1] = random.randint(0, 7, len(part))
        part[:, 3] = random.randint(0, 3, len(part))
    asked[0, 1] = 11  # never seen
    asked[1, 3] = np.nan
    if missing:
        x[::9, 1] = np.nan
    return x, y, asked


def category_codes():
    """Columns 1 and 3 are categories by number."""
    return _category_codes()


def category_codes_missing():
    return _category_codes(missing=True)


TOWNS = np.array(["Bern", "Genève", "Zürich", "Basel", "Chur", "Āgra"], dtype=object)
SIZES = np.array(["small", "medium", "large"], dtype=object)


def _towns(rows, seed):
    random = np.random.RandomState(seed)
    return pd.DataFrame({"town": TOWNS[np.minimum(random.poisson(1.3, rows), 5)],
                         "size": SIZES[random.randint(0, 3, rows)],
                         "floor": random.randint(0, 4, rows)})


def words():
    """Strings in an object array, all of them known."""
    frame = _towns(ROWS, 6)[["town", "size"]]
    y = (frame["town"] == "Bern").to_numpy().astype(int)
    return frame.to_numpy(dtype=object), y, frame.to_numpy(dtype=object)[:ASKED]


def words_unknown():
    x, y, asked = words()
    asked = asked.copy()
    asked[1, 0] = "Atlantis"
    asked[2] = ["", "LARGE"]
    return x, y, asked


def words_missing():
    """None among strings."""
    x, y, asked = words_unknown()
    x = x.copy()
    x[::8, 1] = None
    asked[3, 1] = None
    return x, y, asked


def words_nan():
    """NaN among strings."""
    x, y, asked = words_unknown()
    x = x.copy()
    x[::8, 1] = np.nan
    asked[3, 1] = np.nan
    return x, y, asked


def words_known_missing():
    """None among strings, and nothing unseen."""
    x, y, asked = words()
    x, asked = x.copy(), asked.copy()
    x[::8, 1] = None
    asked[3, 1] = None
    return x, y, asked


def words_fixed_width():
    x, y, asked = words()
    return x.astype("U8"), y, asked.astype("U8")


def words_frame():
    frame = _towns(ROWS, 6)
    asked = _towns(ASKED, 7)
    return frame, (frame["floor"] > 1).to_numpy().astype(int), asked


def words_frame_unknown():
    frame, y, asked = words_frame()
    asked.loc[0, "town"] = "Atlantis"
    asked.loc[1, "floor"] = 99
    return frame, y, asked


def integers_as_categories():
    random = np.random.RandomState(8)
    x = random.randint(-3, 4, (ROWS, 3))
    return x, (x[:, 0] > 0).astype(int), x[:ASKED]


def floats_as_categories():
    """NaN is a category of its own."""
    x = np.random.RandomState(9).randint(0, 4, (ROWS, 2)) / 2.0
    x[::10, 1] = np.nan
    asked = x[:ASKED].copy()
    asked[0, 0] = 77.5
    return x, (x[:, 0] > 0).astype(int), asked


def bools_as_categories():
    x = np.random.RandomState(10).randint(0, 2, (ROWS, 2)).astype(bool)
    return x, x[:, 0].astype(int), x[:ASKED]


def mixed_frame():
    """Numbers with holes and strings with holes, as people's tables are."""
    def frame(rows, seed):
        towns = _towns(rows, seed)
        random = np.random.RandomState(seed + 50)
        towns["age"] = np.where(random.random_sample(rows) < 0.2, np.nan,
                                random.randint(18, 90, rows).astype(float))
        towns["income"] = np.round(random.lognormal(8, 1, rows), 2)
        towns.loc[::11, "size"] = None
        return towns
    fitted, asked = frame(ROWS, 11), frame(ASKED, 12)
    asked.loc[0, "town"] = "Atlantis"
    y = np.where(fitted["income"] > 3000, "rich", "poor")
    return fitted, y, asked


def category_frame():
    """pandas' own categories, with one in the data to ask that was never seen."""
    fitted, asked = _towns(ROWS, 13), _towns(ASKED, 14)
    fitted["x"] = _numbers(1, 15)[:, 0]
    asked["x"] = _numbers(1, 16)[:ASKED, 0]
    for frame in (fitted, asked):
        for column in ("town", "size"):
            frame[column] = pd.Categorical(frame[column], categories=sorted(set(frame[column])))
    return fitted, (fitted["x"] > fitted["floor"] - 1.5).to_numpy().astype(int), asked


def _sparse(dtype=np.float64):
    random = np.random.RandomState(17)
    def make(rows):
        x = np.round(random.standard_normal((rows, 12)) * 8) / 4
        x[random.random_sample(x.shape) < 0.75] = 0
        return x.astype(dtype)
    x, asked = make(ROWS), make(ASKED)
    asked[0] = 0
    return sp.csr_matrix(x), _labels(x, 3), sp.csr_matrix(asked)


def sparse():
    return _sparse()


def _rows_apart(rows, seed, zeros=0.0):
    """Rows of unrounded numbers, none of them empty: see `three_apart`."""
    random = np.random.RandomState(seed)
    x = random.standard_normal((rows + ASKED, 12 if zeros else 5))
    x[random.random_sample(x.shape) < zeros] = 0
    x[:, 0] += 4
    fitted, asked = x[:rows], x[rows:]
    asked[:2] = fitted[:2]
    for metric in ("euclidean", "cosine"):
        gaps = np.diff(np.sort(cdist(asked, fitted, metric), axis=1), axis=1)
        assert gaps.min() > 1e-9, "two distances are equal"
    return fitted, asked


def three_apart():
    """No row has two neighbours at the same distance. Where scikit-learn leaves the choice among
    equal distances to numpy's argpartition and argsort (metrics that ArgKmin has no code for, two
    sparse matrices), the processor decides: numpy has its own sorts for AVX2 and AVX-512."""
    fitted, asked = _rows_apart(ROWS, 20)
    return fitted, _labels(fitted, 3), asked


def three_apart_single():
    """float32 as it is fitted and asked."""
    fitted, y, asked = three_apart()
    return fitted.astype(np.float32), y, asked.astype(np.float32)


def three_apart_asked_single():
    """float32 only as it is asked."""
    fitted, y, asked = three_apart()
    return fitted, y, asked.astype(np.float32)


def three_apart_asked_sparse():
    """Without the rows that were fitted: how far their distance is from 0 depends on the processor,
    as the norms of dense rows are BLAS's."""
    fitted, y, asked = three_apart()
    return fitted, y, sp.csr_matrix(asked[2:])


def distances():
    fitted, y, asked = three_apart()
    fitted, y = fitted[:40], y[:40]
    return cdist(fitted, fitted), y, cdist(asked, fitted)


def distance_graph():
    """Each row's 8 nearest."""
    def graph(rows):
        kept = np.sort(rows, axis=1)[:, 7:8]
        # A stored 0 counts as a neighbour, so that a row's distance to itself must not get lost.
        near = rows <= kept
        return sp.csr_matrix((rows[near], np.nonzero(near)[1],
                              np.append(0, near.sum(axis=1).cumsum())), shape=rows.shape)
    fitted, y, asked = distances()
    return graph(fitted), y, graph(asked)


def three_far():
    """Rows to ask so far away that every class's probability is 0, or all but one."""
    x, y, asked = three()
    return x, y, asked * 1e6


def sparse_apart():
    """As `three_apart`."""
    fitted, asked = _rows_apart(ROWS, 22, zeros=0.5)
    return sp.csr_matrix(fitted), _labels(fitted, 3), sp.csr_matrix(asked)


def sparse_regression_apart():
    """As `three_apart`."""
    x, _, asked = sparse_apart()
    return x, _score(x.toarray()), asked


def sparse_float32():
    return _sparse(np.float32)


def sparse_binary():
    x, y, asked = _sparse()
    return x, (y > 0).astype(int), asked


def sparse_strings():
    x, y, asked = _sparse()
    return x, np.array(["rot", "grün", "blau"])[y], asked


def sparse_regression():
    x, _, asked = _sparse()
    return x, _score(x.toarray()), asked


def sparse_regression_two():
    x, _, asked = _sparse()
    dense = x.toarray()
    return x, np.column_stack([_score(dense), dense[:, 5] + 1]), asked


def sparse_counts():
    x, y, asked = _sparse()
    return abs(x), y, abs(asked)


def counts():
    x = np.random.RandomState(18).poisson(1.0, (ROWS, 6))
    return x, np.arange(ROWS) % 3, x[:ASKED] * 2


def binary_features():
    """Zeros and ones, as BernoulliNB(binarize=None) wants them."""
    x, y, asked = three()
    return (x > 0).astype(float), y, (asked > 0).astype(float)


def unit_interval():
    """For logarithms, roots and logits."""
    random = np.random.RandomState(19)
    x = random.randint(1, 64, (ROWS, 4)) / 64.0
    return x, _labels(np.hstack([x, x]), 2), random.randint(1, 64, (ASKED, 4)) / 64.0


def constant_column():
    """One column never changes, one is tiny: scales that must not become zero."""
    x = _numbers()
    x[:, 1] = 3.25
    x[:, 2] *= 1e-9
    asked = _asked(x)
    return x, _labels(_numbers(), 2), asked


def wide():
    x = _numbers(14, 20, 40)
    return x, _labels(x, 3), _asked(x)


def labels_integer():
    y = np.array([4, 9, -2, 4, 7, 9])
    return y, None, np.array([9, 9, -2, 7, 4])


def labels_string():
    y = np.array(["rot", "grün", "blau", "rot"])
    return y, None, np.array(["blau", "rot", "rot", "grün"])


def labels_object():
    y = np.array(["rot", "grün", "blau", "rot"], dtype=object)
    return y, None, np.array(["blau", "rot", "rot", "grün"], dtype=object)


def labels_float():
    y = np.array([0.5, 2.0, -1.0])
    return y, None, np.array([2.0, 0.5, 0.5, -1.0])


def labels_bool():
    y = np.array([True, False, True])
    return y, None, np.array([False, True, True])


def labels_two_strings():
    y = np.array(["nein", "ja", "ja"])
    return y, None, np.array(["ja", "nein", "nein", "ja"])


def labels_unseen():
    """A label that was not fitted: a row of zeros in LabelBinarizer."""
    y = np.array([1, 2, 6, 4])
    return y, None, np.array([6, 5, 1])


DOCUMENTS = [
    "The cat sat on the mat. The mat was flat!",
    "Dogs and cats: living together; mass hysteria",
    "Straße, STRASSE, straße — naïve café, CAFÉ, Ångström",
    "3 apples, 12 pears & 7_underscored names in v2.0",
    "x y z a b c",
    "the THE The tHe",
    "don't stop; can't won't it's o'clock",
    "日本語 テキスト と English mixed",
    "Привет мир, привет кошки",
    "emoji 😀 inside a sentence 😀😀",
    "tabs\tand\nnew lines\r\nand  double  spaces",
    "numbers 1234567890 and 1e-5 and 0x1F",
    "punctuation... only?! --- (nothing) [else] {here}",
    "İstanbul ıspanak ΣΊΣΥΦΟΣ ﬁne ligature",
    "cat dog cat dog cat dog bird",
    "repeat repeat repeat repeat repeat",
]
ASKED_DOCUMENTS = [
    "The cat and the dog sat together", "", "unknownword", "STRASSE straße café cafe café",
    "cat cat cat repeat", "😀", "привет КОШКИ", "a b c", "the_underscored 7_underscored",
    "日本語 mixed ΣΊΣΥΦΟΣ σίσυφος", "new\u00a0lines\u2003spaces", "it's o'clock can't",
    "İSTANBUL ﬁne FINE",
]


def documents():
    return DOCUMENTS, np.arange(len(DOCUMENTS)) % 2, ASKED_DOCUMENTS


def documents_three():
    return DOCUMENTS, np.array(["a", "b", "c"])[np.arange(len(DOCUMENTS)) % 3], ASKED_DOCUMENTS


def text_frame():
    """A column of texts beside a column of numbers."""
    fitted = pd.DataFrame({"text": DOCUMENTS, "length": [float(len(d)) for d in DOCUMENTS]})
    asked = pd.DataFrame({"text": ASKED_DOCUMENTS,
                          "length": [float(len(d)) for d in ASKED_DOCUMENTS]})
    return fitted, np.arange(len(DOCUMENTS)) % 2, asked
