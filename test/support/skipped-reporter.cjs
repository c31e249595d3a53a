'use strict';

/** What a suite says of itself where it cannot run here; a filter on the command line is nobody's news. */
const REASON = /\(skipped: /;

/** Lists by name what was skipped for a reason: jest itself only counts it where it runs more than one suite. */
class SkippedReporter {
  onRunComplete(_contexts, { testResults }) {
    const names = testResults
      .flatMap((file) => file.testResults)
      .filter(({ status, fullName }) => status === 'pending' && REASON.test(fullName))
      .map(({ fullName }) => fullName);
    if (names.length === 0) return;
    process.stderr.write(
      `\nSkipped, ${names.length} in number:\n${names.map((name) => `  ○ ${name}\n`).join('')}`,
    );
  }
}

module.exports = SkippedReporter;
