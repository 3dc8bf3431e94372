"""What the registers say of each ward, over several days at once: one query for statuses, one for all the rest.

A row is put in the bucket of the first of the days by which it has happened: 0 by the opening day, i by the i-th day
(`days` are in order). So what holds on the i-th day is what began in a bucket up to i and ended in one after i, and
what was given by then is what lies in the buckets 1 to i.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import connection
from django.db.models import Case, Count, IntegerField, Q, Sum, Value, When

from households.models import StatusSpell
from households.spells import Closed, Opened
from households.standards import Category

POOR_LABOUR = Q(category=Category.POOR) & Q(has_labour=True)
NEAR_POOR = Q(category=Category.NEAR_POOR)


def spell_rows(standards: Iterable[int], opening: date, days: Sequence[date]) -> Iterable[dict]:
    """One row a ward, standard and pair of buckets, from one pass over the spells that touch (opening, last day].

    The rare condition first keeps the pass as cheap as a plain sum.
    """
    into = {f"into_{why}": Count("id", filter=Q(opened_as=why) & POOR_LABOUR) for why in Opened}
    out_of = {f"out_{why}": Count("id", filter=Q(closed_as=why) & POOR_LABOUR) for why in Closed}
    return (
        StatusSpell.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=opening), valid_from__lte=days[-1])
        .filter(standard__in=list(standards))
        .order_by()
        .annotate(began=_bucket("valid_from", [opening, *days], 0), ended=_bucket("valid_to", days, 1))
        .values("ward_id", "standard_id", "began", "ended")
        .annotate(
            spells=Count("*"),
            poor=Count("id", filter=POOR_LABOUR),
            hardship=Count("id", filter=Q(special_hardship=True) & POOR_LABOUR),
            near=Count("id", filter=NEAR_POOR),
            near_persons=Sum("persons", filter=NEAR_POOR, default=0),
            **into,
            **out_of,
        )
    )


def _bucket(column: str, days: Sequence[date], first: int) -> Case:
    """The number of the first day by which the column's day has come, counted from `first`; after the last otherwise."""
    steps = [When(**{f"{column}__lte": day}, then=Value(place)) for place, day in enumerate(days, first)]
    return Case(*steps, default=Value(first + len(days)), output_field=IntegerField())


# kind of policy → what is added up of its supports: key → column (n: supports; persons; amount: dong)
TALLIES = {
    "house_new": {"house_new": "n"},
    "house_repair": {"house_repair": "n"},
    "job": {"jobs": "n"},
    "training": {"vocational_training": "persons"},
    "tuition": {"tuition": "persons"},
    "scholarship": {"scholarships": "persons"},
    "legal_aid": {"legal_aid_households": "n"},
    "gift": {"gifts": "n"},
    "loan": {"loan_turns": "n", "loan_amount": "amount"},
    "insurance": {"insurance_cards": "persons"},
}
# kind of policy → key under which a household counts once a year in a ward
ONCE = {
    "production": "production_support",
    "social_housing": "social_housing",
    "rent_relief": "rent_relief",
    "loan": "loan_households",
}

# By hand, because a sum of capped sums is beyond the query builder. Booleans and functions that SQLite and PostgreSQL
# do not share are left out. Columns of every part: ward, what, bucket, n, persons, amount.
SUPPORTS = """
SELECT given.ward_id, policy.kind, {given_in} AS bucket, COUNT(*), SUM(given.persons), SUM(given.amount)
  FROM households_support given
  JOIN households_policy policy ON policy.id = given.policy_id
 WHERE policy.kind IN ({kinds})
   AND given.given_on > %(opening)s AND given.given_on <= %(last)s
 GROUP BY 1, 2, 3
"""
ONCE_A_YEAR = """
UNION ALL
SELECT ward_id, 'once_' || kind, {first_in} AS bucket, COUNT(*), 0, 0
  FROM (SELECT given.ward_id, policy.kind, MIN(given.given_on) AS given_on
          FROM households_support given
          JOIN households_policy policy ON policy.id = given.policy_id
         WHERE policy.kind IN ({once})
           AND given.given_on > %(opening)s AND given.given_on <= %(last)s
         GROUP BY given.ward_id, policy.kind, given.household_id) first
 GROUP BY 1, 2, 3
"""
PLANS = """
UNION ALL
SELECT home.ward_id, 'exit_plans', {opened_in} AS bucket, COUNT(*), 0, 0
  FROM households_exitplan plan JOIN households_household home ON home.id = plan.household_id
 WHERE plan.year = %(year)s AND plan.opened_on <= %(last)s
 GROUP BY 1, 3
UNION ALL
SELECT home.ward_id, 'exit_helpers', {opened_in} AS bucket, COUNT(*), 0, 0
  FROM households_exitplan plan JOIN households_household home ON home.id = plan.household_id
 WHERE plan.year = %(year)s AND plan.opened_on <= %(last)s
   AND (plan.helper_agency_id IS NOT NULL OR plan.helper_person <> '')
 GROUP BY 1, 3
UNION ALL
SELECT home.ward_id, 'exit_dialogues', {talked_in} AS bucket, COUNT(*), 0, 0
  FROM households_exitplan plan JOIN households_household home ON home.id = plan.household_id
 WHERE plan.year = %(year)s AND plan.dialogue_on <= %(last)s
 GROUP BY 1, 3
UNION ALL
SELECT ward_id, 'reviewed_wards', {decided_in} AS bucket, 1, 0, 0
  FROM (SELECT dossier.ward_id, MIN(dossier.decided_on) AS decided_on
          FROM households_dossier dossier JOIN households_round round ON round.id = dossier.round_id
         WHERE round.year = %(year)s AND round.kind = 'annual' AND dossier.decided_on <= %(last)s
         GROUP BY dossier.ward_id) decided
"""

