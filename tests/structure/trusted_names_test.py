"""The declared names against what the installed skops trusts: every difference is listed here.

Needs scikit-learn and skops; without them the test says so and passes as skipped (77).
"""

import json
import pathlib
import sys

try:
    from skops.io import _sklearn, _trusted_types as trusted
except ImportError:
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]


def declared(use):
    found = set()
    for path in (ROOT / "plugins").glob("*/declarations.json"):
        for group in json.loads(path.read_text())["types"]:
            if group["trust"] == "default" and use in group["uses"]:
                found |= {f"{m}.{n}" for m in group["modules"] for n in group["names"]}
    return found


RELEASED = {
    "object": trusted.SKLEARN_ESTIMATOR_TYPE_NAMES + trusted.SKLEARN_INTERNAL_TYPE_NAMES,
    "function": trusted.NUMPY_UFUNC_TYPE_NAMES + trusted.SCIPY_UFUNC_TYPE_NAMES,
    "function0": trusted.SCIPY_UFUNC_TYPE_NAMES,
    "type": (trusted.PRIMITIVE_TYPE_NAMES + trusted.CONTAINER_TYPE_NAMES
             + trusted.NUMPY_DTYPE_TYPE_NAMES),
    "array": trusted.NUMPY_DTYPE_TYPE_NAMES + ["numpy.ndarray"],
    "bit_generator": trusted.NUMPY_RANDOM_BIT_GENERATOR_TYPE_NAMES,
    "loss": [f"{c.__module__}.{c.__name__}" for c in _sklearn.ALLOWED_LOSSES],
}

failures = 0
for use, names in RELEASED.items():
    for name in sorted(set(names) - declared(use)):
        print(f"skops trusts {name} as {use}, no plugin declares it")
        failures += 1

# What is trusted here beyond skops, for the scikit-learn that is installed.
EXTRA_OBJECTS = {"sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"}
present = {n for n in declared("object") - set(RELEASED["object"])
           if hasattr(sys.modules.get(n.rpartition(".")[0]), n.rpartition(".")[2])
           and sys.modules[n.rpartition(".")[0]].__dict__[n.rpartition(".")[2]].__module__
           == n.rpartition(".")[0]}
if present != EXTRA_OBJECTS:
    print("trusted beyond skops:", sorted(present ^ EXTRA_OBJECTS))
    failures += 1
sys.exit(1 if failures else 0)
