"""What a process and a call cost. Limits leave room for slow and busy machines; the figures are printed
with `pytest -s`.
"""

import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import skops.io
from sklearn.linear_model import LinearRegression

import libskops
from files import written

COLD = """
import libskops, sys
model = libskops.Model.load(sys.argv[1])
model.predict([[1, 2, 3, 4.0]])
"""


def test_cold_start(tmp_path):
    path = tmp_path / "model.skops"
    path.write_bytes(written("pipeline"))
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    whole, processor = [], []
    for _ in range(7):
        before, start = used(), time.perf_counter()
        subprocess.run([sys.executable, "-c", COLD, path], check=True)
        whole.append(time.perf_counter() - start)
        processor.append(used() - before)
    print(f"cold process {min(whole):.3f} s, {min(processor):.3f} s of the processor")
    assert min(processor) <= 0.25  # the time on the clock is that of the whole machine


def microseconds(call, rounds=3000):
    best = float("inf")
    for _ in range(7):
        start = time.perf_counter()
        for _ in range(rounds):
            call()
        best = min(best, (time.perf_counter() - start) / rounds)
    return best * 1e6


ROW = np.arange(16.0)[None] / 7
FRAME = pd.DataFrame(ROW, columns=[f"column_{k}" for k in range(16)])
FRAMES = [FRAME + k for k in range(4)]
MIXED = FRAME.assign(column_3=np.int64(3), column_9=np.float32(1))
FORMS = {
    "array": (ROW, 5),
    "float32 array": (ROW.astype(np.float32), 5),
    "list": (ROW.tolist(), 15),
    "data frame": (FRAME, 25),
    "mixed data frame": (MIXED, 60),
    "dict of arrays": ({name: FRAME[name].to_numpy() for name in FRAME}, 25),
    "Arrow table": (pa.Table.from_pandas(FRAME), 200),
    "Arrow batch": (pa.Table.from_pandas(FRAME).to_batches()[0], 200),
}


@pytest.mark.parametrize("form", FORMS)
def test_one_row(form):
    fit = np.random.RandomState(0).standard_normal((50, 16))
    estimator = LinearRegression().fit(pd.DataFrame(fit, columns=FRAME.columns), fit[:, 0])
    model = libskops.Model.load(skops.io.dumps(estimator))
    x, limit = FORMS[form]
    predict = model.predict
    cost = microseconds(lambda: predict(x))
    print(f"one row of 16 columns, {form}: {cost:.2f} us")
    assert cost <= limit
