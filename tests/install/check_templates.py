"""`check_templates.py CMAKE SOURCE BUILD`: each template of `libskops plugins new` becomes a repository
outside of this tree, whose own test passes against the installed package. Nothing is downloaded.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import scratch

SOURCE = pathlib.Path(sys.argv[2])
PYTHON = SOURCE / ".venv/bin/python"
KINDS = {"manifest": {"README.md", "LICENSE", ".gitignore", "pyproject.toml", "ci/test", "tests/test_plugin.py",
                      "src/acme_tools/__init__.py", "src/acme_tools/acme_tools.skops-plugin.json"},
         "hook": {"src/acme_tools/skops_hooks.py"},
         "native": {"CMakeLists.txt", "src/clipper.cpp", "src/declarations.json", "tests/unit.cpp"}}


class Templates(scratch.Installed):
    cmake, build_tree = sys.argv[1], sys.argv[3]

    def new(self, name, *options, status=0):
        return scratch.run(self.prefix / "bin/libskops", "plugins", "new", name, *options, status=status)

    def install(self, source, status=0):
        """Into folders of this test, not of its user."""
        return scratch.run(pathlib.Path(self.build_tree) / "bin/libskops_at", self.folder / "at", "plugins",
                           "install", source, status=status)

    def test_each_kind_passes_its_own_test_at_once(self):
        for kind, files in KINDS.items():
            with self.subTest(kind):
                folder = self.folder / "work" / kind
                said = json.loads(self.new("acme_tools", "--kind", kind, "--output", folder, "--json"))
                there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
                self.assertEqual(set(said["files"]), there)
                self.assertLessEqual(files, there)
                for path in folder.rglob("*"):
                    if path.is_file():
                        self.assertNotIn("@id@", path.read_text())
                        self.assertNotIn("@Camel@", path.read_text())
                if kind == "native":
                    said = self.install(folder, status=6)
                    self.assertIn("it is not built; in that folder: cmake -S . -B build", said)
                text = scratch.run(folder / "ci/test", **self.with_package(PYTHON=PYTHON))
                self.assertRegex(text, r"\d passed")
                self.assertNotIn("warning:", text)
                if kind == "native":  # where the README's own lines build it
                    shutil.copytree(folder / ".work/build/plugins", folder / "build/plugins")
                self.assertIn("to enable it: libskops plugins enable acme_tools", self.install(folder))

    def test_the_broken_one_fails(self):
        """The created tests can fail: a manifest that declares another class."""
        folder = self.folder / "broken"
        self.new("acme_tools", "--kind", "manifest", "--output", folder)
        path = folder / "src/acme_tools/acme_tools.skops-plugin.json"
        path.write_text(path.read_text().replace("Clipper", "Cutter"))
        text = scratch.run(folder / "ci/test", status=1, **self.with_package(PYTHON=PYTHON))
        self.assertIn("test_the_library_is_trusted_by_its_name", text)

    def test_names(self):
        for name in ("", "A", "a-b", "a.b", "../a", "1a", "_a", "a_", "a__b", "class", "sklearn", "libskops",
                     "a" * 41, "ä", "a b", "a/b", "a\n"):
            with self.subTest(name):
                text = self.new(name, "--kind", "hook", "--output", self.folder / "none", status=2)
                self.assertIn("[usage.plugin-name]", text)
                self.assertFalse((self.folder / "none").exists())

    def test_nothing_is_overwritten(self):
        folder = self.folder / "full"
        folder.mkdir()
        (folder / "file").write_text("mine")
        link = self.folder / "link"
        link.symlink_to(self.folder / "elsewhere")
        for output in (folder, folder / "file", link, folder / "file/below"):
            text = self.new("acme_tools", "--kind", "hook", "--output", output, status=7)
            self.assertIn("[output.write]", text)
        self.assertEqual([path.name for path in folder.iterdir()], ["file"])
        self.new("acme_tools", status=2)
        self.new("acme_tools", "--kind", "big", status=2)


if __name__ == "__main__":
    ready = PYTHON.exists() and subprocess.run(
        [str(PYTHON), "-c", "import libskops, pytest, setuptools, scikit_build_core"], capture_output=True,
        env=dict(os.environ)).returncode == 0
    if not ready:
        print("needs .venv with libskops: scripts/build")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0]])
