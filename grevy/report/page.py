"""The report as one self-contained page: outputs, texts, figures and the data behind every number.

Nothing is computed here and nothing is fetched: style, script and data stand inside the file, in both
languages. The same results give the same bytes: no clock, no locale, no order but that of the rows.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import pyarrow as pa
from markupsafe import Markup

from grevy.report.document import Document
from grevy.report.embed import as_script_text, build_page_data
from grevy.report.entries import read_labels
from grevy.report.lineage import build_lineage
from grevy.report.prediction_words import PREDICT, name_number
from grevy.report.references import SETTINGS
from grevy.report.shared_shapes import share_shapes
from grevy.report.style import style_tokens
from grevy.report.words import PAGE, Words

RESOURCES = files("grevy.report") / "resources"


def write_report(
    document: Document,
    *,
    sources: pa.Table,
    adam: Mapping[str, pa.Table],
    sdtm: Mapping[str, pa.Table],
    trace: pa.Table | None,
    revisions: pa.Table | None,
    study: Any,
    path: Path,
) -> Path:
    """Write the report of a run into one HTML file.

    `sources` holds the record sets behind the results, `trace` the tabulation's record of form revisions
    (None for data of another system) and `revisions` the history of the forms.
    """
    tabulated = {name: table for name, table in sdtm.items() if name != "TRACE"}
    if trace is not None:
        tabulated["TRACE"] = trace
    lineage = build_lineage(adam, tabulated, revisions, sources)
    data = build_page_data(document.rows, sources, lineage, read_labels(study), document.listings)
    data["study"] = study.id
    data["switches"] = {switch.key: switch.value for switch in document.switches}
    page = _template().render(
        document=document,
        page=PAGE | {"how_to_read": PAGE["how_to_read_arms"]} if document.has_arms else PAGE,
        colon=Words(": ", "："),
        addresses={output.id: output.id for output in document.outputs} | {SETTINGS: "settings"},
        style_tokens=Markup(style_tokens()),
        css=Markup(_resource("report.css")),
        js=Markup(_script()),
        share_shapes=share_shapes,
        data=as_script_text(data),
        predict=PREDICT,
        pair=lambda label: Words(*label),
        number_name=name_number,
        prediction=Markup(json.dumps(document.prediction, ensure_ascii=False).replace("<", "\\u003c")),
    )
    path.write_text(page, encoding="utf-8", newline="\n")
    return path


def hash_script() -> str:
    """The one script of the page as a content security policy names it: a server may allow no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(f"\n{_script()}".encode()).digest()).decode()


def _script() -> str:
    return _resource("report.js") + _resource("rows.js") + _resource("predict.js")


def _resource(name: str) -> str:
    return (RESOURCES / name).read_text(encoding="utf-8")


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_resource("report.html"))
