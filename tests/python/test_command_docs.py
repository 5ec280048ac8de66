"""The examples of docs/command.md are run, and show what the command answers.

The command is `libskops_at`, which has the folders of the system and of the user in the folder of the
examples. Those of `trust` build on each other, in the order of the page.

`python test_command_docs.py` writes the present answers into the page; read the diff.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from command import ROOT, name_node, schema_file

COMMAND = ROOT / "build/bin/libskops_at"
PAGE = ROOT / "docs/command.md"
DATA = ROOT / "tests/data/sk19"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")


def write_examples(folder):
    shutil.copy(DATA / "Pipeline-columns-logistic/model.skops", folder / "flats.skops")
    shutil.copy(DATA / "Pipeline-tfidf-logistic/model.skops", folder / "letters.skops")
    schema_file(folder / "system.skops", name_node("os", "system", "FunctionNode"))
    schema_file(folder / "ranker.skops", name_node("builtins", "list", "ListNode", content=[
        name_node("lightgbm.sklearn", "LGBMRanker", "ObjectNode"),
        name_node("lightgbm.basic", "Booster", "ObjectNode")]))
    project = folder / "project/.libskops"
    project.mkdir(parents=True)
    (project / "policy.json").write_text('{"version": 1, "allow": ["mycompany.models.*"]}\n')
    for made in (folder, project.parent, project, project / "policy.json"):
        made.chmod(made.stat().st_mode & ~0o022)
    table = re.search(r"\$ cat flats.csv\n(.*?)\$", PAGE.read_text(encoding="utf-8"), re.DOTALL).group(1)
    (folder / "flats.csv").write_text(table, encoding="utf-8")


def examples(text):
    """(command line, expected output) of a block."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, _, output = part.partition("\n")
        yield line, output


def answer(line, folder):
    places = Path(folder).resolve() / "places"
    script = f"libskops() {{ '{COMMAND}' '{places}' \"$@\"; }}\n{line}"
    output = subprocess.run(["bash", "-c", script], cwd=folder, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, timeout=60).stdout.decode()
    for place, shown in ((places / "user", "/home/user/.config/libskops"),
                         (places / "etc", "/etc/libskops"), (places.parent, "/home/user/models")):
        output = output.replace(str(place), shown)
    return output


def examples_of(text):
    return [example for block in BLOCK.findall(text) for example in examples(block)]


BEFORE, TRUST, BEHIND = re.split(r"(?m)^(?=## trust$|## plugins$)", PAGE.read_text(encoding="utf-8"))
EXAMPLES = examples_of(BEFORE) + examples_of(BEHIND)


@pytest.fixture(scope="module")
def example_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples")
    write_examples(folder)
    return folder


def check(line, expected, folder):
    output = answer(line, folder)
    # The last digits of a probability depend on the processor.
    assert NUMBER.sub("#", output) == NUMBER.sub("#", expected)
    ours, theirs = (list(map(float, NUMBER.findall(text))) for text in (output, expected))
    assert ours == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("line,expected", EXAMPLES, ids=[line for line, _ in EXAMPLES])
def test_example(line, expected, example_folder):
    check(line, expected, example_folder)


def test_examples_of_trust(tmp_path):
    write_examples(tmp_path)
    for line, expected in examples_of(TRUST):
        check(line, expected, tmp_path)


def test_the_page_has_examples():
    assert len(EXAMPLES) >= 8 and len(examples_of(TRUST)) >= 12


def test_every_option_is_documented():
    text = PAGE.read_text(encoding="utf-8")
    trust = ["trust " + command for command in
             ("list", "add", "remove", "suggest", "check", "explain", "adopt", "revoke")]
    for command in ["audit", "show", "predict", "plugins", "plugins validate", *trust]:
        help_text = answer(f"libskops {command} --help", ROOT)
        for option in re.findall(r"--[a-z]+", help_text):
            assert option in text, f"{option} of {command}"


def bless():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_examples(folder)

        def block(match):
            return "```console\n" + "".join(f"$ {line}\n{answer(line, folder)}"
                                            for line, _ in examples(match.group(1))) + "```"

        PAGE.write_text(BLOCK.sub(block, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(bless())
