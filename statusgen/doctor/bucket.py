"""Tries what a bucket really does: with an object of its own, that is taken away again whatever happens.

A few requests for each place, all places at once. Whoever answers late is not asked for more.
"""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from statusgen.doctor.bucket_facts import CACHE, TYPE, Answer, PlaceRole, Tried
from statusgen.model.providers import Condition

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PATIENCE = 5.0
"""Seconds for a connection without a key, and for each piece of its answer."""

_ORIGIN = "https://reader.invalid"
"""Where a script would run that reads the site's JSON."""
_ABSENT = '"00000000000000000000000000000000"'
"""An ETag that the object does not have."""
_FAILED, _CONFLICT = 412, 409
"""How a condition is told to have failed; the latter when two writes meet."""
_UNKNOWN_THERE = 501
"""How a server tells that it does not know a header."""
_BODY = b"statusgen doctor tries this bucket, and takes this object away again.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where objects go, and how to ask there.

    `client` has the key of the publisher; `prefix` has no slash at its ends. `public` is where anybody reads what lies
    at the prefix, empty for the bucket's own address. `ca_file` holds certificates to trust besides the system's.
    `explain` puts an error of the client into words.
    """

    name: str
    role: PlaceRole
    client: S3Client
    bucket: str
    prefix: str = ""
    public: str = ""
    acl: str = ""
    ca_file: str = ""
    provider: str = ""
    explain: Callable[[Any], str] = str


def try_places(places: Sequence[Place]) -> tuple[Tried, ...]:
    """Return what each place does; never raises for what a place does."""
    with ThreadPoolExecutor(max(1, len(places))) as pool:
        return tuple(pool.map(try_place, places))


def try_place(place: Place) -> Tried:
    """Return what one place does. The object that tries it is taken away also after a failure."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow to import

    trial = _Trial(place)
    known: dict[str, Any] = {"name": place.name, "role": place.role, "provider": place.provider}
    try:
        try:
            known |= trial.stored()
            known |= trial.anonymous()
            known |= trial.conditions()
        except (BotoCoreError, ClientError, OSError) as error:
            known |= {"trouble": place.explain(error), "refused": _status(error) in range(400, 500)}
    finally:
        known["left"] = trial.tidy()
    return Tried(**known)


