"""The analysis data sets as reference pages, from their specification."""

from collections.abc import Callable, Iterator

Table = Callable[[list[str], list[list[str]]], str]


def write_specification(table: Table) -> Iterator[str]:
    """One section per analysis data set, then the code lists that are not published."""
    from grevy.adam.specification import CODE_LISTS, DATA_SETS

    for data_set in DATA_SETS.values():
        yield f"## {data_set.name}"
        yield f"{data_set.label}. {data_set.structure}. Class: {data_set.class_.lower()}."
        rows = [variable_row(variable, data_set.keys) for variable in data_set.variables]
        yield table(["Variable", "Label", "Type", "Codes", "Origin", "Method", "方法"], rows)
        if data_set.parameters:
            yield f"Parameters of {data_set.name}; `*` stands for any end of a code, alone for all others."
            rows = [[f"`{one.code}`", one.name, one.method.en, one.method.zh] for one in data_set.parameters]
            yield table(["PARAMCD", "PARAM", "Method", "方法"], rows)
    yield "## Code lists of the analysis data sets"
    for name, terms in CODE_LISTS.items():
        yield f"### Codes {name}"
        yield table(
            ["Value", "English", "中文"],
            [[f"`{value}`", words.en, words.zh] for value, words in terms.items()],
        )


def variable_row(variable: object, keys: tuple[str, ...]) -> list[str]:
    """One variable as a row; where it was copied from stands for its method."""
    return [
        f"`{variable.name}`{'*' if variable.name in keys else ''}",
        variable.label,
        variable.type,
        link_codes(variable.codelist),
        variable.source or variable.origin,
        variable.method.en if variable.method else "",
        variable.method.zh if variable.method else "",
    ]


def link_codes(reference: str) -> str:
    """A code list as a link to its terms, where they stand on these pages."""
    from grevy.adam.specification import CODE_LISTS

    if reference.startswith("@"):
        return f"[{reference[1:]}](forms.md#{reference[1:]})"
    return f"[{reference}](#codes-{reference.lower()})" if reference in CODE_LISTS else reference
