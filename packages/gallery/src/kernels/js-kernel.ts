import type { TemplateRows } from '../template-rows';
import { GROUP, groupsOf, type Kernel } from './kernel';

/**
 * The reference in plain TypeScript: every row that it proposes reaches the threshold. Used if WebAssembly is missing.
 */
export function jsKernel(rows: TemplateRows): Kernel {
  return {
    name: 'js',
    exactScoreCost: 1,
    begin(probe, size) {
      const groups = groupsOf(size);
      return (group, bar) => {
        for (; group < groups; group++) {
          let found = 0;
          for (let stream = 0; stream < GROUP; stream++) {
            const row = group + stream * groups;
            if (row < size && rows.score(row, probe) >= bar) found |= 1 << stream;
          }
          if (found !== 0) return (group << GROUP) | found;
        }
        return groups << GROUP;
      };
    },
  };
}
