"""The Python side: the class as its users know it. The native code must agree with this one."""

import numpy as np
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.utils.validation import validate_data


class MadDetector(OutlierMixin, BaseEstimator):
    """Rows far from the medians, measured in median absolute deviations, are outliers."""

    def __init__(self, threshold=3.5):
        self.threshold = threshold

    def fit(self, X, y=None):
        X = validate_data(self, X, dtype=np.float64)
        self.center_ = np.median(X, axis=0)
        scale = 1.4826 * np.median(np.abs(X - self.center_), axis=0)
        self.scale_ = np.where(scale > 0, scale, 1.0)
        return self

    def score_samples(self, X):
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return -np.max(np.abs(X - self.center_) / self.scale_, axis=1)

    def decision_function(self, X):
        return self.score_samples(X) + self.threshold

    def predict(self, X):
        return np.where(self.decision_function(X) >= 0, 1, -1)
