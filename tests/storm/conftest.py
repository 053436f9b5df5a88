"""The real servers of the storm are those of the other tests."""

from tests.integration.conftest import _s3, authority, s3, services_folder

__all__ = ["_s3", "authority", "s3", "services_folder"]
