"""Whether what the server keeps beside the results is what they come to: counts, series, the newest of each pair."""

from contextlib import closing

from bench._postgresql import connected

_WRONG = {
    "cells whose total is not the number of their results": """
        SELECT count(*) FROM (SELECT id, total FROM result_cells WHERE level = 0) c
        FULL JOIN (SELECT cell_id, count(*) AS n FROM results GROUP BY cell_id) r ON r.cell_id = c.id
        WHERE c.total IS DISTINCT FROM r.n AND coalesce(c.total, r.n) <> 0""",
    "cells of models whose total is not that of their parts": """
        SELECT count(*) FROM result_cells c WHERE level = 1 AND total <> (
            SELECT coalesce(sum(total), 0) FROM result_cells p WHERE p.level = 0
            AND (p.model, p.quantization, p.family, p.suite_name, p.grade, p.status)
              = (c.model, c.quantization, c.family, c.suite_name, c.grade, c.status))""",
    "cells of clients whose total is not that of their parts": """
        SELECT count(*) FROM result_cells c WHERE level = 2 AND total <> (
            SELECT coalesce(sum(total), 0) FROM result_cells p WHERE p.level = 0
            AND (p.client_id, p.suite_name, p.grade, p.status) = (c.client_id, c.suite_name, c.grade, c.status))""",
    "levels of cells with another sum than the first": """
        SELECT count(*) FROM (SELECT sum(total) AS n FROM result_cells GROUP BY level) l
        WHERE n <> (SELECT count(*) FROM results)""",
    "series with another count, beginning or end than their results": """
        SELECT count(*) FROM series s FULL JOIN (
            SELECT series, client_id, count(*) AS n, min(ended_at) AS a, max(ended_at) AS z
            FROM results GROUP BY series, client_id) r USING (series, client_id)
        WHERE (s.result_count, s.first_ended_at, s.last_ended_at) IS DISTINCT FROM (r.n::int, r.a, r.z)""",
    "pairs whose newest result is not the one that is kept": """
        SELECT count(*) FROM latest_results l WHERE EXISTS (
            SELECT FROM results r WHERE r.client_id = l.client_id AND r.model = l.model AND r.status = 'completed'
            AND r.ended_at >= l.ended_at AND (r.ended_at, r.job_id) > (l.ended_at, l.job_id))""",
    "pairs with completed results and no newest one": """
        SELECT count(*) FROM (
            SELECT client_id, model FROM result_cells WHERE level = 0 AND status = 'completed' AND total > 0
            EXCEPT SELECT client_id, model FROM latest_results) AS missing""",
    "results without their job, or of another session, client or model": """
        SELECT count(*) FROM results r LEFT JOIN jobs j ON j.id = r.job_id
        WHERE (j.session_id, j.client_id, j.model, j.status) IS DISTINCT FROM
              (r.session_id, r.client_id, r.model, r.status)""",
    "jobs without their session": """
        SELECT count(*) FROM jobs j WHERE NOT EXISTS (SELECT FROM sessions s WHERE s.id = j.session_id)""",
    "results, of some 10,000, whose cell or whose columns do not tell what they are": """
        SELECT count(*) FROM (SELECT * FROM results WHERE job_id > '80000000-0000-0000-0000-000000000000'
                              ORDER BY job_id LIMIT 10000) r
        JOIN jobs j ON j.id = r.job_id LEFT JOIN result_cells c ON c.id = r.cell_id
        WHERE (c.level, c.client_id, c.model, c.quantization, c.suite_name, c.grade, c.status) IS DISTINCT FROM
              (0, r.client_id, r.model, coalesce(r.quantization, ''), r.suite_name, r.grade, r.status)
        OR r.decode_tokens_per_s IS DISTINCT FROM (r.summary#>>'{headline,decode_tokens_per_s,median}')::float8
        OR r.ttft_ms IS DISTINCT FROM (r.summary#>>'{headline,ttft_ms,median}')::float8
        OR j.headline IS DISTINCT FROM r.summary->'headline' OR j.ended_at IS DISTINCT FROM r.ended_at""",
}


def untrue(url: str) -> list[str]:
    """What is not as it should be, in words; nothing where all is. It reads every result and job, not their content."""
    found: list[str] = []
    with closing(connected(url)) as connection:
        connection.execute("SET work_mem = '512MB'")
        for what, asked in _WRONG.items():
            row = connection.execute(asked.encode()).fetchone()
            if row is None or row[0]:
                found.append(f"{row and row[0]} {what}")
    return found
