"""Carries out every check of one location once, and never loses an observation, whatever a prober does.

pace ─▶ trial ─▶ evidence        start, within one deadline, believed or tried again
          │
      attention                  how long our own loop stood still meanwhile
"""

from statusgen.sweep.pace import APART
from statusgen.sweep.run import AT_ONCE, run_to_end, sweep
from statusgen.sweep.trial import GRACE

__all__ = ["APART", "AT_ONCE", "GRACE", "run_to_end", "sweep"]
