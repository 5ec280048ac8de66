"""Writes the tables of docs/saved-types.md: `.venv/bin/python scripts/generate_saved_types.py`.

What a plugin's loaders hold is read from the manifests' recipes (plugins/*/declarations.json). What the
Python package does by itself is asked of it: saved_types.json names each type with an example, which is
dumped here, and loaded by the released skops. A test compares the page with `page()`.
"""

import collections
import io
import json
import pathlib
import re
import sys
import warnings
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "saved-types.md"
Point = collections.namedtuple("Point", "x y")

MAKES = {
    "json": "plain data as JSON text", "dict": "a dict of its items", "list": "a list of its items",
    "defaultdict": "a dict and its factory", "set": "a set of its items",
    "tuple": "a tuple of its items", "bytes": "the bytes of a member",
    "bytearray": "the bytes of a member", "slice": "start, stop and step",
    "name": "the class or function of that name", "method": "an attribute of its object",
    "partial": "function, arguments and attributes", "operator": "its arguments",
    "object": "`cls.__new__(cls)` and its state", "call": "`cls(*args)`",
    "reduce": "`cls(*args)` and its state", "array": "an array in NPY format",
    "object_array": "its cells and its shape", "hook": "code of the library's hook",
}


def code(text):
    return f"`{text}`"


def loader_table():
    rows = ["| library | loader | protocols | made of | for |", "|---|---|---|---|---|"]
    for path in sorted(ROOT.glob("plugins/*/declarations.json")):
        for loader in json.loads(path.read_text("utf-8")).get("loaders", []):
            recipe = loader.get("recipe")
            if recipe is None:
                continue
            name = code(loader["loader"]) + "".join(
                f" ({key}: {value})" for key, value in loader.get("when", {}).items())
            first, last = loader["protocols"]
            protocols = str(first) if first == last else f"{first} to {last}"
            of = ", ".join(code(name) for name in recipe.get("of", []))
            rows.append(f"| {path.parent.name} | {name} | {protocols} | {MAKES[recipe['make']]} | {of} |")
    return "\n".join(rows)


def read_by_skops(obj, data):
    import skops.io

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            loaded = skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data))
    except Exception:
        return "no"
    plain = re.compile(r" at 0x[0-9a-fA-F]+")
    same = type(loaded) is type(obj) and plain.sub("", repr(loaded)) == plain.sub("", repr(obj))
    return "yes" if same else "as another object"


def object_table(groups, names):
    import libskops.io as sio

    rows = ["| type | saved by | needs a rule | released skops reads it |", "|---|---|---|---|"]
    for group in groups:
        rows.append(f"| **{group['title']}** | | | |")
        for title, example in group["types"]:
            obj = eval(example, names)
            data = sio.dumps(obj)
            schema = json.loads(zipfile.ZipFile(io.BytesIO(data)).read("schema.json"))
            saved = code(schema["__loader__"]) + (", protocol 3" if schema["protocol"] == 3 else "")
            rule = ", ".join(map(code, sio.get_untrusted_types(data=data)))
            rows.append(f"| {title} | {saved} | {rule} | {read_by_skops(obj, data)} |")
    return "\n".join(rows)


def refused_table(refused, names):
    import libskops.io as sio

    rows = ["| object | what `dump` says |", "|---|---|"]
    for title, example in refused:
        try:
            sio.dumps([eval(example, names)])
        except sio.UnsupportedTypeException as error:
            text = re.sub(r" \(at .*?\)(?=;| \[|$)", "", str(error))
            text = text.removesuffix(f" [{error.code}]")
            rows.append(f"| {title} | {text} |")
        else:
            raise SystemExit(f"{example} is not refused")
    return "\n".join(rows)


def page():
    """The page as it should be."""
    data = json.loads(pathlib.Path(__file__).with_name("saved_types.json").read_text("utf-8"))
    module = sys.modules["__main__"]
    names = {"sys": sys}
    before = getattr(module, "Point", None)
    module.Point, Point.__module__ = Point, "__main__"
    try:
        exec(data["imports"], names)
        tables = {"loaders": loader_table(), "objects": object_table(data["groups"], names),
                  "refused": refused_table(data["refused"], names)}
    finally:
        if before is None and __name__ != "__main__":
            del module.Point
    text = PAGE.read_text("utf-8")
    for name, table in tables.items():
        pattern = rf"(<!-- generated: {name} -->\n).*?(<!-- end -->)"
        text, found = re.subn(pattern, lambda m: m[1] + table + "\n" + m[2], text, flags=re.DOTALL)
        if found != 1:
            raise SystemExit(f"{PAGE.name} has no place for {name}")
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
