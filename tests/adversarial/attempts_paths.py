"""Sensitive by path: the marked word is innocent, only the file that it stands in makes it private."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from tests.adversarial.attempt import Attempt
from tests.adversarial.place import REMOTE, Place, tiers

TEXT = "the plan is {}\n" + "".join(f"step {n}\n" for n in range(30))
LOCAL = ("stays on this machine: .*is sensitive", "gpt-5.4-mini is not asked: the job stays on this machine")
LEFT_OUT = ("left out: .*is sensitive",)
CLOSED = '"secrets/**"'


def file(name: str, *, then: str, patterns: str = CLOSED) -> Callable[[Place], None]:
    """A file with the word in it, under a floor of the user's."""

    def prepare(place: Place) -> None:
        place.user_floor(patterns, then)
        place.stage(name, TEXT.format(place.marks.word))

    return prepare


def moved(old: str, new: str, *, then: str, edit: bool = True) -> Callable[[Place], None]:
    def prepare(place: Place) -> None:
        place.user_floor(CLOSED, then)
        text = TEXT.format(place.marks.word)
        place.committed(old, text)
        place.repo.git("rm", "-q", "--cached", old)
        (place.repo.path / old).unlink()
        place.stage(new, text.replace("step 2\n", "step two\n") if edit else text)

    return prepare


def deleted(then: str) -> Callable[[Place], None]:
    def prepare(place: Place) -> None:
        place.user_floor(CLOSED, then)
        place.committed("secrets/plan.txt", TEXT.format(place.marks.word))
        place.repo.git("rm", "-q", "secrets/plan.txt")

    return prepare


def by_the_pack(name: str, *, key: str = "PLAN", mark: str = "word") -> Callable[[Place], None]:
    """A file that the shipped pack alone knows."""
    return lambda place: place.stage(name, f"{key}={getattr(place.marks, mark)}\n")


def link_to(target: str) -> Callable[[Place], None]:
    """A link, and beside it a file with the word: the whole job stays."""

    def prepare(place: Place) -> None:
        place.user_floor(CLOSED, "local")
        link = place.repo.path / "docs" / "notes"
        link.parent.mkdir()
        link.symlink_to(target)
        place.repo.git("add", "docs/notes")
        place.stage("beside.txt", TEXT.format(place.marks.word))

    return prepare


def link_out(place: Place) -> None:
    (place.repo.path / "notes").symlink_to("/home/ada/.ssh/id_rsa")
    place.repo.git("add", "notes")


def not_even_the_target(place: Place) -> None:
    assert b"/home/ada" not in place.remote.raw


def guidance_elsewhere(place: Place) -> None:
    key = place.home / ".ssh" / "notes"
    key.parent.mkdir()
    key.write_text(f"Speak of {place.marks.word}\n")
    (place.repo.path / "SMISTA.md").symlink_to(key)
    place.expected.add(str(key))


def guidance_folder_elsewhere(place: Place) -> None:
    """A link to a file of the repository that is sensitive."""
    place.user_floor(CLOSED, "local")
    place.repo.write("secrets/notes.md", f"Speak of {place.marks.word}\n")
    (place.repo.path / "AGENTS.md").symlink_to("secrets/notes.md")


def sensitive_guidance(then: str) -> Callable[[Place], None]:
    def prepare(place: Place) -> None:
        place.user_floor('"AGENTS.md"', then)
        place.repo.write("AGENTS.md", f"Speak of {place.marks.word}\n")

    return prepare


def sensitive_history(then: str) -> Callable[[Place], None]:
    """A message that was written here, about what stays here, is no example for a model elsewhere."""

    def prepare(place: Place) -> None:
        place.user_floor(CLOSED, then)
        place.committed("secrets/plan.txt", "x\n", f"feat: prepare {place.marks.word}")

    return prepare


def amended(place: Place) -> None:
    place.user_floor(CLOSED, "local")
    place.committed("secrets/plan.txt", TEXT.format(place.marks.word))


