"""Announcements as files that people and the command line write: drafts, and updates added at their end."""

from statusgen.authoring.draft import draft, template_for
from statusgen.authoring.files import add, announcements, create, find, take_back
from statusgen.authoring.updates import as_written, update

__all__ = ["add", "announcements", "as_written", "create", "draft", "find", "take_back", "template_for", "update"]
