"""An installed libskops in a scratch folder, and commands run against it as a third party would."""

import os
import pathlib
import subprocess
import tempfile
import unittest


def environment(**more):
    clean = {key: value for key, value in os.environ.items()
             if key not in ("CMAKE_PREFIX_PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "PKG_CONFIG_PATH")}
    return {**clean, **{key: str(value) for key, value in more.items()}}


def run(*command, status=0, cwd=None, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300,
                          cwd=cwd, env=environment(**more))
    if done.returncode != status:
        raise AssertionError(f"{' '.join(map(str, command))}: status {done.returncode}\n"
                             f"{done.stdout[-6000:]}\n{done.stderr[-6000:]}")
    return done.stdout + done.stderr


class Installed(unittest.TestCase):
    """`prefix` holds the installed package, moved once: it must not remember where it was made."""

    cmake = build_tree = None

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="skops-install-")
        cls.folder = pathlib.Path(cls.scratch.name)
        # Named, the component is recorded in a file of its own: `ninja uninstall` goes by the other.
        run(cls.cmake, "--install", cls.build_tree, "--prefix", cls.folder / "first", "--component", "libskops")
        cls.prefix = cls.folder / "moved"
        (cls.folder / "first").rename(cls.prefix)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def with_package(self, **more):
        """The environment of a project that finds the package; objects are shared by ccache."""
        return {"CMAKE_PREFIX_PATH": self.prefix, "CMAKE_CXX_COMPILER_LAUNCHER": "ccache",
                "CCACHE_BASEDIR": self.folder, "CCACHE_NOHASHDIR": "1", "CMAKE_GENERATOR": "Ninja", **more}
