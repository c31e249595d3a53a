import 'reflect-metadata';
import { configFromProcess } from '../config/config';
import { RetentionService } from '../services/privacy/retention/retention-service';
import { cdnPlaceOf } from '../services/photos/cdn/discard';
import { createLogger } from '../logger';
import { openAuditKeys } from '../services/audit/open-audit-keys';
import { KeyRing } from '../services/encryption/key-ring';
import { command, runCommand } from './command';
import { withDatabase } from './open-database';

const INSTEAD = 'The service does the same every hour. To run this command, stop the service.';

async function retain({ dryRun = false }: { readonly dryRun?: boolean }): Promise<void> {
  const config = configFromProcess();
  const { cloudinary } = config.photos;
  const { retention: days } = config.privacy;
  await withDatabase(config, INSTEAD, async (dataSource) => {
    const keys = config.encryption && new KeyRing(config.encryption);
    await openAuditKeys(dataSource, { dataDir: config.dataDir, keys, log: createLogger(config.logLevel) });
    const service = new RetentionService(dataSource, days, cdnPlaceOf(cloudinary), () => new Date());
    const counts = dryRun ? await service.plan() : await service.run(new AbortController().signal);
    const line = (what: string, variable: string, kept: number, count: number): string =>
      `${what} ${kept === 0 ? `kept forever (${variable}=0)` : `${count} older than ${kept} days (${variable})`}\n`;
    process.stdout.write(
      `${dryRun ? 'Would be deleted' : 'Deleted'}:\n` +
        line(
          '  photos of punches: ',
          'RETAIN_ATTENDANCE_PHOTOS_DAYS',
          days.attendancePhotosDays,
          counts.attendancePhotos,
        ) +
        line('  review items:      ', 'RETAIN_REVIEW_ITEMS_DAYS', days.reviewItemsDays, counts.reviewItems) +
        line(
          '  inactive employees:',
          'RETAIN_INACTIVE_EMPLOYEES_DAYS',
          days.inactiveEmployeesDays,
          counts.inactiveEmployees,
        ) +
        line('  absences:          ', 'RETAIN_ABSENCES_DAYS', days.absencesDays, counts.absences) +
        line('  audit events:      ', 'RETAIN_AUDIT_DAYS', days.auditDays, counts.auditEvents),
    );
  });
}

void runCommand(
  command(
    'retention',
    'Deletes data that is older than RETAIN_ATTENDANCE_PHOTOS_DAYS, RETAIN_REVIEW_ITEMS_DAYS, RETAIN_INACTIVE_EMPLOYEES_DAYS, RETAIN_ABSENCES_DAYS and RETAIN_AUDIT_DAYS (0: keep forever). The service does the same every hour. This command marks photos as deleted; the service then removes them from disk and CDN.',
    'Reads the environment like the service. Exit codes: 0 success, 1 failure, 2 wrong options.',
  )
    .option('--dry-run', 'only print what would be deleted')
    .action(retain),
);
