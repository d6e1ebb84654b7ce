"""Every place that refuses says why in both languages; the sources are read, so no new one can forget."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from grevy.capture import errors
from grevy.capture.errors import Refused
from grevy.capture.permissions import ROLES_THAT_MAY
from grevy.capture.words import WORDS, say, say_all
from grevy.capture.words.refusals import WORDS as SENTENCES

SOURCES = Path(errors.__file__).parent
# Those that make their sentences themselves take no words where they are raised.
WITH_WORDS = {"Refused", "NotPermitted", "AgainstPolicy", "OpenQueries", "UnknownPlace", "ReasonMissing"}
OWN_WORDS = {"ValuesRefused", "ConfirmationNeeded", "Clash"}


def refusals_raised(tree: ast.AST) -> Iterator[tuple[ast.Call, ast.AST]]:
    """Each `raise` of a refusal, with the function it stands in."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            yield from ((call, function) for node in ast.walk(function) if (call := refusal_of(node)))


def refusal_of(node: ast.AST) -> ast.Call | None:
    raised = node.exc if isinstance(node, ast.Raise) else None
    if isinstance(raised, ast.Call) and isinstance(raised.func, ast.Name) and raised.func.id in WITH_WORDS:
        return raised
    return None


def is_said(node: ast.expr, function: ast.AST) -> bool:
    """Whether it is made by `say`, here or where the name was given its value."""
    if isinstance(node, ast.IfExp):
        return is_said(node.body, function) and is_said(node.orelse, function)
    if isinstance(node, ast.Name):
        given = [
            value
            for one in ast.walk(function)
            if isinstance(one, ast.Assign)
            for target in one.targets
            for name, value in pairs(target, one.value)
            if name == node.id
        ]
        return bool(given) and all(is_said(value, function) for value in given)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"


def pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, given in zip(target.elts, value.elts, strict=True):
            yield from pairs(one, given)
    elif isinstance(target, ast.Name):
        yield target.id, value


def unsaid(source: str) -> list[int]:
    """Lines that refuse in a language of their own."""
    return [
        call.lineno
        for call, function in refusals_raised(ast.parse(source))
        if len(call.args) < 2 or not all(is_said(part, function) for part in call.args[1:])
    ]


def sources() -> dict[str, str]:
    return {str(path.relative_to(SOURCES)): path.read_text("utf-8") for path in SOURCES.rglob("*.py")}


def test_every_refusal_is_said_in_both_languages():
    assert {name: lines for name, text in sources().items() if (lines := unsaid(text))} == {}


def test_the_walk_finds_the_places_that_refuse():
    found = sum(1 for text in sources().values() for _ in refusals_raised(ast.parse(text)))
    assert found >= 60
    english = 'def check():\n    raise AgainstPolicy("lock", "it is locked.")\n'
    half = 'def check():\n    raise AgainstPolicy("lock", say("not_locked"), "Unlock it.")\n'
    assert (unsaid(english), unsaid(half)) == ([2], [2])


def test_no_kind_of_refusal_is_left_out():
    kinds, found = [Refused], set()
    while kinds:
        kind = kinds.pop()
        found.add(kind.__name__)
        kinds += [one for one in kind.__subclasses__() if one.__module__ == errors.__name__]
    assert found == WITH_WORDS | OWN_WORDS


def test_every_sentence_is_given_all_its_figures_and_is_used():
    """Keys that are put together, such as `level_LOCKED`, are looked up by the tests of what uses them."""
    used = set()
    for name, text in sources().items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                keys = [one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)]
                if isinstance(node.args[0], ast.Constant):
                    figures = {keyword.arg for keyword in node.keywords}
                    for sentence in WORDS[keys[0]]:
                        assert placeholders(sentence) == figures, f"{name}, line {node.lineno}: {sentence}"
                    used.add(keys[0])
            if isinstance(node, ast.Constant) and node.value in SENTENCES:
                used.add(node.value)
    composed = ("level_", "query_step_", "action_")
    assert {key for key in SENTENCES if not key.startswith(composed)} - used == set()


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("key", SENTENCES)
def test_the_two_languages_of_a_sentence_say_it_of_the_same(key):
    en, zh = SENTENCES[key]
    assert placeholders(en) == placeholders(zh)
    assert en.isascii()
    assert any("一" <= letter <= "鿿" for letter in zh)
    assert en.endswith(".") is zh.endswith("。")


def test_every_action_has_its_words():
    assert {key.removeprefix("action_") for key in SENTENCES if key.startswith("action_")} == set(
        ROLES_THAT_MAY
    )


def test_a_reader_gets_the_own_language_and_the_log_english():
    roles = say_all(["role_monitor", "role_investigator"])
    refusal = errors.NotPermitted(
        say("at_site", site="01"),
        say("may_not", username="crc01", action=say("action_sign")),
        say("takes_a_role", roles=roles),
    )
    assert str(refusal) == (
        "site 01: the account crc01 may not sign. It takes one of these roles there: Monitor, Investigator."
    )
    assert refusal.told("zh") == "账户 crc01 无权签名。需要在该处具有以下角色之一：监查员、研究者。"
    assert refusal.told_with_place("zh").startswith("中心 01：账户")
    assert refusal.told("en").startswith("The account crc01 may not sign.")
