"""The words that stand for types at the start of a message."""

from __future__ import annotations

# The types that people write, and what each is in the words of the Angular convention.
TYPES = {
    "feat": "feat", "feature": "feat", "features": "feat", "add": "feat", "added": "feat", "new": "feat",
    "enhancement": "feat", "enh": "feat",
    "fix": "fix", "fixes": "fix", "fixed": "fix", "bugfix": "fix", "bug": "fix", "hotfix": "fix",
    "perf": "perf", "performance": "perf", "optimize": "perf",
    "docs": "docs", "doc": "docs", "documentation": "docs",
    "style": "style", "format": "style", "fmt": "style", "lint": "style",
    "refactor": "refactor", "refactoring": "refactor", "ref": "refactor", "cleanup": "refactor",
    "test": "test", "tests": "test", "testing": "test", "bench": "test",
    "build": "build", "deps": "deps", "dep": "deps", "dependencies": "deps", "deps-dev": "deps",
    "ci": "ci", "cd": "ci", "chore": "chore", "chores": "chore", "release": "release", "wip": "chore",
    "meta": "chore", "misc": "chore", "internal": "chore", "examples": "docs", "example": "docs",
    "revert": "revert", "reverts": "revert",
    "security": "security", "sec": "security", "deprecate": "deprecate", "deprecated": "deprecate",
    "remove": "remove", "removed": "remove", "change": "change", "changed": "change", "improve": "change",
    "improvement": "change", "update": "change", "breaking": "change", "types": "change", "i18n": "change",
    "ui": "change", "ux": "change",
}  # fmt: skip
