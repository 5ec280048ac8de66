"""Writes bad.json: policy files that are refused, each with the error's code and place.

`schema` is false where docs/policy.schema.json cannot say what is wrong: comments are gone by then, or
it is no question of structure. Run it after changing ROWS.
"""

import json
import pathlib

V = '{"version": 1'
# name, text, code, line:column, schema
ROWS = [
    ("empty", "", "policy.syntax", "1:1", None),
    ("no object", "[]", "policy.bad-file", "1:1", True),
    ("a text", '"allow"', "policy.bad-file", "1:1", True),
    ("null", "null", "policy.bad-file", "1:1", True),
    ("ends early", V + ', "allow": ["a.b"', "policy.syntax", "1:31", None),
    ("open comment", V + "} /* never closed", "policy.syntax", "1:31", None),
    ("half a comment", V + "} / x", "policy.syntax", "1:17", None),
    ("hash comment", "# no\n" + V + "}", "policy.syntax", "1:1", None),
    ("two values", V + "}\n" + V + "}", "policy.syntax", "2:1", None),
    ("trailing comma", V + ',\n "allow": ["a.b",]}', "policy.syntax", "2:18", None),
    ("single quotes", "{'version': 1}", "policy.syntax", "1:2", None),
    ("byte order mark", "\ufeff" + V + "}", "policy.syntax", "1:1", None),
    ("NaN", '{"version": NaN}', "policy.syntax", "1:13", None),
    ("no version", '{"allow": []}', "policy.bad-file", "1:1", True),
    ("version 2", '{"version": 2}', "policy.bad-file", "1:13", True),
    ("version text", '{"version": "1"}', "policy.bad-file", "1:13", True),
    ("version fraction", '{"version": 1.5}', "policy.bad-file", "1:13", True),
    ("version true", '{"version": true}', "policy.bad-file", "1:13", True),
    ("huge version", '{"version": 99999999999999999999}', "policy.bad-file", "1:13", True),
    ("unknown key", V + ',\n  "alow": []}', "policy.bad-file", "2:3", True),
    ("unknown key behind wide letters", V + ', /* äöü€ */ "alow": []}', "policy.bad-file", "1:27", True),
    ("key of other case", V + ', "Allow": []}', "policy.bad-file", "1:16", True),
    ("duplicate key", V + ',\n "deny": [],\n "deny": []}', "policy.syntax", "3:2", False),
    ("duplicate key by an escape", V + ', "deny": [], "den\\u0079": []}', "policy.syntax", "1:28", False),
    ("duplicate version", V + ', "version": 1}', "policy.syntax", "1:16", False),
    ("duplicate key in a rule", V + ', "allow": [{"name": "a.b",\n "name": "a.b"}]}', "policy.syntax", "2:2",
     False),
    ("allow is an object", V + ', "allow": {}}', "policy.bad-file", "1:25", True),
    ("allow is a text", V + ', "allow": "a.b"}', "policy.bad-file", "1:25", True),
    ("allow is true", V + ', "allow": true}', "policy.bad-file", "1:25", True),
    ("a rule is a number", V + ', "allow": ["a.b",\n 3]}', "policy.bad-file", "2:2", True),
    ("a rule is null", V + ', "allow": [null]}', "policy.bad-file", "1:26", True),
    ("a rule is a list", V + ', "allow": [["a.b"]]}', "policy.bad-file", "1:26", True),
    ("a rule is empty", V + ', "allow": [{}]}', "policy.bad-file", "1:26", True),
    ("two names", V + ', "allow": [{"name": "a.b", "library": "a"}]}', "policy.bad-file", "1:26", True),
    ("only a reason", V + ', "deny": [{"reason": "because"}]}', "policy.bad-file", "1:25", True),
    ("unknown key in a rule", V + ', "allow": [{"name": "a.b", "why": "x"}]}', "policy.bad-file", "1:42", True),
    ("name is a number", V + ', "allow": [{"name": 1}]}', "policy.bad-file", "1:35", True),
    ("reason is null", V + ', "allow": [{"name": "a.b", "reason": null}]}', "policy.bad-file", "1:52", True),
    ("empty rule", V + ', "allow": [""]}', "policy.bad-rule", "1:26", True),
    ("star", V + ', "allow": ["*"]}', "policy.bad-rule", "1:26", True),
    ("star with a dot", V + ', "allow": [".*"]}', "policy.bad-rule", "1:26", True),
    ("star inside", V + ', "allow": ["a.*.b"]}', "policy.bad-rule", "1:26", True),
    ("star in front", V + ', "allow": ["*.b"]}', "policy.bad-rule", "1:26", True),
    ("star in a name", V + ', "allow": ["a.b*"]}', "policy.bad-rule", "1:26", True),
    ("two stars", V + ', "allow": ["a.*.*"]}', "policy.bad-rule", "1:26", True),
    ("upper-case library", V + ', "allow": ["XGBoost"]}', "policy.bad-rule", "1:26", True),
    ("blank", V + ', "allow": [" "]}', "policy.bad-rule", "1:26", True),
    ("blank in a name", V + ', "allow": ["a b.c"]}', "policy.bad-rule", "1:26", True),
    ("blank behind a name", V + ', "allow": ["a.b "]}', "policy.bad-rule", "1:26", True),
    ("empty part", V + ', "allow": ["a..b"]}', "policy.bad-rule", "1:26", True),
    ("ends with a dot", V + ', "allow": ["a.b."]}', "policy.bad-rule", "1:26", True),
    ("begins with a digit", V + ', "allow": ["a.1b"]}', "policy.bad-rule", "1:26", True),
    ("a dash in a name", V + ', "allow": ["a-b.c"]}', "policy.bad-rule", "1:26", True),
    ("a slash", V + ', "allow": ["a/b"]}', "policy.bad-rule", "1:26", True),
    ("line break in a name", V + ', "allow": ["a.b\\n"]}', "policy.bad-rule", "1:26", False),
    ("NUL in a name", V + ', "allow": ["a.b\\u0000c"]}', "policy.bad-rule", "1:26", True),
    ("a function without a name", V + ', "allow": ["a.<lambda>"]}', "policy.bad-rule", "1:26", True),
    ("turned text in a name", V + ', "allow": ["a.b\\u202e"]}', "policy.bad-rule", "1:26", False),
    ("a long name", V + ', "allow": ["a.' + 1000 * "b" + '"]}', "policy.bad-rule", "1:26", True),
    ("prefix as a name", V + ', "allow": [{"name": "a.*"}]}', "policy.bad-rule", "1:35", True),
    ("library as a name", V + ', "allow": [{"name": "xgboost"}]}', "policy.bad-rule", "1:35", True),
    ("name as a library", V + ', "allow": [{"library": "a.b"}]}', "policy.bad-rule", "1:38", True),
    ("name as a prefix", V + ', "allow": [{"prefix": "a.b"}]}', "policy.bad-rule", "1:37", True),
    ("prefix of everything", V + ', "allow": [{"prefix": "*"}]}', "policy.bad-rule", "1:37", True),
    ("range of a name", V + ', "allow": [{"name": "a.b", "version": ">=1"}]}', "policy.bad-rule", "1:53", True),
    ("range of a prefix", V + ', "allow": [{"prefix": "a.*", "version": ">=1"}]}', "policy.bad-rule", "1:55", True),
    ("range is a number", V + ', "allow": [{"library": "a", "version": 1}]}', "policy.bad-file", "1:54", True),
    *((f"range {text!r}", V + ', "allow": [{"library": "a",\n "version": ' + json.dumps(text) + '}]}',
       "policy.bad-rule", place, True) for text, place in (
        ("", "2:13"), ("2", "1:38"), (">=", "1:38"), (">=a", "1:38"), (">=2,", "1:38"), (",>=2", "1:38"),
        ("!=2", "1:38"), ("~=2.0", "1:38"), ("==2.*", "1:38"), (">=2.0rc1", "1:38"), (">=-1", "1:38"),
        (">=2..1", "1:38"), (">=2 <4", "1:38"), (">=2.", "1:38"), ("=>2", "1:38"), (">=1.2.3.4.5.6.7", "1:38"),
        (">=9999999999", "1:38"), (">=1" + 8 * ",<9", "1:38"), ("*", "1:38"))),
    ("a long reason", V + ', "allow": [{"name": "a.b", "reason": "' + 1001 * "x" + '"}]}', "limit.reason_bytes",
     "1:52", True),
    ("hidden text in a reason", V + ', "allow": [{"name": "a.b", "reason": "a\\u202eb"}]}', "policy.bad-file",
     "1:52", False),
    ("an escape for a terminal", V + "} // \x1b[2J", "policy.syntax", "1:19", None),
    ("turned text in a comment", V + "} // a\u202eb", "policy.syntax", "1:20", None),
    ("deep", V + ', "allow": ' + 9 * "[" + 9 * "]" + "}", "limit.policy_depth", "1:32", True),
]

if __name__ == "__main__":
    rows = [{"name": name, "text": text, "code": code, "place": place, "schema": schema}
            for name, text, code, place, schema in ROWS]
    path = pathlib.Path(__file__).with_name("bad.json")
    path.write_text(json.dumps(rows, indent=1) + "\n")
