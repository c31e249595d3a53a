import type { Statements } from '../../../database/statements';
import type { LocalDate } from '../../../entities/local-scalars';

/** Which dates are read of plans and facts, both ends included. */
export interface ReadRange {
  readonly from: LocalDate;
  readonly until: LocalDate;
}

/**
 * What people share, as the JSON text that `parseCalendar` reads: offices with their zones, default plans and holidays,
 * shifts, assigned schedules and work rules. A text, so that a thread can be handed it without a deep copy.
 */
export async function readCalendar(statements: Statements, { from, until }: ReadRange): Promise<string> {
  const rows = await statements.run<{ calendar: string }>('working-days-calendar', CALENDAR, [from, until]);
  return rows[0]?.calendar ?? '';
}

const ASSIGNED = `valid_from <= $2::date AND (valid_until IS NULL OR valid_until >= $1::date)`;

/** Past days are at offices that were deleted since. Their zones are all in the history. */
const DELETED_OFFICES = `SELECT DISTINCT office_id, 'UTC' FROM office_zones
  WHERE NOT EXISTS (SELECT FROM offices WHERE id = office_id)`;

/** Positions are those that parse-calendar.ts names. */
const CALENDAR = `SELECT json_build_object(
  'offices', (SELECT json_agg(json_build_array(o.id, o.time_zone,
      (SELECT json_agg(json_build_array(z.valid_from, z.time_zone) ORDER BY z.valid_from)
        FROM office_zones z WHERE z.office_id = o.id),
      (SELECT json_agg(json_build_array(a.schedule_id, a.rules_id, a.valid_from, a.valid_until))
        FROM schedule_assignments a WHERE a.office_id = o.id AND ${ASSIGNED}),
      (SELECT json_agg(json_build_array(h.id, h.date, h.name, h.starts_at))
        FROM holidays h WHERE h.office_id = o.id AND h.date BETWEEN $1 AND $2)))
    FROM (SELECT id, time_zone FROM offices UNION ALL ${DELETED_OFFICES}) o),
  'shifts', (SELECT json_agg(json_build_array(id, name, kind, segments, break_minutes, break_starts_at, frame, core,
      target_minutes)) FROM shifts),
  'schedules', (SELECT json_agg(json_build_array(s.id, s.cycle_days, s.anchor,
      (SELECT json_agg(json_build_array(d.day, d.shift_id)) FROM schedule_days d WHERE d.schedule_id = s.id)))
    FROM schedules s WHERE s.id IN (SELECT schedule_id FROM schedule_assignments WHERE ${ASSIGNED})),
  'rules', (SELECT json_agg(json_build_array(r.id,
      (SELECT json_agg(json_build_array(v.id, v.version, v.valid_from, v.fields) ORDER BY v.valid_from)
        FROM work_rules_versions v WHERE v.rules_id = r.id)))
    FROM work_rules r WHERE r.id IN (SELECT rules_id FROM schedule_assignments WHERE ${ASSIGNED}))
)::text AS calendar`;
