"""The completion scripts in the real shells: a line is typed, TAB is pressed, and the line is read back."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from smista_git.cli.completion import SCRIPTS

READ_BACK = "\x0f"  # Ctrl-O, bound below to writing the line to $LINE_FILE
LIMIT_S = 20.0
GITS_OWN = [
    "/usr/share/bash-completion/completions/git",
    "/usr/share/bash-completion/completions/git.bash",
    "/opt/homebrew/etc/bash_completion.d/git-completion.bash",
    "/usr/local/etc/bash_completion.d/git-completion.bash",
]
LOADER = Path("/usr/share/bash-completion/bash_completion")

BASH_SETUP = 'PS1=\'> \'; bind -x \'"\\C-o": printf %s "$READLINE_LINE" >"$LINE_FILE"\'\n'
ZSH_SETUP = """PROMPT='> '; autoload -Uz compinit && compinit -u
read-back() { print -rn -- "$BUFFER" >"$LINE_FILE" }
zle -N read-back; bindkey '^O' read-back
"""
FISH_SETUP = """function fish_prompt; echo '> '; end
function fish_greeting; end
bind \\co 'commandline >"$LINE_FILE"'
"""


@dataclass(frozen=True, slots=True)
class Shell:
    """A way in which somebody's shell may be set up; ``{script}`` stands for the completion script."""

    name: str
    argv: tuple[str, ...]
    setup: str

    @property
    def kind(self) -> str:
        """bash, zsh or fish."""
        return self.argv[0]


def _shells() -> list[Shell]:
    bash = ("bash", "--norc", "--noprofile", "-i")
    source = ". {script}\n"
    shells = [Shell("bash alone", bash, source + BASH_SETUP)]
    gits = next((path for path in GITS_OWN if Path(path).exists()), None)
    if gits is not None and LOADER.exists():
        loader = f". {LOADER}\n"
        shells.append(Shell("bash, loader before", bash, loader + source + BASH_SETUP))
        shells.append(Shell("bash, loader after", bash, source + loader + BASH_SETUP))
    if shutil.which("zsh"):
        shells.append(Shell("zsh", ("zsh", "-f", "-i"), ZSH_SETUP + source))
        autoload = "fpath=({folder} $fpath)\n"
        shells.append(Shell("zsh, from fpath", ("zsh", "-f", "-i"), autoload + ZSH_SETUP))
    if shutil.which("fish"):
        shells.append(Shell("fish", ("fish", "-i"), FISH_SETUP + source))
    return shells


SHELLS = _shells()


def line_after_tab(shell: Shell, line: str, folder: Path) -> str:
    """What stands on the command line of an interactive ``shell`` after ``line`` and TAB."""
    script, setup, read_back = folder / "_git-smista", folder / "setup", folder / "line"
    script.write_text(SCRIPTS[shell.kind])
    setup.write_text(shell.setup.replace("{script}", str(script)).replace("{folder}", str(folder)))
    ready = folder / "ready"
    environ = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LINE_FILE": str(read_back),
        "TERM": "xterm",
    }
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvpe(shell.argv[0], shell.argv, environ)
    try:
        os.write(terminal, f". {setup}; touch {ready}\n".encode())
        shown = _wait_for(ready, terminal)
        os.write(terminal, f"{line}\t{READ_BACK}".encode())
        shown += _wait_for(read_back, terminal)
        assert read_back.exists(), f"{shell.name} said nothing: {shown!r}"
        return read_back.read_text().rstrip("\n")
    finally:
        os.close(terminal)
        os.kill(pid, 9)
        os.waitpid(pid, 0)


def _wait_for(file: Path, terminal: int) -> str:
    shown = b""
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end and not (file.exists() and (file.stat().st_size or file.name == "ready")):
        if select.select([terminal], [], [], 0.05)[0]:
            shown += os.read(terminal, 65536)
    return shown.decode(errors="replace")


LINES = [
    ("git-smista completion z", "git-smista completion zsh"),
    ("smista completion z", "smista completion zsh"),
    ("git smista completion z", "git smista completion zsh"),
    ("git -C . smista completion z", "git -C . smista completion zsh"),
    ("git smista cl", "git smista classify"),
    ("git smista completion --he", "git smista completion --help"),
    ("git smista commit --tier=st", "git smista commit --tier=standard"),
    ("git smista commit --tier he", "git smista commit --tier heavy"),
    ("git smis", "git smista"),
]


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell.name)
@pytest.mark.parametrize(("typed", "finished"), LINES, ids=[typed for typed, _ in LINES])
def test_tab_finishes_the_word(shell: Shell, typed: str, finished: str, tmp_path: Path) -> None:
    assert line_after_tab(shell, typed, tmp_path).rstrip() == finished


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell.name)
def test_a_finished_word_is_followed_by_a_space(shell: Shell, tmp_path: Path) -> None:
    assert line_after_tab(shell, "git smista completion z", tmp_path).endswith("zsh ")


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell.name)
def test_the_rest_of_git_is_left_as_it_was(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "plain-name.txt").write_text("")
    assert line_after_tab(shell, "git add plain-n", tmp_path).rstrip() in {
        "git add plain-name.txt",  # plain file names, where the shell knows nothing of git
        "git add plain-n",  # git's own completion: not a repository, so nothing to add
    }


@pytest.mark.parametrize("kind", sorted(SCRIPTS))
def test_the_command_prints_the_script(kind: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "smista_git", "completion", kind], capture_output=True, text=True, check=True
    )
    assert done.stdout == SCRIPTS[kind]


def test_an_unknown_shell_is_a_usage_error() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "smista_git", "completion", "tcsh"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "'bash', 'zsh', 'fish'" in done.stderr