def unstaged(place: Place) -> None:
    place.user_floor(CLOSED, "local")
    place.committed("secrets/plan.txt", "x\n")
    place.repo.write("secrets/plan.txt", TEXT.format(place.marks.word))


def not_of_this_commit(place: Place) -> None:
    """Changed and staged, but the commit is limited to another path."""
    file("secrets/plan.txt", then="local")(place)


def binary(place: Place) -> None:
    place.user_floor(CLOSED, "local")
    place.stage("secrets/plan.bin", b"\0\1" + place.marks.word.encode())


def submodule(place: Place) -> None:
    """git can be told to write a submodule's subjects into a diff."""
    place.user_floor(CLOSED, "local")
    inner = place.repo.path / "secrets" / "inner"
    inner.mkdir(parents=True)
    for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", f"plan {place.marks.word}"]):
        place.repo.git("-C", str(inner), *words)
    place.repo.git("config", "diff.submodule", "log")
    place.repo.git("add", "secrets/inner")


def submodule_elsewhere(place: Place) -> None:
    inner = place.repo.path / "lib"
    inner.mkdir()
    for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", f"plan {place.marks.word}"]):
        place.repo.git("-C", str(inner), *words)
    place.repo.git("config", "diff.submodule", "log")
    place.repo.git("add", "lib")


def submodule_address(place: Place) -> None:
    place.stage(
        ".gitmodules",
        f'[submodule "lib"]\n\tpath = lib\n\turl = https://{place.marks.github}@git.example/lib\n',
    )


def by_rules(name: str) -> Callable[[Place], None]:
    """No model at all: the builtin writer reads everything, and its message goes wherever the commit goes."""

    def prepare(place: Place) -> None:
        place.user(tiers("builtin/rules") + f'[sensitive]\npaths = [{CLOSED}]\nthen = "exclude"\n')
        place.repo.git("rm", "-q", "-f", "parser.py")
        place.stage(name, f"{place.marks.word.upper()} = 1\n\n\ndef {place.marks.word}(x):\n    return x\n")
        place.stage("secrets/more.toml", f'[{place.marks.word}]\nname = "{place.marks.word}"\n')

    return prepare


def by_rules_beside(place: Place) -> None:
    by_rules("secrets/plan.py")(place)
    place.stage("parser.py", "def parse(text):\n    return text.split()\n")


def again_in_the_open(place: Place) -> None:
    """The file that stays behind names the value; elsewhere it stands bare, where no rule would know it."""
    place.stage(".env", f"DB_PASSWORD={place.marks.password}\n")
    place.stage("notes.txt", f"log in as admin with {place.marks.password} and see\n")


def again_in_guidance(place: Place) -> None:
    place.stage(".env", f"DB_PASSWORD={place.marks.password}\n")
    place.repo.write("AGENTS.md", f"log in as admin with {place.marks.password} and see\n")


NFD = unicodedata.normalize("NFD", "sécrets")
NFC = unicodedata.normalize("NFC", "sécrets")
PLAN = "secrets/plan.txt"

