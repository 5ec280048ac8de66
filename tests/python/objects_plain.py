"""Python's own objects, for test_io_types.py: name -> what makes the object, or a `Case` that says more."""

import array
import collections
import datetime
import decimal
import enum
import fractions
import functools
import io
import ipaddress
import itertools
import math
import operator
import os
import pathlib
import random
import re
import types
import typing
import uuid
import zoneinfo

import numpy as np

from objects_case import Case, differs, refused, unread

UTC = datetime.timezone.utc


class Color(enum.Enum):
    RED = 1
    GREEN = "g"
    BLUE = (1, 2)
    ALIAS = 1


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Mode(enum.Flag):
    READ = 1
    WRITE = 2


class IntMode(enum.IntFlag):
    READ = 1
    WRITE = 2


class Word(str, enum.Enum):
    YES = "yes"


class NotByValue(enum.Enum):
    A = math.nan  # Enum(nan) finds no member of another nan


class ListOf(list):
    pass


class ListWith(list):
    def __init__(self, items=()):
        super().__init__(items)
        self.count = len(self)


class CheckedList(list):
    def __init__(self, *items):
        super().__init__(items)


class DictOf(dict):
    pass


class Attributes(dict):
    """As sklearn.utils.Bunch."""

    def __init__(self, **kwargs):
        super().__init__(kwargs)

    def __setattr__(self, key, value):
        self[key] = value

    def __getattr__(self, key):
        try:
            return self[key]
        except KeyError:
            raise AttributeError(key) from None


class Ordered(collections.OrderedDict):
    pass


class Missing(collections.defaultdict):
    pass


class Upper(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key.upper(), value)


class SetOf(set):
    pass


class FrozenSetOf(frozenset):
    pass


class TupleOf(tuple):
    pass


class DequeOf(collections.deque):
    pass


class Text(str):
    pass


class Whole(int):
    pass


class Real(float):
    pass


class Bytes(bytes):
    pass


class ByteArray(bytearray):
    pass


class Complex(complex):
    pass


class Counts(collections.Counter):
    pass


Point = collections.namedtuple("Point", ["x", "y"])
Defaults = collections.namedtuple("Defaults", ["x", "y"], defaults=[2])


class Named(typing.NamedTuple):
    a: int
    b: str = "b"


class NamedMore(Named):
    """Derived from a named tuple, with a method."""

    def both(self):
        return self.a, self.b


class Plain:
    def __init__(self, **kwargs):
        vars(self).update(kwargs)

    def method(self, x=0):
        return x

    @classmethod
    def of_class(cls):
        return cls

    @staticmethod
    def static():
        return 1

    class Inner:
        pass


class Child(Plain):
    pass


class Empty:
    pass


class Slots:
    __slots__ = ("a", "b")

    def __init__(self, a=None):
        self.a = a


class SlotsAndDict(Slots):
    def __init__(self, a=None, c=None):
        super().__init__(a)
        self.c = c


class SlotsWithState:
    __slots__ = ("a", "b")

    def __getstate__(self):
        return {name: getattr(self, name) for name in self.__slots__ if hasattr(self, name)}

    def __setstate__(self, state):
        for name, value in state.items():
            setattr(self, name, value)


class WithState:
    def __getstate__(self):
        return [self.a, self.b]

    def __setstate__(self, state):
        self.a, self.b = state


class TupleState(WithState):
    def __getstate__(self):
        return self.a, self.b


class NoState:
    """Has no state: __setstate__ is not called."""

    def __getstate__(self):
        return None

    def __setstate__(self, state):
        self.a = 1


class NewArgs:
    def __new__(cls, a, b=2):
        self = super().__new__(cls)
        self.pair = (a, b)
        return self

    def __getnewargs__(self):
        return self.pair

    def __getstate__(self):
        return None


class NewArgsAndState(NewArgs):
    def __getstate__(self):
        return vars(self)


