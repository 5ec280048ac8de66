"""Nodes and files written by hand."""

import io
import itertools
import json
import zipfile

import numpy as np

_ids = itertools.count(1)


def node(loader, name, /, **fields):
    module, _, cls = name.rpartition(".")
    return {"__class__": cls, "__module__": module, "__loader__": loader, "__id__": next(_ids), **fields}


def plain(value):
    return node("JsonNode", "builtins.str", content=json.dumps(value), is_json=True)


def sequence(kind, *items, name=None):
    loader = {"list": "ListNode", "tuple": "TupleNode", "set": "SetNode"}[kind]
    return node(loader, name or f"builtins.{kind}", content=list(items))


def type_node(name):
    return node("TypeNode", name)


def mapping(content, types=None, name="builtins.dict"):
    types = types or ["builtins.str"] * len(content)
    return node("DictNode", name, content=content,
                key_types=sequence("list", *map(type_node, types)))


def array(file, name="numpy.ndarray"):
    return node("NdArrayNode", name, type="numpy", file=file)


def npy(value, **options):
    out = io.BytesIO()
    np.save(out, value, allow_pickle=False, **options)
    return out.getvalue()


def archive(root, members=(), protocol=2, compression=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as file:
        for name, data in dict(members).items():
            file.writestr(name, data)
        file.writestr("schema.json", json.dumps(
            {**root, "protocol": protocol, "_skops_version": "0.16.0"}))
    return out.getvalue()