# Cards are first added up per near-poor household (city standard) and capped at its persons, at the start of the year
# and on each day asked about; then by ward. The start is 1 January here: that is when cards are renewed. They count in
# the ward of the household's status, so that a ward never has more people insured than near-poor.
CARDS = """
WITH cards AS MATERIALIZED (
  SELECT spell.ward_id, spell.standard_id, spell.persons, spell.valid_from, spell.valid_to, {sums},
         SUM(CASE WHEN card.given_on <= %(new_year)s THEN card.persons ELSE 0 END) AS at_opening
    FROM households_statusspell spell
    JOIN households_support card ON card.household_id = spell.household_id
    JOIN households_policy policy ON policy.id = card.policy_id AND policy.kind = 'insurance'
   WHERE spell.category = 'near_poor'
     AND spell.standard_id IN ({cities})
     AND spell.valid_from <= %(last)s AND (spell.valid_to IS NULL OR spell.valid_to > %(opening)s)
     AND card.given_on <= %(last)s AND (card.ends_on IS NULL OR card.ends_on >= %(new_year)s)
   GROUP BY spell.id, spell.ward_id, spell.standard_id, spell.persons, spell.valid_from, spell.valid_to)
"""
CARDS_ON_A_DAY = """
SUM(CASE WHEN card.given_on <= %(d{i})s AND (card.ends_on IS NULL OR card.ends_on >= %(d{i})s)
         THEN card.persons ELSE 0 END) AS on_{i}"""
INSURED = """
UNION ALL
SELECT ward_id, 'insured', {i},
       COALESCE(SUM(CASE WHEN valid_from <= %(d{i})s AND (valid_to > %(d{i})s OR valid_to IS NULL)
                         THEN CASE WHEN on_{i} > persons THEN persons ELSE on_{i} END END), 0),
       COALESCE(SUM(CASE WHEN valid_from <= %(opening)s
                         THEN CASE WHEN at_opening > persons THEN persons ELSE at_opening END END), 0), 0
  FROM cards WHERE standard_id = %(city{i})s
 GROUP BY ward_id
"""


def register_rows(
    opening: date, days: Sequence[date], cities: Sequence[int | None], *, further: bool = True
) -> list[tuple]:
    """(ward, what, bucket, n, persons, amount), `what` a key of TALLIES, 'once_' and one of ONCE, or of PLANS.

    'insured': the bucket is the day's number, n the persons insured on that day and persons those of the start.
    `cities`: the city's standard on each day. `further`: False leaves out what the appendix does not ask for.
    """
    last = len(days)
    given = {f"d{i}": day for i, day in enumerate(days, 1)} | {f"city{i}": pk for i, pk in enumerate(cities, 1)}
    given |= {"opening": opening, "new_year": opening + timedelta(days=1), "last": days[-1], "year": days[-1].year}
    kinds = list(TALLIES) if further else ["house_new", "house_repair", "job"]
    columns = {"given_in": "given.given_on", "first_in": "given_on", "opened_in": "plan.opened_on"}
    columns |= {"talked_in": "plan.dialogue_on", "decided_in": "decided_on"}
    words = {name: _ladder(column, last) for name, column in columns.items()}
    words |= {"kinds": _quoted(kinds), "once": _quoted(ONCE)}
    known = sorted({pk for pk in cities if pk})
    sql = "".join(part.format(**words) for part in ([SUPPORTS, ONCE_A_YEAR, PLANS] if further else [SUPPORTS]))
    if further and known:
        sums = ", ".join(CARDS_ON_A_DAY.format(i=i) for i in range(1, last + 1))
        cards = CARDS.format(sums=sums, cities=", ".join(map(str, known)))
        sql = cards + sql + "".join(INSURED.format(i=i) for i, pk in enumerate(cities, 1) if pk)
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


def _ladder(column: str, last: int) -> str:
    steps = " ".join(f"WHEN {column} <= %(d{i})s THEN {i}" for i in range(1, last + 1))
    return f"CASE WHEN {column} <= %(opening)s THEN 0 {steps} END"


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
