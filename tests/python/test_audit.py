"""libskops.audit: names, decisions, reports."""

import functools
import html.parser
import json

import numpy as np
import pytest
import skops.io
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeClassifier

import libskops
from files import hostile, one_node, with_schema, written


def test_audit_of_an_honest_file():
    audit = libskops.audit(written("pipeline"))
    assert audit.ok and not audit.denied and audit.untrusted == [] and audit.findings == []
    names = {name.name: name for name in audit.names}
    scaler = names["sklearn.preprocessing._data.StandardScaler"]
    assert (scaler.decision, scaler.native, scaler.library) == ("allowed", True, "sklearn")
    assert scaler.paths and scaler.count >= 1 and scaler.rule
    assert "StandardScaler" in repr(scaler)


def test_trust_and_deny():
    data = hostile(("my.models", "Thing"))
    assert libskops.audit(data).untrusted == ["my.models.Thing"]
    for trust in (["my.models.Thing"], "my.models.Thing", ("my.models.*",)):
        assert libskops.audit(data, trust=trust).ok
    audit = libskops.audit(data, trust=["my.models.Thing"], deny=["my.models.*"])
    assert audit.denied and not audit.ok


def test_importers_stay_refused():
    audit = libskops.audit(hostile(("os", "system")), trust=["os.system"])
    assert "os.system" in audit.untrusted


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.texts, self.attributes = set(), [], []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes

    def handle_data(self, data):
        self.texts.append(data)


OWN_TAGS = {"html", "head", "meta", "title", "style", "body", "a", "header", "main", "section", "footer",
            "h1", "h2", "h3", "h4", "div", "span", "p", "article", "dl", "dt", "dd", "ul", "li", "code",
            "wbr", "details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td", "br"}
OWN_ATTRIBUTES = {"lang", "charset", "http-equiv", "name", "content", "class", "id", "href", "role",
                  "scope", "data-label", "aria-labelledby"}
NAMES = [
    ("evil", "<script>alert(1)</script>"), ("evil", "a\"onmouseover=\"alert(1)"),
    ("evil", "x' onload='y"), ("</td></table><img src=x onerror=alert(1)>", "C"),
    ("evil", "&lt;b&gt;"), ("evil", "\x1b[2Jcleared"), ("evil", "a\u202egpj.exe"),
    ("evil", "-->"), ("]]>", "C"), ("evil", "a\r\nb"), ("javascript:alert(1)", "C"),
    ("evil", "\u0000nul"), ("</style><style>*{display:none}", "C"),
]


@pytest.mark.parametrize("name", NAMES)
def test_reports_of_hostile_names(name):
    try:
        audit = libskops.audit(hostile(name))
    except libskops.MalformedError as error:  # names that the format does not allow
        assert not set("\x1b\u202e\n\r\0") & set(str(error))
        return
    page = audit.report("html")
    reader = Page()
    reader.feed(page)
    assert reader.tags <= OWN_TAGS
    assert {key for key, _ in reader.attributes} <= OWN_ATTRIBUTES
    assert not set("\x1b\u202e\0\r") & set(page)
    text = audit.report()
    assert not set("\x1b\u202e\0\r") & set(text)
    for form in ("json", "sarif"):  # which are shown in terminals, too
        said = audit.report(form)
        json.loads(said)
        assert not set("\x1b\x7f\x9b\u202e\u2066\u2028\U000e0041\r") & set(said)
    assert any(text in place for name in json.loads(audit.report("json"))["names"] for place in name["places"])


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a & \"b\" 'c'", "\x1b]0;title\x07",
                                  "\u202e\u2066", "\x9b31m\x7f\u2028\U000e0041 \u00e9"])
def test_paths_in_pages_are_texts(text):
    """Names are checked by the format; keys, which paths are made of, are free."""
    def change(schema):
        content = schema["content"]["content"]
        content[text] = {"__class__": "Thing", "__module__": "evil", "__loader__": "ObjectNode",
                         "__id__": 987654321, "content": {
                             "__class__": "str", "__module__": "builtins",
                             "__loader__": "JsonNode", "content": "\"x\"", "__id__": 987654322}}
    audit = libskops.audit(with_schema(written("linear"), change))
    assert "evil.Thing" in audit.untrusted
    page = audit.report("html")
    reader = Page()
    reader.feed(page)
    assert reader.tags <= OWN_TAGS and "alert" not in str(reader.attributes)
    assert {key for key, _ in reader.attributes} <= OWN_ATTRIBUTES
    assert not set("\x1b\u202e\u2066\x07") & set(page + audit.report())
    if text.isprintable():  # quotes are written as in a Python text
        assert text.split('"')[0] in "".join(reader.texts)


def test_reports_agree():
    audit = libskops.audit(hostile(("my.models", "Thing")))
    page, data = audit.report(format="html"), json.loads(audit.report(format="json"))
    assert data["untrusted"] == ["my.models.Thing"] and data["ok"] is False
    assert page.startswith("<!DOCTYPE html>") and page.rstrip().endswith("</html>")
    assert "--trust my.models.Thing" in page and "--trust my.models.Thing" in audit.report()
    reader = Page()
    reader.feed(page)
    assert "script" not in reader.tags
    for row in data["names"]:
        assert row["name"] in "".join(reader.texts)


def named(audit, name):
    return next(row for row in audit.names if row.name == name)


def clipped():
    """A pipeline with a function, a function wrapped in a partial, a tree, and what has no plugin."""
    x = np.random.RandomState(0).rand(30, 4)
    steps = [("log", FunctionTransformer(np.log1p)),
             ("clip", FunctionTransformer(functools.partial(np.clip, a_min=0, a_max=1))),
             ("tree", DecisionTreeClassifier(max_depth=2))]
    return skops.io.dumps(Pipeline(steps).fit(x, x[:, 0] > 0.5))


