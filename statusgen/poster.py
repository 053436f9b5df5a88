"""Sends a request to a webhook, once. What it is sent and where never gets into a message."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from statusgen import __version__
from statusgen.ports import Reply

PATIENCE = 10.0
"""Seconds for a connection, and for each piece of an answer."""


class WebPoster:
    """Sends over the internet. Redirects are not followed, so that a token goes nowhere else."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the status of the answer, or the trouble there was in getting one; never raises for what is there."""
        own = {"User-Agent": f"statusgen/{__version__}", **headers}
        try:
            with httpx.stream("POST", url, headers=own, content=body, timeout=PATIENCE) as answer:
                return Reply(status=answer.status_code)
        except httpx.TimeoutException:
            return Reply(trouble=f"no answer within {PATIENCE:.0f} s")
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError):
            return Reply(trouble="the variables hold no http or https address, or no token that can be sent")
        except httpx.HTTPError:
            return Reply(trouble="nothing answers there")
