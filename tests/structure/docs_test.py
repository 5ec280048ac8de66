"""Each rule of docs.py and abi_layout.py finds what it is there for, and lets good trees pass."""

import contextlib
import io
import pathlib
import shutil
import tempfile
import unittest

import abi_layout
import docs

ROOT = pathlib.Path(__file__).parent.parent.parent


def layout_status(*arguments):
    with contextlib.redirect_stdout(io.StringIO()):
        return abi_layout.main(*arguments)


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def findings(self, rule):
        return list(docs.RULES[rule](self.root))


class Links(Tree):
    def test_good_links(self):
        self.write("docs/b.md", "# A `code` title\n")
        self.write("a.md", "[b](docs/b.md) [t](docs/b.md#a-code-title) [w](https://x.org/y) `[n](no)`\n"
                           "```\n[n](no.md)\n```\n")
        self.assertEqual(self.findings("links"), [])

    def test_bad_links(self):
        self.write("docs/b.md", "# Title\n")
        self.write("a.md", "[b](docs/c.md)\n[t](docs/b.md#other)\n[s](#nothing)\n")
        self.assertEqual(len(self.findings("links")), 3)


class Snippets(Tree):
    def test_same_lines(self):
        self.write("x.cpp", "int main() {\n  a();\n\n  b();\n}\n")
        self.write("a.md", "<!-- from x.cpp -->\n```cpp\na();\nb();\n```\n")
        self.assertEqual(self.findings("snippets"), [])

    def test_other_lines(self):
        self.write("x.cpp", "a();\nc();\nb();\n")
        for block in ("a();\nb();\n", "b();\na();\n", "d();\n"):
            self.write("a.md", f"<!-- from x.cpp -->\n```cpp\n{block}```\n")
            self.assertEqual(len(self.findings("snippets")), 1, block)

    def test_no_file_and_no_snippet(self):
        self.write("a.md", "<!-- from y.cpp -->\n```cpp\na();\n```\n")
        self.assertEqual(len(self.findings("snippets")), 1)
        self.write("a.md", "nothing\n")
        self.assertEqual(len(self.findings("snippets")), 1)


class Errors(Tree):
    def test_codes(self):
        self.write("core/a.cpp", 'throw Error(Family::limit, "limit.nodes", "x");\n')
        self.write("core/b.cpp", 'throw E(std::string("archive.") + code);\n'
                                 'refuse(a < f(b, c) ? "gap" : "overlap", "names a");\n'
                                 'open("data.npy");\n')
        self.write("docs/errors.md", "| `limit.nodes` | x |\n| `archive.gap` | x |\n"
                                     "| `archive.overlap` | x |\n")
        self.assertEqual(self.findings("errors"), [])
        self.write("docs/errors.md", "| `limit.nodes` | x |\n| `limit.nodes` | x |\n"
                                     "| `archive.gap` | x |\n| `trust.gone` | x |\n")
        self.assertEqual(len(self.findings("errors")), 3)


class Limits(Tree):
    HEADER = ("struct Limits {\n  // why\n  std::uint64_t nodes = std::uint64_t{1} << 24;\n"
              "  std::uint64_t depth = 640;\n};\nclass Budget {\n  std::uint64_t used_ = 0;\n};\n")

    def test_limits(self):
        self.write("core/include/skops/limits.hpp", self.HEADER)
        self.write("docs/limits.md", "| `nodes` | 16 MiB | x |\n| `depth` | 640 | x |\n")
        self.assertEqual(self.findings("limits"), [])
        self.write("docs/limits.md", "| `nodes` | 2^23 | x |\n| `other` | 640 | x |\n")
        self.assertEqual(len(self.findings("limits")), 3)

class Estimators(Tree):
    def test_estimators(self):
        self.write("plugins/sklearn/table.inc", 'SKOPS_ESTIMATOR("sklearn.a", A)\nSKOPS_ESTIMATOR("sklearn.b._b", B)\n'
                                                'SKOPS_LOADER("TreeNode", TreeNode)\n')
        self.write("docs/estimators.md", "| `A` | predict | |\n| `B` | transform | none |\n")
        self.assertEqual(self.findings("estimators"), [])
        self.write("docs/estimators.md", "| `A` | predict | |\n| `C` | transform | |\n")
        self.assertEqual(len(self.findings("estimators")), 2)



class Packages(Tree):
    def test_packages(self):
        self.write("scripts/packages.txt", "# comment\nlibzip-dev   # why\ng++\n")
        self.write("scripts/requirements.txt", "numpy>=2\n")
        self.write("docs/dependencies.md", "`libzip-dev`, `g++`, `numpy`, `other`\n")
        self.assertEqual(self.findings("packages"), [])
        self.write("docs/dependencies.md", "`libzop-dev`, `g++`, numpy\n")
        self.assertEqual(len(self.findings("packages")), 3)


class AbiLayout(Tree):
    def setUp(self):
        super().setUp()
        shutil.copytree(ROOT / "sdk", self.root / "sdk")
        self.header = self.root / "sdk/include/skops/plugin.h"

    def edit(self, old, new):
        text = self.header.read_text()
        self.assertEqual(text.count(old), 1, old)
        self.header.write_text(text.replace(old, new))

    def test_the_header_as_it_is(self):
        self.assertEqual(layout_status(self.root), 0)

    def test_two_fields_change_places(self):
        self.edit("  uint64_t rows;\n  uint64_t columns;\n  const skops_array* data;",
                  "  uint64_t columns;\n  uint64_t rows;\n  const skops_array* data;")
        self.assertEqual(layout_status(self.root), 1)

    def test_a_field_in_the_middle(self):
        self.edit("  uint64_t n_options;\n", "  uint64_t extra;\n  uint64_t n_options;\n")
        self.assertEqual(layout_status(self.root), 1)

    def test_a_constant_changes(self):
        self.edit("#define SKOPS_VALUE_SET 10u", "#define SKOPS_VALUE_SET 20u")
        self.assertEqual(layout_status(self.root), 1)

    def test_padding(self):
        self.edit("  uint32_t reserved;\n", "")
        self.assertEqual(layout_status(self.root), 1)

    def test_a_new_minor_may_grow_at_the_end(self):
        self.edit("#define SKOPS_ABI_MINOR 0u", "#define SKOPS_ABI_MINOR 1u")
        self.edit("  const struct skops_sink* sink;\n} skops_call;",
                  "  const struct skops_sink* sink;\n  uint64_t deadline;\n} skops_call;")
        self.assertEqual(layout_status(self.root), 1)  # not written yet
        self.assertEqual(layout_status(self.root, "--bless"), 0)


if __name__ == "__main__":
    unittest.main()
