-- The ten rules over all branches at once: a row a branch, ten answers, then the months without, comma-separated.
WITH
kinds(kind) AS (VALUES ('支委会'), ('主题党日活动')),
held AS (SELECT DISTINCT branch, kind, substr(day, 1, 7) AS month FROM activities),
absent AS (
    SELECT b.id AS branch, k.kind, m.month
    FROM branches b CROSS JOIN months m CROSS JOIN kinds k
    WHERE NOT EXISTS (SELECT 1 FROM held h WHERE h.branch = b.id AND h.kind = k.kind AND h.month = m.month)
),
missing AS (
    SELECT
        branch,
        group_concat(CASE WHEN kind = '支委会' THEN month END, ',') AS committee,
        group_concat(CASE WHEN kind = '主题党日活动' THEN month END, ',') AS theme
    FROM absent GROUP BY branch
),
yearly AS (
    SELECT
        h.branch,
        count(DISTINCT CASE WHEN kind = '党员大会' THEN quarter END) AS assembly,
        count(DISTINCT CASE WHEN kind = '党课' THEN quarter END) AS lecture,
        count(CASE WHEN kind = '组织生活会' THEN 1 END) AS life,
        count(CASE WHEN kind = '民主评议' THEN 1 END) AS review
    FROM held h JOIN months m ON h.month = m.month GROUP BY h.branch
),
ill_attended AS (
    SELECT branch, count(*) AS meetings FROM activities
    WHERE kind = '党员大会' AND present * 10 < expected * 9 GROUP BY branch
),
talked AS (
    SELECT branch, count(CASE WHEN half = 1 THEN 1 END) AS first, count(CASE WHEN half = 2 THEN 1 END) AS second
    FROM talks JOIN months ON substr(day, 1, 7) = month GROUP BY branch
),
formal AS (SELECT branch, count(*) AS people FROM members WHERE status = '正式' GROUP BY branch)
SELECT
    missing.committee IS NULL,
    coalesce(assembly, 0) = 4,
    missing.theme IS NULL,
    coalesce(lecture, 0) = 4,
    coalesce(life, 0) > 0,
    coalesce(review, 0) > 0,
    coalesce(meetings, 0) = 0,
    coalesce(first, 0) >= 3 AND coalesce(second, 0) >= 3,
    b.elected >= '2021-12-31',
    coalesce(people, 0) <= 50,
    coalesce(missing.committee, ''),
    coalesce(missing.theme, '')
FROM branches b
LEFT JOIN missing ON missing.branch = b.id
LEFT JOIN yearly ON yearly.branch = b.id
LEFT JOIN ill_attended ON ill_attended.branch = b.id
LEFT JOIN talked ON talked.branch = b.id
LEFT JOIN formal ON formal.branch = b.id
ORDER BY b.id
