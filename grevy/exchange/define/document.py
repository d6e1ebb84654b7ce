"""A definition as Define-XML 2.1, element by element, with odmlib; the moment is said by the caller."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grevy.exchange.define.parts import (
    Analysis,
    Codes,
    Condition,
    Definition,
    Display,
    Group,
    Item,
    Method,
    Source,
    Term,
    Used,
)
from grevy.rules.words import Words

VERSION = "2.1.9"
TERMINOLOGY = "STD.CT"
NAMESPACES = {
    "default": {"odm": "http://www.cdisc.org/ns/odm/v1.3"},
    "namespaces": {
        "def": "http://www.cdisc.org/ns/def/v2.1",
        "arm": "http://www.cdisc.org/ns/arm/v1.0",
        "xlink": "http://www.w3.org/1999/xlink",
    },
}
"""Those of this document, said to odmlib: it would take those of whatever was read or written before."""


def write_define(definition: Definition, path: Path, *, created: datetime) -> Path:
    """Write a definition; equal definitions and an equal `created` give equal bytes."""
    from odmlib.odm_element import ODMWriter

    document = _build_document(_find_model(definition), definition, created)
    ODMWriter.write_odm(str(path), document.to_xml(), ns_snapshot=NAMESPACES)
    return path


def _find_model(definition: Definition) -> Any:
    """odmlib's elements, with those of ARM 1.0 where there are results.

    Imported when a file is written, because that takes a moment.
    """
    from odmlib.arm_1_0 import model as with_results
    from odmlib.define_2_1 import model

    return with_results if definition.displays else model


def _build_document(d: Any, definition: Definition, created: datetime) -> Any:
    moment = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    layer = definition.purpose.lower()
    document = d.ODM(
        FileOID=f"DEFINE.{definition.study}.{layer}",
        FileType="Snapshot",
        CreationDateTime=moment,
        ODMVersion="1.3.2",
        Originator="Grevy",
        SourceSystem="Grevy",
        Context="Other",
    )
    study = d.Study(OID=f"ST.{definition.study}")
    study.GlobalVariables = d.GlobalVariables()
    study.GlobalVariables.StudyName = d.StudyName(_content=definition.study)
    study.GlobalVariables.StudyDescription = d.StudyDescription(_content=definition.title)
    study.GlobalVariables.ProtocolName = d.ProtocolName(_content=definition.protocol)
    study.MetaDataVersion = _build_version(d, definition)
    document.Study = study
    return document


def _build_version(d: Any, definition: Definition) -> Any:
    version = d.MetaDataVersion(
        OID=f"MDV.{definition.study}.{definition.purpose}",
        Name=f"{definition.study}, {definition.purpose} data sets",
        DefineVersion=VERSION,
    )
    version.Standards = d.Standards()
    guides = ((definition.standard, definition.version), *definition.further)
    version.Standards.Standard = [
        *(
            d.Standard(OID=f"STD.{name}", Name=name, Type="IG", Version=of, Status="Final")
            for name, of in guides
        ),
        d.Standard(
            OID=TERMINOLOGY, Name="CDISC/NCI", Type="CT", PublishingSet="SDTM",
            Version=definition.terminology, Status="Final",
        ),
    ]  # fmt: skip
    items = definition.list_items()
    version.ValueListDef = [_build_value_list(d, item) for item in items if item.values]
    version.WhereClauseDef = [_build_condition(d, one) for one in definition.list_conditions()]
    version.ItemGroupDef = [_build_group(d, group, definition) for group in definition.groups]
    version.ItemDef = [_build_item(d, item) for item in items]
    version.CodeList = [_build_codes(d, codes) for codes in definition.list_codes()]
    version.MethodDef = [_build_method(d, method) for method in definition.list_methods()]
    if definition.displays:
        version.AnalysisResultDisplays = d.AnalysisResultDisplays()
        version.AnalysisResultDisplays.ResultDisplay = [_build_display(d, one) for one in definition.displays]
    return version


def _describe(d: Any, text: str) -> Any:
    description = d.Description()
    description.TranslatedText = [d.TranslatedText(_content=text, lang="en")]
    return description


def _translate(d: Any, words: Words) -> list[Any]:
    texts = {"en": words.en, "zh": words.zh}
    return [d.TranslatedText(_content=text, lang=lang) for lang, text in texts.items() if text]


# --- Data sets and variables -------------------------------------------------------------------------


def _build_group(d: Any, group: Group, definition: Definition) -> Any:
    leaf = f"LF.{group.name}"
    found = d.ItemGroupDef(
        OID=group.oid,
        Name=group.name,
        Repeating="Yes" if group.repeating else "No",
        IsReferenceData="Yes" if group.reference else "No",
        SASDatasetName=group.name,
        Purpose=definition.purpose,
        Structure=group.structure,
        ArchiveLocationID=leaf,
        StandardOID=f"STD.{group.standard or definition.standard}",
        **({"Domain": group.domain} if group.domain else {}),
    )
    found.Description = _describe(d, group.label)
    found.ItemRef = [_refer(d, item, number) for number, item in enumerate(group.items, start=1)]
    found.Class = d.Class(Name=group.class_)
    if group.subclass:
        found.Class.SubClass = [d.SubClass(Name=group.subclass, ParentClass=group.class_)]
    found.leaf = d.leaf(ID=leaf, href=group.file)
    found.leaf.title = d.title(_content=group.file)
    return found


def _refer(d: Any, item: Item, number: int) -> Any:
    known = {
        "KeySequence": item.key,
        "MethodOID": item.method.oid if item.method else None,
        "Role": item.role or None,
        "HasNoData": "Yes" if item.empty else None,
    }
    given = {name: value for name, value in known.items() if value is not None}
    mandatory = "Yes" if item.mandatory else "No"
    return d.ItemRef(ItemOID=item.oid, OrderNumber=number, Mandatory=mandatory, **given)


def _build_item(d: Any, item: Item) -> Any:
    shape = item.shape
    known = {
        "Length": shape.length,
        "SignificantDigits": shape.decimals if shape.type == "float" else None,
        "DisplayFormat": shape.format or None,
    }
    given = {name: value for name, value in known.items() if value is not None}
    found = d.ItemDef(OID=item.oid, Name=item.name, DataType=shape.type, SASFieldName=item.name, **given)
    found.Description = _describe(d, item.label)
    if item.codes:
        found.CodeListRef = d.CodeListRef(CodeListOID=item.codes.oid)
    if item.values:
        found.ValueListRef = d.ValueListRef(ValueListOID=f"VL.{item.oid[3:]}")
    if item.source:
        found.Origin = [_build_origin(d, item.source)]
    return found


def _build_origin(d: Any, source: Source) -> Any:
    origin = d.Origin(Type=source.type, **({"Source": source.by} if source.by else {}))
    if source.words:
        origin.Description = _describe(d, source.words)
    return origin


def _build_value_list(d: Any, item: Item) -> Any:
    found = d.ValueListDef(OID=f"VL.{item.oid[3:]}")
    for number, value in enumerate(item.values, start=1):
        reference = _refer(d, value.item, number)
        reference.WhereClauseRef = [d.WhereClauseRef(WhereClauseOID=value.condition.oid)]
        found.ItemRef.append(reference)
    return found


def _build_condition(d: Any, condition: Condition) -> Any:
    found = d.WhereClauseDef(OID=condition.oid)
    check = d.RangeCheck(Comparator="EQ", SoftHard="Soft", ItemOID=condition.of)
    check.CheckValue = [d.CheckValue(_content=condition.equals)]
    found.RangeCheck = [check]
    return found


# --- Code lists and methods --------------------------------------------------------------------------


def _build_codes(d: Any, codes: Codes) -> Any:
    standard = {"StandardOID": TERMINOLOGY} if codes.concept or any(t.concept for t in codes.terms) else {}
    if not standard and not codes.dictionary:
        standard = {"IsNonStandard": "Yes"}
    found = d.CodeList(OID=codes.oid, Name=codes.name, DataType=codes.type, **standard)
    if codes.dictionary:
        version = {"Version": codes.version} if codes.version else {}
        found.ExternalCodeList = d.ExternalCodeList(Dictionary=codes.dictionary, **version)
        return found
    if all(term.words for term in codes.terms):
        found.CodeListItem = [_build_term(d, term, d.CodeListItem) for term in codes.terms]
    else:
        found.EnumeratedItem = [_build_term(d, term, d.EnumeratedItem) for term in codes.terms]
    if codes.concept:
        found.Alias = [d.Alias(Context="nci:ExtCodeID", Name=codes.concept)]
    return found


def _build_term(d: Any, term: Term, element: Any) -> Any:
    found = element(CodedValue=term.value, **({"ExtendedValue": "Yes"} if term.extended else {}))
    if term.words and element is d.CodeListItem:
        found.Decode = d.Decode()
        found.Decode.TranslatedText = _translate(d, term.words)
    if term.concept:
        found.Alias = [d.Alias(Context="nci:ExtCodeID", Name=term.concept)]
    return found


def _build_method(d: Any, method: Method) -> Any:
    found = d.MethodDef(OID=method.oid, Name=method.name, Type="Computation")
    found.Description = d.Description()
    found.Description.TranslatedText = _translate(d, method.words)
    return found


# --- Analysis results --------------------------------------------------------------------------------


def _build_display(d: Any, display: Display) -> Any:
    found = d.ResultDisplay(OID=display.oid, Name=display.name)
    found.Description = _describe(d, display.title)
    found.AnalysisResult = [_build_result(d, result) for result in display.results]
    return found


def _build_result(d: Any, result: Analysis) -> Any:
    parameter = {"ParameterOID": result.parameter} if result.parameter else {}
    found = d.AnalysisResult(
        OID=result.oid, AnalysisReason="SPECIFIED IN PROTOCOL", AnalysisPurpose=result.purpose, **parameter
    )
    found.Description = _describe(d, result.title)
    found.AnalysisDatasets = d.AnalysisDatasets()
    found.AnalysisDatasets.AnalysisDataset = [_build_used(d, used) for used in result.used]
    found.Documentation = d.Documentation()
    found.Documentation.Description = _describe(d, result.words)
    return found


def _build_used(d: Any, used: Used) -> Any:
    found = d.AnalysisDataset(ItemGroupOID=used.group)
    found.WhereClauseRef = d.WhereClauseRef(WhereClauseOID=used.condition.oid)
    found.AnalysisVariable = [d.AnalysisVariable(ItemOID=oid) for oid in used.variables]
    return found
