"""Redis as a cache that may be away: figures are counted again, and the API's limits rest, until it is back."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class MayBeAway(RedisCache):
    def get(self, key, default=None, version=None):
        try:
            return super().get(key, default, version)
        except RedisError as error:
            log.warning("cache away: %s", error)
            return default

    def set(self, *args, **kwargs):
        try:
            super().set(*args, **kwargs)
        except RedisError as error:
            log.warning("cache away: %s", error)

    def add(self, *args, **kwargs):
        try:
            return super().add(*args, **kwargs)
        except RedisError as error:
            log.warning("cache away: %s", error)
            return False

    def delete(self, *args, **kwargs):
        try:
            return super().delete(*args, **kwargs)
        except RedisError as error:
            log.warning("cache away: %s", error)
            return False

    def delete_many(self, *args, **kwargs):
        try:
            super().delete_many(*args, **kwargs)
        except RedisError as error:
            log.warning("cache away: %s", error)

    def incr(self, key, delta=1, version=None):
        """One trip, where the stock one asks first whether the key is there. Counters begin above 0, so one that comes
        out as `delta` was not: ValueError, as for a cache that is away, and whoever counts begins or goes on without."""
        made = self.make_and_validate_key(key, version=version)
        client = self._cache.get_client(made, write=True)
        try:
            value = client.incr(made, delta)
            if value == delta:
                client.delete(made)
        except RedisError as error:
            log.warning("cache away: %s", error)
            raise ValueError("cache away") from error
        if value == delta:
            raise ValueError(f"Key {key!r} not found.")
        return value
