"""What axe finds on a page as it stands."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def barriers(page: Page, only: str | None = None) -> list[str]:
    """The rule, what it asks, and where it is broken; `only` that rule is asked where one is named."""
    page.evaluate(AXE)
    rules = {"runOnly": {"type": "rule", "values": [only]}} if only else {}
    found = page.evaluate("(rules) => axe.run({resultTypes: ['violations'], ...rules})", rules)
    return [
        f"{broken['id']}: {broken['help']}: {[node['html'][:160] for node in broken['nodes'][:4]]}"
        for broken in found["violations"]
    ]
