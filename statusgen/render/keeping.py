"""What need not be drawn, because the target holds it as it would come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def _everything(_made_of: bytes) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Keeping:
    """Which files may stay as they are.

    `engine` names all that draws besides theme and page: our own code, and that of libraries; without a name no file
    has a fingerprint. `held` are the fingerprints of the files that the target holds, by their paths. `suspects` is
    told what a file is made of, and answers whether it must be drawn nevertheless and looked at.
    """

    engine: str = ""
    held: Mapping[str, str] = field(default_factory=dict)
    suspects: Callable[[bytes], bool] = _everything


NOTHING = Keeping()
