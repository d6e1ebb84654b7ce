"""Text in the two languages of every study, and the small types that the models are built from."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema

Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
CodeValue = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9_]*[+]?$")]


def _read_yes_no(value: Any) -> Any:
    return {"yes": True, "no": False}.get(value, value)


YesNo = Annotated[
    bool,
    BeforeValidator(_read_yes_no),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}]}),
]
Whole = Annotated[
    int, WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^-?\d+$"}]})
]
Number = Annotated[
    str,
    StringConstraints(pattern=r"^-?\d+(\.\d+)?$"),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}]}),
]


class Model(BaseModel):
    """Base of all models of study files: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)


class Text(Model):
    """The same words in English and Simplified Chinese; `{name}` stands for the same thing in both."""

    en: Line
    zh: Line

    def filled(self, **values: object) -> "Text":
        """Both languages with the placeholders replaced."""
        return Text(en=self.en.format(**values), zh=self.zh.format(**values))
