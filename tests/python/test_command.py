"""What the command answers: one table of arguments, standard input, exit status, and pieces of what
it writes. A piece that begins with "!" must not occur.
"""

import json
import os
import pty
import re
import subprocess

import pytest

from command import COMMAND, ROOT, run

CUT = b"a,b\n1,2\n3\n"
WIDE = b"a,b\n1,2\n3,4,5\n"
NPY = "--from=npy"
CSV = "--from=csv"

# name: (arguments, standard input, status, pieces of standard output, pieces of standard error)
TABLE = {
    # usage: 2
    "nothing": ([], b"", 2, [], ["libskops --help"]),
    "unknown-command": (["frobnicate"], b"", 2, [], ["no command 'frobnicate'"]),
    "unknown-option": (["audit", "--what", "iris.skops"], b"", 2, [], ["--what", "audit --help"]),
    "no-file": (["audit"], b"", 2, [], ["FILE is required"]),
    "two-files-to-show": (["show", "iris.skops", "named.skops"], b"", 2, [], ["show --help"]),
    "bad-threads": (["predict", "iris.skops", "iris.npy", "--threads", "-1"], b"", 2, [], ["--threads"]),
    "bad-rule": (["audit", "iris.skops", "--trust", "*"], b"", 2, [], ["policy.bad-rule"]),
    "unknown-ending": (["predict", "iris.skops", "noise"], b"", 2, [],
                       ["noise: the name does not tell the format", "--from"]),
    "unknown-ending-out": (["predict", "iris.skops", "iris.npy", "-o", "x.parquet"], b"", 2, [],
                           ["x.parquet: the name does not tell the format", "--to"]),
    "format-of-stdin": (["predict", "iris.skops", "-"], b"", 2, [], ["standard input", "--from"]),
    "both-from-stdin": (["predict", "-", "-", NPY], b"", 2, [], ["both"]),
    "help": (["--help"], b"", 0, ["audit", "show", "predict", "plugins", "Exit status"], []),
    "help-predict": (["predict", "--help"], b"", 0, ["--method", "--out", "--threads"], []),
    "version": (["--version"], b"", 0, ["libskops 0."], []),
    # files that are no models: 3 and 7
    "missing": (["audit", "nothing.skops"], b"", 7, [], ["nothing.skops: no such file"]),
    "directory": (["show", "a-folder"], b"", 7, [], ["a-folder: this is a directory"]),
    "empty": (["audit", "empty"], b"", 3, [], ["empty is empty"]),
    "empty-stdin": (["audit", "-"], b"", 3, [], ["standard input is empty"]),
    "noise": (["audit", "noise"], b"", 3, [], ["noise is not a .skops file", "ZIP"]),
    "pickle": (["audit", "pickle.skops"], b"", 3, [],
               ["pickle.skops is a pickle", "load it where you trust it"]),
    "predict-pickle": (["predict", "pickle.skops", "iris.npy"], b"", 3, [], ["is a pickle"]),
    "cut": (["predict", "cut.skops", "iris.npy"], b"", 3, [], ["cut.skops", "archive."]),
    "other-zip": (["show", "other.zip"], b"", 3, [], ["other.zip", "no schema.json", "not a .skops"]),
    # audit: 0 and 1
    "audit-fine": (["audit", "iris.skops"], b"", 0,
                   ["0 to decide, 0 denied", "native load: goes ahead", "Python objects: every name is",
                    "+ sklearn, trusted by default: LogisticRegression\n", "!\x1b["], []),
    "audit-decide": (["audit", "columns.skops"], b"", 1,
                     ["? numpy.dtype", "    native load  leaves it as data\n",
                      "    where        Pipeline.steps[0][1].transformers_",
                      "    allow        libskops trust add numpy.dtype\n",
                      " for one call: --trust numpy.dtype\n", "Python objects: 1 name to decide"], []),
    "audit-allowed": (["audit", "columns.skops", "--trust", "numpy.dtype"], b"", 0,
                      ["trust numpy.dtype (--trust): numpy.dtype\n"], []),
    "audit-denied": (["audit", "iris.skops", "--deny", "sklearn.*"], b"", 1,
                     ["x sklearn.linear_model._logistic.LogisticRegression", "native load: refused",
                      "    native load  is refused because of it\n",
                      "    why          deny sklearn.* (--deny)\n"], []),
    "audit-refused": (["audit", "system.skops", "--trust", "os.system"], b"", 1,
                      ["x os.system", "always refused", "allow        no rule can; only the code of the host",
                       "!--trust"], []),
    "audit-strange": (["audit", "strange.skops"], b"", 1,
                      ["no plugin describes the loader FancyNode", "x builtins.eval",
                       "allow        libskops trust add mycompany.models.Thing\n",
                       "no rule helps: no plugin describes the loader FancyNode",
                       "letters      not only ASCII: ev\\xd1\\x96l.Thing"], []),
    "audit-format-json": (["audit", "iris.skops", "--format", "json"], b"", 0, ['{"file": "iris.skops"'], []),
    "audit-sarif": (["audit", "strange.skops", "--format", "sarif"], b"", 1, ['"version":"2.1.0"'], []),
    "audit-html": (["audit", "iris.skops", "--format=html"], b"", 0, ["<!DOCTYPE html>"], []),
    "audit-html-refused": (["audit", "noise", "--format=html"], b"", 3,
                           ["cannot be audited", "noise is not a .skops file"], ["archive.not-zip"]),
    "audit-two-formats": (["audit", "iris.skops", "--json", "--format", "html"], b"", 2, [], ["--json"]),
    "audit-no-format": (["audit", "iris.skops", "--format", "pdf"], b"", 2, [],
                        ["libskops: --format: 'pdf' is none of html, json, sarif, text; libskops audit --help ["]),
    "audit-format-number": (["audit", "iris.skops", "--format", "3"], b"", 2, [], ["'3' is none of html, json"]),
    "predict-from-number": (["predict", "iris.skops", "iris.csv", "--from", "1"], b"", 2, [],
                            ["'1' is none of arrow, csv, npy, npz, txt"]),
    "audit-two": (["audit", "iris.skops", "columns.skops"], b"", 1,
                  ["iris.skops: ", "columns.skops: "], []),
    "audit-goes-on": (["audit", "nothing.skops", "iris.skops"], b"", 7,
                      ["LogisticRegression"], ["nothing.skops: no such file"]),
    # show
    "show": (["show", "columns.skops"], b"", 0,
             ["sklearn.pipeline.Pipeline", "LogisticRegression", "float64 (", "protocol 2", "!\x1b["], []),
    "show-depth": (["show", "columns.skops", "--depth", "1"], b"", 0, ["steps", "!OneHotEncoder"], []),
    "show-schema": (["show", "system.skops", "--schema"], b"", 0, ['"__module__": "os"'], []),
    "show-strange": (["show", "strange.skops"], b"", 0, ["FancyNode"], []),
    # plugins
    "plugins": (["plugins"], b"", 0, ["sklearn 0.", "pinned"], []),
    "plugins-load": (["plugins", "--load"], b"", 0, ["loaded, /", "!refused"], []),
    "plugins-action": (["plugins", "frobnicate"], b"", 2, [], ["plugins --help"]),
    "plugins-no-id": (["plugins", "enable"], b"", 2, [], ["plugins enable --help"]),
    "plugins-load-elsewhere": (["plugins", "--load", "verify"], b"", 2, [], ["--load"]),
    "plugins-built-in": (["plugins", "info", "numpy"], b"", 0, ["pinned by its build"], []),
    # predict: what the model lacks
    "no-method": (["predict", "scaler.skops", "iris.npy"], b"", 5, [],
                  ["scaler.skops", "StandardScaler has no method 'predict'", "it has: transform"]),
    "no-native": (["predict", "system.skops", "iris.npy"], b"", 5, [],
                  ["system.skops", "os.system", "no native methods"]),
    "denied": (["predict", "iris.skops", "iris.npy", "--deny", "sklearn.*"], b"", 1, [],
               ["LogisticRegression", "--deny"]),
    # predict: data that cannot be read
    "no-data": (["predict", "iris.skops", "nothing.npy"], b"", 7, [], ["nothing.npy: no such file"]),
    "data-directory": (["predict", "iris.skops", "a-folder", NPY], b"", 7, [], ["this is a directory"]),
    "data-empty": (["predict", "iris.skops", "-", NPY], b"", 7, [], ["standard input: the file is empty"]),
    "data-npy-noise": (["predict", "iris.skops", "noise", NPY], b"", 7, [],
                       ["noise: this is not an array in NPY format", "numpy.save"]),
    "data-npy-pickle": (["predict", "iris.skops", "pickle.skops", NPY], b"", 7, [], ["a pickle"]),
    "data-npy-zip": (["predict", "iris.skops", "iris.skops", NPY], b"", 7, [], ["--from npz"]),
    "data-npz-noise": (["predict", "iris.skops", "noise", "--from=npz"], b"", 7, [], ["not a ZIP archive"]),
    "data-npz-other": (["predict", "iris.skops", "other.zip", "--from=npz"], b"", 7, [],
                       ["no sparse matrix, but readme.txt", "save_npz"]),
    "data-npz-cut": (["predict", "iris.skops", "cut.skops", "--from=npz"], b"", 7, [], ["archive."]),
    "csv-header-only": (["predict", "iris.skops", "-", CSV], b"a,b,c,d\n", 7, [], ["0 sample"]),
    "csv-short-row": (["predict", "iris.skops", "-", CSV], CUT, 7, [],
                      ["line 3: 1 cell, but the header has 2 columns"]),
    "csv-long-row": (["predict", "iris.skops", "-", CSV], WIDE, 7, [], ["line 3: more cells than the 2"]),
    "csv-semicolons": (["predict", "iris.skops", "-", CSV], b"a;b\n1;2\n", 7, [], ["semicolon"]),
    "csv-open-quote": (["predict", "iris.skops", "-", CSV], b'a,b\n1,"2\n3,4\n', 7, [],
                       ["line 2: a quote is opened and never closed"]),
    "csv-after-quote": (["predict", "iris.skops", "-", CSV], b'a,b\n1,"2"3\n', 7, [],
                        ["line 2: text follows a closing quote"]),
    "csv-twice": (["predict", "iris.skops", "-", CSV], b"a,a\n1,2\n", 7, [], ["two columns are called 'a'"]),
    "csv-utf16": (["predict", "iris.skops", "-", CSV], "a,b\n1,2\n".encode("utf-16"), 7, [], ["UTF-16"]),
    "csv-latin1": (["predict", "iris.skops", "-", CSV], "a,b\n1,é\n".encode("latin-1"), 7, [],
                   ["line 2", "not valid UTF-8"]),
    "csv-escapes": (["predict", "iris.skops", "-", CSV], b"\x1b[31m,\x1b[31m\n1,2\n", 7, [],
                    ["\\x1b[31m", "!\x1b"]),
    "txt-latin1": (["predict", "texts.skops", "-", "--from=txt"], "a\né\n".encode("latin-1"), 7, [],
                   ["line 2 is not valid UTF-8"]),
    # predict: data that does not fit
    "column-too-few": (["predict", "iris.skops", "-", CSV], b"a,b,c\n1,2,3\n", 7, [],
                       ["standard input: X has 3 features", "expecting 4", "libskops show"]),
    "wrong-names": (["predict", "named.skops", "-", CSV], b"sl,sw,pl,w\n1,2,3,4\n", 7, [],
                    ["feature names", "unseen at fit time: w", "now missing: pw"]),
    "column-missing": (["predict", "columns.skops", "-", CSV], b"age,height\n1,2\n", 7, [],
                       ["columns are missing: {'colour'}"]),
    "texts-for-numbers": (["predict", "iris.skops", "-", CSV], b"a,b,c,d\n1,2,3,red\n", 7, [],
                          ["could not convert string to float: 'red'"]),
    "missing-values": (["predict", "iris.skops", "-", CSV], b"a,b,c,d\n1,2,3,\n", 7, [], ["contains NaN"]),
    "numbers-for-texts": (["predict", "texts.skops", "iris.npy"], b"", 7, [], ["takes documents"]),
    "two-texts": (["predict", "texts.skops", "-", CSV], b"a,b\nx,y\n", 7, [], ["takes documents"]),
    "missing-document": (["predict", "texts.skops", "-", CSV], b"a,b\n1,\n2,y\n", 7, [],
                         ["np.nan is an invalid document"]),
    "texts-for-matrix": (["predict", "iris.skops", "texts.txt"], b"", 7, [], ["not documents"]),
    # predict: where the result goes
    "no-folder": (["predict", "iris.skops", "iris.npy", "-o", "nowhere/x.csv"], b"", 7, [],
                  ["nowhere/x.csv cannot be written: No such file or directory", "make the folder"]),
    "out-is-folder": (["predict", "iris.skops", "iris.npy", "-o", "a-folder", "--to=csv"], b"", 7, [],
                      ["a-folder cannot be written", "name a file"]),
    "disk-full": (["predict", "iris.skops", "iris.npy", "-o", "/dev/full", "--to=npy"], b"", 7, [],
                  ["/dev/full cannot be written: No space left on device"]),
    "list-as-npy": (["predict", "neighbours.skops", "iris.npy", "-m", "kneighbors", "--to=npy"], b"", 5,
                    ["!NUMPY"], ["a list of arrays", "npz"]),
    "columns-as-txt": (["predict", "iris.skops", "iris.npy", "-m", "predict_proba", "--to=txt"], b"", 5, [],
                       ["more than one column"]),
}


