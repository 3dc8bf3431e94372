"""Finding households: the first page of a question that nobody asked before, against one statement by hand.

By hand: the household's words by their index, the wards named one by one, heads in order, the first page of rows and
how many there are, up to the same bound. Ours: what the page does from the typed text to the 25 rows, without its
template. Both see the same households on their first page, or the ratio says nothing.
"""

import time
from datetime import date
from statistics import median

from django.core.cache import cache
from django.db import connection

from accounts.models import User
from households import queries, search_words
from households.members import search_words as words_of
from households.models import Member
from tests.bench.counting import Line

REPEATS = 9
WANTED = 3.0
DAY = date(2023, 11, 30)
QUESTIONS = [
    # what is typed, by whom, what is meant where it is mistyped
    ("nguyễn", "chuongtrinh", None),
    ("nguyễn văn hải", "chuongtrinh", None),
    ("120 minh hoạ 7 hải", "chuongtrinh", None),
    ("20194-00002", "chuongtrinh", None),
    ("hải 0042", "chuongtrinh", None),
    ("hải", "canbo", None),
    ("ngyuễn văn hải", "chuongtrinh", "nguyễn văn hải"),
]
BY_HAND = """
WITH found AS (
    SELECT home.id, head.sort_key, head.full_name
      FROM households_household home
      JOIN households_member head ON head.household_id = home.id AND head.relation = 'head' AND head.left_on IS NULL
     WHERE {words} AND home.ward_id IN ({wards})
     ORDER BY head.sort_key, home.id LIMIT %(most)s
), page AS (SELECT * FROM found ORDER BY sort_key, id LIMIT %(page)s)
SELECT home.*, page.full_name, ward.name, district.name, (SELECT count(*) FROM found)
  FROM page JOIN households_household home USING (id)
  JOIN areas_area ward ON ward.id = home.ward_id LEFT JOIN areas_area district ON district.id = ward.parent_id
 ORDER BY page.sort_key, home.id
"""


def measure() -> list[Line]:
    search_words.refresh()
    print(f"Searching among {Member.objects.count():,} members …", flush=True)
    return [_line(text, User.objects.get(username=name), meant) for text, name, meant in QUESTIONS]


def _line(text: str, user, meant: str | None) -> Line:
    words = words_of(meant or text)
    wards = ", ".join(str(ward.pk) for ward in queries.wards_to_choose(user)) or "0"
    sql = BY_HAND.format(
        words=" AND ".join(f"home.search LIKE %(word{place})s" for place in range(len(words))), wards=wards
    )
    given = {f"word{place}": f"% {word}%" for place, word in enumerate(words)}
    given |= {"most": queries.COUNTED + 1, "page": queries.PER_PAGE}

    def ours():
        filters = {"text": text, "day": DAY}
        pages = queries.HouseholdPages(queries.search(user, **filters), text)
        if not pages.count:
            found, near = queries.nearly(user, **filters)
            pages = queries.HouseholdPages(found, f"{text} {near}")
        return [row.pk for row in pages.page(1)]

    def theirs():
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            return [row[0] for row in cursor.fetchall()]

    if not ours() or ours() != theirs():
        raise SystemExit(f"“{text}” finds other households by hand, or none.")
    spent = {ours: [], theirs: []}
    for _ in range(REPEATS):
        for way in (ours, theirs):
            cache.clear()
            queries.wards_to_choose(user)  # known for a minute, whatever is searched for
            started = time.perf_counter()
            way()
            spent[way].append(time.perf_counter() - started)
    mine, hand = median(spent[ours]), median(spent[theirs])
    note = f"{mine * 1000:.1f} ms / {hand * 1000:.1f} ms by hand"
    return Line(f"search “{text}”  ({user.username})", mine / hand, WANTED, at_most=True, note=note)
