"""The same fresh record as the domain's tests."""

from tests.domain.conftest import empty_record, record, server_record, work

__all__ = ["empty_record", "record", "server_record", "work"]
