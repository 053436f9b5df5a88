"""statusgen: the status page that a volunteer team can trust on its worst night."""

__version__ = "0.1.0"
