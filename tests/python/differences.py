"""Where libskops and the installed scikit-learn are known to differ: (cases, kinds of input, reason).
Each is expected to fail, and the test says so when it no longer does.
"""

# pandas' and Arrow's tables have no None beside NaN: both stand for whichever the encoder knows.
NO_NONE = "in tables None and NaN are one missing value"
# scikit-learn takes a list of lists as objects there.
IN_ORDER = "arrays are taken in the order of the fitted columns"
TIES = "ties among neighbours"
LISTS = "numbers in lists are numbers, not objects"

DIFFERENCES = [
    # Refused by libskops, where scikit-learn computes with NaN or answers with nothing.
    ("Lasso-default", ["csr-no-rows", "csr-nan"], "sparse input is checked like dense input"),
    ("ElasticNet-default", ["csr-no-rows", "csr-nan"], "sparse input is checked like dense input"),
    # Entries of a matrix with duplicates are summed before a function is applied.
    *[(case, ["csr-duplicated"], "duplicate entries are one value") for case in (
        "PolynomialFeatures-default", "FunctionTransformer-log1p", "DecisionTree*", "RandomForest*",
        "ExtraTree*", "GradientBoosting*", "IsolationForest-default", "RandomizedSearchCV-forest",
        "VotingRegressor-default", "BaggingClassifier-trees", "BaggingRegressor-trees")],
    ("PolynomialFeatures-default", ["csr-unsorted"], "scikit-learn loses products of such rows"),
    *[(f"GradientBoostingClassifier-{case}", ["one-row", "one-row-list", "frame-one-row"],
       "staged predictions of one row have one dimension")
      for case in ("binary", "exponential", "zero-init-binary", "sparse", "subsample-early")],
    ("TfidfVectorizer-default", ["no-texts"], "no documents give no rows"),
    ("HashingVectorizer-default", ["no-texts"], "no documents give no rows"),
    ("FeatureUnion-sparse", ["no-texts"], "no documents give no rows"),
    # Which of equally distant neighbours comes first depends on the path that scikit-learn takes.
    ("KNeighborsClassifier-brute", ["float32", "int64", "int32", "int8", "uint8", "uint64",
                                    "big-endian", "csr-float32", "csr-int", "csr-long",
                                    "csr-duplicated", "frame-float32"], TIES),
    ("KNeighborsClassifier-manhattan-brute", ["float32", "object"], TIES),
    ("KNeighborsClassifier-canberra", ["float32", "object", "csr"], TIES),
    ("KNeighborsClassifier-many-brute", ["float32", "object"], TIES),
    ("KNeighborsClassifier-braycurtis*", ["object"], TIES),
    ("KNeighborsClassifier-precomputed-graph", ["float32", "object", "fortran", "reversed", "lists",
                                                "one-row"], TIES),
    ("KNeighborsClassifier-float32-brute", ["object", "lists", "frame"], TIES),
    ("KNeighborsRegressor-brute", ["float32"], TIES),
    ("FunctionTransformer-log1p", ["lil"], "every sparse format is read as CSR"),
    ("FunctionTransformer-log1p", ["int8", "uint8", "bool"], "float16 results are not made"),
    ("FunctionTransformer-log1p", ["complex", "three-dimensions", "scalar"],
     "inputs are matrices of real numbers"),
    ("FunctionTransformer-log1p", ["frame-nullable", "frame-nullable-missing", "frame-mixed",
                                   "frame-sparse", "arrow-mixed"],
     "columns of several types become one array before a function is applied"),
    ("FunctionTransformer-identity", ["lists"], "the result is an array"),
    ("FeatureUnion-weights", ["object"], "weights of objects"),
    ("FeatureUnion-sparse", ["generator"], "a generator is read once, for all parts of a union"),
    *[(f"ColumnTransformer-{case}", ["own-array"], IN_ORDER)
      for case in ("names", "passthrough", "selector", "sparse-threshold", "text")],
    ("Pipeline-columns-*", ["own-array"], IN_ORDER),
    ("ColumnTransformer-[is]*", ["lists", "tuples", "list-of-arrays", "one-row-list"], LISTS),
    ("ColumnTransformer-indices", ["frame-nullable-missing"], "pandas.NA is NaN"),
    ("SelectKBest-f-classif", ["big-endian"], "results have this machine's byte order"),
    ("Dummy*", ["complex", "three-dimensions", "ragged"], "scikit-learn does not look at the data"),
    ("Binarizer-default", ["big-endian"], "results have this machine's byte order"),
    ("SimpleImputer-marked", ["object"], "the statistics of whole numbers are floats"),
    ("SimpleImputer-strings", ["objects-arrow", "objects-dictionary-arrow"], NO_NONE),
    ("OneHotEncoder-none", ["objects-frame"], NO_NONE),
    ("OrdinalEncoder-none", ["objects-frame"], NO_NONE),
    ("OneHotEncoder-drop-if-binary", ["frame-sparse"], "sparse columns as categories"),
    ("OrdinalEncoder-int32", ["frame-sparse"], "sparse columns as categories"),
]
