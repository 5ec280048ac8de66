"""The validator passes the plugins of this tree: `first_party.py LIBSKOPS [--OPTION VALUE]… FOLDER…`,
folders of manifests; the options are those of `libskops plugins validate`.

Warnings are named in EXPECTED with their reason. Standard library only.
"""

import json
import subprocess
import sys

# The one static initialiser of sklearn's is for tables of kernels; it runs nothing else.
EXPECTED = {("sklearn", "binary.initialisers")}


def main(program, *folders):
    problems, options = [], []
    loaded = 0
    while folders[0].startswith("--"):
        options, folders = [*options, *folders[:2]], folders[2:]
    for folder in folders:
        done = subprocess.run([program, "plugins", "validate", folder, "--json", *options],
                              capture_output=True, text=True, timeout=900)
        if done.returncode not in (0, 6) or done.stderr:
            problems.append(f"{folder}: exit status {done.returncode}: {done.stderr}")
            continue
        for plugin in json.loads(done.stdout)["plugins"]:
            for check in plugin["checks"]:
                if check["result"] == "failed" or (check["result"] == "warning" and (
                        plugin["plugin"], check["id"]) not in EXPECTED):
                    problems.append(f"{plugin['plugin']}: {check['id']} {check['result']}: "
                                    f"{check['details']}")
                if check["id"] == "robustness.search" and check["result"] == "passed":
                    print(f"{plugin['plugin']}: {check['details'][-1]}")
                    loaded += int(check["details"][-1].split()[0])
    # The search has to find files that load, or most checks look at nothing.
    if loaded < 50:
        problems.append(f"the search found files for {loaded} serializers")
    print("\n".join(problems) or "no problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
