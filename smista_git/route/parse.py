"""From the text of a policy file to the layer that it is."""

from __future__ import annotations

from collections.abc import Mapping

from smista_git.route.build import build_layer
from smista_git.route.policy import Layer, Origin, PolicyLayer
from smista_git.route.toml_lines import Lines, read_toml


def parse_policy(
    text: str,
    *,
    source: str,
    layer: Layer,
    trusted: bool = True,
    checked: bool = False,
    providers: frozenset[str] | None = None,
    aliases: Mapping[str, str] | None = None,
) -> PolicyLayer:
    """What the text of a policy file says.

    ``checked`` skips the checks for a text that has passed them. ``providers`` are the names that models may
    start with besides the file's own; None takes any. ``aliases`` are those of other files.

    Raises: PolicyError, with every problem of the file.
    """
    data = read_toml(text, source=source)
    lines = Lines(text)
    if not checked:
        from smista_git.route.check import check

        check(data, lines, source=source, layer=layer, providers=providers, aliases=aliases)
    return build_layer(data, lines, Origin(layer, source, trusted=trusted))
