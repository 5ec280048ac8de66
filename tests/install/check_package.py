"""`check_package.py CMAKE SOURCE BUILD`: installs the build into a scratch folder, moves it (a package
must not remember where it was made), builds each example against it as a third party would, and runs
the results. Standard library only.
"""

import json
import pathlib
import sys
import unittest

import scratch
from scratch import run

CMAKE, SOURCE, BUILD = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])


class Package(scratch.Installed):
    cmake, build_tree = CMAKE, BUILD

    def build(self, example, *options):
        out = self.folder / example
        run(CMAKE, "-S", SOURCE / "examples" / example, "-B", out, "-G", "Ninja",
            "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_PREFIX_PATH={self.prefix}", *options)
        text = run(CMAKE, "--build", out, "-j", 2)
        self.assertNotIn("warning:", text)
        return out

    def test_what_is_installed(self):
        for name in ("bin/libskops", "include/skops/skops.hpp", "include/skops/skops.h",
                     "include/skops/plugin.h", "include/skops/sdk/plugin.hpp",
                     "lib/libskops_core.a", "lib/libskops.so", "share/doc/libskops/LICENSE",
                     "lib/cmake/libskops/libskopsConfig.cmake",
                     "lib/libskops/plugins/sklearn.skops-plugin.json",
                     "lib/libskops/plugins/libskops_sklearn.so"):
            self.assertTrue((self.prefix / name).is_file(), name)
        traces = str(SOURCE).encode(), str(BUILD).encode()
        for path in (self.prefix / "lib/cmake").rglob("*.cmake"):
            for trace in traces:
                self.assertNotIn(trace, path.read_bytes(), path.name)

    def test_installed_headers_stand_alone(self):
        for path in sorted((self.prefix / "include/skops").rglob("*.h*")):
            name = path.relative_to(self.prefix / "include")
            if name.as_posix() == "skops/sdk/plugin.hpp":
                continue  # needs the declarations that skops_add_plugin generates
            language, standards = ("cpp", ["c++20"]) if path.suffix == ".hpp" else ("c", ["c11"])
            if path.suffix == ".h":
                standards.append("c++11")
            source = self.folder / f"header.{language}"
            source.write_text(f"#include <{name}>\n")
            for standard in standards:
                run("g++", "-x", "c++" if "+" in standard else "c", f"-std={standard}", "-Wall",
                    "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only",
                    "-I", self.prefix / "include", source)

    def test_command(self):
        rows = json.loads(run(self.prefix / "bin/libskops", "plugins", "--load", "--json"))["plugins"]
        states = {row["id"]: row["state"] for row in rows}
        self.assertEqual(states["sklearn"], "loaded", rows)
        self.assertNotIn("refused", states.values())

    def test_embed(self):
        out = self.build("embed")
        run(sys.executable, "-B", SOURCE / "tests/examples/run_example.py", out / "embed",
            SOURCE / "tests/data")

    def test_c(self):
        out = self.build("c")
        run(sys.executable, "-B", SOURCE / "tests/examples/run_example.py", out / "embed_c",
            SOURCE / "tests/data")
        needed = run("readelf", "-d", out / "embed_c")
        self.assertNotIn("libstdc++", needed)

    def test_pkg_config(self):
        """A host in C++ and one in C without CMake, from flags alone."""
        where = {"PKG_CONFIG_PATH": self.prefix / "lib/pkgconfig"}
        for module, compiler, source in (("libskops", "g++", "embed/main.cpp"), ("libskops-c", "gcc", "c/main.c")):
            flags = run("pkg-config", "--cflags", "--libs", module, **where).split()
            self.assertFalse([flag for flag in flags if str(SOURCE) in flag or str(BUILD) in flag], flags)
            program = self.folder / "pkg-config" / module / "host"
            program.parent.mkdir(parents=True)
            run(compiler, SOURCE / "examples" / source, "-o", program, *flags)
            plugins = run("pkg-config", "--variable=plugindir", module, **where).strip()
            (program.parent / "plugins").symlink_to(plugins)
            run(sys.executable, "-B", SOURCE / "tests/examples/run_example.py", program, SOURCE / "tests/data",
                LD_LIBRARY_PATH=self.prefix / "lib")
        self.assertEqual(run("pkg-config", "--modversion", "libskops", **where),
                         run("pkg-config", "--modversion", "libskops-c", **where))

    def test_make_model(self):
        out = self.build("make_model")
        self.assertEqual(run(out / "make_model", self.folder).split(), ["5.75", "high"])
        data = self.folder / "rows.csv"
        data.write_text("a,b\n1,0.5\n3,2\n")
        text = run(self.prefix / "bin/libskops", "predict", self.folder / "tree.skops", data)
        self.assertEqual(text.split()[-2:], ["low", "low"])

    def test_plugin(self):
        out = self.build("plugins/native")
        text = run(out / "acme_cases", out / "plugins/acme_outliers.skops-plugin.json",
                   SOURCE / "examples/plugins/native/cases")
        self.assertIn(" cases, 0 failed", text)
        symbols = run("nm", "-D", "--defined-only", out / "plugins/libskops_acme_outliers.so")
        self.assertEqual([line.split()[-1] for line in symbols.splitlines()], ["skops_plugin_v1"])

    def test_an_unknown_component_is_refused(self):
        project = self.folder / "component"
        project.mkdir()
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(p LANGUAGES CXX)\n"
            "find_package(libskops REQUIRED COMPONENTS gpu)\n")
        text = run(CMAKE, "-S", project, "-B", project / "b", "-G", "Ninja",
                   f"-DCMAKE_PREFIX_PATH={self.prefix}", status=1)
        self.assertIn("components core and sdk, not gpu", " ".join(text.split()))

    def test_the_sdk_alone_needs_no_library(self):
        project = self.folder / "sdk"
        project.mkdir()
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(p VERSION 1.0 LANGUAGES CXX)\n"
            "find_package(libskops REQUIRED COMPONENTS sdk)\n"
            "if(TARGET libskops::sha256)\n  message(FATAL_ERROR \"looked for libraries\")\nendif()\n"
            f"skops_add_plugin(acme_outliers SOURCES {SOURCE}/examples/plugins/native/mad_detector.cpp\n"
            f"  DECLARATIONS {SOURCE}/examples/plugins/native/declarations.json)\n")
        run(CMAKE, "-S", project, "-B", project / "b", "-G", "Ninja",
            "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run(CMAKE, "--build", project / "b")
        self.assertTrue((project / "b/plugins/acme_outliers.skops-plugin.json").is_file())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
