"""What the tables of objects say beside the object itself."""

from dataclasses import dataclass
from typing import Any, Callable


@dataclass
class Case:
    make: Callable[[], Any]
    skops: str = "equal"  # what released skops makes of libskops' file: "equal", "differs" or "refused"
    why: str = ""         # why it is not equal; a part of the message where libskops refuses to dump
    saved: bool = True    # False: libskops refuses to dump it
    theirs: str = ""      # why libskops refuses the file that skops writes of it
    becomes: Callable[[Any], Any] = lambda obj: obj  # what it is meant to be after loading


def refused(make, why):
    """libskops refuses to dump it, with this in the message."""
    return Case(make, "refused", why, False)


def differs(make, why):
    """Released skops reads it, but makes something else of it."""
    return Case(make, "differs", why)


def unread(make, why):
    """Released skops cannot read it."""
    return Case(make, "refused", why)
