"""Lighthouse, as npm has it, asked about one page in the system's own browser."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

PROGRAM = ROOT / ".cache/lighthouse/node_modules/.bin/lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What Lighthouse thinks of a page: its categories from 0 to 100, and what it would have better."""

    scores: dict[str, int]
    failed: tuple[str, ...]


def judge(address: str, browser: str, *, categories: tuple[str, ...] = CATEGORIES) -> Judgement:
    """Return what Lighthouse says of a page on its slow phone; raises `CalledProcessError` when it cannot."""
    command = [
        *(str(PROGRAM), address, "--quiet", "--output=json", f"--only-categories={','.join(categories)}"),
        f"--chrome-flags={' '.join(_FLAGS)}",
    ]
    environment = {**os.environ, "CHROME_PATH": browser}
    ran = subprocess.run(command, check=True, capture_output=True, text=True, timeout=180, env=environment)
    told = json.loads(ran.stdout)
    parts = [part for name in categories for part in told["categories"][name]["auditRefs"] if part["weight"]]
    audits = [told["audits"][part["id"]] for part in parts]
    return Judgement(
        scores={name: round(told["categories"][name]["score"] * 100) for name in categories},
        failed=tuple(f"{one['id']}: {one['title']}" for one in audits if one["score"] is not None and one["score"] < 1),
    )


def is_installed() -> bool:
    """Return whether Lighthouse is there; `.ci/install-parts` brings it."""
    return Path(PROGRAM).exists()
