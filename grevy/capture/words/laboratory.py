"""Words of the laboratory inbox: reading a file, mapping its columns, importing."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "lab_inbox": ("Laboratory inbox", "检验结果导入"),
    "lab_inbox_text": (
        "A CSV or Excel file of the hospital, one row for each result, without names of patients. "
        "Nothing is saved before you have seen what would be added.",
        "医院导出的 CSV 或 Excel 文件，每行一个结果，不含患者姓名。"
        "导入前会先显示将要新增的内容，确认后才保存。",
    ),
    "lab_choose_file": ("File", "文件"),
    "lab_read_file": ("Read the file", "读取文件"),
    "lab_no_site": ("There is no site at which you may enter data.", "您没有可录入数据的中心。"),
    "lab_waiting": ("Files that wait", "待处理的文件"),
    "lab_waiting_none": ("No file waits.", "没有待处理的文件。"),
    "lab_unreadable": ("The file cannot be read", "文件无法读取"),
    "lab_done": (
        "{values} values in {records} forms were added. {conflicts} that contradict entries stayed out.",
        "已在 {records} 张表中新增 {values} 个数值；{conflicts} 个与已录入内容不一致，未导入。",
    ),
    "lab_columns": ("Columns of the file", "文件的列"),
    "lab_column_subject": ("Subject number", "受试者编号"),
    "lab_column_day": ("Day of sampling", "采样日期"),
    "lab_column_test": ("Test", "检验项目"),
    "lab_column_result": ("Result", "结果"),
    "lab_column_unit": ("Unit", "单位"),
    "lab_no_column": ("not in the file", "文件中没有"),
    "lab_tests": ("Tests of the hospital and the items they mean", "医院检验项目与研究项目的对应"),
    "lab_units": ("Units of the hospital", "医院使用的单位"),
    "lab_unit_help": (
        "Write the unit as the study does, for example 10^9/L.",
        "请按本研究的写法填写单位，例如 10^9/L。",
    ),
    "lab_leave_out": ("leave out", "不导入"),
    "lab_show_plan": ("Keep the mapping and show what would be added", "保存对应关系并预览"),
    "lab_plan": ("What the import would do", "导入预览"),
    "lab_counts": (
        "{added} to add, {same} there already, {conflicts} contradict, {left_out} left out, "
        "{problems} problems",
        "新增 {added}，已存在 {same}，不一致 {conflicts}，不导入 {left_out}，问题 {problems}",
    ),
    "lab_problems": ("Problems: settle all of them, then nothing is lost", "问题（须全部处理后才能导入）"),
    "lab_row": ("Row", "行"),
    "lab_column": ("Column", "列"),
    "lab_problem": ("What to do", "说明"),
    "lab_conflicts": (
        "Contradictions: what was entered stays; correct it in the form if the file is right",
        "不一致：保留已录入的内容；如文件正确，请在表单中更正",
    ),
    "lab_entered": ("Entered", "已录入"),
    "lab_in_file": ("In the file", "文件中"),
    "lab_added": ("To be added", "将要新增"),
    "lab_place": ("Form", "表单"),
    "lab_import": ("Import {count} values", "导入 {count} 个数值"),
    "lab_import_waits": (
        "Import waits for {count} problems to be settled.",
        "处理完 {count} 个问题后可导入。",
    ),
    "lab_nothing_new": ("The file adds nothing: all of it is there already.", "文件中没有新内容，均已录入。"),
    "lab_aside": ("Put the file aside", "不再处理此文件"),
    "import_refused": ("Nothing was imported.", "未导入任何内容。"),
}