class NewArgsEx:
    def __new__(cls, *, a):
        self = super().__new__(cls)
        self.a = a
        return self

    def __getnewargs_ex__(self):
        return (), {"a": self.a}

    def __getstate__(self):
        return None


class IntWithDict(int):
    pass


class Reduced:
    def __init__(self, a, b):
        self.a, self.b = a, b

    def __reduce__(self):
        return Reduced, (self.a, self.b)


class ReducedWithState(Reduced):
    def __init__(self, a, b):
        super().__init__(a, b)
        self.c = None

    def __reduce__(self):
        return ReducedWithState, (self.a, self.b), {"c": self.c}


def make_reduced(a):
    return ReducedByFunction(a)


class ReducedByFunction:
    def __init__(self, a):
        self.a = a

    def __reduce__(self):
        return make_reduced, (self.a,)


class SlotsByFunction(ReducedByFunction):
    __slots__ = ("b",)


class Meta(type):
    pass


class WithMeta(metaclass=Meta):
    def __init__(self):
        self.a = 1


class Cached:
    @functools.cached_property
    def value(self):
        return 3


class Descriptor:
    """A property of the name of an attribute: __dict__ is what counts."""

    @property
    def hidden(self):
        return vars(self)["hidden"]


T = typing.TypeVar("T")


class Generic(typing.Generic[T]):
    def __init__(self):
        self.a = 1


def function(a, b=2, *, c=3):
    return a, b, c


def with_attributes(obj, **kwargs):
    vars(obj).update(kwargs)
    return obj


def slots(cls=Slots, **kwargs):
    obj = cls.__new__(cls)
    for name, value in kwargs.items():
        setattr(obj, name, value)
    return obj


def shared():
    inner = [1, Plain()]
    return Plain(a=inner, b=inner, c=[inner, {"d": inner}])


def shared_plain():
    inner = [1, 2]
    return [inner, inner, {"a": inner}, [1, 2]]


def cyclic():
    obj = Plain()
    obj.me = obj
    return obj


def cyclic_list():
    out = [1]
    out.append(out)
    return out


def nested(depth):
    out = []
    for _ in range(depth):
        out = [out]
    return out


def nested_objects(depth):
    out = Plain()
    for _ in range(depth):
        out = Plain(a=out)
    return out


def partial_with_namespace():
    out = functools.partial(function, 1, c=Plain())
    out.note = [1, 2]
    return out


def default_dict():
    out = collections.defaultdict(list)
    out["a"].append(1)
    return out


def zone_of_file():
    import tzdata

    with open(pathlib.Path(tzdata.__file__).parent / "zoneinfo/Europe/Berlin", "rb") as file:
        return zoneinfo.ZoneInfo.from_file(file)


def moved(ordered):
    ordered.move_to_end("a")
    return ordered


SURROGATE = "half of a surrogate pair"  # which schema.json is not to hold
NAN_KEY = math.nan
ARRAY = np.arange(3)

