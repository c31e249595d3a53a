import { flag, integer } from '../kinds';

/** Checks, punches and working days. */
export const CHECK_VARIABLES = {
  PUNCH_MIN_INTERVAL_SECONDS: integer(0, 86_400, 60).describe(
    'A repeated punch within this many seconds counts as the same punch. 0: off.',
  ),
  OPEN_LOGIN_MAX_HOURS: integer(1, 48, 16).describe(
    'Hours after which an open LOGIN no longer makes the next punch a LOGOUT. Work rules go first.',
  ),
  CORRECTION_FOUR_EYES: flag(false).describe(
    'Corrections must be approved by another requester than the one who asked for them.',
  ),
  REPORT_URL_TTL_SECONDS: integer(60, 86_400, 900).describe(
    'Lifetime of a download link of a report, in seconds.',
  ),
  POSITION_MAX_ACCURACY_METERS: integer(1, 100_000, 150).describe(
    'Worst accuracy of a position, in metres, that decides at the edge of a geofence.',
  ),
  POSITION_MAX_AGE_SECONDS: integer(1, 86_400, 120).describe(
    'Age in seconds above which a position cannot decide it.',
  ),
  KIOSK_MUSTER: flag(false).describe('Kiosks may show who is in the building of their office.'),
  REQUIRE_CHALLENGE: flag(false).describe('Refuse checks without a challenge.'),
  REQUIRE_LIVENESS: flag(false).describe('Refuse checks without a challenge that asks for actions.'),
  REPLAY_WINDOW_DAYS: integer(0, 3650, 0).describe(
    'Refuse photos and descriptors seen within this many days, and near copies. 0: off. Recommended: 30.',
  ),
};
