/** Dates in SQL: of plans and facts, and of punches. All ends are included. */
interface FactRange {
  readonly from: string;
  readonly until: string;
  /** From the beginning of this date to the end of the other one, UTC. */
  readonly punchesFrom: string;
  readonly punchesUntil: string;
}

/** Midnight in UTC, whatever the time zone of the session. */
export const utc = (date: string): string => `(${date})::timestamp AT TIME ZONE 'UTC'`;

const MS = (column: string): string => `(date_part('epoch', ${column}) * 1000)::bigint`;

/**
 * A punch: id, I or O, milliseconds, and if it is special when it was received and letters (manual, corrected, voided).
 * A text costs the database a fifth of what JSON does, and there are some 90 of a person and month.
 */
const PUNCH = `p.id::text || substr(p.type, 4, 1) || ${MS('p.recorded_at')}
  || CASE WHEN p.captured_at IS NULL AND p.manual_reason IS NULL AND p.correction_id IS NULL AND v.id IS NULL THEN ''
    ELSE 'r' || CASE WHEN p.captured_at IS NULL THEN '' ELSE ${MS('p.received_at')}::text END
      || CASE WHEN p.manual_reason IS NULL THEN '' ELSE 'm' END
      || CASE WHEN p.correction_id IS NULL THEN '' ELSE 'c' END
      || CASE WHEN v.id IS NULL THEN '' ELSE 'v' END END`;

/** What the days of an employee e are made of, as a text. Positions are those that parse-person.ts names. */
export const factsSql = ({ from, until, punchesFrom, punchesUntil }: FactRange): string => `json_build_array(
    e.employed_from, e.employed_until, e.office_id,
    (SELECT json_agg(json_build_array(h.valid_from, h.office_id) ORDER BY h.valid_from)
      FROM employee_offices h WHERE h.employee_id = e.id),
    (SELECT json_agg(json_build_array(a.schedule_id, a.rules_id, a.valid_from, a.valid_until))
      FROM schedule_assignments a WHERE a.employee_id = e.id
        AND a.valid_from <= ${until} AND (a.valid_until IS NULL OR a.valid_until >= ${from})),
    (SELECT json_agg(json_build_array(d.date, d.shift_id))
      FROM day_plans d WHERE d.employee_id = e.id AND d.date BETWEEN ${from} AND ${until}),
    (SELECT json_agg(json_build_array(b.id, b.valid_from, b.valid_until, b.minutes_per_day, b.kind)
        ORDER BY b.valid_from, b.id)
      FROM absences b WHERE b.employee_id = e.id AND b.valid_from <= ${until} AND b.valid_until >= ${from}),
    (SELECT json_agg(json_build_array(c.waive_date, c.waive_minutes))
      FROM corrections k JOIN correction_changes c ON c.correction_id = k.id
      WHERE k.employee_id = e.id AND k.status = 'APPROVED' AND c.waive_date BETWEEN ${from} AND ${until}),
    (SELECT json_agg(json_build_array(o.date, o.approved_minutes, o.fingerprint))
      FROM overtime_decisions o WHERE o.employee_id = e.id AND o.date BETWEEN ${from} AND ${until}),
    (SELECT string_agg(${PUNCH}, ',')
      FROM attendances p LEFT JOIN attendance_voids v ON v.attendance_id = p.id AND v.restored_at IS NULL
      WHERE p.employee_id = e.id AND p.recorded_at >= ${utc(punchesFrom)}
        AND p.recorded_at < ${utc(`${punchesUntil} + 1`)})
  )::text`;
