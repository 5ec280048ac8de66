"""An audit reads the schema and nothing else: memory and pages of a forest of 100 trees."""

import ctypes
import json
import mmap
import os
import subprocess
import zipfile

import numpy as np
import pytest
import skops.io
from sklearn.ensemble import RandomForestClassifier

from command import COMMAND, run

PAGE = mmap.PAGESIZE


@pytest.fixture(scope="module")
def forest(tmp_path_factory):
    random = np.random.RandomState(0)
    x = random.normal(size=(9000, 20))
    y = (x[:, 0] * x[:, 1] + random.normal(size=9000) > 0).astype(int)
    path = tmp_path_factory.mktemp("forest") / "forest.skops"
    skops.io.dump(RandomForestClassifier(100, random_state=0).fit(x, y), path)
    return path


def schema_size(path):
    with zipfile.ZipFile(path) as archive:
        return archive.getinfo("schema.json").file_size


def pages_in_memory(path):
    """How many pages of the file the system holds."""
    size = path.stat().st_size
    with open(path, "rb") as file, mmap.mmap(file.fileno(), size, prot=mmap.PROT_READ) as mapped:
        view = np.frombuffer(mapped, dtype=np.uint8)
        held = (ctypes.c_ubyte * ((size + PAGE - 1) // PAGE))()
        libc = ctypes.CDLL(None, use_errno=True)
        status = libc.mincore(ctypes.c_void_p(view.ctypes.data), ctypes.c_size_t(size), held)
        del view
    assert status == 0
    return sum(value & 1 for value in held)


def test_memory_of_an_audit(forest):
    # A shell between: what a child counts begins with its parent's memory.
    script = ('import os, sys; pid = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:]); '
              'print(os.wait4(pid, 0)[2].ru_maxrss)')
    done = subprocess.run(["/usr/bin/python3", "-S", "-c", script, COMMAND, "audit", "--json", forest],
                          capture_output=True, text=True, check=True)
    report, used = done.stdout.rsplit("\n", 2)[:2]
    assert json.loads(report)["audit"]["ok"]
    assert int(used) * 1024 <= 4 * schema_size(forest) + 16e6


def test_arrays_are_not_read(forest):
    size = forest.stat().st_size
    assert size > 8 * schema_size(forest)
    descriptor = os.open(forest, os.O_RDONLY)
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)
    if pages_in_memory(forest) > 0:
        pytest.skip("this file system keeps its pages")
    assert run("audit", forest).returncode == 0
    # The schema, the directory, and for each of 500 members at most the two pages of its header.
    with zipfile.ZipFile(forest) as archive:
        members = len(archive.infolist())
    most = schema_size(forest) // PAGE + 2 * members + 100
    assert most < 0.6 * size / PAGE
    assert pages_in_memory(forest) <= most
