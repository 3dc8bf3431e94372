-- Deterministic but for the planner's order: equal runs give nearly equal cities, which is all that a ratio needs.
SELECT setseed(0.66);

CREATE TEMP TABLE bench_ward AS
SELECT row_number() OVER (ORDER BY ward.code) AS n, ward.id, ward.code, ward.zone,
       officer.id AS officer, leader.id AS leader
  FROM areas_area ward
  JOIN accounts_user officer ON officer.area_id = ward.id AND officer.role = 'ward_officer'
  JOIN accounts_user leader ON leader.area_id = ward.id AND leader.role = 'ward_leader'
 WHERE ward.level = 'ward';

CREATE TEMP TABLE bench_home AS
SELECT id, ward, persons, labour, row_number() OVER (PARTITION BY ward ORDER BY id) AS number
  FROM (SELECT id, 1 + floor(power(random(), 1.3) * (SELECT count(*) FROM bench_ward))::int AS ward,
               2 + floor(random() * 5)::int AS persons, random() < 0.85 AS labour
          FROM generate_series(1, :households) id) home;

CREATE TEMP TABLE bench_member AS
SELECT row_number() OVER () AS id, home.id AS household, place, 1 + floor(random() * (SELECT count(*) FROM bench_name))::int AS name,
       random() < 0.92 AS numbered, 1940 + floor(random() * 80)::int AS born
  FROM bench_home home, generate_series(1, home.persons) place;

INSERT INTO households_member
    (id, household_id, full_name, search_name, sort_key, relation, sex, birth_year, birth_month, birth_day, ethnicity,
     citizen_id_sealed, citizen_id_hash, citizen_id_last4, joined_on, left_on)
SELECT member.id, household, name.name, folded, key, CASE place WHEN 1 THEN 'head' WHEN 2 THEN 'spouse' ELSE 'child' END,
       sex, born, NULL, NULL, 'Kinh',
       CASE WHEN numbered THEN repeat('x', 120) ELSE '' END,
       CASE WHEN numbered THEN md5(member.id::text) || md5('b' || member.id) ELSE '' END,
       CASE WHEN numbered THEN lpad((member.id % 10000)::text, 4, '0') ELSE '' END,
       '2019-01-01', NULL
  FROM bench_member member JOIN bench_name name ON name.id = member.name;

INSERT INTO households_household (id, code, ward_id, "group", address, phone, search, registered_on, closed_on, version)
SELECT home.id, code || '-' || lpad(number::text, 5, '0'), ward.id, 'Tổ ' || home.id % 40,
       home.id % 200 || ' đường Minh Họa ' || home.id % 12, '',
       ' ' || code || ' ' || lpad(number::text, 5, '0') || ' to ' || home.id % 40 || ' ' || home.id % 200 || ' duong minh hoa '
           || home.id % 12 || ' ' || people || ' ' || number,
       '2019-01-01', NULL, 1
  FROM bench_home home
  JOIN bench_ward ward ON ward.n = home.ward
  JOIN (SELECT household, string_agg(folded || CASE WHEN numbered THEN ' ' || lpad((member.id % 10000)::text, 4, '0') ELSE '' END, ' ') AS people
          FROM bench_member member JOIN bench_name name ON name.id = member.name GROUP BY household) who ON who.household = home.id;

-- What each household is in each year, under the city's standard and under the central one.
CREATE TEMP TABLE bench_year AS
SELECT id, year, issuer,
       CASE WHEN issuer = 'city' THEN CASE WHEN roll < 0.25 THEN 'poor' WHEN roll < 0.45 THEN 'near_poor' END
            ELSE CASE WHEN roll < 0.12 THEN 'poor' WHEN roll < 0.22 THEN 'near_poor' END END AS category,
       hardship, escapes, comes
  FROM (SELECT home.id, year, random() AS roll, random() < 0.05 AS hardship, random() AS escapes, random() AS comes
          FROM bench_home home, generate_series(2019, 2023) year) one,
       (VALUES ('city'), ('central')) issuers (issuer);

INSERT INTO households_statusspell
    (id, household_id, standard_id, ward_id, category, persons, has_labour, special_hardship, has_merit, ethnic_minority,
     valid_from, valid_to, opened_as, closed_as, opened_by_id, closed_by_id)
