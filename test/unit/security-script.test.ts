/** Real: everything. Fake: the registry's answers. */
import { judge } from '../../scripts/security';

describe('npm run security', () => {
  it('is skipped with a line if the registry gives no answer', () => {
    expect(judge(null)).toEqual({
      lines: ['npm audit: skipped, the registry gave no answer'],
      failed: false,
    });
  });

  it('passes without known vulnerabilities', () => {
    expect(judge({ auditReportVersion: 2, vulnerabilities: {} }).failed).toBe(false);
  });

  it('names each dependency that is vulnerable, and fails', () => {
    const vulnerabilities = { leftpad: { severity: 'high', range: '<1.3.0' } };
    expect(judge({ auditReportVersion: 2, vulnerabilities })).toEqual({
      lines: ['npm audit: leftpad <1.3.0: high'],
      failed: true,
    });
  });
});
