"""What the doctor has to say: how bad it is, what was found, why that matters, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is; a `problem` ends the command with 5."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found; `about` is the part of the examination, `title` a sentence, `why` and `advice` may be empty."""

    about: str
    severity: Severity
    title: str
    why: str = ""
    advice: str = ""
