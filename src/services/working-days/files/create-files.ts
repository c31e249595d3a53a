import type { Base } from '../../../base';
import type { Encryption } from '../../encryption/create-encryption';
import { loadSecret } from '../../encryption/secrets';
import type { Days } from '../days/create-days';
import { ReportLinks } from './report-links';
import { ReportPeople } from './report-people';
import { ReportService } from './report-service';
import { ReportThreads } from './report-threads';

/** Files of hours, and the links to them. They are signed with the key of photos, for another purpose. */
export async function createFiles(
  { config, dataSource, statements, now }: Base,
  { keys }: Encryption,
  { reader, muster: musters }: Days,
  publicUrl: () => string,
): Promise<ReportService> {
  const { signingKey } = config.photos.media;
  const key = signingKey === null ? await loadSecret(config.dataDir, 'media', keys) : Buffer.from(signingKey);
  const ttlSeconds = config.workingDays.reportUrlTtlSeconds;
  const links = new ReportLinks({ key, ttlSeconds, publicUrl, now });
  const threads = new ReportThreads();
  const people = new ReportPeople(dataSource, reader, threads);
  return new ReportService({ dataSource, statements, people, threads, musters, links, now });
}
