"""Adds up the JUnit files that ctest and pytest left: `sum_results.py FOLDER [FAILED_STAGE...]`.

Last line: "N passed, N failed" (and skipped, if any). A stage that failed without a failed test of
its own (a build, a crash of pytest) counts as one failure, so that nothing can go missing.
Exit status 1 if anything failed or nothing ran.
"""

import pathlib
import sys
import xml.etree.ElementTree as ET

STAGE_FILES = {
    "C++ tests": "ctest.xml",
    "Python tests": "pytest.xml",
    "skops' own tests": "skops.xml",
    "Python tests with every library": "pytest-all.xml",
    "skops' own tests with every library": "skops-all.xml",
    "C++ tests under the sanitizers": "ctest-asan.xml",
}


def count(path):
    """(passed, failed, skipped, names of what failed) of one JUnit file."""
    passed = failed = skipped = 0
    names = []
    for case in ET.parse(path).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
            names.append(case.get("name"))
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped, names


def main(folder, failed_stages):
    totals = [0, 0, 0]
    broken = set(failed_stages)
    for stage, name in STAGE_FILES.items():
        path = pathlib.Path(folder) / name
        if not path.exists():
            continue
        passed, failed, skipped, names = count(path)
        print(f"{stage}: {passed} passed, {failed} failed, {skipped} skipped")
        for failed_name in names:
            print(f"  failed: {failed_name}")
        totals = [a + b for a, b in zip(totals, (passed, failed, skipped))]
        if failed:
            broken.discard(stage)
    for stage in sorted(broken):
        print(f"failed: {stage}")
    totals[1] += len(broken)
    skipped = f", {totals[2]} skipped" if totals[2] else ""
    print(f"{totals[0]} passed, {totals[1]} failed{skipped}")
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
