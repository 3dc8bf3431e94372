"""The same numbers as `counting.count_by_ward` in one statement, as somebody who knows PostgreSQL would write it.

The ids of the two standards are given: whoever writes by hand knows them.
"""

SQL = """
SELECT * FROM (
    SELECT ward_id,
           count(*) FILTER (WHERE {ours} AND {poor} AND {began}) AS opening_poor_labour,
           count(*) FILTER (WHERE {ours} AND {poor} AND {holds}) AS poor_labour,
           count(*) FILTER (WHERE {theirs} AND {poor} AND {began}) AS opening_central_poor,
           count(*) FILTER (WHERE {theirs} AND {poor} AND {holds}) AS central_poor,
           count(*) FILTER (WHERE {ours} AND {poor} AND special_hardship AND {began}) AS opening_special_hardship,
           count(*) FILTER (WHERE {ours} AND {poor} AND special_hardship AND {holds}) AS special_hardship,
           count(*) FILTER (WHERE {ours} AND {near} AND {began}) AS opening_near_poor,
           count(*) FILTER (WHERE {ours} AND {near} AND {holds}) AS near_poor,
           sum(persons) FILTER (WHERE {ours} AND {near} AND {began}) AS opening_near_poor_persons,
           sum(persons) FILTER (WHERE {ours} AND {near} AND {holds}) AS near_poor_persons,
           {movements}
      FROM households_statusspell
     WHERE standard_id IN (%(city)s, %(central)s)
       AND valid_from <= %(as_of)s AND (valid_to IS NULL OR valid_to > %(opening)s)
     GROUP BY ward_id
) spells FULL JOIN (
    SELECT given.ward_id,
           count(*) FILTER (WHERE kind = 'house_new') AS house_new,
           count(*) FILTER (WHERE kind = 'house_repair') AS house_repair,
           count(*) FILTER (WHERE kind = 'job') AS jobs
      FROM households_support given
      JOIN households_policy policy ON policy.id = given.policy_id
     WHERE kind IN ('house_new', 'house_repair', 'job')
       AND given_on > %(opening)s AND given_on <= %(as_of)s
     GROUP BY given.ward_id
) supports USING (ward_id){insurance}
"""

# Cards are added up by household before they meet the spells, so that the two large tables are joined once, by hash.
INSURANCE = """ FULL JOIN (
    SELECT ward_id,
           sum(least(coalesce(now, 0), persons)) FILTER (WHERE {holds}) AS near_poor_insured,
           sum(least(coalesce(at_opening, 0), persons)) FILTER (WHERE {began}) AS opening_near_poor_insured
      FROM households_statusspell
      JOIN (SELECT household_id,
                   sum(card.persons) FILTER (WHERE ends_on IS NULL OR ends_on >= %(as_of)s) AS now,
                   sum(card.persons) FILTER (WHERE given_on <= %(new_year)s) AS at_opening
              FROM households_support card
              JOIN households_policy policy ON policy.id = card.policy_id AND policy.kind = 'insurance'
             WHERE given_on <= %(as_of)s AND (ends_on IS NULL OR ends_on >= %(new_year)s)
             GROUP BY household_id) cards USING (household_id)
     WHERE category = 'near_poor' AND standard_id = %(city)s
       AND valid_from <= %(as_of)s AND (valid_to IS NULL OR valid_to > %(opening)s)
     GROUP BY ward_id
) insured USING (ward_id)"""

WORDS = {
    "ours": "standard_id = %(city)s",
    "theirs": "standard_id = %(central)s",
    "poor": "category = 'poor' AND has_labour",
    "near": "category = 'near_poor'",
    "began": "valid_from <= %(opening)s",
    "holds": "(valid_to IS NULL OR valid_to > %(as_of)s)",
}


def statement(*, insurance: bool, opened: list[str], closed: list[str]) -> str:
    """`opened` and `closed`: the reasons for which households come onto the list and leave it."""
    into = [
        f"count(*) FILTER (WHERE {{ours}} AND {{poor}} AND NOT {{began}} AND opened_as = '{why}') AS into_{why}"
        for why in opened
    ]
    out = [
        f"count(*) FILTER (WHERE {{ours}} AND {{poor}} AND NOT {{holds}} AND closed_as = '{why}') AS out_{why}"
        for why in closed
    ]
    movements = ",\n           ".join([*into, *out]).format(**WORDS)
    return SQL.format(movements=movements, insurance=INSURANCE.format(**WORDS) if insurance else "", **WORDS)
