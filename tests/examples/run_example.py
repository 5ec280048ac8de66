"""`run_example.py PROGRAM DATA`: runs an embedding example on real files and on bad ones; compares its
predictions with scikit-learn's, its exit statuses with what the docs promise. Standard library only.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM, DATA = sys.argv[1], pathlib.Path(sys.argv[2])


def run(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def case(name):
    folder = DATA / "sk19" / name
    content = json.loads((folder / "case.json").read_text())
    return folder / "model.skops", content["input"], content["expected"]["predict"]


class Example(unittest.TestCase):
    def predict(self, name):
        model, x, expected = case(name)
        status, out, err = run(model, x["shape"][1], *x["data"])
        self.assertEqual((status, err), (0, ""), out)
        lines = out.splitlines()
        start = next(k for k, line in enumerate(lines) if " predictions of dtype " in line)
        self.assertEqual(lines[start].split()[-1].lstrip("<"), expected["dtype"])
        return out, " ".join(lines[start + 1:]).split(), expected["data"]

    def test_class_labels(self):
        out, got, expected = self.predict("LogisticRegression-three")
        self.assertIn("+ sklearn, trusted by default: LogisticRegression", out)
        self.assertIn("method predict_proba", out)
        self.assertEqual([int(word) for word in got], expected)

    def test_text_labels(self):
        _, got, expected = self.predict("LogisticRegression-three-strings")
        self.assertEqual(got, expected)

    def test_two_outputs(self):
        _, got, expected = self.predict("LinearRegression-two-outputs")
        self.assertEqual(len(got), len(expected))
        for a, b in zip(got, expected):
            self.assertLessEqual(abs(float(a) - b), 1e-9 * abs(b))

    def test_a_denied_name(self):
        status, out, err = run(DATA / "sk19/SVC-rbf/model.skops", 1, 0)
        self.assertEqual(status, 1)
        self.assertIn("sklearn.svm._classes.SVC", out)
        self.assertIn("trust.denied", err)

    def test_a_matrix_of_another_width(self):
        status, _, err = run(case("LogisticRegression-three")[0], 1, 0.5)
        self.assertEqual(status, 7)
        self.assertIn("features", err)

    def test_no_such_file(self):
        status, _, err = run("no such file.skops", 1, 0)
        self.assertEqual(status, 7)
        self.assertIn("[file.unreadable]", err)

    def test_a_pickle(self):
        with tempfile.TemporaryDirectory() as folder:
            pickle = pathlib.Path(folder, "model.skops")
            pickle.write_bytes(b"\x80\x04K\x01.")
            status, _, err = run(pickle, 1, 0)
        self.assertEqual(status, 3)
        self.assertIn("[archive.pickle]", err)

    def test_a_model_without_that_method(self):
        folder = DATA / "sk19" / "StandardScaler-default"
        x = json.loads((folder / "case.json").read_text())["input"]
        model = folder / "model.skops"
        status, _, err = run(model, x["shape"][1], *x["data"])
        self.assertEqual(status, 5)
        self.assertIn("[model.no-method]", err)

    @unittest.skipUnless(PROGRAM.endswith("embed_c"), "the example in C has settings")
    def test_settings_of_an_operator(self):
        model, x, _ = case("LogisticRegression-three")
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "plugins").mkdir(mode=0o700)
            manifest = pathlib.Path(folder, "plugins/acme.skops-plugin.json")
            manifest.write_text("{}")
            lock = {"lock_version": 1, "plugins": [{
                "id": "acme", "manifest_sha256": 64 * "a", "library_sha256": "", "accept_proposals": False,
                "enabled_by": "ana", "enabled_at": "2026-11-26T12:00:00Z"}]}
            pathlib.Path(folder, "plugins.lock.json").write_text(json.dumps(lock))
            policy = pathlib.Path(folder, "policy.json")
            policy.write_text('{"version": 1, "deny": ["sklearn.linear_model.*"]}')
            for path in (manifest, policy, policy.with_name("plugins.lock.json")):
                path.chmod(0o600)
            status, out, err = run("--settings", folder, model, x["shape"][1], *x["data"])
            self.assertEqual(status, 1, err)
            self.assertIn("acme is refused: ", out)
            self.assertIn("trust.denied", err)
            policy.unlink()
            status, _, err = run("--settings", folder, model, x["shape"][1], *x["data"])
            self.assertEqual(status, 7)
            self.assertIn("[policy.unreadable]", err)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
