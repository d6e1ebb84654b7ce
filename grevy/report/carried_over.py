"""What a new report refuses to lose of an earlier one. Apart, for the library behind drafts loads slowly."""


class CannotCarryOver(ValueError):
    """The author's text of a draft that the next draft would lose, with every place."""
