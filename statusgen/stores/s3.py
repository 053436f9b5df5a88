"""Objects in a bucket of any server that speaks S3.

What many servers do alike decides how it is used: `PutObject` only (no multipart, so that the ETag is the MD5 of the
body), `Content-MD5` on every upload and on every batch deletion as the one integrity check that all of them know, and
no checksum headers, which several servers refuse, or store as part of the object when they arrive over TLS. No request
has a condition, and `StartAfter` is not used: servers that keep keys as files compare it folder by folder and leave
objects out. Which server does what is in `model/providers.py`.

One client is shared by a few threads. Every request is bounded in time and tried again a bounded number of times.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    IncompleteReadError,
    ResponseStreamingError,
)

from statusgen.errors import StoreError
from statusgen.ports import Blob, Listed
from statusgen.stores.names import check_keys
from statusgen.stores.s3_reasons import NO_STORE, NOT_FOUND, code_of, reason_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import DeleteObjectsOutputTypeDef, ObjectIdentifierTypeDef

Result = TypeVar("Result")

_MOST_AT_ONCE = 1000
"""Keys in one DeleteObjects request, the limit of S3."""
_BODY_TRIES = 5
"""How often a body is fetched whose transfer broke off; the client's own retries end with the headers."""
_NO_BATCH = frozenset({"MissingContentMD5", "NotImplemented", "MethodNotAllowed", "InvalidRequest", "MalformedXML"})
"""What servers say that do not understand DeleteObjects; each key is deleted by itself then."""
_CHECKSUMS = ("x-amz-checksum-", "x-amz-sdk-checksum-", "content-md5")
"""How headers begin that the library adds to a batch deletion, whatever it is told, and the one that replaces them."""
_MD5_LENGTH = 32
_DOCUMENTS = {"ListObjectsV2": b"<ListBucketResult", "DeleteObjects": b"<DeleteResult"}
"""What the answers to these begin with; the library takes any document for one, such as a proxy's page for nobody."""
_OK = 200


class NotAStoreError(Exception):
    """Something answered that is no object store: a proxy, a login page, another web server."""