TYPES = {
    # plain values
    "None": lambda: None,
    "True": lambda: True,
    "0": lambda: 0,
    "-1": lambda: -1,
    "text": lambda: "a",
    "bool in list": lambda: [True, 1, 1.0, False, 0, 0.0, -0.0, None, "1"],
    "huge int": lambda: 2**100,
    "huge negative int": lambda: -10**300,
    "2**63": lambda: [2**63 - 1, 2**63, -2**63, -2**63 - 1],
    "int of 4,300 digits": lambda: 10**4299,
    "int of 5,000 digits": refused(lambda: [10**5000], "4,300 digits"),
    "float": lambda: [0.1, 1e308, 5e-324, -0.0, 1e22, 1e16, 123456789.123456789],
    "nan": lambda: [math.nan, math.inf, -math.inf],
    "nan alone": lambda: math.nan,
    "texts": lambda: ["", "größe", "😀", "\0\n\t\"\\", "\u2028\u200b\x7f", "a" * 10_000],
    "lone surrogate": lambda: "a\ud800b",
    "lone surrogates": lambda: ["\udfff", {"a": "\ud83d"}, ("\udc00\ud83d",)],
    "lone surrogate as key": Case(lambda: {"\ud800": 1}, theirs=SURROGATE),
    "surrogate pair apart": lambda: ["\ud83d", "\ude00"],
    "lone surrogate in attribute": lambda: Plain(a="\ud800"),
    "complex": lambda: [1 + 2j, complex(-0.0, math.inf), complex(math.nan, 0)],
    "bytes": lambda: [b"", b"\0\xff", b"a" * 5000],
    "bytearray": lambda: bytearray(b"abc"),
    "array.array": lambda: [array.array("d", [1.5, math.inf]), array.array("u", "ab"), array.array("b")],
    "StringIO": refused(lambda: io.StringIO("a"), "nobody would load"),
    "os.system": Case(lambda: os.system, "refused", "nobody would load", False, "always refused"),
    "type of functions": refused(lambda: type(refused), "function"),
    "memoryview": refused(lambda: memoryview(b"abc"), "memoryview"),
    "Ellipsis": lambda: [..., (slice(None), ...)],
    "NotImplemented": lambda: NotImplemented,
    "slice": lambda: [slice(1), slice(1, 2), slice(None, None, -1), slice("a", "b")],
    "slice of numpy": lambda: slice(np.int64(1)),
    "slice of objects": lambda: slice((1, 2), None, [3]),
    "range": lambda: [range(3), range(1, 9, 2), range(10**30), range(0)],
    # containers
    "list": lambda: [],
    "nested list": lambda: [[1, [2, [3]]], []],
    "list of objects": lambda: [Plain(), [Plain()], (Plain(),)],
    "tuple": lambda: (),
    "nested tuple": lambda: (1, (2, (3, [4]))),
    "set": lambda: set(),
    "set of ints": lambda: {3, 1, 2},
    "set of mixed": lambda: {1, "a", (1, 2), None, 2.5, frozenset([1])},
    "set of numpy": lambda: {np.int64(1), np.float32(2)},
    "frozenset": lambda: frozenset(),
    "frozensets": lambda: [frozenset("abc"), {frozenset([frozenset([1])]): 1}],
    "deque": lambda: collections.deque([1, 2]),
    "deque with maxlen": lambda: collections.deque([1, 2, 3], 2),
    "empty deque": lambda: collections.deque(maxlen=0),
    "deque of objects": lambda: collections.deque([Plain(), [1]]),
    "dict views": refused(lambda: {"a": 1}.keys(), "dict_keys"),
    "dict values": refused(lambda: {"a": 1}.values(), "dict_values"),
    "dict items": refused(lambda: [{"a": 1}.items()], "dict_items"),
    "mapping proxy": refused(lambda: types.MappingProxyType({}), "mappingproxy"),
    "namespace": lambda: types.SimpleNamespace(a=1, b=[2]),
    "chain map": lambda: collections.ChainMap({"a": 1}, {"b": 2}),
    "user dict": lambda: collections.UserDict(a=1),
    "user list": lambda: collections.UserList([1]),
    "user string": lambda: collections.UserString("a"),
    # keys
    "dict": lambda: {},
    "text keys": lambda: {"b": 1, "a": [2], "": None, "\"": {}},
    "int keys": lambda: {1: "a", -2: "b", 10**30: "c"},
    "bool keys": lambda: {True: 1, False: 2},
    "False alone": lambda: {False: 1},
    "None key": lambda: {None: 1},
    "None and text": lambda: {None: 1, "null": 2, "None": 3},
    "float keys": lambda: {0.5: 1, 1e300: 2, math.inf: 3, -0.0: 4},
    "nan key": lambda: {NAN_KEY: 1},
    "tuple keys": lambda: {(1, "a"): 1, (): 2, (1, (2,)): 3},
    "bytes keys": lambda: {b"a": 1},
    "mixed keys": lambda: {1: "int", "1": "text", 2.5: "float", None: "none", (1,): "tuple", b"1": "bytes"},
    "1 and '1'": lambda: {1: "a", "1": "b"},
    "True and 'true'": lambda: {True: 1, "true": 2, "True": 3},
    "False and ''": lambda: {False: 1, "": 2},
    "1.0 and '1.0'": lambda: {1.0: 1, "1.0": 2},
    "numpy keys": lambda: {np.int64(1): 1, np.float32(0.1): 2, np.uint8(3): 3, np.int8(-4): 4},
    "numpy bool keys": lambda: {np.bool_(True): 1, np.bool_(False): 2},
    "numpy str keys": lambda: {np.str_("a"): 1},
    "numpy bytes keys": lambda: {np.bytes_(b"a"): 1},
    "numpy 1 and 2": lambda: {np.int64(1): 1, 2: 2},
    "numpy float keys":
        lambda: {np.float64(0.1): 1, np.float16(0.1): 2, np.float64("nan"): 3, np.float64("inf"): 4},
    "longdouble key": lambda: {np.longdouble("0.1"): 1},
    "datetime64 key": lambda: {np.datetime64("2020-01-01"): 1},
    "complex keys": lambda: {1 + 2j: 1},
    "date keys": lambda: {datetime.date(2020, 1, 1): 1},
    "enum keys": lambda: {Color.RED: 1, Level.LOW: 2},
    "IntEnum and int": lambda: {Level.LOW: 1, 2: 3},
    "type keys": lambda: {int: 1, Plain: 2},
    "frozenset key": lambda: {frozenset([1, 2]): 1},
    "text subclass key": lambda: {Text("a"): 1},
    "int subclass key": lambda: {Whole(1): 1},
    "Ellipsis key": lambda: {...: 1},
    "object keys": lambda: {Reduced(1, 2): 1},
    "nested keys": lambda: {"a": {1: {None: {(1, 2): 3}}}},
    "keys in list": lambda: [{1: 2}, {"1": 2}, {None: 3}],
    "attributes that are no text": lambda: with_attributes(Plain(), a={1: 2}),
    "dict key with surrogates and more": Case(lambda: {"\ud800": 1, 1: 2, "a": "\udfff"}, theirs=SURROGATE),
    "OrderedDict": lambda: collections.OrderedDict([("b", 1), ("a", 2)]),
    "OrderedDict, int keys": lambda: collections.OrderedDict([(2, 1), (1, 2)]),
    "OrderedDict, None key": lambda: collections.OrderedDict([(None, 1), ("a", 2), (1, 3), ("1", 4)]),
    "OrderedDict, moved": lambda: moved(collections.OrderedDict(a=1, b=2)),
    "defaultdict": default_dict,
    "defaultdict, int keys": lambda: collections.defaultdict(int, {1: 2, 2: 3}),
    "defaultdict, mixed keys": lambda: collections.defaultdict(list, {None: [1], "a": [2], (1,): []}),
    "defaultdict without factory": lambda: collections.defaultdict(None, a=1),
    "defaultdict of class": lambda: collections.defaultdict(Plain),
    "defaultdict of partial": lambda: collections.defaultdict(functools.partial(int, 3), a=1),
    "defaultdict of lambda": refused(lambda: collections.defaultdict(lambda: 1), "lambda"),
    "Counter": lambda: collections.Counter("abca"),
    "Counter, int keys": lambda: collections.Counter([1, 1, 2]),
    "Counter, mixed keys": lambda: collections.Counter([1, "1", None, (1, 2)]),
    # subclasses
    "list subclass": lambda: ListOf([1, [2]]),
    "list subclass with attributes": refused(lambda: with_attributes(ListOf([1]), a=1), "attributes"),
    "list subclass that counts": lambda: ListWith([1, 2]),
    "list subclass of other arguments": refused(lambda: CheckedList(1, 2), "items"),
    "dict subclass": lambda: DictOf(a=1),
    "dict subclass, mixed keys": lambda: DictOf({1: 1, "1": 2, None: 3}),
    "dict with attributes as items": lambda: Attributes(a=1, b=[2]),
    "dict with attributes, int keys": lambda: (lambda b: b)(Attributes(a=1)),
    "OrderedDict subclass": lambda: Ordered(b=1, a=2),
    "defaultdict subclass": lambda: Missing(list, {"a": 1, None: 2}),
    "dict that changes keys": lambda: (lambda d: (dict.__setitem__(d, "a", 1), d)[1])(Upper()),
    "dict subclass with attributes": refused(lambda: with_attributes(DictOf(), a=1), "attributes"),
    "Counter subclass": lambda: Counts("aab"),
    "set subclass": lambda: SetOf([1, 2]),
    "frozenset subclass": lambda: FrozenSetOf([1, 2]),
    "tuple subclass": lambda: TupleOf([1, 2]),
    "tuple subclass with attributes": refused(lambda: with_attributes(TupleOf([1]), a=1), "items"),
    "deque subclass": lambda: DequeOf([1, 2], 3),
    "text subclass": lambda: Text("a"),
    "int subclass": lambda: Whole(5),
    "float subclass": lambda: Real(0.1),
    "bytes subclass": lambda: Bytes(b"a"),
    "bytearray subclass": lambda: ByteArray(b"a"),
    "complex subclass": refused(lambda: Complex(1, 2), "complex"),
    "int subclass with attributes": refused(lambda: with_attributes(Whole(5), a=1), "attributes"),
    "namedtuple": lambda: Point(1, [2]),
    "namedtuple with defaults": lambda: Defaults(1),
    "NamedTuple": lambda: Named(1),
    "namedtuple subclass": lambda: NamedMore(1, "x"),
    "local namedtuple": refused(lambda: collections.namedtuple("Local", "a")(1), "Local"),
    # enums
    "Enum": lambda: list(Color),
    "Enum alone": lambda: Color.BLUE,
    "IntEnum": lambda: [Level.LOW, 1],
    "Flag": lambda: [Mode.READ, Mode.READ | Mode.WRITE, Mode(0)],
    "IntFlag": lambda: IntMode.READ | IntMode.WRITE,
    "str Enum": lambda: Word.YES,
    "re flags": lambda: re.IGNORECASE | re.MULTILINE,
    "Enum of nan": refused(lambda: NotByValue.A, "value"),
    "Enum class": lambda: Color,
    # dates
    "date": lambda: datetime.date(2020, 2, 29),
    "datetime": lambda: datetime.datetime(2020, 1, 2, 3, 4, 5, 678901),
    "datetime UTC": lambda: datetime.datetime(2020, 1, 2, tzinfo=UTC),
    "time": lambda: datetime.time(1, 2, 3, 4),
    "timedelta": lambda: [datetime.timedelta(1, 2, 3), datetime.timedelta(-1), datetime.timedelta.max],
    "timezone":
        lambda: [UTC, datetime.timezone(datetime.timedelta(hours=-3)), datetime.timezone(datetime.timedelta(hours=1), "CET")],
    "datetime of timezone":
        lambda: datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=5, minutes=30))),
    "ZoneInfo": lambda: zoneinfo.ZoneInfo("Europe/Berlin"),
    "datetime of ZoneInfo":
        lambda: datetime.datetime(2020, 10, 25, 2, 30, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
    "fold": lambda: datetime.datetime(2020, 10, 25, 2, 30, fold=1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
    "fold of time": lambda: datetime.time(2, 30, fold=1),
    "time of timezone": lambda: datetime.time(1, tzinfo=UTC),
    "ZoneInfo without cache": lambda: zoneinfo.ZoneInfo.no_cache("Europe/Paris"),
    "ZoneInfo of a file": refused(zone_of_file, "from_file"),
    # numbers, ids, paths
    "Decimal":
        lambda: [decimal.Decimal("1.10"), decimal.Decimal("NaN"), decimal.Decimal("-0"), decimal.Decimal("1E+400")],
    "Decimal context": lambda: decimal.Context(prec=5),
    "Fraction": lambda: [fractions.Fraction(1, 3), fractions.Fraction(-2)],
    "UUID": lambda: uuid.UUID(int=5),
    "UUID safe": lambda: uuid.UUID(int=7, is_safe=uuid.SafeUUID.safe),
    "PurePosixPath": lambda: pathlib.PurePosixPath("a/../b c"),
    "Path": lambda: pathlib.Path("/tmp/x"),
    "PureWindowsPath": lambda: pathlib.PureWindowsPath("c:\\a"),
    "IP address":
        lambda: [ipaddress.ip_address("10.0.0.1"), ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_address("::1")],
    "re pattern": refused(lambda: re.compile("a+"), "_compile"),
    "random.Random": lambda: random.Random(3),
    "random.Random in use": lambda: (lambda r: (r.gauss(0, 1), r)[1])(random.Random(3)),
    # callables
    "function": lambda: function,
    "builtin function": lambda: [len, math.sqrt, print],
    "class": lambda: [Plain, int, dict, collections.OrderedDict],
    "NoneType": lambda: [type(None), type(...), type(NotImplemented)],
    "lambda": refused(lambda: (lambda x: x), "lambda"),
    "local function": refused(lambda: [(lambda f: f)(lambda: 1)], "lambda"),
    "local class": refused(lambda: type("Local", (), {})(), "Local"),
    "nested class": refused(lambda: Plain.Inner, "Inner"),
    "object of nested class": refused(lambda: [Plain.Inner()], "Inner"),
    "partial": lambda: functools.partial(function, 1, c=2),
    "partial of partial": lambda: functools.partial(functools.partial(function, 1), 2),
    "partial with namespace": partial_with_namespace,
    "partial of class": lambda: functools.partial(dict, a=1),
    "partial of lambda": refused(lambda: functools.partial(lambda: 1), "lambda"),
    "partial of method": lambda: functools.partial(Plain(a=1).method, 1),
    "attrgetter": lambda: [operator.attrgetter("a"), operator.attrgetter("a.b", "c")],
    "itemgetter": lambda: [operator.itemgetter(1), operator.itemgetter("a", 2, None)],
    "methodcaller": lambda: operator.methodcaller("round", 1, "a"),
    "methodcaller with keywords":
        unread(lambda: operator.methodcaller("sum", 1, key=None, reverse=True), "protocol 3"),
    "operator function": lambda: [operator.add, operator.itemgetter],
    "methodcaller handed on": Case(
        lambda: functools.partial(operator.methodcaller, "eval"), "refused", "no audit sees", False, "no audit sees"),
    "bound method": lambda: Plain(a=1).method,
    "method of child": lambda: Child(a=1).method,
    "method and its object": lambda: (lambda p: [p, p.method])(Plain()),
    "class method": refused(lambda: Plain.of_class, "bound to a class"),
    "unbound method": refused(lambda: Plain.method, "method"),
    "static method": refused(lambda: Plain.static, "static"),
    "builtin method": refused(lambda: [[].append], ""),
    "dict.get": refused(lambda: {"a": 1}.get, ""),
    "builtin class method": refused(lambda: dict.fromkeys, ""),
    "lru_cache": lambda: cached,
    "generator": refused(lambda: (x for x in ()), "generator"),
    "iterator": refused(lambda: iter([1]), "iterator"),
    "count": lambda: itertools.count(3),
    "enumerate": refused(lambda: enumerate([]), "enumerate"),
    "module": refused(lambda: math, "module"),
    "property": refused(lambda: property(), "property"),
    "generic alias": lambda: [list[int], dict[str, list[int]]],
    "Union": lambda: typing.Union[int, str],
    "TypeVar": lambda: T,
    "exception": lambda: ValueError("a", 1),
    "exception with attributes": lambda: with_attributes(ValueError("a"), b=[1]),
    "system error": lambda: OSError(2, "no file", "name"),
    "system error with attributes":
        refused(lambda: with_attributes(OSError(2, "no file"), b=1), "FileNotFoundError"),
    "object()": lambda: object(),
    "file": refused(lambda: open(__file__), ""),
    # objects
    "object": lambda: Plain(a=1, b=[1, 2], c=None),
    "empty object": lambda: Empty(),
    "object without attributes": lambda: Plain(),
    "child object": lambda: Child(a=Plain()),
    "attribute names": lambda: with_attributes(Plain(), **{"größe": 1, "a b": 2, "": 3, "__x": 4, "class": 5}),
    "int attributes": lambda: (lambda p: (vars(p).update({1: 2, None: 3}), p)[1])(Plain()),
    "slots": refused(lambda: Slots(1), "slots"),
    "slots and dict": refused(lambda: SlotsAndDict(1, 2), "slots"),
    "slots with state": lambda: slots(SlotsWithState, a=1, b=[2]),
    "slots with state, empty": lambda: slots(SlotsWithState),
    "state of list": lambda: with_attributes(WithState(), a=1, b=[2]),
    "state of tuple": lambda: with_attributes(TupleState(), a=1, b=[2]),
    "state of None": lambda: NoState(),
    "new args": lambda: NewArgs(1),
    "new args and state": refused(lambda: NewArgsAndState(1), ""),
    "new args by name": refused(lambda: NewArgsEx(a=1), ""),
    "reduced": lambda: Reduced(1, [2]),
    "reduced with state": lambda: ReducedWithState(1, 2),
    "reduced by function": lambda: ReducedByFunction(1),
    "reduced by function, of slots": refused(lambda: SlotsByFunction(1), "make_reduced"),
    "meta class": lambda: [WithMeta(), WithMeta],
    "cached property": lambda: (lambda c: (c.value, c)[1])(Cached()),
    "property under an attribute's name": lambda: with_attributes(Descriptor(), hidden=1),
    "generic class": lambda: Generic(),
    "generic class with argument": lambda: Generic[int](),
    "attribute that shadows a method": lambda: with_attributes(Plain(), method=3),
    # references
    "shared": shared,
    "shared plain data": shared_plain,
    "shared in tuple": lambda: (lambda x: (x, x, [x]))([1]),
    "shared tuple": lambda: (lambda x: [x, x])(([],)),
    "shared array": lambda: (lambda x: [x, {"a": x}, Plain(a=x)])(np.arange(4)),
    "equal but not shared": lambda: [[1], [1], np.arange(3), np.arange(3)],
    "shared dict": lambda: (lambda x: Plain(a=x, b=x))({}),
    "shared bytearray": lambda: (lambda x: [x, x])(bytearray(b"a")),
    "shared set": lambda: (lambda x: [x, x])({1}),
    "shared deque": lambda: (lambda x: [x, x, Plain(a=x)])(collections.deque([1])),
    "shared as value of pairs": lambda: (lambda x: {None: x, 1: x})([1]),
    "shared key and value": lambda: (lambda x: {x: x, 1: [x]})((1, 2)),
    "cycle": refused(cyclic, "contains itself"),
    "cyclic list": refused(cyclic_list, "contains itself"),
    "cycle by method": refused(lambda: (lambda p: with_attributes(p, m=p.method))(Plain()), "contains itself"),
    "deep": Case(lambda: nested(60)),
    "deeper": Case(lambda: nested(90)),
    "deep objects": Case(lambda: nested_objects(60)),
    "too deep": refused(lambda: nested(5000), "deep"),
    "objects too deep": refused(lambda: nested_objects(2000), "deep"),
}


@functools.lru_cache(maxsize=None)
def cached(x):
    return x
