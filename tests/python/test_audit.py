"""libskops.audit: names, decisions, reports."""

import html.parser
import json

import pytest

import libskops
from files import hostile, with_schema, written


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


OWN_TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "table", "tr", "th", "td", "br",
            "code", "ul", "li", "pre"}
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
    assert not {key for key, _ in reader.attributes} - {
        "lang", "charset", "http-equiv", "content", "class"}
    assert not set("\x1b\u202e\0\r") & set(page)
    text = audit.report()
    assert not set("\x1b\u202e\0\r") & set(text)
    json.loads(audit.report("json"))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a & \"b\" 'c'", "\x1b]0;title\x07",
                                  "\u202e\u2066"])
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
