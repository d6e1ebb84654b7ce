"""Words of signing, freezing and locking a casebook."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "tab_review": ("Sign and lock", "签名与锁定"),
    "casebook": ("Sign and lock", "签名与锁定"),
    "casebook_lead": (
        "{records} records: {signed} signed, {queries} open queries",
        "共 {records} 条记录：已签名 {signed} 条，未关闭质疑 {queries} 条",
    ),
    "casebook_to_sign": ("To sign", "待签名"),
    "casebook_none_to_sign": (
        "Nothing waits for a signature: all complete records are signed, or locked.",
        "没有待签名的记录：已完成的记录均已签名或锁定。",
    ),
    "casebook_sign_note": (
        "Complete records that are not signed as they stand. Eligibility is signed on its own form.",
        "已完成、当前版本尚未签名的记录。入选资格在其表单上签名。",
    ),
    "changed_since_signed": ("changed since signed", "签名后有修改"),
    "sign_meaning_is": ("Meaning: {meaning}.", "签名含义：{meaning}。"),
    "sign_effect": (
        "Each signature holds for the revision shown here. A later change breaks that record's signature.",
        "每条签名仅对此处所示的修订有效；此后修改会使该记录的签名失效。",
    ),
    "sign_n": ("Sign {count} records", "签署 {count} 条记录"),
    "sign_chosen": ("Sign the chosen records", "签署所选记录"),
    "sign_show": ("Show the records", "显示记录"),
    "choose_all_of": ("All of {name}", "“{name}”全部"),
    "choose_place": ("Choose {name}", "选择“{name}”"),
    "records_n": ("{count} records", "{count} 条记录"),
    "freeze_and_lock": ("Freeze and lock", "冻结与锁定"),
    "lock_means": (
        "Frozen: nothing can be entered or changed; queries, verification and signatures go on. "
        "Locked: nothing at all can be done. Only a place without an open query can be locked.",
        "冻结：不能录入或修改，质疑、核对和签名可继续。锁定：不能做任何操作。有未关闭质疑时不能锁定。",
    ),
    "lock_place": ("Place", "范围"),
    "lock_records": ("Records", "记录"),
    "lock_signed": ("Signed", "已签名"),
    "lock_queries": ("Open queries", "未关闭质疑"),
    "lock_state": ("Freeze or lock", "冻结或锁定"),
    "lock_open": ("open for entry", "可录入"),
    "lock_records_own": ("{count} records on their own", "其中单独处理的记录 {count} 条"),
    "whole_subject": ("The whole subject {number}", "受试者 {number} 全部"),
    "held_by": ("{state} by {name} ({role}), {time}: {reason}", "{name}（{role}）于 {time}{state}：{reason}"),
    "held_FROZEN": ("Frozen", "冻结"),
    "held_LOCKED": ("Locked", "锁定"),
    "held_place_record": ("It holds for this form.", "范围：本表单。"),
    "held_place_visit": ("It holds for the whole visit.", "范围：整次访视。"),
    "held_place_subject": ("It holds for the whole subject.", "范围：该受试者全部记录。"),
    "held_place_site": ("It holds for the whole site.", "范围：整个中心。"),
    "held_place_study": ("It holds for the whole study.", "范围：整个研究。"),
    "ask_unlock": ("To have it opened, ask: {names}.", "如需解锁，请联系：{names}。"),
    "read_only_FROZEN": ("Frozen: nothing can be entered. Queries go on.", "已冻结：不能录入；质疑可继续。"),
    "read_only_LOCKED": ("Locked: nothing can be entered.", "已锁定：不能录入。"),
    "lock_reason": ("Reason", "原因"),
    "freeze_chosen": ("Freeze", "冻结"),
    "lock_chosen": ("Lock", "锁定"),
    "unlock_chosen": ("Unlock", "解锁"),
    "unlock_head": ("Unlock, by two persons", "解锁（须两人）"),
    "unlock_means": (
        "A second person who may unlock stands by and gives the own password. Entry is open again at once.",
        "须另一名有权解锁者在场并输入本人密码。解锁后即可录入。",
    ),
    "second_person": ("Second person", "第二人"),
    "second_person_password": ("Password of the second person", "第二人的密码"),
    "second_person_none": (
        "Nobody else may unlock here. An administrator can grant the role.",
        "此处没有其他有权解锁的人员，可由管理员授权。",
    ),
    "second_person_refused": (
        "The second person or the password is not right. Nothing was opened.",
        "第二人或其密码不正确，未解锁。",
    ),
    "lock_reason_missing": ("Say why. Nothing was changed.", "请填写原因；未作更改。"),
    "lock_open_queries": (
        "Queries are open there. Close them first, or freeze. Nothing was locked.",
        "该范围内有未关闭的质疑。请先关闭质疑，或改为冻结；未锁定。",
    ),
    "lock_refused": ("Nothing was changed. {why}", "未作更改。{why}"),
    "nothing_chosen": ("Nothing was chosen.", "未选择任何内容。"),
    "signing_refused": (
        "A record changed or was locked meanwhile; nothing was signed. Read it again:",
        "有记录刚刚被修改或锁定，未签名。请重新查看：",
    ),
}
