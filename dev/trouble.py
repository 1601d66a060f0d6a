"""Trouble that is told to a person in a sentence, never as a trace. Standard library only."""


class Trouble(Exception):  # noqa: N818 - it reads as what a person has
    """Something that a person can mend: what happened, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message + "".join(f"\n  {line}" for line in self.hint.splitlines())


class Troubles(Trouble):
    """Several at once, of steps that ran side by side."""

    def __init__(self, troubles: list[Trouble]) -> None:
        super().__init__("\n\n".join(dict.fromkeys(str(trouble) for trouble in troubles)))
