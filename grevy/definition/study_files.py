"""YAML of a study folder as a tree of text with line numbers.

Scalars are read as text and nothing else: `NO` stays NO and `1.10` stays 1.10; the models convert. Anchors,
aliases and tags are refused, so that what a clinician reads in review is what the study does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from grevy.definition.mistakes import Mistake

Value = str | list["Node"] | dict[str, "Node"]
Step = str | int
_VALUE_EVENTS: tuple[Any, ...] = (
    yaml.ScalarEvent,
    yaml.MappingStartEvent,
    yaml.SequenceStartEvent,
    yaml.AliasEvent,
)


@dataclass
class Node:
    """One value of a file. The line is that of its key, or of its first character in a list."""

    line: int
    value: Value

    def plain(self) -> Any:
        """The value as plain dictionaries, lists and text."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def at(self, path: Sequence[Step]) -> "Node":
        """The node at a path, or the deepest one on the way there that exists."""
        node = self
        for step in path:
            children: Any = node.value
            known = (isinstance(children, dict) and step in children) or (
                isinstance(children, list) and isinstance(step, int) and step < len(children)
            )
            if not known:
                break
            node = children[step]
        return node


@dataclass
class StudyFile:
    """One file as read: its name for messages, its tree (None if it cannot be read at all), its mistakes."""

    name: str
    root: Node | None = None
    mistakes: list[Mistake] = field(default_factory=list)

    def line(self, *path: Step) -> int:
        """Line of a path, or of the nearest value above it."""
        return self.root.at(path).line if self.root else 1

    def report(self, line: int, message: str, *, found: str = "", allowed: str = "") -> None:
        self.mistakes.append(Mistake(self.name, line, message, found, allowed))


def read_study_file(path: Path) -> StudyFile:
    """Read one YAML file as text with lines; mistakes are collected, not raised."""
    file = StudyFile(path.as_posix())
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        file.report(1, f"the file '{path.name}' is missing. Add it.", found="no file", allowed=path.name)
        return file
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        file.report(
            line, "the file is not UTF-8 text. Save it as UTF-8.", found="other bytes", allowed="UTF-8"
        )
        return file
    try:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        file.root = _read_document(events, file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problem = error.problem or "unreadable"
        file.report(
            line, f"the YAML cannot be read: {problem}. Correct the line.", found=problem, allowed="YAML"
        )
    except yaml.YAMLError as error:
        file.report(1, f"the YAML cannot be read: {error}.", found=str(error), allowed="YAML")
    return file


def _read_document(events: Iterator[Any], file: StudyFile) -> Node | None:
    root = None
    for event in events:
        if not isinstance(event, _VALUE_EVENTS):
            continue
        if root is not None:
            line = event.start_mark.line + 1
            file.report(line, "a second document begins. One file holds one document.")
            break
        root = _read_node(event, events, file)
    if root is None or not isinstance(root.value, dict):
        file.report(1, "the file has no keys. Write `key: value` lines.", found="no mapping", allowed="keys")
        return None
    return root


def _read_node(event: Any, events: Iterator[Any], file: StudyFile) -> Node:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent):
        file.report(
            line,
            f"alias '*{event.anchor}' found; aliases are not allowed. Write the value out.",
            found=f"*{event.anchor}",
            allowed="plain values",
        )
        return Node(line, "")
    if event.anchor is not None:
        file.report(
            line,
            f"anchor '&{event.anchor}' found; anchors are not allowed. Write the value where it is used.",
            found=f"&{event.anchor}",
            allowed="plain values",
        )
    if event.tag is not None:
        file.report(
            line,
            f"tag '{event.tag}' found; tags are not allowed. Quote the text if it begins with '!'.",
            found=event.tag,
            allowed="plain values",
        )
    if isinstance(event, yaml.ScalarEvent):
        return Node(line, event.value)
    if isinstance(event, yaml.SequenceStartEvent):
        return Node(line, _read_list(events, file))
    return Node(line, _read_mapping(events, file))


def _read_list(events: Iterator[Any], file: StudyFile) -> list[Node]:
    nodes = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        nodes.append(_read_node(event, events, file))
    return nodes


def _read_mapping(events: Iterator[Any], file: StudyFile) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _read_node(event, events, file)
        node = _read_node(next(events), events, file)
        node.line = key.line
        if not isinstance(key.value, str):
            file.report(
                key.line, "a key is not text. Write `key: value`.", found="a list or mapping", allowed="text"
            )
        elif key.value in nodes:
            file.report(
                key.line,
                f"key '{key.value}' stands twice in one place. Keep one.",
                found=key.value,
                allowed="each key once",
            )
        else:
            nodes[key.value] = node
    return nodes
