"""docs/saved-types.md says what the manifests and the package say."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]


def test_the_page_is_up_to_date():
    # In a process of its own: what is printed must not depend on what was imported before.
    code = ("import sys; sys.path.insert(0, 'scripts')\n"
            "import generate_saved_types as g\n"
            "assert g.page() == g.PAGE.read_text('utf-8'), "
            "'run .venv/bin/python scripts/generate_saved_types.py'")
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, check=False,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
