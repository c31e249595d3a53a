import { buildWeb } from '../../../scripts/build-web';
import service from './service';

/** Builds the pages, too. */
export default async function web(): Promise<void> {
  await buildWeb();
  await service();
}
