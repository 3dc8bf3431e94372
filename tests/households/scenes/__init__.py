"""Scenes for tests/households/test_nothing_half_written.py: for each write service a state in which it may be called.

To add a service, write one entry in the SCENES of a file of this folder (a new file is found by itself):

    "complaints.withdraw_complaint": lambda w: then(
        complaints.withdraw_complaint, complaint=w.complaint, by=w.hoa, today=TODAY, version=1
    ),

A service that writes in several ways has a scene for each: "ward_requests.answer moved", "ward_requests.answer mistake".

`w` is a small city (World); what a scene needs is made when it is asked for. `then` names the call and does not make it.
"""

from datetime import date
from functools import cached_property, partial

from households.models import StatusSpell
from households.services import complaints
from tests import make

then = partial
TODAY = date(2023, 6, 1)


class World:
    """tests.make's city and its people by name (w.hoa, w.lan…), a household of Hoa's ward, and what many scenes need."""

    def __init__(self):
        self.areas = make.a_city()
        self.cast = make.a_cast(self.areas)

    def __getattr__(self, name):
        if name in self.__dict__.get("cast", {}):
            return self.cast[name]
        raise AttributeError(name)

    @cached_property
    def ward(self):
        return self.areas["ward"]

    @cached_property
    def standards(self):
        return make.the_standards()

    @cached_property
    def home(self):
        """A poor household of three under both standards."""
        found = make.a_household(self.ward, members=3)
        for standard in self.standards:
            make.a_spell(found, standard, persons=3)
        return found

    @cached_property
    def child(self):
        return self.home.members.exclude(relation="head").order_by("pk").first().pk

    @cached_property
    def complaint(self):
        return complaints.register_complaint(
            ward=self.ward, household=self.home, category="result", from_name="Người gửi thử", text="Xem lại.",
            received_on=TODAY, by=self.hoa, today=TODAY,
        )  # fmt: skip

    def without_spells(self):
        StatusSpell.objects.all().delete()
        return self.home
