"""Signals read from where changed lines stand: how deep, beside what, and which of their names were there before."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import islice

from smista_git.change.pattern import regex
from smista_git.classify.change_type.lines import Block, Lines
from smista_git.classify.change_type.words import Tokens, count_tokens

MOST_BLOCKS = 40
MOST_LINES_IN_BLOCK = 12
LEAST_ALIKE = 0.6  # the share of a block's lines that look like a neighbour before the block continues a list
SPACES_A_STEP = 3.0  # between the two and the four that people use

_WORD = regex(r"\w+")


def place_signals(lines: Lines, tokens: Tokens) -> Mapping[str, float]:
    """Named numbers about the surroundings of changed code; shares lie in [0, 1], counts are logarithms."""
    signals: dict[str, float] = {}
    _add_depth([text for side in (lines.code.added, lines.code.removed) for text in side], signals)
    _add_neighbours(lines.blocks, signals)
    _add_unseen(lines, tokens, signals)
    return signals


def _add_depth(texts: Sequence[str], signals: dict[str, float]) -> None:
    """How deep the lines are indented, in steps: what is new to a program stands at the left, what mends it deep inside."""
    depths = [
        (len(text) - len(text.lstrip())) / (1.0 if text[0] == "\t" else SPACES_A_STEP)
        for text in texts
        if text and not text.isspace()
    ]
    if depths:
        signals["top level share"] = depths.count(0.0) / len(depths)
        signals["depth"] = math.log1p(sum(depths) / len(depths))
        signals["least depth"] = math.log1p(min(depths))


def _add_neighbours(blocks: Sequence[Block], signals: dict[str, float]) -> None:
    """The share of put-in blocks that look like the lines beside them but for the words: one more case, option, entry."""
    put_in = list(islice((block for block in blocks if not block.removed), MOST_BLOCKS))
    if put_in:
        alike = sum(map(_continues, put_in))
        signals["blocks like neighbours"] = alike / len(put_in)
        signals["some like neighbours"] = float(alike > 0)


def _continues(block: Block) -> bool:
    own = list(filter(None, _skeletons(block.added[:MOST_LINES_IN_BLOCK])))
    beside = set(_skeletons(block.near))
    return bool(own) and sum(shape in beside for shape in own) >= LEAST_ALIKE * len(own)


def _skeletons(texts: Sequence[str]) -> list[str]:
    """What is left of each line when its words are all the same."""
    return _WORD.sub("w", "\n".join([text.strip()[:200] for text in texts])).split("\n")


def _add_unseen(lines: Lines, tokens: Tokens, signals: dict[str, float]) -> None:
    """How many of the names that come stand nowhere else in the diff: features bring names, fixes use those at hand."""
    if not tokens.added:
        return
    unseen = tokens.added.keys() - tokens.removed.keys() - count_tokens(lines.context).keys()
    counts = [tokens.added[name] for name in unseen]
    signals["added names unseen"] = len(unseen) / len(tokens.added)
    signals["added tokens unseen"] = sum(counts) / tokens.added.total()
    signals["unseen names"] = math.log1p(len(unseen))
    signals["unseen used twice"] = math.log1p(sum(count > 1 for count in counts))
