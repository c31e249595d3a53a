import type { Candidates } from '../candidates';
import type { Probe } from '../probe';
import { GROUP, groupsOf, type Kernel } from './kernel';

/** Shows the candidates every one of the first `size` rows that may matter to them. */
export function scan(kernel: Kernel, probe: Probe, size: number, candidates: Candidates): void {
  const groups = groupsOf(size);
  const next = kernel.begin(probe, size);
  for (let group = 0; group < groups; group++) {
    const proposal = next(group, candidates.bar);
    group = proposal >>> GROUP;
    for (let stream = 0; stream < GROUP; stream++) {
      const row = group + stream * groups;
      // Reading whole groups, a kernel may come upon rows that are none.
      if ((proposal & (1 << stream)) !== 0 && row < size) candidates.consider(row);
    }
  }
}
