"""A stub of the vendors' HTTP edge (Twilio, Slack) in a process of its own, and the client that steers it."""

from tests.services.vendor.client import Counts, VendorStub, running_vendor
from tests.services.vendor.state import Taken

__all__ = ["Counts", "Taken", "VendorStub", "running_vendor"]
