/** A thread that derives working days, so that punches never wait for a list of many people. */
import { deriveBatch, type Batch, type PersonDays } from './derive-batch';
import { totalBatch, type TotalQuery, type GroupTotals } from './total-batch';

export const derive = (batch: Batch): PersonDays[] => deriveBatch(batch);

export const total = ({ batch, by }: { batch: Batch; by: TotalQuery }): GroupTotals => totalBatch(batch, by);
