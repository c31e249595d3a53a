import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { configFromProcess } from '../config/config';
import { RetentionService } from '../services/privacy/retention/retention-service';
import { cdnPlaceOf } from '../services/photos/cdn/discard';
import { withDatabase } from './open-database';

const USAGE = `npm run retention -- [--dry-run]

Deletes data that is older than RETAIN_ATTENDANCE_PHOTOS_DAYS, RETAIN_INACTIVE_EMPLOYEES_DAYS and RETAIN_AUDIT_DAYS
(0: keep forever). The service does the same every hour. This command marks photos as deleted; the service then removes
them from disk and CDN.

  --dry-run   only print what would be deleted
  --help      show this text

Reads the environment like the service. Exit codes: 0 success, 1 failure, 2 wrong options.
`;

const INSTEAD = 'The service does the same every hour. To run this command, stop the service.';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { 'dry-run': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  const config = configFromProcess();
  const { cloudinary, retention: days } = config;
  await withDatabase(config, INSTEAD, async (dataSource) => {
    const service = new RetentionService(dataSource, days, cdnPlaceOf(cloudinary), () => new Date());
    const dry = values['dry-run'] === true;
    const counts = dry ? await service.plan() : await service.run(new AbortController().signal);
    const line = (what: string, variable: string, kept: number, count: number): string =>
      `${what} ${kept === 0 ? `kept forever (${variable}=0)` : `${count} older than ${kept} days (${variable})`}\n`;
    process.stdout.write(
      `${dry ? 'Would be deleted' : 'Deleted'}:\n` +
        line(
          '  photos of punches: ',
          'RETAIN_ATTENDANCE_PHOTOS_DAYS',
          days.attendancePhotosDays,
          counts.attendancePhotos,
        ) +
        line(
          '  inactive employees:',
          'RETAIN_INACTIVE_EMPLOYEES_DAYS',
          days.inactiveEmployeesDays,
          counts.inactiveEmployees,
        ) +
        line('  audit events:      ', 'RETAIN_AUDIT_DAYS', days.auditDays, counts.auditEvents),
    );
  });
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : 'unknown';
  const usage = String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${message}\n${usage ? '\nSee: npm run retention -- --help\n' : ''}`);
  process.exitCode = usage ? 2 : 1;
});
