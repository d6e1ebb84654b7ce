"""Words of the search in the top bar, and of keys that work on every page."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "search_all": ("Subject, site, form, query", "受试者、中心、表单、质疑"),
    "search_all_label": ("Search everywhere", "全站搜索"),
    "search_head": ("Search", "搜索"),
    "search_for": ("Found for “{text}”", "“{text}”的搜索结果"),
    "search_nothing": (
        "Nothing at your sites fits “{text}”. Type a subject's number (01-004), a site, a form or item, or "
        "words of a query.",
        "您所在中心没有与“{text}”相符的内容。可输入受试者编号（01-004）、中心、表单或条目名称，或质疑中的文字。",
    ),
    "search_empty": (
        "Type a subject's number (01-004), a site, a form or item, or words of a query.",
        "请输入受试者编号（01-004）、中心、表单或条目名称，或质疑中的文字。",
    ),
    "found_items": ("Items", "条目"),
    "found_forms": ("Forms", "表单"),
    "switch_view": ("switch view", "切换视图"),
}
