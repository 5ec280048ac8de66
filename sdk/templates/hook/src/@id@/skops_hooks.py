"""How libskops takes the library's objects apart and builds them.

`take_apart` gives what the fields of the loader hold; `build` gets the class and these fields from a file,
and must refuse whatever it would not have written: files come from strangers.
"""

import re

from libskops.io.hooks import Hook, require

from . import Matcher

LONGEST = 1000  # a longer expression can take its compiler minutes


def take_apart(matcher):
    return {"content": {"pattern": matcher.compiled_.pattern, "flags": matcher.compiled_.flags}}


def build(cls, fields):
    content = fields["content"]
    require(cls is Matcher, "a class that is no Matcher")
    require(isinstance(content, dict) and sorted(content) == ["flags", "pattern"], "the fields of a Matcher")
    pattern, flags = content["pattern"], content["flags"]
    require(isinstance(pattern, str) and len(pattern) <= LONGEST, "the pattern of a Matcher")
    require(isinstance(flags, int) and not isinstance(flags, bool), "the flags of a Matcher")
    try:
        return cls(pattern, flags)
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        require(False, f"the pattern of a Matcher: {error}")


HOOKS = {"@Camel@MatcherNode": Hook(build, take_apart)}
