/** A thread that writes reports. Everything else on the machine goes first: a check waits for nobody's export. */
import { setPriority } from 'node:os';
import { writePeople, type PersonText, type ReportBatch } from './person-text';

/** Between normal and idle: an export still goes on beside checks that take all there is. */
const NICE = 10;

// Only Linux has a priority for each thread. Elsewhere this would change the priority of the whole service.
if (process.platform === 'linux') setPriority(NICE);

export const write = (batch: ReportBatch): PersonText[] => writePeople(batch);