@pytest.mark.parametrize("name", TABLE)
def test_answers(name, folder):
    arguments, stdin, status, out, err = TABLE[name]
    before = sorted(os.listdir(folder))
    done = run(*arguments, stdin=stdin, folder=folder)
    told = done.stderr.decode()
    assert done.returncode == status, told
    for pieces, text in ((out, done.stdout.decode(errors="replace")), (err, told)):
        for piece in pieces:
            assert (piece[1:] not in text) if piece.startswith("!") else (piece in text), text
    if status > 1:
        assert re.fullmatch(r"libskops: .* \[[a-z0-9._-]+\]\n", told), told
    assert sorted(os.listdir(folder)) == before, "no file is left behind"


JSON = {
    "audit": ["audit", "columns.skops", "--json"],
    "audit-strange": ["audit", "strange.skops", "--json"],
    "show": ["show", "columns.skops", "--json"],
    "show-strange": ["show", "strange.skops", "--json"],
    "plugins": ["plugins", "--json"],
    "plugins-load": ["plugins", "--load", "--json"],
    "predict": ["predict", "iris.skops", "iris.npy", "-m", "predict_log_proba", "--json"],
    "predict-csr": ["predict", "counts.skops", "counts.txt", "-m", "transform", "--json"],
    "predict-tuple": ["predict", "neighbours.skops", "iris.npy", "-m", "kneighbors", "--json"],
}


