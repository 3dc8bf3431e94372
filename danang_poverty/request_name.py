"""The name of the request, or of the task, that the current code runs for: on every line of the log."""

import logging
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")


class Named(logging.Filter):
    def filter(self, record):
        record.request_id = request_id.get()
        return True
