"""The wheel holds what a user needs beside the code, and works where it alone is installed."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from smista_git import __version__

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source tree without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtualenv with the wheel in it; what the package depends on is borrowed from the tests' own."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin/python"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", str(python)]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return folder


def run_installed(installed: Path, *argv: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command with the virtualenv's programs first on PATH."""
    environ = {
        **os.environ,
        "PATH": f"{installed / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "MANPAGER": "cat",
    }
    return subprocess.run(argv, cwd=cwd, env=environ, capture_output=True, text=True, check=False)


def test_the_wheel_holds_policies_hooks_man_page_and_type_marker(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {"smista_git/py.typed", f"smista_git-{__version__}.data/data/share/man/man1/git-smista.1"}
    for folder in ("policies", "hooks"):
        files = [
            path for path in (ROOT / folder).rglob("*") if path.is_file() and not path.name.startswith(".")
        ]
        wanted |= {f"smista_git/{path.relative_to(ROOT).as_posix()}" for path in files}
    assert wanted <= names
    assert "smista_git/policies/local-first.toml" in names
    assert {"smista_git/cli/main.py", "smista_git/__main__.py"} <= names


def test_the_wheel_holds_no_tests_and_no_caches(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [n for n in names if "__pycache__" in n or n.startswith(("tests/", "bench/", "scripts/"))] == []


@pytest.mark.parametrize("argv", [("git", "smista"), ("git-smista",), ("smista",)], ids=" ".join)
def test_the_program_runs_under_each_of_its_names(
    argv: tuple[str, ...], installed: Path, tmp_path: Path
) -> None:
    done = run_installed(installed, *argv, "--version", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"git smista {__version__}\n")


def test_the_package_that_runs_is_the_one_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = "import smista_git; print(smista_git.__file__)"
    done = run_installed(installed, "python", "-c", code, cwd=tmp_path)
    assert Path(done.stdout.strip()).is_relative_to(installed.resolve())


def test_help_of_git_finds_the_page(installed: Path, tmp_path: Path) -> None:
    assert (installed / "share/man/man1/git-smista.1").read_bytes() == (
        ROOT / "man/git-smista.1"
    ).read_bytes()
    if shutil.which(
        "man"
    ):  # `git smista --help` is `man git-smista`; without man there is no such help at all
        done = run_installed(installed, "git", "smista", "--help", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "sort the work around a commit" in done.stdout
    done = run_installed(installed, "git", "smista", "-h", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Commands:" in done.stdout