@pytest.mark.parametrize("name", JSON)
def test_json_is_one_value(name, folder):
    done = run(*JSON[name], folder=folder)
    json.loads(done.stdout)
    assert done.returncode in (0, 1)
    assert b"\x1b" not in done.stdout


def test_json_of_an_audit_tells_what_each_load_does(folder):
    audit = json.loads(run("audit", "strange.skops", "--json", folder=folder).stdout)["audit"]
    by_name = {row["name"]: row for row in audit["names"]}
    assert not audit["ok"] and audit["native_ok"]
    assert by_name["builtins.eval"]["decision"] == "denied" and not by_name["builtins.eval"]["remedy"]
    thing = by_name["mycompany.models.Thing"]
    assert thing["decision"] == "undecided" and not thing["native"]
    assert thing["remedy"] == "--trust mycompany.models.Thing"
    assert by_name["builtins.list"]["decision"] == "allowed" and by_name["builtins.list"]["native"]


def test_a_models_own_bytes_come_through_standard_input(folder):
    whole = (folder / "iris.skops").read_bytes()
    from_file = run("audit", "iris.skops", folder=folder)
    assert run("audit", "-", stdin=whole).stdout == from_file.stdout
    assert run("show", "-", stdin=whole).stdout == run("show", "iris.skops", folder=folder).stdout
    assert (run("predict", "-", folder / "iris.npy", stdin=whole).stdout ==
            run("predict", "iris.skops", "iris.npy", folder=folder).stdout)


