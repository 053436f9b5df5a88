"""Reading the files that people write: the project, and the theme it names."""

from statusgen.config.loader import load, unset_secrets
from statusgen.config.readings import Readings
from statusgen.config.theme import load_theme

__all__ = ["Readings", "load", "load_theme", "unset_secrets"]
