"""Which release a heading names, in the many forms that people write."""

from __future__ import annotations

import re

_PACKAGE = r"(?:[A-Za-z@][\w@/.-]*?[ @/-])?"
VERSION = (
    r"\d+(?:\.\d+)+(?:[-.+_]?(?:alpha|beta|rc|pre|post|dev|a|b|c)?[-.+_]?[0-9A-Za-z.+-]*)?|\d+\.x(?:\.x)?"
)
_RELEASE = re.compile(
    rf"(?:\[?\d{{4}}-\d\d-\d\d\]?[ \t]+)?[\[<(]*(?:version|release|ver\.?|:\w+:)?[ \t]*[\[(]?{_PACKAGE}[vV]?\.?(?P<version>{VERSION})\b(?P<rest>.*)",
    re.IGNORECASE,
)
_UNRELEASED = re.compile(
    r"[\[<(]*(?:unreleased|upcoming|next|main|master|head|trunk|develop(?:ment)?|dev|to be released|in progress|"
    r"work in progress|pending|coming soon|version(?=>)|tbd|tba)\b(?:[ \t]+(?:release|version|changes?|\d[\w.]*))?[\])>]*(?P<rest>.*)",
    re.IGNORECASE,
)
_NOT_OUT = re.compile(
    r"unreleased|not (?:yet )?released|tbd|tba|xxxx|\?\?|202x|x{2}|in progress|to be released|pending", re.I
)
_REST_OF_RELEASE = re.compile(
    r"[\])>]*[ \t]*(?:$|[-–—:(\[/|,*`]|\d|\w+ \d|\".*|released|unreleased|yanked|aka )", re.I
)


def release_named(title: str) -> tuple[str | None, bool] | None:
    """The version that a heading names, and whether it is still to come; None where it names no release."""
    if (match := _RELEASE.match(title)) and _REST_OF_RELEASE.match(match["rest"]):
        return match["version"], bool(_NOT_OUT.search(match["rest"]))
    if (match := _UNRELEASED.match(title)) and not match["rest"].strip(" )]>").isalpha():
        return None, True
    return None
