"""The documents hold: links resolve, commands exist, generated pages are current, nothing is left out."""

import importlib.util
import re
import shlex
from pathlib import Path

import click
import pytest

from grevy.cli import cli

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GENERATED = ROOT / "docs" / "reference"
WRITTEN = [path for path in DOCUMENTS if GENERATED not in path.parents]

LINK = re.compile(r"\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
HERE_DOCUMENT = re.compile(r"<<'(\w+)'\n.*?\n\1\n", re.DOTALL)
# Programs of the shell that the documents use beside make and grevy.
SHELL = {"cp", "python", ".", ".venv/bin/grevy", "createdb", "pg_dump", "pg_restore"}


def load_generator():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def anchors(path: Path) -> set[str]:
    """The anchors of a page, as the usual renderers make them from headings."""
    titles = HEADING.findall(path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def broken_links(path: Path) -> list[str]:
    broken = []
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        target, _, anchor = link.partition("#")
        page = (path.parent / target).resolve() if target else path
        if not page.exists() or (anchor and anchor not in anchors(page)):
            broken.append(link)
    return broken


def commands(text: str) -> list[str]:
    """The command lines of the shell blocks of a page, comments and here-documents removed."""
    blocks = [body for language, body in BLOCK.findall(text) if language in ("sh", "bash")]
    lines = [line for body in blocks for line in HERE_DOCUMENT.sub("\n", body).splitlines()]
    return [line.split("  #")[0].strip() for line in lines if line.strip()]


def complaint(line: str) -> str | None:
    """What is wrong with a command line, or None."""
    words = shlex.split(line.split("||")[0])
    if words[0] == "make":
        targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        return None if all("=" in word or word in targets for word in words[1:]) else "no such target"
    if words[0].split("/")[-1] != "grevy":
        return None if words[0] in SHELL else "a program the documents do not use elsewhere"
    if words[1:] in (["--help"], ["--version"]):
        return None
    command = cli.commands.get(words[1])
    try:
        if command is None:
            return "no such command"
        command.make_context(words[1], words[2:])
    except click.ClickException as error:
        return error.format_message()
    return None


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_resolve(path):
    assert broken_links(path) == []


@pytest.mark.parametrize("path", WRITTEN, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_of_a_page_are_understood(path):
    lines = commands(path.read_text(encoding="utf-8"))
    assert {line: complaint(line) for line in lines if complaint(line)} == {}


def test_these_checks_can_fail(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("[a](nowhere.md) [b](#no-such-heading)\n# Heading\n[c](#heading)\n")
    assert broken_links(page) == ["nowhere.md", "#no-such-heading"]
    assert complaint("make nothing") == "no such target"
    assert complaint("grevy analise") == "no such command"
    assert "No such option" in complaint("grevy analyse --sdtm a --out b --cut 2025-01-01")
    assert commands("```sh\ngrevy verify  # why\npython - <<'X'\nimport os\nX\n```\n") == [
        "grevy verify",
        "python -",
    ]


def test_examples_in_the_help_are_understood():
    examples = [
        line.strip()
        for command in [cli, *cli.commands.values()]
        for line in re.split(r" {2,}", (command.help or "").replace("\n", "     "))
        if line.strip().startswith("grevy ")
    ]
    assert len(examples) >= len(cli.commands)
    assert {line: complaint(line) for line in examples if complaint(line)} == {}


def test_generated_pages_are_current():
    pages = load_generator().generate()
    stale = [p.name for p, text in pages.items() if not p.is_file() or p.read_text(encoding="utf-8") != text]
    assert stale == [], "run `make docs`"


def test_every_generated_page_is_linked_from_the_index():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert [
        p.name for p in (ROOT / "docs").rglob("*.md") if p.name != "README.md" and p.name not in index
    ] == []


def test_every_decision_is_about_250_words():
    lengths = {
        p.name: len(p.read_text(encoding="utf-8").split()) for p in (ROOT / "docs" / "adr").glob("*.md")
    }
    assert {name: length for name, length in lengths.items() if not 180 <= length <= 320} == {}
