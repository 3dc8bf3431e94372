"""Writing agencies and who belongs to a group."""

from collections import Counter

from django.db import transaction

from accounts.loading import AgencyRow, BrokenAgencies
from accounts.log import facts, log
from accounts.models import Agency
from areas.models import Area

FIELDS = ("name", "short_name", "kind", "order", "valid_from", "area_id")
LOGGED = ("code", "name", "short_name", "kind", "area", "order", "valid_from", "valid_to")


@transaction.atomic
def load_agencies(*, rows: list[AgencyRow], by, keep: bool = False) -> Counter:
    """Add what is missing and bring the rest in line with the file; with `keep`, leave the rest as it is.

    The members of a group and an agency's last day are the office's to change: they are written only with a new row.
    """
    done = Counter()
    known = {agency.code: agency for agency in Agency.objects.all()}
    fresh = []
    for row in rows:
        agency = known.get(row.code)
        if agency and keep:
            done["unchanged"] += 1
            continue
        values = {name: getattr(row, name) for name in FIELDS if name != "area_id"} | {"area_id": _area(row)}
        if agency is None:
            known[row.code] = agency = Agency.objects.create(code=row.code, valid_to=row.valid_to, **values)
            fresh.append(row)
            log(by, "agency.loaded", agency, area=agency.area, after=facts(agency, LOGGED))
            done["created"] += 1
        elif any(getattr(agency, name) != value for name, value in values.items()):
            before = facts(agency, LOGGED)
            for name, value in values.items():
                setattr(agency, name, value)
            agency.save()
            log(by, "agency.loaded", agency, area=agency.area, before=before, after=facts(agency, LOGGED))
            done["updated"] += 1
        else:
            done["unchanged"] += 1
    for row in fresh:
        known[row.code].members.set([known[code] for code in row.members])
    return done


def _area(row: AgencyRow) -> int | None:
    if not row.area:
        return None
    area = Area.objects.districts().existing_on(row.valid_from).filter(code=row.area).first()
    if area is None:
        raise BrokenAgencies(f"{row.code}, area: không có quận, huyện mã {row.area}; nạp địa bàn trước (load_areas)")
    return area.pk
