"""Feeds as JSON Feed 1.1."""

from __future__ import annotations

import json
from typing import Any

from statusgen.render import words
from statusgen.render.entries import Entry
from statusgen.render.feed import Feed
from statusgen.render.portable import clean

JSON_TYPE = "application/feed+json; charset=utf-8"


def json_feed(feed: Feed) -> bytes:
    """Return the feed as JSON Feed 1.1; it carries no time of its own."""
    author = clean(feed.author).strip() or feed.home
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(feed.title).strip() or feed.home,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "description": clean(feed.description),
        "language": feed.language,
        "authors": [{"name": author}],
        "items": [_item(entry, author) for entry in feed.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _item(entry: Entry, author: str) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.link,
        "title": clean(entry.title),
        "content_html": clean(entry.html),
        "summary": clean(entry.text),
        "date_published": words.stamp(entry.at),
        "date_modified": words.stamp(entry.updated),
        "authors": [{"name": clean(entry.author).strip() or author}],
        "tags": [entry.category],
    }
