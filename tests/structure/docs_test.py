"""Each rule of docs.py and abi_layout.py finds what it is there for, and lets good trees pass."""

import contextlib
import io
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

import abi_layout
import docs

ROOT = pathlib.Path(__file__).parent.parent.parent
sys.path.append(str(ROOT / "scripts"))

import header_stability  # noqa: E402


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


class Promises(unittest.TestCase):
    """Each function of the C headers says since when it is there, whether it stays, and what may change."""

    def setUp(self):
        self.plugin = (ROOT / "sdk/include/skops/plugin.h").read_text()
        self.c = (ROOT / "core/include/skops/skops.h").read_text()

    def promises(self, old="", new=""):
        """Rows by name, and findings, after one change of either header."""
        self.assertEqual((self.plugin + self.c).count(old) if old else 1, 1, old)
        tables, findings = header_stability.promises(
            self.plugin.replace(old, new) if old else self.plugin, self.c.replace(old, new) if old else self.c,
            ROOT / "sdk/abi")
        return {row.name: row for rows in tables.values() for row in rows}, findings

    def test_the_headers_as_they_are(self):
        rows, findings = self.promises()
        self.assertEqual(findings, [])
        self.assertEqual(rows["skops_runtime_new"].promise.status, "stable")
        self.assertEqual(rows["value_find"].of, "skops_host")
        self.assertEqual(rows["put_off"].promise.since, "1.0")
        functions = set(re.findall(r"\(\*(\w+)\)\(\w", self.plugin)) - {"work", "finish"}
        functions |= set(re.findall(r"^SKOPS_API [^;]*?(\w+)\(", self.c, re.MULTILINE))
        functions |= set(re.findall(r"^typedef struct (\w+) \{", self.plugin + self.c, re.MULTILINE))
        self.assertEqual(functions - set(rows), set())
        self.assertGreater(len(functions), 120)

    def refused(self, old, new, name):
        findings = self.promises(old, new)[1]
        self.assertEqual([finding.split(":")[0] for finding in findings], [name])

    free = "SKOPS_API void skops_audit_free(skops_audit* audit);"

    def test_a_new_function_of_the_c_api(self):
        new = "SKOPS_API void skops_audit_sort(skops_audit* audit);"
        self.refused(self.free, f"{self.free}\n{new}", "skops_audit_sort")
        self.refused(self.free, f"{self.free}\n/* Sorts. */\n{new}", "skops_audit_sort")
        self.refused(self.free, f"{self.free}\n/* Since 0.2, stable. */\n\n{new}", "skops_audit_sort")
        rows, findings = self.promises(self.free, f"{self.free}\n/* Sorts. Since 0.2, stable. */\n{new}")
        self.assertEqual((findings, rows["skops_audit_sort"].promise.since), ([], "0.2"))

    last = "                                skops_node value);\n} skops_writer;"

    def test_a_new_member_of_the_abi(self):
        new = "skops_status (*flush)(skops_context* context);"
        end = "\n} skops_writer;"
        before = self.last.removesuffix(end)
        self.refused(self.last, f"{before}\n  {new}{end}", "flush")
        self.refused(self.last, f"{before}\n  /* Writes all. */\n  {new}{end}", "flush")
        for comment in (f"/* Writes all.\n   * Since 1.1, stable. */\n  {new}", f"{new} /* Since 1.1, stable. */"):
            rows, findings = self.promises(self.last, f"{before}\n  {comment}{end}")
            self.assertEqual((findings, rows["flush"].promise.since), ([], "1.1"), comment)

    def test_what_a_status_needs(self):
        old = "/* Gives the state back; called once, never while `call` runs. */"
        for line, good in (("provisional.", False), ("provisional: may go.", True), ("deprecated since 1.2.", False),
                           ("deprecated since 1.2: use `call`.", True), ("stable: no more than once.", True)):
            rows, findings = self.promises(old, f"/* Gives it back.\n   * Since 1.0, {line} */")
            self.assertEqual(findings == [], good, line)
            if good:
                self.assertIn(line.split(": ")[1].rstrip("."), rows["release"].line())
        self.refused(old, "/* Since 1.0, for ever. */", "release")  # half a line
        self.assertEqual(self.promises(old, "/* Since when? */")[1], [])


if __name__ == "__main__":
    unittest.main()
