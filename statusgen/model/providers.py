"""Who sells or is an S3 server, and how each differs: the one table of it.

What is true of every server needs no column: uploads carry `Content-MD5` and no other checksum, batch deletions too,
and no request depends on a condition. The table says what would happen otherwise, what an address needs, and what a
reader of the site has to know. `docs/reference/stores.md` is drawn from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Trailer(StrEnum):
    """What becomes of an upload whose checksum follows the body, as boto3 sends it over TLS by itself."""

    TAKEN = "taken"
    REFUSED = "refused"
    DAMAGED = "damaged"
    UNPROVEN = "unproven"


class Condition(StrEnum):
    """What becomes of a write with a condition (`If-None-Match`, `If-Match`)."""

    HONOURED = "honoured"
    UNQUOTED = "honoured, but only without the quotes around the ETag"
    REFUSED = "refused"
    IGNORED = "ignored"
    UNPROVEN = "unproven"


class Acl(StrEnum):
    """What becomes of an upload with a canned access list (`x-amz-acl`)."""

    TAKEN = "taken"
    BUCKETS = "only the bucket's own"
    ENABLED = "refused unless the bucket enables them"
    IGNORED = "ignored"
    NONE = "no lists"


class Digest(StrEnum):
    """What a batch deletion needs to be accepted."""

    MD5 = "Content-MD5"
    EITHER = "Content-MD5 or CRC32"
    NOTHING = "nothing"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One row.

    `endpoint` may hold `{region}` and `{account}`; empty where AWS's own rules decide, or, for a server of one's own
    (`own`), where people must say it. `region` is the default, empty when there is none. `example` is a region that
    exists. `addressing` is what `auto` means. `kms` tells that a bucket may encrypt such that its ETags are no MD5.
    `website` is who answers `/` with an index document; empty for nobody. `sources` are where the row is documented.
    """

    title: str
    endpoint: str = ""
    own: bool = False
    region: str = ""
    example: str = ""
    addressing: str = "auto"
    trailer: Trailer = Trailer.UNPROVEN
    digest: Digest = Digest.UNPROVEN
    kms: bool = False
    acl: Acl = Acl.TAKEN
    if_none_match: Condition = Condition.UNPROVEN
    if_match: Condition = Condition.UNPROVEN
    website: str = ""
    sources: tuple[str, ...] = ()

    @property
    def wants_account(self) -> bool:
        """Whether its endpoint is made from an account."""
        return "{account}" in self.endpoint

    @property
    def wants_region(self) -> bool:
        """Whether a region must be given: it is part of what is signed, and there is no default."""
        return not self.region and bool(self.endpoint)

    def endpoint_for(self, *, region: str, account: str) -> str:
        """Return the address of the server; empty where AWS's own rules decide, or people must say it."""
        return self.endpoint.format(region=region, account=account)


AWS, R2 = "aws", "r2"
UNPROVEN = "unproven"

