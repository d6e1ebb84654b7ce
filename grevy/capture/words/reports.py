"""Words of the pages of reports."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "nav_reports": ("Reports", "报告"),
    "reports_lead": (
        "Built from the ledger as it stood at a moment. A kept report never changes.",
        "由某一时刻的数据生成；已保存的报告不再改变。",
    ),
    "reports_none": ("No report has been built yet.", "尚未生成报告。"),
    "reports_none_why": (
        "Choose a data cut-off and build the first one.",
        "请选择数据截止日期，生成第一份报告。",
    ),
    "reports_kept": ("Kept reports", "已保存的报告"),
    # ---- Asking for one
    "report_new": ("Build a report", "生成报告"),
    "report_cutoff": ("Data cut-off", "数据截止日期"),
    "report_cutoff_help": ("What happened later is left out.", "此后发生的事件不纳入。"),
    "report_as_of": ("Entries up to", "录入截至"),
    "report_as_of_help": (
        "The end of that day; empty: all entries made until now.",
        "至该日结束；留空表示截至此刻的全部录入。",
    ),
    "report_outputs": ("Outputs", "内容"),
    "report_version": ("Study version", "研究版本"),
    "report_version_help": (
        "Its analysis plan says which analysis set each output is made in.",
        "各表所用的分析集由该版本的统计分析计划规定。",
    ),
    "report_version_current": ("{version}, in use", "{version}（使用中）"),
    "report_version_next": ("{version}, not yet published", "{version}（尚未发布）"),
    "report_languages": ("Languages of the documents", "文档语言"),
    "report_formats": ("Formats", "格式"),
    "report_formats_help": (
        "The interactive page (HTML) is always built, in both languages.",
        "交互式网页（HTML）始终生成，含两种语言。",
    ),
    "report_build": ("Build", "生成"),
    "report_cutoff_wrong": (
        "The data cut-off is a date up to today.",
        "数据截止日期须为今天或之前的日期。",
    ),
    "report_as_of_wrong": (
        "“Entries up to” is a date up to today, or empty.",
        "“录入截至”须为今天或之前的日期，或留空。",
    ),
    "report_documents_wrong": (
        "Choose a language for the documents.",
        "请选择文档语言。",
    ),
    "report_interim": ("Interim safety report", "中期安全性报告"),
    "report_interim_why": (
        "For a data-monitoring meeting: the data as they stand now; disposition, deaths, exposure and all of "
        "section 14.3, as a page and as PDF in both languages.",
        "用于数据监查会议：以此刻数据为准，含受试者分布、死亡、暴露及 14.3 节全部内容，"
        "生成网页及两种语言的 PDF。",
    ),
    "report_interim_build": ("Build for today", "以今天为截止生成"),
    # ---- Its contents
    "outputs_all": ("Whole report", "完整报告"),
    "outputs_safety": ("Safety (interim)", "安全性（中期）"),
    "outputs_14.1": ("14.1 Participants", "14.1 受试者"),
    "outputs_14.2": ("14.2 Effectiveness", "14.2 有效性"),
    "outputs_14.3": ("14.3 Safety", "14.3 安全性"),
    "format_html": ("Page (HTML)", "网页（HTML）"),
    "format_pdf": ("PDF", "PDF"),
    "format_rtf": ("Tables (RTF)", "表格（RTF）"),
    "format_docx": ("Draft of the study report (DOCX)", "研究报告草稿（DOCX）"),
    "format_data": ("Data sets and results", "数据集与结果"),
    "format_in": ("{format}, {language}", "{format}（{language}）"),
    "language_en": ("English", "英文"),
    "language_zh": ("Chinese", "中文"),
    # ---- One report
    "report_of": ("Report, cut-off {cutoff}", "报告，数据截止 {cutoff}"),
    "report_by": ("Built by", "生成者"),
    "report_asked": ("Asked for", "发起时间"),
    "report_built": ("Built", "生成时间"),
    "report_as_of_moment": ("Entries up to", "录入截至"),
    "report_state": ("State", "状态"),
    "report_whole": ("Unchanged", "未变更"),
    "report_damaged": ("Files are missing or changed", "文件缺失或已变更"),
    "report_damaged_do": (
        "The file is not the one that was built. Build the report again and tell an administrator.",
        "该文件已不是生成时的文件。请重新生成报告，并告知管理员。",
    ),
    "report_size": ("Size", "大小"),
    "report_snapshot": ("Snapshot", "快照"),
    "report_program": ("Program", "程序"),
    "report_files": ("Files", "文件"),
    "report_fingerprint": ("Fingerprint (SHA-256)", "指纹（SHA-256）"),
    "report_details": ("Files and facts", "文件与信息"),
    "report_facts": ("What it was made from", "生成依据"),
    "report_back": ("All reports", "全部报告"),
    "megabytes": ("{n} MB", "{n} MB"),
    # ---- Data that leave
    "report_data": ("Take the data out", "导出数据"),
    "report_data_why": (
        "Data sets with one row per record. What leaves is recorded with its purpose and recipient.",
        "数据集逐条记录。导出的用途和接收方将记入台账。",
    ),
    "report_purpose": ("Purpose", "用途"),
    "report_recipient": ("Recipient", "接收方"),
    "report_country": ("Country of the recipient", "接收方所在国家或地区"),
    "report_country_help": ("Two letters, such as CN.", "两个字母，如 CN。"),
    "report_take": ("Download and record", "下载并记录"),
    # ---- While it is built
    "report_step": ("Step {n} of {total}: {what}.", "第 {n}/{total} 步：{what}。"),
    "report_step_snapshot": ("snapshot of the entries", "录入数据快照"),
    "report_step_sdtm": ("tabulation data (SDTM)", "列表数据（SDTM）"),
    "report_step_adam": ("analysis data sets (ADaM)", "分析数据集（ADaM）"),
    "report_step_results": ("estimates", "统计估计"),
    "report_step_html": ("page with the trace of each number", "含逐数溯源的网页"),
    "report_step_pdf": ("PDF", "PDF"),
    "report_step_rtf": ("tables for a word processor (RTF)", "文字处理表格（RTF）"),
    "report_step_docx": ("draft of the study report (DOCX)", "研究报告草稿（DOCX）"),
    "report_step_keep": ("putting it in its place", "存档"),
    "job_bad_input": (
        "There is nothing to report at that moment: no entries, or no subject. Choose a later one.",
        "该时刻尚无可报告的数据（无录入或无受试者）。请选择更晚的时间。",
    ),
    "job_command_failed": (
        "The program that builds reports failed. The log has the reason; tell an administrator.",
        "生成报告的程序出错，原因见日志。请告知管理员。",
    ),
}
