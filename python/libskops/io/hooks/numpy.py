"""Random states and generators, masked arrays, dtypes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._take_numpy import descr_of, take_dtype as take_odd_dtype
from ..exceptions import UnsupportedTypeException
from . import Hook, require


def build_random_state(cls: type, fields: dict[str, Any]) -> Any:
    out = cls(np.random.MT19937(0))  # any seed: the state is replaced
    out.set_state(fields["content"])
    return out


def check_plain_state(name: str, state: Any) -> None:
    """States of protocol 0 are plain JSON, which no native serializer has checked."""
    require(isinstance(state, dict) and isinstance(state.get("state"), dict),
            "the state of a bit generator is no dict")
    inner = state["state"]

    def words(where: dict[str, Any], key: str, count: int) -> list[int]:
        found: Any = where.get(key)
        require(isinstance(found, list) and len(found) == count
                and all(type(word) is int and 0 <= word < 2**64 for word in found),
                f"the '{key}' of a bit generator's state is not {count} numbers")
        where[key] = np.array(found, dtype=np.uint64)
        return found

    def position(where: dict[str, Any], key: str, most: int) -> None:
        require(type(where.get(key)) is int and 0 <= where[key] <= most,
                f"the '{key}' of a bit generator's state is not in 0..{most}")

    if name == "MT19937":
        require(any(words(inner, "key", 624)), "the key of an MT19937 state is all zero")
        position(inner, "pos", 624)
    elif name == "Philox":
        words(inner, "counter", 4)
        words(inner, "key", 2)
        words(state, "buffer", 4)
        position(state, "buffer_pos", 4)
    elif name == "SFC64":
        words(inner, "state", 4)


def build_generator(cls: type, fields: dict[str, Any]) -> Any:
    kind, state = fields["bit_generator"], fields["content.bit_generator"]
    require(isinstance(kind, type) and issubclass(kind, np.random.BitGenerator)
            and kind is not np.random.BitGenerator, "not a bit generator of numpy.random")
    require(isinstance(state, dict) and state.get("bit_generator") == kind.__name__,
            "the state of a bit generator names another one")
    seed = fields.get("content.seed_seq")
    if seed is None:
        if isinstance(state.get("state"), dict) and not any(
                isinstance(part, np.ndarray) for part in state["state"].values()):
            check_plain_state(kind.__name__, state)
        generator = kind(0)
    else:
        require(isinstance(seed, dict) and set(seed) <= {
            "entropy", "spawn_key", "pool_size", "n_children_spawned"}
            and seed.get("pool_size", 4) == 4, "not the state of a SeedSequence")
        generator = kind(np.random.SeedSequence(**seed))
    generator.state = state
    return cls(generator)


def build_masked_array(cls: type, fields: dict[str, Any]) -> Any:
    data, mask = fields["content.data"], fields["content.mask"]
    require(isinstance(data, np.ndarray), "the data of a masked array are no array")
    return cls(data, mask)


def build_dtype(cls: type, fields: dict[str, Any]) -> Any:
    example = fields["content"]
    require(isinstance(example, np.ndarray) and isinstance(example.dtype, cls),
            "a dtype is not described by an array of it")
    return example.dtype


def take_random_state(obj: np.random.RandomState) -> Any:
    state = obj.get_state(legacy=False)
    if state["bit_generator"] != "MT19937":
        raise UnsupportedTypeException(
            f"Objects of type RandomState are not supported with the bit generator "
            f"{state['bit_generator']}; use a numpy.random.Generator with it.")
    return "RandomStateNode", None, {"content": state}, "", 2, obj._bit_generator


def _same_state(a: Any, b: Any) -> bool:
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(_same_state(a[key], b[key]) for key in a)
    return bool(np.all(a == b))


def take_bit_generator(obj: np.random.BitGenerator) -> Any:
    """A bit generator alone; one that has been used is the part of a Generator."""
    seed = getattr(obj, "seed_seq", None) or getattr(obj, "_seed_seq", None)
    if type(seed) is not np.random.SeedSequence or type(obj).__module__.partition(".")[0] != "numpy" \
            or not _same_state(type(obj)(seed).state, obj.state):
        raise UnsupportedTypeException(
            f"Objects of type {type(obj).__name__} are not supported once they were used; keep the "
            "numpy.random.Generator that uses it.")
    return "ConstructorFromReduceNode", ("numpy.random", type(obj).__name__), {"content": (seed,)}


def take_generator(obj: np.random.Generator) -> Any:
    bits: Any = obj.bit_generator
    seed = getattr(bits, "seed_seq", None) or bits._seed_seq  # public since NumPy 1.25
    if type(seed) is not np.random.SeedSequence:
        raise UnsupportedTypeException(
            f"Objects of type {type(obj).__name__} are not supported with a seed sequence of type "
            f"{type(seed).__name__}; make the generator with numpy.random.default_rng.")
    fields = {"content.bit_generator": bits.state, "content.seed_seq": seed.state}
    return "RandomGeneratorNode", None, fields, "", 2, bits


def take_masked_array(obj: Any) -> Any:
    if obj is np.ma.masked:
        return "ConstructorFromReduceNode", None, {"content": ()}

    def beside(masked: np.ma.MaskedArray) -> dict[str, Any]:
        return {key: value for key, value in vars(masked).items() if key not in (
            "_mask", "_fill_value", "_hardmask", "_sharedmask", "_isfield")}

    if type(obj) is not np.ma.MaskedArray or beside(obj) != beside(type(obj)(obj.data, obj.mask)):
        raise UnsupportedTypeException(
            f"Objects of type {type(obj).__name__} are not supported where they are of a class derived "
            "from MaskedArray or have attributes beside; keep their data and mask.")
    fill: Any = getattr(obj, "_fill_value")
    if fill is None and not obj.hardmask:
        return {"content.data": obj.data, "content.mask": obj.mask}
    # MaskedArray(data, mask, dtype, copy, subok, ndmin, fill_value, keep_mask, hard_mask)
    args = (obj.data, obj.mask, None, False, True, 0, fill, True, bool(obj.hardmask))
    return "ConstructorFromReduceNode", None, {"content": args}


def take_dtype(obj: np.dtype) -> Any:
    if obj == object or (not obj.hasobject and obj.subdtype is None
                         and type(obj).__name__ != "StringDType" and descr_of(obj) is not None):
        return "DTypeNode", ("numpy", "dtype"), {"content": np.ndarray(0, dtype=obj)}
    return take_odd_dtype(obj)


HOOKS = {
    "RandomStateNode": Hook(build_random_state, take_random_state),
    "RandomGeneratorNode": Hook(build_generator, take_generator),
    "MaskedArrayNode": Hook(build_masked_array, take_masked_array),
    "DTypeNode": Hook(build_dtype, take_dtype),
}