PATHS = (
    Attempt("local: a file", file(PLAN, then="local"), "local", LOCAL),
    Attempt("local: -a takes it", unstaged, "local", LOCAL, ("-y", "-a")),
    Attempt("local: --amend takes it along", amended, "local", LOCAL, ("-y", "--amend")),
    Attempt("local: named behind --", file(PLAN, then="local"), "local", LOCAL, ("-y", "--", PLAN)),
    Attempt("local: not of this commit", not_of_this_commit, "remote", (), ("-y", "--", "parser.py")),
    Attempt("local: renamed out", moved(PLAN, "notes.txt", then="local"), "local", LOCAL),
    Attempt("local: renamed in", moved("notes.txt", PLAN, then="local"), "local", LOCAL),
    Attempt("local: renamed out as it is", moved(PLAN, "notes.txt", then="local", edit=False), "local", LOCAL),
    Attempt("local: deleted", deleted("local"), "local", LOCAL),
    Attempt("local: a binary file", binary, "local", LOCAL),
    Attempt("local: in capitals", file("Secrets/PLAN.TXT", then="local"), "local", LOCAL),
    Attempt("local: decomposed", file(f"{NFD}/plan.txt", then="local", patterns=f'"{NFC}/**"'), "local", LOCAL),
    Attempt("local: composed", file(f"{NFC}/plan.txt", then="local", patterns=f'"{NFD}/**"'), "local", LOCAL),
    Attempt("local: a newline in the folder", file("secrets/a\nb/plan.txt", then="local"), "local", LOCAL),
    Attempt("local: bytes that are no text", file("secrets/\udcff.txt", then="local"), "local", LOCAL),
    Attempt("local: a link to it", link_to("../secrets/plan.txt"), "local", LOCAL),
    Attempt("local: a link by a detour", link_to("../docs/.././Secrets/plan.txt"), "local", LOCAL),
    Attempt("local: a link to its folder", link_to("../secrets"), "local", LOCAL),
    Attempt("local: a submodule", submodule, "local", LOCAL),
    Attempt("local: in the subject of its commit", sensitive_history("local"), "remote"),
    Attempt("exclude: a file", file(PLAN, then="exclude"), "remote", LEFT_OUT),
    Attempt("exclude: renamed out", moved(PLAN, "notes.txt", then="exclude"), "remote", LEFT_OUT),
    Attempt("exclude: renamed in", moved("notes.txt", PLAN, then="exclude"), "remote", LEFT_OUT),
    Attempt("exclude: deleted", deleted("exclude"), "remote", LEFT_OUT),
    Attempt("exclude: in the subject of its commit", sensitive_history("exclude"), "remote"),
    Attempt("exclude: .env", by_the_pack(".env"), "remote", LEFT_OUT),
    Attempt("exclude: its secret stands bare in another file", again_in_the_open, "remote", ("blotted out: .*notes.txt",)),
    Attempt("exclude: its secret stands bare in guidance", again_in_guidance, "remote", ("blotted out: .*AGENTS.md",)),
    Attempt("exclude: its secret stands bare in the hint", by_the_pack(".env", key="DB_PASSWORD", mark="password"), "remote", ("blotted out: .*hint",), ("-y", "--hint", "log in with {password}")),
    Attempt("exclude: .ENV", by_the_pack("Conf/.ENV"), "remote", LEFT_OUT),
    Attempt("exclude: .env.production", by_the_pack(".env.production"), "remote", LEFT_OUT),
    Attempt("exclude: the builtin writer", by_rules("secrets/plan.py"), "rules"),
    Attempt("exclude: the builtin writer, beside others", by_rules_beside, "rules"),
    Attempt("exclude: the guidance itself", sensitive_guidance("exclude"), "remote", ("AGENTS.md",)),
    Attempt("local: the guidance itself", sensitive_guidance("local"), "remote", ("AGENTS.md",)),
    Attempt("guidance that is a link", guidance_elsewhere, "remote", ("SMISTA.md.*link",)),
    Attempt("guidance that is a link to a sensitive file", guidance_folder_elsewhere, "remote", ("AGENTS.md.*link",)),
    Attempt("a submodule's subjects", submodule_elsewhere, "remote"),
    Attempt("a key in a submodule's address", submodule_address, "local", ("secret was found in .gitmodules",)),
    Attempt("a link out of the repository", link_out, "remote", LEFT_OUT, check=not_even_the_target),
    Attempt("block: a file", file(PLAN, then="block"), "nobody", ("blocks this commit", PLAN), code=3),
    Attempt("block: renamed out", moved(PLAN, "notes.txt", then="block"), "nobody", ("blocks", PLAN), code=3),
    Attempt("block: deleted", deleted("block"), "nobody", ("blocks", PLAN), code=3),
    Attempt(
        "block: --model changes nothing", file(PLAN, then="block"), "nobody", ("blocks", PLAN), ("-y", "--model", REMOTE), 3
    ),
)  # fmt: skip
