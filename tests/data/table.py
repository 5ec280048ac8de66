"""The cases: estimator x parameters x data set. generate.py writes each under every scikit-learn
version that has it; adding a row here and running `generate` is all that a new case needs.
"""

from case import Case
import table_linear
import table_meta
import table_neighbors
import table_preprocessing
import table_text
import table_trees

CASES = (table_linear.CASES + table_trees.CASES + table_neighbors.CASES
         + table_preprocessing.CASES + table_text.CASES + table_meta.CASES)

_names = [case.name for case in CASES]
assert len(set(_names)) == len(_names), [n for n in _names if _names.count(n) > 1]
__all__ = ["CASES", "Case"]
