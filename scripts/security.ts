import { spawnSync } from 'node:child_process';

/** What `npm audit --json` writes, as far as it is read here. */
interface AuditReport {
  readonly auditReportVersion?: number;
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly range: string }>>;
}

const TIMEOUT_MS = 120_000;

/** Asks the registry for known vulnerabilities of what the service runs with. @returns null: it gave no answer */
function audit(): AuditReport | null {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  try {
    const report = JSON.parse(stdout) as AuditReport;
    return report.auditReportVersion === undefined ? null : report;
  } catch {
    return null;
  }
}

/** @returns lines to print, and whether there is something to do */
export function judge(report: AuditReport | null): {
  readonly lines: readonly string[];
  readonly failed: boolean;
} {
  if (report === null) return { lines: ['npm audit: skipped, the registry gave no answer'], failed: false };
  const found = Object.entries(report.vulnerabilities ?? {});
  if (found.length === 0) return { lines: ['npm audit: no known vulnerabilities'], failed: false };
  const lines = found.map(([name, { severity, range }]) => `npm audit: ${name} ${range}: ${severity}`);
  return { lines, failed: true };
}

if (require.main === module) {
  const { lines, failed } = judge(audit());
  process.stdout.write(`${lines.join('\n')}\n`);
  if (failed) process.exitCode = 1;
}
