"""The words of Markdown without its marks, for the summaries of feeds and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from statusgen.render import emoji
from statusgen.render.tongue import Tongue

_RAISED = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
_LOWERED = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")


def text_of(tokens: Sequence[Token], say: Tongue) -> str:
    """Return the words of a text: paragraphs apart by an empty line, list items after a hyphen, rows a line each."""
    parts: list[str] = []
    bullet = ""
    tight = False
    for token in _with_rows(tokens, say):
        if token.type == "list_item_open":
            bullet = "- "
        elif token.type == "footnote_open":
            bullet = f"[{token.meta['id'] + 1}] "
        elif token.type == "paragraph_open":
            tight = token.hidden
        elif token.children is not None or token.type in {"fence", "code_block"}:
            body = words_of(token.children, say) if token.children is not None else token.content.rstrip()
            gap = "" if not parts else "\n" if tight and bullet else "\n\n"
            parts.append(gap + bullet + body)
            bullet = ""
    return "".join(parts)


def words_of(children: Sequence[Token], say: Tongue) -> str:
    """Return the words of a line."""
    parts: list[str] = []
    script: dict[int, int] | None = None
    for token in children:
        if token.type in {"sup_open", "sub_open"}:
            script = _RAISED if token.type == "sup_open" else _LOWERED
        elif token.type in {"sup_close", "sub_close"}:
            script = None
        else:
            parts.append(_scripted(token.content, script) if script else _word(token, say))
    return "".join(parts)


def _scripted(text: str, script: dict[int, int]) -> str:
    """Return a raised or lowered text, such as `⁶`, so that a power does not read as more digits."""
    return text.translate(script) if all(ord(sign) in script for sign in text) else text


def _word(token: Token, say: Tongue) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " " if token.type == "softbreak" else "\n"
    if token.type == "image":
        return image_words(token, say)
    if token.type == "footnote_ref":
        return f"[{token.meta['id'] + 1}]"
    return emoji.replace(token.content) if token.type == "text" else token.content


def image_words(token: Token, say: Tongue) -> str:
    """Return what stands for a picture where it is not shown."""
    return say("{what} (image)", what=words_of(token.children or (), say) or say("untitled"))


def _with_rows(tokens: Sequence[Token], say: Tongue) -> Iterator[Token]:
    """Yield the tokens with one block in place of each table, that has a line for each row."""
    rows: list[list[str]] | None = None
    for token in tokens:
        if token.type == "table_open":
            rows = []
        elif rows is None:
            yield token
        elif token.type == "tr_open":
            rows.append([])
        elif token.children is not None:
            rows[-1].append(words_of(token.children, say))
        elif token.type == "table_close":
            yield Token("code_block", "", 0, content="\n".join(" | ".join(cells) for cells in rows))
            rows = None
