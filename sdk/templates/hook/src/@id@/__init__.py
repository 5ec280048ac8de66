"""To do: what @id@ is for."""

import re

__all__ = ["Matcher"]


class Matcher:
    """Says which texts a regular expression finds something in."""

    def __init__(self, pattern, flags=0):
        self.compiled_ = re.compile(pattern, flags)

    def predict(self, texts):
        return [self.compiled_.search(text) is not None for text in texts]
