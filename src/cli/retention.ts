import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { configFromProcess } from '../config/config';
import { RetentionService } from '../services/privacy/retention/retention-service';
import { cdnPlaceOf } from '../services/photos/cdn/discard';
import { withDatabase } from './open-database';

const USAGE = `npm run retention -- [--dry-run]

Lets go of what has been kept for as long as RETAIN_ATTENDANCE_PHOTOS_DAYS, RETAIN_INACTIVE_EMPLOYEES_DAYS and
RETAIN_AUDIT_DAYS say (0: kept for good). The service does the same every hour by itself. Photos are taken out of the
rows here, and removed from disk and CDN by the service.

  --dry-run   only print what would go
  --help      this text

Reads the environment as the service does. Exits with 0, 1 when it failed, 2 when the options are wrong.
`;

const INSTEAD = 'It lets go every hour by itself; stop it to run this.';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { 'dry-run': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  const config = configFromProcess();
  const { cloudinary } = config.photos;
  const { retention: days } = config.privacy;
  await withDatabase(config, INSTEAD, async (dataSource) => {
    const service = new RetentionService(dataSource, days, cdnPlaceOf(cloudinary), () => new Date());
    const dry = values['dry-run'] === true;
    const counts = dry ? await service.plan() : await service.run(new AbortController().signal);
    const line = (what: string, variable: string, kept: number, count: number): string =>
      `${what} ${kept === 0 ? `kept for good (${variable}=0)` : `${count} older than ${kept} days (${variable})`}\n`;
    process.stdout.write(
      `${dry ? 'Would go' : 'Gone from the rows'}:\n` +
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
