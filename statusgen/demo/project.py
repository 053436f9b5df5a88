"""The files of the demonstration's project, as an operator would write them, with the addresses of the real servers."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from statusgen.demo.edge import DOMAIN, MEDIA_DOMAIN, PICTURE
from statusgen.demo.instance import Instance
from statusgen.demo.services.seaweedfs import PUBLIC

INTERVAL = timedelta(minutes=30)

_SETTINGS = """\
site:
  name: Status of {domain}
  url: {url}
  description: A miniature instance on this machine.
  notice: This is a demonstration. What is shown for the time before {now:%Y-%m-%d %H:%M} UTC is sample data.
interval: {minutes}m
confirm_after: 200ms
locations:
  - id: here
    name: This machine
state: file:state
target:
  url: s3://{bucket}/{prefix}
  endpoint: {endpoint}
  region: {region}
  addressing: path
  access_key_env: DEMO_S3_ACCESS_KEY
  secret_key_env: DEMO_S3_SECRET_KEY
  ca_file: authority.pem
"""

_CHECKS = {
    "1-instance.yaml": """\
group: Instance
components:
  - id: web
    name: Web
    description: Profiles, and everything that does not have to be new.
    depends_on: [database]
    checks:
      - mastodon: https://{domain}
        part: web
        connect_to: 127.0.0.1:{frankfurt}
        ca_file: authority.pem
        degraded_over: 1500ms
        timeout: 5s
      - id: profile
        mastodon: https://{domain}
        part: lookup
        account: admin
        connect_to: 127.0.0.1:{frankfurt}
        ca_file: authority.pem
        degraded_over: 1500ms
        timeout: 5s
  - id: timelines
    name: Timelines
    description: The newest posts.
    depends_on: [redis, web]
    checks:
      - http: https://{domain}/api/v1/timelines/public
        connect_to: 127.0.0.1:{frankfurt}
        ca_file: authority.pem
        timeout: 5s
  - id: streaming
    name: Streaming
    description: Timelines that move by themselves.
    checks:
      - mastodon: https://{domain}
        part: streaming
        connect_to: 127.0.0.1:{frankfurt}
        ca_file: authority.pem
        timeout: 5s
""",
    "2-media.yaml": """\
group: Media
components:
  - id: media-frankfurt
    name: Media in Frankfurt
    description: Pictures and videos.
    depends_on: [edge-frankfurt]
    checks:
      - http: https://{media_domain}/{picture}
        connect_to: 127.0.0.1:{frankfurt}
        ca_file: authority.pem
        expect: {{headers: {{Content-Type: image/svg+xml}}}}
        timeout: 5s
      - tls: {media_domain}
        connect_to: 127.0.0.1:{frankfurt}
        ca_file: authority.pem
        timeout: 5s
  - id: media-fremont
    name: Media in Fremont
    depends_on: [edge-fremont]
    checks:
      - http: https://{media_domain}/{picture}
        connect_to: 127.0.0.1:{fremont}
        ca_file: authority.pem
        expect: {{headers: {{Content-Type: image/svg+xml}}}}
        timeout: 5s
      - tls: {media_domain}
        connect_to: 127.0.0.1:{fremont}
        ca_file: authority.pem
        timeout: 5s
""",
    "3-edge.yaml": """\
group: Edge nodes
components:
  - id: edge-frankfurt
    name: Frankfurt
    checks:
      - http: https://{domain}/edge
        connect_to: 127.0.0.1:{frankfurt}
        ca_file: authority.pem
        timeout: 5s
      - tls: {domain}
        connect_to: 127.0.0.1:{frankfurt}
        ca_file: authority.pem
        timeout: 5s
  - id: edge-fremont
    name: Fremont
    checks:
      - http: https://{domain}/edge
        connect_to: 127.0.0.1:{fremont}
        ca_file: authority.pem
        timeout: 5s
      - tls: {domain}
        connect_to: 127.0.0.1:{fremont}
        ca_file: authority.pem
        timeout: 5s
""",
    "4-backstage.yaml": """\
