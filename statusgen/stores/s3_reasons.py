"""Why an S3 request failed, in our words: never the server's text, which may repeat keys and addresses."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError

NOT_FOUND = frozenset({"NoSuchKey", "404"})
"""The codes for an object that does not exist."""

_BY_CODE = {
    "NoSuchBucket": "the bucket does not exist",
    "AccessDenied": "access denied: the key may not do this here",
    "AllAccessDisabled": "access denied: the bucket is disabled",
    "AccountProblem": "access denied: something is wrong with the account",
    "InvalidAccessKeyId": "the access key is not known to the server",
    "SignatureDoesNotMatch": "the signature was refused: check the secret key, the region and the endpoint",
    "ExpiredToken": "the temporary credentials have expired: fetch new ones",
    "InvalidToken": "the temporary credentials were refused",
    "AuthorizationHeaderMalformed": "the signature was refused: the region is probably wrong",
    "PermanentRedirect": "the bucket is at another endpoint or region",
    "TemporaryRedirect": "the bucket is at another endpoint or region",
    "IllegalLocationConstraintException": "the region is wrong",
    "AccessControlListNotSupported": "the bucket takes no access list: remove 'acl' from its address",
    "InvalidBucketName": "the name of the bucket is not valid",
    "BadDigest": "the object was damaged on the way",
    "InvalidDigest": "the object was damaged on the way",
    "EntityTooLarge": "the object is too large for the server",
    "QuotaExceeded": "the quota of the account is used up: make room, or raise it",
    "SlowDown": "the server asked to slow down",
    "NotImplemented": "the server does not know this request",
}
_BY_STATUS = {
    301: "the bucket is at another endpoint or region",
    401: "access denied: the key was refused",
    403: "access denied: the key may not do this here",
    404: "the bucket or the endpoint does not exist",
    429: "the server asked to slow down",
    507: "the server has no space left: make room on it",
}
_IDENTITY_REFUSED = "the identity token was refused: check its issuer and its audience"
_BY_ROLE_CODE = {
    "ExpiredTokenException": "the identity token has expired: fetch a new one",
    "InvalidIdentityToken": _IDENTITY_REFUSED,
    "IDPRejectedClaim": _IDENTITY_REFUSED,
    "InvalidParameterValue": _IDENTITY_REFUSED,
}
"""The codes of STS, which turns an identity token into keys; the last one is SeaweedFS's."""
_ROLE_REFUSED = "the role was refused: check 'AWS_ROLE_ARN', and whom the role trusts"
NO_STORE = "what answered is no object store, but perhaps a proxy: check the endpoint"
_SKEW_CODES = frozenset({"RequestTimeTooSkewed", "RequestExpired"})

_BY_TYPE: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.SSLError, "its certificate was refused: check 'ca_file' and the name in the endpoint"),
    (exceptions.ProxyConnectionError, "cannot connect to the proxy"),
    (exceptions.ConnectTimeoutError, "cannot connect: no answer in time"),
    (exceptions.ReadTimeoutError, "no answer in time"),
    (exceptions.EndpointConnectionError, "cannot connect to the server"),
    (exceptions.ConnectionClosedError, "the server cut the connection"),
    (exceptions.ResponseStreamingError, "the server cut the connection"),
    (exceptions.IncompleteReadError, "the server cut the connection"),
    (exceptions.HTTPClientError, "the connection failed"),
    (exceptions.NoCredentialsError, "no credentials were found: set the variables that the address names"),
    (exceptions.PartialCredentialsError, "the credentials are incomplete: both keys are needed"),
    (exceptions.CredentialRetrievalError, "the credentials could not be fetched"),
    (exceptions.TokenRetrievalError, "the credentials could not be fetched"),
    (exceptions.SSOError, "the login has expired: run 'aws sso login'"),
    (exceptions.InvalidConfigError, "AWS's own configuration is incomplete: a web identity needs 'AWS_ROLE_ARN', too"),
    (exceptions.ParamValidationError, "the name of the bucket or of the object is not valid"),
    (exceptions.PaginationError, "the server repeats a page of its listing"),
)


def reason_of(error: BotoCoreError | ClientError | ValueError, signed: str = "") -> str:
    """Return why a request failed; `signed` is the instant that it was signed with, as in its `X-Amz-Date` header."""
    if isinstance(error, ClientError):
        return _refused(error, signed)
    return next((said for kind, said in _BY_TYPE if isinstance(error, kind)), "the request could not be made")


def _refused(error: ClientError, signed: str) -> str:
    """Return why the server refused."""
    code, status = code_of(error), status_of(error)
    headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    off = _clock_error(signed, headers.get("date", ""))
    if code in _SKEW_CODES or (status == HTTPStatus.FORBIDDEN and abs(off) > timedelta(minutes=5)):
        return f"this machine's clock is off{_amount(off)}: set it right"
    if error.operation_name.startswith("AssumeRole") and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _BY_ROLE_CODE.get(code, _ROLE_REFUSED)
    if code in _BY_CODE:
        return _BY_CODE[code]
    if headers.get("content-type", "").startswith("text/html"):
        return NO_STORE
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    failed = "the server failed" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "the server refused it"
    return f"{failed} (HTTP {status})" if status else failed


def code_of(error: ClientError) -> str:
    """Return the S3 error code; empty when the answer has none."""
    return str(error.response.get("Error", {}).get("Code", ""))


def status_of(error: ClientError) -> int:
    """Return the HTTP status; 0 when it is not known."""
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)


def _clock_error(signed: str, answered: str) -> timedelta:
    """Return how far ahead of the server's clock ours is; nothing when either is not known."""
    if not re.fullmatch(r"\d{8}T\d{6}Z", signed):
        return timedelta()
    try:
        server = parsedate_to_datetime(answered)
    except ValueError:
        return timedelta()
    ours = datetime.strptime(signed, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return ours - server.replace(tzinfo=server.tzinfo or UTC)


def _amount(off: timedelta) -> str:
    """Return the error of a clock in words, such as ` by 25 min (it is fast)`."""
    minutes = round(abs(off) / timedelta(minutes=1))
    if not minutes:
        return ""
    return f" by {minutes} min (it is {'fast' if off > timedelta() else 'slow'})"