def test_the_answer_for_each_name():
    audit = libskops.audit(clipped(), deny=["numpy.log1p"])
    assert audit.root == "Pipeline" and audit.file == "<bytes>" and not audit.native_ok
    rows = {name: (row.decision, row.reason, row.effect, row.contents_checked, row.allow)
            for name in ("sklearn.tree._tree.Tree", "sklearn.pipeline.Pipeline", "builtins.dict",
                         "numpy.log1p", "numpy.clip", "functools.partial", "numpy.ndarray")
            for row in [named(audit, name)]}
    assert rows == {
        "sklearn.tree._tree.Tree": ("allowed", "trusted-by-default", "calls", True, ""),
        "sklearn.pipeline.Pipeline": ("allowed", "trusted-by-default", "creates", False, ""),
        "builtins.dict": ("allowed", "trusted-by-default", "data", False, ""),
        "numpy.log1p": ("denied", "rule", "refers", False, ""),
        "numpy.clip": ("undecided", "no-rule", "refers", False, "numpy.clip"),
        "functools.partial": ("undecided", "no-rule", "wraps", False, "functools.partial"),
        "numpy.ndarray": ("allowed", "trusted-by-default", "data", False, "")}
    denied = named(audit, "numpy.log1p")
    assert (denied.rule_text, denied.origin, denied.refuses_native) == ("deny numpy.log1p", "call", True)
    assert "deny numpy.log1p (call)" in denied.cannot_allow
    clip = named(audit, "numpy.clip")
    assert [audit.place(path) for path in clip.paths] == ["Pipeline.steps[1][1].func.func"]
    assert clip.loader_plugin == "builtins" and clip.library == ""
    assert audit.place("") == "Pipeline" and audit.place("[0]") == "Pipeline[0]"


# name of a node: (loader, fields, expected effect, expected rule or words of why none can)
UNTRUSTED = {
    ("xgboost.sklearn", "XGBClassifier"): ("ObjectNode", {}, "creates", "xgboost"),
    ("mine", "Thing"): ("ObjectNode", {}, "creates", "mine.Thing"),
    ("mine", "Numbers"): ("ListNode", {"content": []}, "calls", "mine.Numbers"),
    ("mine", "Point"): ("TupleNode", {"content": []}, "calls", "mine.Point"),
    ("sklearn.svm._classes", "SVC"): ("TypeNode", {}, "refers", "sklearn.svm._classes.SVC"),
    ("builtins", "eval"): ("FunctionNode", {}, "refers", ["code of the host"]),
    ("importlib", "import_module"): ("FunctionNode", {}, "refers", ["code of the host"]),
    ("os", "system"): ("SliceNode", {"content": {}}, "none", ["builds what it does not"]),
    ("sklearn.svm", "_classes.SVC"): ("ObjectNode", {}, "creates", ["another name"]),
    ("x", "Y"): ("FutureNode", {}, "none", ["no plugin describes the loader FutureNode"]),
    ("a" * 300, "Y"): ("ObjectNode", {}, "creates", ["no rule can say"]),
}


@pytest.mark.parametrize("name", UNTRUSTED, ids=lambda name: ".".join(name)[:40])
def test_the_one_line_that_allows_a_name(name):
    """...is a rule that does, where there is one; and where there is none, no view shows one."""
    loader, fields, effect, allow = UNTRUSTED[name]
    data = one_node(name, loader, **fields)
    audit = libskops.audit(data)
    row = named(audit, ".".join(name))
    assert row.effect == effect
    if isinstance(allow, str):
        assert row.allow == allow and row.cannot_allow == ""
        assert named(libskops.audit(data, trust=[row.allow]), row.name).decision == "allowed"
        line = f"libskops trust add {allow}"
        for form in ("text", "json", "sarif", "html"):
            assert line in audit.report(form)
        return
    assert row.allow == "" and all(words in row.cannot_allow for words in allow)
    for form in ("text", "json", "sarif", "html"):
        report = audit.report(form).replace("libskops trust add NAME", "").replace(
            "with --trust NAME", "").replace("libskops trust add LIBRARY", "")
        assert "--trust" not in report and "trust add" not in report
    if name[0] != "x":
        assert not libskops.audit(data, trust=[t for t in [".".join(name)] if len(t) < 200]).ok


def test_text_fits_80_columns():
    for audit in (libskops.audit(clipped()), libskops.audit(hostile(("xgboost.sklearn", "XGBModel"))),
                  libskops.audit(one_node(("os", "system"), "FunctionNode")),
                  libskops.audit(written("table"))):
        for line in audit.report().splitlines():
            assert len(line) <= 80, line


def test_text_is_short_when_all_is_well():
    lines = libskops.audit(written("pipeline")).report().splitlines()
    assert len(lines) <= 12 and sum(line.startswith("+ ") for line in lines) == 3


def test_long_keys_stay_texts():
    """Paths shorten keys; a cut within a character would make the report no JSON."""
    def change(schema):
        content, types = schema["content"]["content"], schema["content"]["key_types"]["content"]
        for shift in range(4):
            content["x" * shift + "\u6c34\U0001f600" * 30] = {
                "__class__": "Thing", "__module__": "mine", "__loader__": "ObjectNode", "__id__": 987654000 + shift}
        types += [{**types[0]}] * 4

    audit = libskops.audit(with_schema(written("linear"), change))
    paths = named(audit, "mine.Thing").paths
    assert len(paths) == 4 and all("...']" in path and "\u6c34" in path for path in paths)
    for form in ("json", "sarif"):
        json.loads(audit.report(form).encode().decode("utf-8", "strict"))
