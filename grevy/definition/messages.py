"""Messages on values, in both languages: what was found, what is allowed, what to do."""

from grevy.definition.words import Text

# Rows of a group carry a stable key of their own beside their items.
ROW_KEY = "_key"

REQUIRED = Text(en="{item} is required.", zh="请填写“{item}”。")
NOT_EXPECTED = Text(
    en="{item} is not expected with the other answers. Remove it, or check the other answers.",
    zh="根据其他填写内容，“{item}”无需填写。请清空该项，或核对其他内容。",
)
NOT_ROWS = Text(en="{item} must be a list of rows.", zh="“{item}”须为多行记录。")
UNKNOWN_ITEM = Text(en="The form has no item {item}.", zh="表单中没有字段“{item}”。")
WRONG_TYPE = Text(
    en="{item} is {value}; allowed: {allowed}. Correct it.",
    zh="“{item}”为{value}，应为{allowed}。请更正。",
)
WRONG_CODE = Text(
    en="{item} is {value}; allowed: {allowed}. Correct it.",
    zh="“{item}”为{value}，可选：{allowed}。请更正。",
)
TYPES = {
    "text": Text(en="text", zh="文字"),
    "integer": Text(en="a whole number", zh="整数"),
    "decimal": Text(en="a number such as 12.5", zh="数字，例如12.5"),
    "quantity": Text(
        en="a number with its unit ({units}), such as 12.5 or <0.5 and the unit",
        zh="数值加单位（{units}），例如12.5或<0.5后接单位",
    ),
    "code": Text(en="one of the answers", zh="所列选项之一"),
    "date": Text(en="a date such as 2026-03-05", zh="日期，例如2026-03-05"),
    "partial_date": Text(
        en="a date such as 2026-03-05, 2026-03 or 2026, or UNK if unknown",
        zh="日期，例如2026-03-05、2026-03或2026，不详时为UNK",
    ),
    "datetime": Text(en="date and time such as 2026-03-05T14:30", zh="日期和时间，例如2026-03-05T14:30"),
}

# By which bounds there are: (low, high).
HARD_RANGE = {
    (True, True): Text(
        en="{item} is {value}{unit}; allowed: {low} to {high}{unit}. Correct it.",
        zh="“{item}”为{value}{unit}，允许范围为{low}～{high}{unit}。请更正。",
    ),
    (True, False): Text(
        en="{item} is {value}{unit}; allowed: {low}{unit} or more. Correct it.",
        zh="“{item}”为{value}{unit}，不得低于{low}{unit}。请更正。",
    ),
    (False, True): Text(
        en="{item} is {value}{unit}; allowed: at most {high}{unit}. Correct it.",
        zh="“{item}”为{value}{unit}，不得超过{high}{unit}。请更正。",
    ),
}
SOFT_RANGE = {
    (True, True): Text(
        en="{item} is {value}{unit}; expected {low} to {high}{unit}. Correct it, or confirm with a note.",
        zh="“{item}”为{value}{unit}，预期范围为{low}～{high}{unit}。请更正，或填写说明后确认。",
    ),
    (True, False): Text(
        en="{item} is {value}{unit}; expected {low}{unit} or more. Correct it, or confirm with a note.",
        zh="“{item}”为{value}{unit}，预期不低于{low}{unit}。请更正，或填写说明后确认。",
    ),
    (False, True): Text(
        en="{item} is {value}{unit}; expected at most {high}{unit}. Correct it, or confirm with a note.",
        zh="“{item}”为{value}{unit}，预期不超过{high}{unit}。请更正，或填写说明后确认。",
    ),
}
