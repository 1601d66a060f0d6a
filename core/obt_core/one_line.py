"""Text for a line of a log: whatever somebody called a thing, it begins no line of its own and moves no cursor."""


def one_line(text: str) -> str:
    r"""Return `text` with what cannot be seen written as escapes: a line's end as \n, a terminal's command as \x1b."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