group: Behind the scenes
components:
  - id: database
    name: Database
    checks:
      - postgres: {{host: 127.0.0.1, port: {database}, user: {user}, password_env: DEMO_PG_PASSWORD, sslmode: disable}}
        role: primary
        timeout: 3s
  - id: redis
    name: Redis
    checks:
      - redis: {{host: 127.0.0.1, port: {redis}, password_env: DEMO_REDIS_PASSWORD}}
        role: primary
        timeout: 3s
      - tcp: 127.0.0.1:{redis}
        timeout: 3s
""",
}

_CONTENT = {
    "incidents/{redis:%Y-%m-%d}-empty-timelines.md": """\
---
title: Timelines are empty
impact: major
affects: {{timelines: major_outage, redis: major_outage}}
authors: [Infrastructure team]
---
Home and public timelines show an error. Nothing is lost: they are rebuilt from the database.

## {redis:%Y-%m-%dT%H:%MZ} investigating
Timelines answer with an error since five o'clock (UTC). Profiles and pictures are not affected.

## {redis_found:%Y-%m-%dT%H:%MZ} identified
Redis ran out of memory and was stopped by the system. We are moving it to a larger machine.

## {redis_over:%Y-%m-%dT%H:%MZ} resolved
Timelines are back and complete.
""",
    "maintenance/{coming:%Y-%m-%d}-new-disks.md": """\
---
title: New disks for the database
announced: {announced:%Y-%m-%dT%H:%MZ}
starts: {coming:%Y-%m-%dT%H:%MZ}
ends: {coming_end:%Y-%m-%dT%H:%MZ}
affects: {{database: major_outage, web: degraded_performance}}
authors: [Infrastructure team]
---
The database moves to faster disks. Profiles load slowly for up to two hours.

- [x] Copy the data to the new disks
- [x] Rehearse the switch
- [ ] Switch
- [ ] Watch for a day
""",
    "posts/{announced:%Y-%m-%d}-about-this-page.md": """\
---
title: About this page
published: {announced:%Y-%m-%dT%H:%MZ}
authors: [Infrastructure team]
---
PostgreSQL, Redis, the web application, two edge nodes and the S3 server that you read this from are real and run on
this machine. The ninety days before were made up.
""",
}


def secrets(instance: Instance) -> dict[str, str]:
    """Return the environment that the project's files refer to by name."""
    return {
        "DEMO_PG_PASSWORD": instance.database.password,
        "DEMO_REDIS_PASSWORD": instance.redis.password,
        "DEMO_S3_ACCESS_KEY": instance.store.access_key,
        "DEMO_S3_SECRET_KEY": instance.store.secret_key,
    }


def write(root: Path, instance: Instance, now: datetime) -> None:
    """Write `statusgen.yaml`, `checks/`, `content/` and the authority's certificate into the project's folder."""
    store = instance.store
    settings = _SETTINGS.format(
        domain=DOMAIN,
        url=store.public_url("").rstrip("/"),
        now=now,
        minutes=INTERVAL // timedelta(minutes=1),
        bucket=store.bucket,
        prefix=PUBLIC,
        endpoint=store.tls_endpoint,
        region=store.region,
    )
    ports = {name: edge.port for name, edge in instance.edges.items()}
    names = {"domain": DOMAIN, "media_domain": MEDIA_DOMAIN, "picture": PICTURE}
    places = {**ports, **names, "database": instance.database.port, "redis": instance.redis.port}
    checks = {
        f"checks/{name}": text.format(user=instance.database.username, **places) for name, text in _CHECKS.items()
    }
    instants = _instants(now)
    content = {f"content/{name.format(**instants)}": text.format(**instants) for name, text in _CONTENT.items()}
    files = {"statusgen.yaml": settings, "authority.pem": instance.authority.file.read_text(), **checks, **content}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _instants(now: datetime) -> dict[str, datetime]:
    """Return when the announcements were made; the trouble with Redis is the one in the sample history."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    redis = midnight - timedelta(days=20) + timedelta(hours=17)
    coming = midnight + timedelta(days=2, hours=20)
    return {
        "redis": redis,
        "redis_found": redis + timedelta(minutes=35),
        "redis_over": redis + timedelta(hours=2, minutes=10),
        "announced": midnight - timedelta(days=1),
        "coming": coming,
        "coming_end": coming + timedelta(hours=2),
    }