PROVIDERS: Mapping[str, Provider] = MappingProxyType(
    {
        AWS: Provider(
            title="AWS S3",
            example="eu-central-1",
            addressing="auto",
            trailer=Trailer.TAKEN,
            digest=Digest.EITHER,
            kms=True,
            acl=Acl.ENABLED,
            if_none_match=Condition.HONOURED,
            if_match=Condition.HONOURED,
            website="the website endpoint, or CloudFront's default root object",
            sources=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html",
                "https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html",
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html",
                "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html",
            ),
        ),
        R2: Provider(
            title="Cloudflare R2",
            endpoint="https://{account}.r2.cloudflarestorage.com",
            region="auto",
            example="auto",
            addressing="path",
            acl=Acl.NONE,
            if_none_match=Condition.HONOURED,
            if_match=Condition.HONOURED,
            sources=(
                "https://developers.cloudflare.com/r2/api/s3/api/",
                "https://developers.cloudflare.com/r2/api/s3/conditional-operations/",
                "https://developers.cloudflare.com/r2/buckets/public-buckets/",
            ),
        ),
        "b2": Provider(
            title="Backblaze B2",
            endpoint="https://s3.{region}.backblazeb2.com",
            example="eu-central-003",
            trailer=Trailer.REFUSED,
            acl=Acl.BUCKETS,
            if_none_match=Condition.REFUSED,
            if_match=Condition.REFUSED,
            sources=(
                "https://www.backblaze.com/apidocs/introduction-to-the-s3-compatible-api",
                "https://www.backblaze.com/apidocs/s3-put-object",
                "https://github.com/hashicorp/terraform/issues/37143",
                "https://github.com/boto/s3transfer/issues/327",
            ),
        ),
        "digitalocean": Provider(
            title="DigitalOcean Spaces",
            endpoint="https://{region}.digitaloceanspaces.com",
            example="fra1",
            if_none_match=Condition.HONOURED,
            if_match=Condition.UNQUOTED,
            website="`BUCKET.REGION-static.digitaloceanspaces.com`, without the CDN",
            sources=(
                "https://docs.digitalocean.com/products/spaces/reference/s3-compatibility/",
                "https://docs.digitalocean.com/reference/api/spaces/",
                "https://github.com/slatedb/slatedb/issues/1818",
            ),
        ),
        "hetzner": Provider(
            title="Hetzner",
            endpoint="https://{region}.your-objectstorage.com",
            example="fsn1",
            trailer=Trailer.REFUSED,
            sources=(
                "https://docs.hetzner.com/storage/object-storage/supported-actions/",
                "https://docs.hetzner.com/storage/object-storage/faq/buckets-objects/",
                "https://github.com/fsspec/s3fs/issues/932",
            ),
        ),
        "scaleway": Provider(
            title="Scaleway",
            endpoint="https://s3.{region}.scw.cloud",
            example="fr-par",
            if_none_match=Condition.HONOURED,
            if_match=Condition.HONOURED,
            website="`BUCKET.s3-website.REGION.scw.cloud`",
            sources=(
                "https://www.scaleway.com/en/docs/object-storage/concepts/",
                "https://www.scaleway.com/en/docs/object-storage/api-cli/using-conditional-writes/",
                "https://www.scaleway.com/en/docs/object-storage/api-cli/using-api-call-list/",
            ),
        ),
        "ovh": Provider(
            title="OVHcloud",
            endpoint="https://s3.{region}.io.cloud.ovh.net",
            example="gra",
            digest=Digest.MD5,
            if_none_match=Condition.HONOURED,
            if_match=Condition.HONOURED,
            website=UNPROVEN,
            sources=(
                "https://www.mintlify.com/ovh/docs/storage/object-storage",
                "https://github.com/ovh/public-cloud-roadmap/issues/763",
                "https://github.com/ovh/ovhcloud-docs/pull/28",
            ),
        ),
        "wasabi": Provider(
            title="Wasabi",
            endpoint="https://s3.{region}.wasabisys.com",
            example="eu-central-1",
            website=UNPROVEN,
            sources=(
                "https://docs.wasabi.com/docs/bucket-access",
                "https://docs.wasabi.com/apidocs/operations-on-buckets-1",
            ),
        ),
        "minio": Provider(
            title="MinIO",
            own=True,
            region="us-east-1",
            example="us-east-1",
            addressing="path",
            digest=Digest.MD5,
            acl=Acl.IGNORED,
            if_none_match=Condition.HONOURED,
            if_match=Condition.HONOURED,
            sources=(
                "https://github.com/aws/aws-sdk-java-v2/issues/5805",
                "https://delta-io.github.io/delta-rs/integrations/object-storage/s3-like/",
            ),
        ),
        "garage": Provider(
            title="Garage",
            own=True,
            region="garage",
            example="garage",
            addressing="path",
            acl=Acl.NONE,
            if_none_match=Condition.IGNORED,
            if_match=Condition.IGNORED,
            website="its web endpoint, after `garage bucket website --allow`",
            sources=("https://garagehq.deuxfleurs.fr/documentation/reference-manual/s3-compatibility/",),
        ),
        "seaweedfs": Provider(
            title="SeaweedFS",
            own=True,
            region="us-east-1",
            example="us-east-1",
            addressing="path",
            trailer=Trailer.DAMAGED,
            digest=Digest.NOTHING,
            acl=Acl.IGNORED,
            if_none_match=Condition.HONOURED,
            if_match=Condition.HONOURED,
            sources=("measured: tests/ports/test_providers.py",),
        ),
        "ceph": Provider(
            title="Ceph",
            own=True,
            region="us-east-1",
            example="us-east-1",
            addressing="path",
            trailer=Trailer.REFUSED,
            digest=Digest.NOTHING,
            if_none_match=Condition.HONOURED,
            if_match=Condition.UNQUOTED,
            website="its website API, where the operator has switched it on",
            sources=("measured: tests/ports/test_providers.py", "https://docs.ceph.com/en/latest/radosgw/s3/"),
        ),
    }
)
"""Every provider, by the word that people write."""
