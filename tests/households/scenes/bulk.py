"""Acts on many rows of a list at once."""

from households.models import Dossier
from households.services import bulk
from tests.households.scenes import then
from tests.households.test_admin_bulk import acts


def act(name):
    def scene(w):
        write, rows, _, who, *_ = acts(w.areas, w.cast)[name]
        return then(write, [row.pk for row in rows], w.cast[who])

    return scene


def of_two_dossiers(w):
    """Each dossier is written by a service that is whole by itself, so it takes two to be half written."""
    _, rows, of_other, *_ = acts(w.areas, w.cast)["leave_out"]
    Dossier.objects.update(step="list")
    return {"keys": [rows[0].pk, of_other.pk], "by": w.hoa}


def put_back(w):
    call = of_two_dossiers(w)
    bulk.leave_out(**call, reason="Đi làm xa")
    return then(bulk.put_back, **call)


SCENES = {
    "bulk.assign_complaints": act("owner"),
    "bulk.assign_helpers": act("helper"),
    "bulk.cancel_imports": act("cancel"),
    "bulk.leave_out": lambda w: then(bulk.leave_out, **of_two_dossiers(w), reason="Đi làm xa"),
    "bulk.put_back": put_back,
    "bulk.return_reviews": act("return"),
}
