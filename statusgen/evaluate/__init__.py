"""How truth is decided: a pure function of what people wrote, what is remembered, and now.

Read in this order: `track` (observations become spans), `verdict` (locations vote), `timeline` (checks become a
component), `window` and `outage` (what was announced, what went wrong), `uptime`, `lifecycle`, `story`, `page`.
"""

from statusgen.evaluate.page import evaluate

__all__ = ["evaluate"]
