"""An edge node of the miniature instance: nginx that ends TLS, caches as Mastodon would have it, and has media."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from statusgen.demo.services import Authority, Nginx

DOMAIN = "social.example"
MEDIA_DOMAIN = f"media.{DOMAIN}"
PICTURE = "picture.svg"
AVATAR = f"accounts/avatars/000/000/001/original/{PICTURE}"

_DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4.5" cy="4.5" r="4"/></svg>\n'
_BODY = """\
    proxy_cache_path {folder}/cache keys_zone=CACHE:1m inactive=7d max_size=16m;
    server {{
        listen 127.0.0.1:@PORT@ ssl;
        server_name {domain};
        ssl_certificate {web.chain};
        ssl_certificate_key {web.key};
        proxy_set_header Host $host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_connect_timeout 2s;
        proxy_read_timeout 4s;
        location = /edge {{ return 204; }}
        location /api/v1/streaming {{ proxy_pass http://127.0.0.1:{streaming}; }}
        location / {{
            proxy_pass http://127.0.0.1:{app};
            proxy_cache CACHE;
            proxy_cache_valid 200 7d;
            proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;
            add_header X-Cached $upstream_cache_status;
        }}
    }}
    server {{
        listen 127.0.0.1:@PORT@ ssl;
        server_name {media_domain};
        ssl_certificate {pictures.chain};
        ssl_certificate_key {pictures.key};
        root {media};
    }}
"""


class Edge(Nginx):
    """One edge node; `media` is the folder of the pictures that it serves, `/edge` what it answers by itself."""

    def __init__(self, folder: Path, *, authority: Authority, app: int, streaming: int) -> None:
        name = folder.name
        self.media = folder / "media"
        self.picture = self.media / PICTURE
        self._authority = authority
        self._certificate = f"{name}-media"
        body = _BODY.format(
            folder=folder,
            media=self.media,
            domain=DOMAIN,
            media_domain=MEDIA_DOMAIN,
            web=authority.issue(name, DOMAIN),
            pictures=authority.issue(self._certificate, MEDIA_DOMAIN),
            app=app,
            streaming=streaming,
        )
        super().__init__(folder, body=body)
        self.label = f"nginx as edge {name.capitalize()}"
        self.draw()

    def draw(self) -> None:
        """Put its picture in place."""
        for picture in (self.picture, self.media / AVATAR):
            picture.parent.mkdir(parents=True, exist_ok=True)
            picture.write_text(_DRAWING)

    def certify_media(self, not_after: datetime | None = None) -> None:
        """Give its media host another certificate, which may have expired already, and start again with it."""
        self._authority.issue(self._certificate, MEDIA_DOMAIN, not_after=not_after)
        self.stop()
        self.start()
