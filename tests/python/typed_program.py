"""What a program with types does with libskops; test_interface.py has mypy look at it, nobody runs it."""

from __future__ import annotations

import pathlib
import sys
from typing import Any

import numpy as np

import libskops
import libskops.io as sio


def score(path: pathlib.Path) -> Any:
    audit: libskops.Audit = libskops.audit(path, trust=["xgboost"], deny="numpy.dtype")
    for name in audit.names:
        place: str = audit.place(name.paths[0])
        print(name.name, name.decision == "allowed", place, name.count + 1)
    for finding in audit.findings:
        print(finding["code"])
    text: str = audit.report("sarif") + libskops.report([audit], format="html")
    files: dict[str, libskops.Audit | libskops.Error] = {}
    try:
        files[str(path)] = libskops.audit(path)
    except libskops.InputError as error:
        files[str(path)] = error
        code: str = error.code + error.text + error.remedy
        print(code)
    print(text, libskops.report(files, "json"))
    model = libskops.Model.load(path, trust="xgboost")
    methods: list[str] = model.methods
    print(methods, model.type, model.attributes)
    return model.predict(np.zeros((2, 3)), threads=2)


def objects(path: str) -> object:
    sio.dump({"a": 1}, path, compression=0, progress=lambda done, total: print(done, total))
    data: bytes = sio.dumps([1, 2])
    names: list[str] = sio.get_untrusted_types(data=data)
    try:
        return sio.loads(data, trusted=names)
    except sio.UntrustedTypesFoundException as error:
        print(error)
    sio.visualize(path, use_colors=False)
    return sio.load(path)


def settings() -> None:
    libskops.use_plugins([(pathlib.Path("m.json"), "a", "b")], directories=["p"], lock_files=["l"])
    for row in libskops.plugins():
        print(row["id"])
    for file in libskops.policy_files():
        print(file["path"])
    libskops.read_policy(system=None, user="policy.json", project=None)


if __name__ == "__main__":
    print(score(pathlib.Path(sys.argv[1])))
