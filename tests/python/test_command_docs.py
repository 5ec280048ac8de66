"""The examples of docs/command.md are run, and show what the command answers.

`python test_command_docs.py` writes the present answers into the page; read the diff.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from command import COMMAND, ROOT, name_node, schema_file

PAGE = ROOT / "docs/command.md"
DATA = ROOT / "tests/data/sk19"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")


def write_examples(folder):
    shutil.copy(DATA / "Pipeline-columns-logistic/model.skops", folder / "flats.skops")
    shutil.copy(DATA / "Pipeline-tfidf-logistic/model.skops", folder / "letters.skops")
    schema_file(folder / "system.skops", name_node("os", "system", "FunctionNode"))
    table = re.search(r"\$ cat flats.csv\n(.*?)\$", PAGE.read_text(encoding="utf-8"), re.DOTALL).group(1)
    (folder / "flats.csv").write_text(table, encoding="utf-8")


def examples(text):
    """(command line, expected output) of a block."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, _, output = part.partition("\n")
        yield line, output


def answer(line, folder):
    script = f"libskops() {{ '{COMMAND}' \"$@\"; }}\n{line}"
    return subprocess.run(["bash", "-c", script], cwd=folder, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60).stdout.decode()


EXAMPLES = [example for block in BLOCK.findall(PAGE.read_text(encoding="utf-8"))
            for example in examples(block)]


@pytest.fixture(scope="module")
def example_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples")
    write_examples(folder)
    return folder


@pytest.mark.parametrize("line,expected", EXAMPLES, ids=[line for line, _ in EXAMPLES])
def test_example(line, expected, example_folder):
    output = answer(line, example_folder)
    # The last digits of a probability depend on the processor.
    assert NUMBER.sub("#", output) == NUMBER.sub("#", expected)
    ours, theirs = (list(map(float, NUMBER.findall(text))) for text in (output, expected))
    assert ours == pytest.approx(theirs, rel=1e-9)


def test_the_page_has_examples():
    assert len(EXAMPLES) >= 8


def test_every_option_is_documented():
    text = PAGE.read_text(encoding="utf-8")
    for command in ("audit", "show", "predict", "plugins"):
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
