"""`check_tutorial.py CMAKE SOURCE BUILD`: every command of docs/plugins/tutorial.md, in an empty directory,
against the installed package; says how long it took. Nothing is downloaded.
"""

import pathlib
import re
import subprocess
import sys
import time
import unittest

import scratch

SOURCE = pathlib.Path(sys.argv[2])
PYTHON = SOURCE / ".venv/bin/python"
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Tutorial(scratch.Installed):
    cmake, build_tree = sys.argv[1], sys.argv[3]

    def test_every_command(self):
        blocks = BLOCK.findall((SOURCE / "docs/plugins/tutorial.md").read_text())
        self.assertGreater(len(blocks), 6)
        empty = self.folder / "empty"
        empty.mkdir()
        script = f"set -euo pipefail\nLIBSKOPS={self.prefix}\nPYTHON={PYTHON}\n" + "".join(blocks)
        begin = time.monotonic()
        text = scratch.run("bash", "-c", script, cwd=empty,
                           **{key: value for key, value in self.with_package().items()
                              if key != "CMAKE_PREFIX_PATH"})
        print(f"the tutorial from an empty directory to the end: {time.monotonic() - begin:.1f} s")
        for wanted in ("Python: [[1.0, 6.0], [3.0, 7.0]]", "C++: [[1, 6], [3, 7]]", "100% tests passed",
                       "a decision is needed", "declared by acme_clip", "refused, as it should be"):
            self.assertIn(wanted, text)


if __name__ == "__main__":
    ready = PYTHON.exists() and subprocess.run(
        [str(PYTHON), "-c", "import libskops, pytest, scikit_build_core"], capture_output=True).returncode == 0
    if not ready:
        print("needs .venv with libskops: scripts/build")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0]])
