"""`check_tutorial.py CMAKE SOURCE BUILD`: every command of docs/plugins/tutorial.md, in an empty directory,
against the installed package; says how long it took. Nothing is downloaded.
"""

import json
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


# The plugin is installed for the user, whose home is the one of the password database: this answers in its
# place, so that the home of whoever runs the test stays as it is.
PASSWORDS = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pwd.h>
#include <stddef.h>

int getpwuid_r(uid_t user, struct passwd* entry, char* buffer, size_t size, struct passwd** found) {
  int (*next)(uid_t, struct passwd*, char*, size_t, struct passwd**) = dlsym(RTLD_NEXT, "getpwuid_r");
  int status = next(user, entry, buffer, size, found);
  if (status == 0 && *found != NULL) entry->pw_dir = HOME;
  return status;
}
"""


class Tutorial(scratch.Installed):
    cmake, build_tree = sys.argv[1], sys.argv[3]

    def with_home(self, home):
        source, library = self.folder / "passwords.c", self.folder / "passwords.so"
        source.write_text(PASSWORDS)
        scratch.run("cc", "-shared", "-fPIC", f'-DHOME="{home}"', source, "-o", library, "-ldl")
        objects = scratch.run("ccache", "--get-config", "cache_dir").strip()
        return {"LD_PRELOAD": library, "HOME": home, "CCACHE_DIR": objects}

    def test_every_command(self):
        blocks = BLOCK.findall((SOURCE / "docs/plugins/tutorial.md").read_text())
        self.assertGreater(len(blocks), 6)
        empty = self.folder / "empty"
        empty.mkdir()
        home = self.folder / "home"
        home.mkdir()
        script = f"set -euo pipefail\nLIBSKOPS={self.prefix}\nPYTHON={PYTHON}\n" + "".join(blocks)
        begin = time.monotonic()
        text = scratch.run("bash", "-c", script, cwd=empty, **self.with_home(home),
                           **{key: value for key, value in self.with_package().items()
                              if key != "CMAKE_PREFIX_PATH"})
        print(f"the tutorial from an empty directory to the end: {time.monotonic() - begin:.1f} s")
        for wanted in ("Python: [[1.0, 6.0], [3.0, 7.0]]", "C++: [[1, 6], [3, 7]]", "100% tests passed",
                       "a decision is needed", "declared by acme_clip", "acme_clip 0.1.0: pinned",
                       "acme_clip 0.1.0: refused", "[library.changed]", "refused, as it should be", "acme_clip is removed"):
            self.assertIn(wanted, text)
        self.assertEqual(text.count("C++: [[1, 6], [3, 7]]"), 2)
        self.assertEqual(list((home / ".local/share/libskops/plugins").iterdir()), [])
        lock = json.loads((home / ".config/libskops/plugins.lock.json").read_text())
        self.assertEqual(lock["plugins"], [])


if __name__ == "__main__":
    ready = PYTHON.exists() and subprocess.run(
        [str(PYTHON), "-c", "import libskops, pytest, scikit_build_core"], capture_output=True).returncode == 0
    if not ready:
        print("needs .venv with libskops: scripts/build")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0]])