class S3Store:
    """An object store below a prefix of one bucket.

    `workers` requests run at once. The first failure of a batch keeps what has not begun from starting. With `kms` a
    listing asks how its newest object is encrypted, because no ETag is an MD5 where that is by a key of AWS KMS.
    `retried` hears of every request that is tried again, in any thread.
    """

    def __init__(
        self,
        client: S3Client,
        *,
        name: str,
        bucket: str,
        prefix: str = "",
        acl: str = "",
        workers: int = 16,
        kms: bool = False,
        retried: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._name = name
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._put_more: dict[str, Any] = {"ACL": acl} if acl else {}
        self._workers = workers
        self._kms = kms
        self._retried = retried
        self._signed = ""
        client.meta.events.register("before-send.s3", self._remember_instant)
        client.meta.events.register("before-sign.s3.DeleteObjects", _digest_by_md5)
        client.meta.events.register("before-parse.s3.*", _refuse_strangers)

    @property
    def name(self) -> str:
        """How users know it, such as `s3://bucket/prefix`."""
        return self._name

    def list(self, prefix: str = "", after: str = "") -> Sequence[Listed]:
        """Return the objects whose key starts with `prefix` and sorts after `after`, by key.

        Placeholders of folders, whose keys end with a slash, are left out.
        """
        found: list[Listed] = []
        with self._translated("list", prefix or self._name):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix):
                found += (
                    Listed(
                        key=entry["Key"].removeprefix(self._prefix),
                        size=entry["Size"],
                        etag=_md5(entry.get("ETag", "")),
                        modified=entry["LastModified"],
                    )
                    for entry in page.get("Contents", [])
                )
            if self._kms and found and self._is_encrypted(max(found, key=lambda one: one.modified)):
                found = [replace(one, etag=None) for one in found]
        kept = (one for one in found if one.key > after and one.key.startswith(prefix) and not one.key.endswith("/"))
        return sorted(kept, key=lambda one: one.key)

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the bodies; a key that does not exist is left out."""
        check_keys("read", keys)
        bodies = self._each(keys, self._read_one)
        return {key: body for key, body in bodies.items() if body is not None}

    def write(self, blobs: Sequence[Blob]) -> None:
        """Write every object whole; after a failure `StoreError.done` holds the keys that were written."""
        by_key = {blob.key: blob for blob in blobs}
        check_keys("write", list(by_key))
        self._each(list(by_key), lambda key: self._write_one(by_key[key]))

    def delete(self, keys: Sequence[str]) -> None:
        """Delete; a key that does not exist is no error."""
        check_keys("delete", keys)
        for start in range(0, len(keys), _MOST_AT_ONCE):
            batch = keys[start : start + _MOST_AT_ONCE]
            if not self._delete_batch(batch):
                self._each(batch, self._delete_one)

    def close(self) -> None:
        """Close the connections; the store can still be used."""
        self._client.close()

    def _is_encrypted(self, listed: Listed) -> bool:
        """Return whether an object is encrypted by a key of AWS KMS; False when it has vanished meanwhile."""
        try:
            head = self._client.head_object(Bucket=self._bucket, Key=self._prefix + listed.key)
        except ClientError as error:
            if code_of(error) in NOT_FOUND:
                return False
            raise
        return head.get("ServerSideEncryption", "").startswith("aws:kms")

    def _read_one(self, key: str) -> bytes | None:
        with self._translated("read", key):
            for left in reversed(range(_BODY_TRIES)):
                try:
                    answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
                    with closing(answer["Body"]) as body:
                        if not answer.get("ETag"):
                            raise NotAStoreError
                        return body.read()
                except ClientError as error:
                    if code_of(error) in NOT_FOUND:
                        return None
                    raise
                except (IncompleteReadError, ResponseStreamingError):
                    if not left:
                        raise
                    self._retried()
        return None

    def _write_one(self, blob: Blob) -> None:
        with self._translated("write", blob.key):
            self._client.put_object(
                Bucket=self._bucket,
                Key=self._prefix + blob.key,
                Body=blob.body,
                ContentType=blob.content_type,
                CacheControl=blob.cache_control,
                ContentMD5=_content_md5(blob.body),
                **self._put_more,
            )

    def _delete_batch(self, keys: Sequence[str]) -> bool:
        """Delete in one request; return False when the server does not know how."""
        named: list[ObjectIdentifierTypeDef] = [{"Key": self._prefix + key} for key in keys]
        with self._translated("delete", keys[0]):
            try:
                answer = self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": named, "Quiet": True})
            except ClientError as error:
                if code_of(error) in _NO_BATCH:
                    return False
                raise
            self._raise_first_error(answer)
        return True

    def _raise_first_error(self, answer: DeleteObjectsOutputTypeDef) -> None:
        """Raise for the first key that was not deleted, although the answer as a whole was a success."""
        for error in answer.get("Errors", []):
            code = error.get("Code", "")
            if code not in NOT_FOUND:
                key = error.get("Key", "").removeprefix(self._prefix)
                refusal = ClientError({"Error": {"Code": code}}, "DeleteObjects")
                raise StoreError("delete", key, reason_of(refusal))

    def _delete_one(self, key: str) -> None:
        with self._translated("delete", key):
            try:
                self._client.delete_object(Bucket=self._bucket, Key=self._prefix + key)
            except ClientError as error:
                if code_of(error) not in NOT_FOUND:
                    raise

    def _each(self, items: Sequence[str], action: Callable[[str], Result]) -> dict[str, Result]:
        """Return what the action answers for each item; after the first failure no further one begins."""
        answers: dict[str, Result] = {}
        failures: list[StoreError] = []

        def act(item: str) -> None:
            if failures:
                return
            try:
                answers[item] = action(item)
            except StoreError as failure:
                failures.append(failure)

        with ThreadPoolExecutor(max_workers=max(1, min(self._workers, len(items)))) as pool:
            list(pool.map(act, items))
        if failures:
            first = failures[0]
            done = [item for item in items if item in answers]
            raise StoreError(first.operation, first.key, first.reason, done=done) from first.__cause__
        return answers

    @contextmanager
    def _translated(self, operation: str, key: str) -> Iterator[None]:
        """Turn the library's errors into a `StoreError`; nothing of the server's text gets through."""
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise StoreError(operation, key, reason_of(error, self._signed)) from error
        except NotAStoreError as error:
            raise StoreError(operation, key, NO_STORE) from error
        except OSError as error:  # the library reads a token only when it is needed
            raise StoreError(operation, key, "the file in 'AWS_WEB_IDENTITY_TOKEN_FILE' cannot be read") from error
        except RecursionError as error:  # the library asks a redirected bucket for its region, which is redirected too
            raise StoreError(operation, key, "the bucket is at another endpoint or region") from error

    def _remember_instant(self, request: Any, **_more: Any) -> None:
        """Remember when a request was signed, to tell how far off the clock is should the server refuse it for that.

        Tells of those that are tried again, too: the library says in a header for which time it is.
        """
        self._signed = _text(request.headers.get("X-Amz-Date", ""))
        attempt = _text(request.headers.get("amz-sdk-request", ""))
        if attempt and "attempt=1;" not in f"{attempt};":
            self._retried()


def _text(header: object) -> str:
    return header.decode() if isinstance(header, bytes) else str(header)


def _digest_by_md5(request: Any, **_more: Any) -> None:
    """Vouch for the body by `Content-MD5`, which every server takes, instead of by a checksum that some refuse."""
    for name in [name for name in request.headers if name.lower().startswith(_CHECKSUMS)]:
        del request.headers[name]
    request.headers["Content-MD5"] = _content_md5(request.data)


def _refuse_strangers(operation_model: Any, response_dict: Mapping[str, Any], **_more: Any) -> None:
    """Raise `NotAStoreError` for a success that no object store answers to a listing, a deletion or an upload."""
    name, body = operation_model.name, response_dict["body"]
    if response_dict["status_code"] != _OK or name not in {*_DOCUMENTS, "PutObject"} or b"<Error>" in body:
        return  # an error may come as a success, too, and the library knows it
    if _DOCUMENTS.get(name, b"") not in body or (name == "PutObject" and not response_dict["headers"].get("etag")):
        raise NotAStoreError


def _content_md5(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()


def _md5(etag: str) -> str | None:
    """Return the hexadecimal MD5 that an ETag is; None when it is anything else."""
    plain = etag.strip('"').lower()
    return plain if len(plain) == _MD5_LENGTH and set(plain) <= set("0123456789abcdef") else None
