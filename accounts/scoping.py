"""The one way to a row: cut down to the area of who asks."""

from django.db import models

from accounts.roles import May
from areas.models import Area


class ScopedQuerySet(models.QuerySet):
    area_field = "ward"

    def visible_to(self, user, wards: list[int] | None = None):
        """Rows in the user's area. No sign-in, no right to households or no area: no rows.

        `wards`: keys of all wards of that area, where the caller holds them. Named one by one they let PostgreSQL read
        an index of words once; asked for inside the query it reads it once for each ward.
        """
        if not user.is_authenticated or not user.may(May.SEE_HOUSEHOLDS) or user.area_id is None:
            return self.none()
        if user.area.level == Area.Level.WARD:  # nothing lies under a ward; named directly, an index finds its rows
            return self.filter(**{self.area_field: user.area_id})
        if wards:
            return self.filter(**{f"{self.area_field}__in": wards})
        return self.filter(**{f"{self.area_field}__in": Area.objects.under(user.area)})