SELECT row_number() OVER (ORDER BY one.valid_from, one.id), one.id, standard.id, ward.id, category, persons, labour, hardship, false, false,
       one.valid_from, one.valid_to,
       CASE WHEN before IS NULL THEN 'new' WHEN before = category THEN 'facts_changed'
            WHEN category = 'poor' THEN 'from_near_poor' ELSE 'from_poor' END,
       CASE WHEN one.valid_to IS NULL THEN '' WHEN after IS NULL THEN 'escaped' WHEN after = category THEN 'facts_changed'
            WHEN after = 'poor' THEN 'to_poor' ELSE 'to_near_poor' END,
       NULL, NULL
  FROM (SELECT id, year, issuer, category, hardship,
               lag(category) OVER chain AS before, lead(category) OVER chain AS after,
               CASE WHEN year = 2023 AND lag(category) OVER chain IS NULL AND comes < 0.5
                    THEN date '2023-01-20' + floor(comes * 600)::int
                    ELSE make_date(year - 1, 12, (5 + id % 9)::int) END AS valid_from,
               CASE WHEN year < 2023 THEN make_date(year, 12, (5 + id % 9)::int)
                    WHEN escapes < 0.25 THEN date '2023-11-25' + floor(escapes * 80)::int END AS valid_to
          FROM bench_year WINDOW chain AS (PARTITION BY id, issuer ORDER BY year)) one
  JOIN bench_home home ON home.id = one.id
  JOIN bench_ward ward ON ward.n = home.ward
  JOIN households_standard standard ON standard.issuer = one.issuer
       AND standard.valid_from <= make_date(year, 1, 1) AND standard.valid_to >= make_date(year, 1, 1)
 WHERE category IS NOT NULL;

INSERT INTO households_review
    (id, household_id, round_id, ward_id, zone, surveyed_on, b1_score, income_per_person, persons, employment, dependents,
     nutrition, health_insurance, adult_education, child_schooling, housing_quality, housing_area, water_source, toilet,
     telecom, info_means, has_labour, special_hardship, has_merit, ethnic_minority, note, state, entered_by_id, entered_at,
     decided_by_id, decided_on, decision_number, return_note, version)
SELECT row_number() OVER (), home.id, round.id, ward.id, ward.zone, round.starts_on + 20, 160, 1800000, persons, true, false,
       false, true, false, false, true, false, false, false,
       true, false, labour, false, false, false, '', state, officer, round.starts_on + interval '21 days',
       CASE WHEN state = 'decided' THEN leader END, CASE WHEN state = 'decided' THEN round.ends_on - 20 END,
       CASE WHEN state = 'decided' THEN '101/QĐ-UBND' ELSE '' END, CASE WHEN state = 'returned' THEN 'Xem lại' ELSE '' END, 2
  FROM bench_home home
  JOIN bench_ward ward ON ward.n = home.ward
  JOIN households_round round ON round.kind = 'annual' AND round.year IN (2022, 2023) AND home.id % 10 < round.year - 2019
 CROSS JOIN LATERAL (SELECT CASE WHEN round.year = 2022 OR home.id % 100 < 85 THEN 'decided'
                                 WHEN home.id % 100 < 97 THEN 'entered' ELSE 'returned' END AS state) what;

INSERT INTO households_result (id, review_id, standard_id, category, receipt, rule_version)
SELECT row_number() OVER (), review.id, standard.id, CASE review.id % 3 WHEN 0 THEN 'not_poor' WHEN 1 THEN 'poor' ELSE 'near_poor' END,
       '{"why": "Điểm B1 160, không vượt mức 175 điểm của khu vực thành thị; thiếu hụt 4 chỉ số (B2 40 điểm), nên là hộ nghèo.", "lines": [["B1, thu nhập", "160 / 175 điểm"]], "rule_version": "2021.1"}',
       '2021.1'
  FROM households_review review, households_standard standard
 WHERE standard.valid_from = '2022-01-01';

INSERT INTO households_support (id, household_id, policy_id, ward_id, given_on, ends_on, persons, amount, agency_id, entered_by_id)
SELECT row_number() OVER (), home.id, policy.id, ward.id, given_on,
       CASE WHEN kind = 'insurance' THEN make_date(year, 12, 31) END,
       CASE WHEN kind = 'insurance' THEN persons ELSE 1 END, NULL, NULL, officer
  FROM bench_home home
  JOIN bench_ward ward ON ward.n = home.ward
 CROSS JOIN generate_series(2021, 2023) year
  JOIN households_policy policy ON home.id % 100 < CASE policy.kind WHEN 'insurance' THEN 25 WHEN 'job' THEN 4 WHEN 'house_repair' THEN 2 ELSE 1 END
 CROSS JOIN LATERAL (SELECT CASE WHEN kind = 'insurance' THEN make_date(year, 1, 1) ELSE make_date(year, 1, 5) + (home.id * 7 % 355)::int END AS given_on) day;

INSERT INTO accounts_event (id, at, by_id, action, subject_type, subject_id, label, area_id, before, after)
SELECT (SELECT coalesce(max(id), 0) FROM accounts_event) + row_number() OVER (), entered_at, entered_by_id, 'review.entered',
       'households.review', review.id::text, 'phiếu', ward_id, '{}', '{}'
  FROM households_review review;
