"""The words by which households are found, each once, on PostgreSQL: what was mistyped is looked up among them.

They are a materialized view (migration 0010) that is made anew at night and after each import; a word that came in
since is found when it is typed rightly. SQLite, and a PostgreSQL without pg_trgm, have no such words.
"""

from django.db import connection

from households.nearness import allowed, nearest

VIEW = "households_word"
LOOKED_AT = 200  # words of the view, the most alike by trigrams, that are compared letter by letter


def are_there() -> bool:
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [VIEW])
        return cursor.fetchone()[0] is not None


def near(words: list[str]) -> list[list[str]]:
    """For each word of a search that found nothing, the words that may be meant; [] when there is nothing to try.

    Numbers stand as they are typed. A word that nothing begins with is the one that is wrong; where every word is
    known, any of them may be.
    """
    if not are_there():
        return []
    letters = [word for word in words if word.isalpha()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT typed FROM unnest(%s::text[]) typed WHERE EXISTS "
            f"(SELECT 1 FROM {VIEW} WHERE word LIKE typed || '%%')",
            [letters],
        )
        known = {row[0] for row in cursor.fetchall()}
        wrong = [word for word in letters if word not in known] or letters
        meant = {word: _meant(cursor, word, itself=word in known) for word in wrong}
    found = [meant.get(word, [word]) for word in words]
    return found if all(found) and found != [[word] for word in words] else []


def refresh() -> None:
    """Make the words anew, without keeping anybody from searching. For the night and for after an import."""
    if are_there():
        with connection.cursor() as cursor:
            cursor.execute("SELECT portal_refresh_words()")  # the owner's function: only an owner refreshes


def _meant(cursor, word: str, *, itself: bool) -> list[str]:
    """What is meant by one word; `itself` too, when households are found by it."""
    cursor.execute(
        f"SELECT word FROM {VIEW} WHERE length(word) BETWEEN %s AND %s "
        "ORDER BY word_similarity(%s, word) + similarity(%s, word) DESC, word LIMIT %s",
        [len(word) - allowed(word), len(word) + allowed(word), word, word, LOOKED_AT],
    )
    others = nearest(word, (row[0] for row in cursor.fetchall() if row[0] != word))
    return [word, *others] if itself else others