class _Trial:
    """One object in one place, and what becomes of it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        prefix = f"{place.prefix}/" if place.prefix else ""
        self._name = f"doctor-{secrets.token_hex(8)}"
        self._object: dict[str, Any] = {"Bucket": place.bucket, "Key": f"{prefix}{self._name}"}
        self._prefix = prefix
        self._etag = ""
        self._written = False

    def stored(self) -> dict[str, Any]:
        """Write the object and return which headers it kept."""
        self._etag = self._put()
        head = self._place.client.head_object(**self._object)
        return {"stored_type": head.get("ContentType", ""), "stored_cache": head.get("CacheControl", "")}

    def conditions(self) -> dict[str, Condition]:
        """Return what becomes of writes whose condition does not hold, and of one whose condition does."""
        found = {"if_none_match": self._unmet(IfNoneMatch="*"), "if_match": self._unmet(IfMatch=_ABSENT)}
        if found["if_match"] is Condition.HONOURED and not self._met(IfMatch=self._etag):
            found["if_match"] = Condition.UNQUOTED if self._met(IfMatch=self._etag.strip('"')) else Condition.REFUSED
        return found

    def anonymous(self) -> dict[str, Answer]:
        """Return what somebody without a key gets."""
        import httpx  # noqa: PLC0415 - slow to import

        urls = {"public": self._url(self._name), "own": self._own(self._name), "listing": self._listing()}
        if self._place.role == "site":
            urls |= {"page": self._url("index.html"), "top": self._url("")}
        with (
            httpx.Client(timeout=PATIENCE, follow_redirects=True, verify=self._authorities()) as client,
            ThreadPoolExecutor(len(urls)) as pool,
        ):
            return dict(zip(urls, pool.map(lambda url: _ask(client, url), urls.values()), strict=True))

    def tidy(self) -> str:
        """Take the object away; return its key if that fails, and it may be there."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow to import

        if not self._written:
            return ""
        try:
            self._place.client.delete_object(**self._object)
        except (BotoCoreError, ClientError, OSError):
            return str(self._object["Key"])
        return ""

    def _put(self, **condition: str) -> str:
        from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError  # noqa: PLC0415 - slow to import

        more: dict[str, Any] = {**condition, **({"ACL": self._place.acl} if self._place.acl else {})}
        try:
            answer = self._place.client.put_object(
                **self._object, Body=_BODY, ContentType=TYPE, CacheControl=CACHE, **more
            )
        except (ConnectTimeoutError, EndpointConnectionError):
            raise
        except Exception as error:
            self._written = self._written or _status(error) not in range(400, 500)  # it may have arrived all the same
            raise
        self._written = True
        return answer.get("ETag", "")

    def _unmet(self, **condition: str) -> Condition:
        """Return what becomes of a write whose condition does not hold."""
        status = self._try(**condition)
        if not status:
            return Condition.IGNORED
        return Condition.HONOURED if status in {_FAILED, _CONFLICT} else Condition.REFUSED

    def _met(self, **condition: str) -> bool:
        """Return whether a write is done whose condition holds."""
        return not self._try(**condition)

    def _try(self, **condition: str) -> int:
        """Write and return the status of a refusal, 0 when there is none. Raises when the server failed."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - slow to import

        try:
            self._put(**condition)
        except ClientError as error:
            status = _status(error)
            if status not in {*range(400, 500), _UNKNOWN_THERE}:
                raise
            return status
        return 0

    def _url(self, name: str) -> str:
        """Return where anybody would read a file."""
        if self._place.public:
            return f"{self._place.public.rstrip('/')}/{name}"
        return self._own(name)

    def _own(self, name: str) -> str:
        """Return where the bucket itself would give a file."""
        return self._signed("get_object", Key=f"{self._prefix}{self._name}").removesuffix(self._name) + name

    def _listing(self) -> str:
        return self._signed("list_objects_v2", Prefix=self._prefix, MaxKeys=1)

    def _signed(self, operation: str, **asked: Any) -> str:
        """Return the address of a request as the client would make it, without its signature."""
        parameters = {"Bucket": self._place.bucket, **asked}
        parts = urlsplit(self._place.client.generate_presigned_url(operation, Params=parameters))
        plain = [(name, value) for name, value in parse_qsl(parts.query) if not _signs(name)]
        return urlunsplit(parts._replace(query=urlencode(plain)))

    def _authorities(self) -> ssl.SSLContext:
        """Return the certificates to trust: those of the system, and those that the client trusts."""
        context = ssl.create_default_context()
        if self._place.ca_file:
            context.load_verify_locations(self._place.ca_file)
        return context


def _signs(name: str) -> bool:
    return name.lower().startswith("x-amz-") or name in {"AWSAccessKeyId", "Signature", "Expires"}


def _ask(client: Any, url: str) -> Answer:
    import httpx  # noqa: PLC0415 - slow to import

    try:
        with client.stream("GET", url, headers={"Origin": _ORIGIN}) as answer:
            headers = answer.headers
            return Answer(
                status=answer.status_code,
                content_type=headers.get("Content-Type", ""),
                cache_control=headers.get("Cache-Control", ""),
                allow_origin=headers.get("Access-Control-Allow-Origin", ""),
            )
    except httpx.TimeoutException:
        return Answer(trouble=f"no answer within {PATIENCE:.0f} s")
    except httpx.HTTPError:
        return Answer(trouble="no connection, or no answer in HTTP")


def _status(error: Exception) -> int:
    """Return the HTTP status of an answer; 0 when there was none."""
    answer = getattr(error, "response", None)
    told = answer.get("ResponseMetadata", {}) if isinstance(answer, dict) else {}
    return int(told.get("HTTPStatusCode", 0))
