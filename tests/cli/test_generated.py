"""The man page and the command reference say what the program does, and a typesetter takes them."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAN_PAGE = ROOT / "man/git-smista.1"


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pages = _load(ROOT / "scripts/pages.py")


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    """What ``scripts/generate --check`` does, in a copy of the repository's pages."""
    argv = [sys.executable, str(folder / "scripts/pages.py"), "--check"]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def test_nothing_generated_is_stale() -> None:
    assert pages.stale() == []


def test_a_stale_page_fails_the_check_by_name(tmp_path: Path) -> None:
    for name in ("scripts", "man", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    assert check(tmp_path).returncode == 0
    with (tmp_path / "docs/commands.md").open("a") as page:
        page.write("changed by hand\n")
    done = check(tmp_path)
    assert done.returncode == 1
    assert done.stderr == "docs/commands.md is stale: run scripts/generate\n"


def test_the_man_page_has_every_option_of_every_command() -> None:
    text = MAN_PAGE.read_text().replace("\\-", "-")
    for command, context in pages.commands():
        section = text.partition(f".SS {context.command_path}\n")[2] or text
        for param in command.get_params(context):
            record = param.get_help_record(context)
            if record is not None and record[1]:
                assert f".B {record[0]}\n" in section.partition("\n.SS ")[0], (context.command_path, record)


def test_the_man_page_has_its_sections_in_the_usual_order() -> None:
    usual = "NAME SYNOPSIS DESCRIPTION OPTIONS COMMANDS POLICY EXIT-STATUS ENVIRONMENT FILES NOTES EXAMPLES SEE-ALSO"
    found = re.findall(r"^\.SH (.+)$", MAN_PAGE.read_text(), re.MULTILINE)
    assert [name.replace(" ", "-") for name in found] == usual.split()


def test_every_exit_code_of_an_error_is_explained() -> None:
    from smista_git import errors
    from smista_git.cli.bug_report import BUG_EXIT_CODE

    classes = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.SmistaError)]
    codes = {str(c.exit_code) for c in classes} | {"0", str(BUG_EXIT_CODE)}
    assert codes == {code for code, _ in pages.EXIT_STATUS}


def test_every_environment_variable_of_ours_is_explained_and_read() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "smista_git").rglob("*.py"))
    read = set(re.findall(r"[\"'](SMISTA_(?:CONFIG|STATE_DIR|TRUST))[\"']", source))
    named = {name for names, _ in pages.ENVIRONMENT for name in names.split(", ")}
    assert read == {name for name in named if name.startswith("SMISTA_")}
    for name in named:
        assert name in source or name.endswith("_API_KEY"), f"{name} is read nowhere"


TYPESETTERS = {
    "mandoc": ["mandoc", "-T", "lint", "-W", "warning", str(MAN_PAGE)],
    "groff": ["groff", "-man", "-ww", "-z", "-Tutf8", str(MAN_PAGE)],
    "man": ["man", "--warnings", "-l", str(MAN_PAGE)],
}


@pytest.mark.parametrize("name", [*(n for n in TYPESETTERS if shutil.which(n)), "none"])
def test_a_typesetter_finds_nothing_to_warn_of(name: str) -> None:
    lines = MAN_PAGE.read_text(encoding="ascii").splitlines()
    assert [line for line in lines if line.startswith("'") or line.endswith(" ") or not line] == []
    macros = {line.split()[0] for line in lines if line.startswith(".")}
    assert macros <= {
        '.\\"',
        ".TH",
        ".SH",
        ".SS",
        ".PP",
        ".TP",
        ".B",
        ".BR",
        ".br",
        ".nf",
        ".fi",
        ".RS",
        ".RE",
    }
    if name != "none":
        done = subprocess.run(TYPESETTERS[name], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert name != "mandoc" or done.stdout == ""
