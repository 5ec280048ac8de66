"""The Python package goes by the lock file of its user: a plugin counts once it is enabled, and not
any more when a byte of it has changed. The user's home is covered by an empty file system for this,
in a namespace of its own; where that is not allowed, the test is skipped."""

import json
import subprocess
import sys

import pytest

from command import COMMAND, ROOT

BUILT = ROOT / "build/examples/plugins/native/plugins"
MODEL = ROOT / "examples/plugins/native/cases/accept-default/model.skops"
HOME = 'home=$(getent passwd "$(id -u)" | cut -d: -f6); mount -t tmpfs -o mode=755 tmpfs "$home"'
ASK = """
import json, sys, libskops
row, = [row for row in libskops.plugins() if row["id"] == "acme_outliers"]
try:
    said = sorted(libskops.Model.load(sys.argv[1], trust=["acme_outliers"]).methods)
except libskops.Error as error:
    said = error.code
print(json.dumps([row["state"], said]))
"""


def in_empty_home(script):
    return subprocess.run(["unshare", "-m", "sh", "-ec", f"{HOME}\n{script}", "sh", COMMAND, BUILT,
                           sys.executable, ASK, MODEL], capture_output=True, text=True, timeout=120)


def test_python_goes_by_the_lock_file():
    if str(ROOT).startswith(str(ROOT.home())) or in_empty_home("true").returncode != 0:
        pytest.skip("the home cannot be covered here")
    done = in_empty_home("""
        "$1" plugins install "$2" >/dev/null
        "$3" -c "$4" "$5"
        "$1" plugins enable acme_outliers >/dev/null
        "$3" -c "$4" "$5"
        echo x >> "$home/.local/share/libskops/plugins/libskops_acme_outliers.so"
        "$3" -c "$4" "$5"
        """)
    assert done.returncode == 0, done.stderr
    before, enabled, changed = map(json.loads, done.stdout.splitlines())
    assert before == ["not enabled", []]
    assert enabled == ["pinned", ["decision_function", "predict", "score_samples"]]
    assert changed == ["refused", "library.changed"]
