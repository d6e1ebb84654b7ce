"""Lists of the page's data laid out by column, numbers as steps: the same data at three quarters of the size.

Thousands of short lists that say the same kind of thing each compress badly; their columns compress well. The
page's script undoes this when the first number is opened (`unfold` in report.js).
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any


def fold(data: dict[str, Any]) -> dict[str, Any]:
    """The data of a page with its links, origins and changes by column."""
    changes = data["revisions"]["changes"]
    flat = [cell for change in changes for cell in change]
    english, chinese = flat[2::4], flat[3::4]
    nodes = sorted(data["origins"], key=int)
    origins = [data["origins"][node] for node in nodes]
    return {
        **data,
        "parents": {**data["parents"], "nodes": _steps(data["parents"]["nodes"])},
        "origins": {
            "nodes": _steps([int(node) for node in nodes]),
            "counts": [len(own) // 2 for own in origins],
            "revisions": _steps([cell for own in origins for cell in own[0::2]]),
            "rows": [cell for own in origins for cell in own[1::2]],
        },
        "revisions": {
            **data["revisions"],
            "changes": {
                "counts": [len(change) // 4 for change in changes],
                "items": flat[0::4],
                "rows": flat[1::4],
                "english": english,
                "chinese": [zh - en for en, zh in zip(english, chinese, strict=True)],
            },
        },
    }


def unfold(data: dict[str, Any]) -> dict[str, Any]:
    """What `fold` was given."""
    changes, origins = data["revisions"]["changes"], data["origins"]
    chinese = [en + step for en, step in zip(changes["english"], changes["chinese"], strict=True)]
    lines = zip(changes["items"], changes["rows"], changes["english"], chinese, strict=True)
    cells = [list(line) for line in lines]
    pairs = list(zip(accumulate(origins["revisions"]), origins["rows"], strict=True))
    nodes = [str(node) for node in accumulate(origins["nodes"])]
    return {
        **data,
        "parents": {**data["parents"], "nodes": list(accumulate(data["parents"]["nodes"]))},
        "origins": dict(zip(nodes, _divide(pairs, origins["counts"]), strict=True)),
        "revisions": {**data["revisions"], "changes": _divide(cells, changes["counts"])},
    }


def _steps(numbers: list[int]) -> list[int]:
    return [number - before for number, before in zip(numbers, [0, *numbers], strict=False)]


def _divide(lines: list[Any], counts: list[int]) -> list[list[int]]:
    """Consecutive lines by their number, each part as one flat list."""
    ends = list(accumulate(counts))
    return [
        [cell for line in lines[end - count : end] for cell in line]
        for end, count in zip(ends, counts, strict=True)
    ]
