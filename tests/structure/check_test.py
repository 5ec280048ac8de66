"""Each rule of check.py finds what it is there for, and lets good trees pass."""

import pathlib
import subprocess
import tempfile
import unittest

import check

GOOD = {
    "core/include/skops/error.hpp": "#include <string>\n",
    "core/archive/zip.hpp": '#include <skops/error.hpp>\n#include "archive/crc.hpp"\n',
    "core/archive/crc.hpp": "#include <skops/plugin.h>\n",
    "sdk/include/skops/plugin.h": "#include <stdint.h>\n",
    "sdk/include/skops/sdk/node.hpp": "#include <skops/plugin.h>\n",
    "plugins/numpy/array.cpp": '#include <skops/sdk/node.hpp>\n#include "header.hpp"\n',
    "plugins/numpy/header.hpp": "#include <vector>\n",
    "plugins/sklearn/trees/walk.cpp": '#include "trees/walk.hpp"\n#include "walk.hpp"\n',
    "plugins/sklearn/trees/walk.hpp": "\n",
    "cli/main.cpp": '#include <skops/error.hpp>\n#include "colour.hpp"\n',
    "cli/colour.hpp": "\n",
    "python/src/build.cpp": '#include <skops/error.hpp>\n#include "archive/zip.hpp"\n',
}
# One line added to one file each; every one must be found.
BAD_INCLUDES = {
    "core/archive/zip.hpp": ["#include <skops/sdk/node.hpp>", '#include "../../cli/colour.hpp"',
                             '#include "trees/walk.hpp"'],
    "core/archive/crc.hpp": ["#include <skops/unheard_of.hpp>"],
    "sdk/include/skops/sdk/node.hpp": ["#include <skops/error.hpp>"],
    "plugins/numpy/array.cpp": ["#include <skops/error.hpp>", '#include "../sklearn/trees/walk.hpp"',
                                '#include "archive/zip.hpp"'],
    "cli/main.cpp": ['#include "archive/zip.hpp"', "#include <skops/plugin.h>",
                     "#include <skops/sdk/node.hpp>"],
    "python/src/build.cpp": ["#include <skops/sdk/node.hpp>", "#include <skops/plugin.h>",
                             '#include "trees/walk.hpp"', '#include "../../cli/colour.hpp"'],
}
BAD_LINES = ["cd /" + "work/main", "-I/" + "home/someone/src", "--index-" + "url x",
             "https://my-" + "nexus.example/simple"]


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        for name, text in GOOD.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def findings(self, rule):
        return list(check.RULES[rule](self.root, None))

    def test_good_tree_passes(self):
        for rule in ("includes", "sizes", "paths"):
            self.assertEqual(self.findings(rule), [])

    def test_wrong_includes_are_found(self):
        for name, lines in BAD_INCLUDES.items():
            for line in lines:
                with self.subTest(file=name, line=line):
                    (self.root / name).write_text(GOOD[name] + line + "\n")
                    self.assertEqual(len(self.findings("includes")), 1)
            (self.root / name).write_text(GOOD[name])

    def test_large_source_is_found(self):
        (self.root / "cli/main.cpp").write_text("/" * (check.LARGEST_SOURCE + 1))
        self.assertEqual(len(self.findings("sizes")), 1)

    def test_machine_paths_are_found(self):
        for line in BAD_LINES:
            with self.subTest(line=line):
                (self.root / "cli/main.cpp").write_text(line + "\n")
                self.assertEqual(len(self.findings("paths")), 1)


class Library(unittest.TestCase):
    def build(self, source, *flags):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        text, library = pathlib.Path(folder.name, "p.c"), pathlib.Path(folder.name, "p.so")
        text.write_text(source)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, text, *flags], check=True)
        return list(check.check_library(library))

    def test_good_plugin_passes(self):
        self.assertEqual(self.build("const int skops_plugin_v1 = 1;"), [])

    def test_second_symbol_is_found(self):
        self.assertEqual(len(self.build("const int skops_plugin_v1 = 1; int other;")), 1)

    def test_missing_symbol_is_found(self):
        self.assertEqual(len(self.build("static int x; static int *f(void) { return &x; }")), 1)

    def test_starting_a_program_is_found(self):
        self.assertEqual(len(self.build(
            "int system(const char*);\nstatic int f(void) { return system(\"ls\"); }\n"
            "int (*const skops_plugin_v1)(void) = f;")), 1)

    def test_needed_library_is_found(self):
        self.assertEqual(len(self.build("const int skops_plugin_v1 = 1;",
                                        "-Wl,--no-as-needed", "-lz")), 1)


if __name__ == "__main__":
    unittest.main()
