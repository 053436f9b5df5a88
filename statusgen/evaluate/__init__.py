"""How truth is decided: a pure function of what people wrote, what is remembered, and now.

Read in this order: `track` (observations become spans), `verdict` (locations vote), `timeline` (checks become a
component), `flapping`, `window` and `outage` (what was announced, what went wrong), `known` (all of these together),
`uptime` and `past` (figures), `sight` (who sees what), `component`, `lifecycle`, `story`, `page`; and `explanation`.
"""

from statusgen.evaluate.page import evaluate

__all__ = ["evaluate"]