def test_a_full_disk_is_told_by_every_command(folder):
    for arguments in (["audit", "iris.skops"], ["show", "iris.skops"], ["plugins"],
                      ["predict", "iris.skops", "iris.npy"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, cwd=folder)
        assert done.returncode == 7
        assert b"No space left on device" in done.stderr


def colours_of(folder, env, *arguments):
    """What the command writes to a terminal."""
    ours, its = pty.openpty()
    with subprocess.Popen([COMMAND, *arguments], stdout=its, stderr=its, cwd=folder,
                          env={"TERM": "xterm", **env}) as process:
        os.close(its)
        text = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:
                break
            if not piece:
                break
            text += piece
    os.close(ours)
    return process.returncode, text


@pytest.mark.parametrize("arguments", [["audit", "columns.skops"], ["show", "iris.skops"], ["plugins"],
                                       ["audit", "nothing.skops"]])
def test_colours_are_for_terminals_that_want_them(arguments, folder):
    assert b"\x1b[" in colours_of(folder, {}, *arguments)[1]
    assert b"\x1b[" not in colours_of(folder, {"NO_COLOR": "1"}, *arguments)[1]
    assert b"\x1b[" not in colours_of(folder, {"TERM": "dumb"}, *arguments)[1]


def test_binary_data_is_not_written_to_a_terminal(folder):
    status, text = colours_of(folder, {}, "predict", "iris.skops", "iris.npy", "--to", "npy")
    assert status == 2 and b"binary data" in text


def test_every_real_file_can_be_audited_and_shown():
    files = sorted((ROOT / "tests/data").glob("sk*/*/model.skops"))[::40]
    assert len(files) > 10
    for file in files:
        audited = run("audit", file)
        assert audited.returncode in (0, 1), audited.stderr
        assert b" 0 denied" in audited.stdout and b"native load: goes ahead" in audited.stdout
        assert run("show", file).returncode == 0
