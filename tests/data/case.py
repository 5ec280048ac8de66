"""What a row of the table is."""

import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Case:
    name: str                     # folder name: Estimator-variant
    make: typing.Callable         # -> unfitted estimator
    data: str                     # a function of datasets.py
    since: tuple = (1, 0)         # scikit-learn versions that have it
    until: tuple = (99, 0)
    skip: tuple = ()              # methods that are left out (with the reason beside the row)
    tolerance: tuple = (1e-9, 1e-12)  # relative, absolute
    prepare: typing.Callable = None   # (X) -> X to fit and to ask, for steps that are fitted on a slice
