"""Every word of the pages in English and Simplified Chinese, side by side. A word missing in one is an
error at start."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("en", "zh")

WORDS: dict[str, tuple[str, str]] = {
    "app": ("Grevy", "Grevy"),
    "claim": ("Every number can be followed back to where it came from.", "每个数字，都能回到它的来处。"),
    "claim_more": (
        "From consent to study report in one system. Who wrote it, when, and why it changed.",
        "从知情同意到研究报告，同一套系统。谁写的、何时写的、为何修改，一点即见。",
    ),
    "log_in": ("Log in", "登录"),
    "log_out": ("Log out", "退出登录"),
    "account": ("Account", "账号"),
    "password": ("Password", "密码"),
    "wrong": (
        "Account and password do not match. Check both; after five attempts log-in pauses for 15 minutes.",
        "账号与密码不符。请检查后重试；连续五次不符，将暂停登录 15 分钟。",
    ),
    "paused": (
        "Too many attempts. Log-in for this account is paused for 15 minutes; an administrator can help.",
        "尝试次数过多。此账号暂停登录 15 分钟；可联系管理员。",
    ),
    "every_log_in": ("Every log-in is recorded.", "每次登录都有记录。"),
    "ends": ("A log-in ends 30 minutes after the last action.", "最后一次操作 30 分钟后自动退出。"),
    "language": ("Language", "语言"),
    "skip": ("Skip to content", "跳到正文"),
    "start": ("Start", "首页"),
    "sites": ("Sites", "研究中心"),
    "site": ("Site", "中心"),
    "screened": ("Screened", "筛选"),
    "enrolled": ("Found eligible", "符合入选"),
    "treated": ("Treated", "已用药"),
    "records": ("Records", "记录"),
    "last_activity": ("Last entry (UTC)", "最近录入（UTC）"),
    "total": ("All", "合计"),
    "screened_means": ("subjects with a screening number", "有筛选号的受试者"),
    "enrolled_means": ("subjects recorded as eligible", "记录为符合入选标准的受试者"),
    "treated_means": ("subjects with a first dose", "已首次用药的受试者"),
    "records_means": ("forms with an entry, withdrawn ones not counted", "有录入的表单，不含已撤回"),
    "no_sites": (
        "No site is open to you yet. An administrator grants roles.",
        "您目前没有可查看的中心。角色由管理员授予。",
    ),
    "no_entries": ("No entry yet", "尚无录入"),
    "report": ("Study report", "研究报告"),
    "report_open": ("Open the report", "打开报告"),
    "report_none": (
        "No report has been made yet. Make one with: grevy report",
        "尚无报告。生成命令：grevy report",
    ),
    "report_denied": (
        "The report shows all sites; it takes a role in the whole study.",
        "报告包含所有中心的数据；需要全研究范围的角色。",
    ),
    "record_proves": ("The record", "记录完整性"),
    "record_text": (
        "Entries are only ever added. Check the chain with: grevy verify",
        "数据只增不改。校验命令：grevy verify",
    ),
    "not_found": ("There is no such page.", "没有这个页面。"),
    "to_start": ("Go to the start page", "回到首页"),
    "error": (
        "The page could not be shown. What was saved is kept. Try again.",
        "页面未能显示。已保存的内容仍在。请重试。",
    ),
    "refused": ("This request was refused.", "此请求被拒绝。"),
    "role_coordinator": ("Coordinator", "研究协调员"),
    "role_investigator": ("Investigator", "研究者"),
    "role_monitor": ("Monitor", "监查员"),
    "role_data_manager": ("Data manager", "数据管理员"),
    "role_statistician": ("Statistician", "统计师"),
    "role_safety_officer": ("Safety officer", "安全性负责人"),
    "role_administrator": ("Administrator", "管理员"),
}


@dataclass(frozen=True)
class Words:
    """The words in one language; a template asks `{{ t.log_in }}`, and an unknown word is an error there."""

    language: str

    def __getitem__(self, key: str) -> str:
        return WORDS[key][LANGUAGES.index(self.language)]


def choose_language(wanted: str | None, accept_language: str) -> str:
    """The reader's choice, else the first of the browser's languages that we have, else English."""
    if wanted in LANGUAGES:
        return str(wanted)
    for part in accept_language.lower().split(","):
        code = part.split(";")[0].strip()[:2]
        if code in LANGUAGES:
            return code
    return "en"
