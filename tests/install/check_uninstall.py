"""`check_uninstall.py CMAKE SOURCE BUILD`: what is installed can be taken away, and nothing stays behind: the
package by its own script and by `ninja uninstall`, the Python package by pip. Standard library only.
"""

import pathlib
import shutil
import subprocess
import sys
import unittest

import scratch
from scratch import run

CMAKE, SOURCE, BUILD = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
PYTHON = SOURCE / ".venv/bin/python"
SCRIPT = "lib/cmake/libskops/uninstall.cmake"


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


class Uninstall(scratch.Installed):
    cmake, build_tree = CMAKE, BUILD

    def copy(self, name):
        shutil.copytree(self.prefix, self.folder / name)
        return self.folder / name

    def test_by_the_installed_script(self):
        prefix = self.copy("a prefix")
        self.assertIn("lib/pkgconfig/libskops.pc", names(prefix))
        run(CMAKE, "-P", prefix / SCRIPT)
        self.assertEqual(names(prefix), [])

    def test_what_is_not_ours_stays(self):
        prefix = self.copy("shared")
        (prefix / "include/skops/mine.h").write_text("")
        (prefix / "lib/.mine").mkdir()
        (prefix / "lib/pkgconfig/mine.pc").write_text("")
        run(CMAKE, "-P", prefix / SCRIPT)
        self.assertEqual(names(prefix), ["include", "include/skops", "include/skops/mine.h", "lib", "lib/.mine",
                                         "lib/pkgconfig", "lib/pkgconfig/mine.pc"])

    def test_by_ninja_uninstall(self):
        """The command that the target runs, after a plain `cmake --install` of the tree. The tree's own record of
        where it was installed last is put back."""
        record = BUILD / "install_manifest.txt"
        before = record.read_bytes() if record.exists() else None
        prefix = self.folder / "plain"
        try:
            run(CMAKE, "--install", BUILD, "--prefix", prefix)
            self.assertEqual(names(prefix), names(self.prefix))
            command = run("ninja", "-C", BUILD, "-t", "commands", "uninstall").splitlines()[-1]
            self.assertIn("uninstall.cmake", command)
            self.assertIn("files are gone", run("bash", "-c", command, cwd=BUILD))
        finally:
            record.unlink()
            if before is not None:
                record.write_bytes(before)
        self.assertEqual(names(prefix), [])

    def test_a_list_that_leads_elsewhere_removes_nothing(self):
        prefix = self.folder / "listed"
        (prefix / SCRIPT).parent.mkdir(parents=True)
        victim = self.folder / "victim"
        victim.write_text("")
        shutil.copy(self.prefix / SCRIPT, prefix / SCRIPT)
        (prefix / "lib/cmake/libskops/installed.txt").write_text("../victim\n")
        self.assertIn("not below", run(CMAKE, "-P", prefix / SCRIPT, status=1))
        self.assertTrue(victim.exists())

    def test_the_python_package(self):
        """As it was installed into .venv, in an environment of its own: pip finds every file."""
        where = subprocess.run([str(PYTHON), "-c", "import importlib.metadata as m; "
                                "print(m.distribution('libskops').locate_file(''))"],
                               capture_output=True, text=True) if PYTHON.exists() else None
        if where is None or where.returncode != 0:
            self.skipTest("needs .venv with libskops: scripts/build")
        run(PYTHON, "-m", "venv", "--without-pip", self.folder / "venv")
        python = self.folder / "venv/bin/python"
        site = pathlib.Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('platlib'))").strip())
        empty = names(self.folder / "venv")
        parts = sorted(pathlib.Path(where.stdout.strip()).glob("libskops*"))
        self.assertEqual([part.name.split("-")[0] for part in parts], ["libskops", "libskops"])
        for part in parts:
            shutil.copytree(part, site / part.name)
        run(python, "-c", "import libskops; print(libskops.plugins())")
        run(PYTHON, "-m", "pip", "--python", python, "--disable-pip-version-check", "uninstall", "--yes", "libskops")
        self.assertEqual(names(self.folder / "venv"), empty)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
