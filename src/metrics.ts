import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { RollcallError } from './errors';

/** From a fast step to the longest that an operation may take, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The parts of a check, as docs/guide/monitoring.md describes them. */
export type CheckStep =
  'read' | 'admit' | 'see' | 'liveness' | 'match' | 'punch' | 'local_copy' | 'row' | 'upload';

/** What Prometheus asks the service for. Labels never contain anything about a person. */
export class Metrics {
  readonly registry = new Registry();
  private readonly checks = new Counter({
    name: 'rollcall_checks_total',
    help: 'Checks by outcome. ERROR: the service failed. REFUSED: the request was not acceptable.',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });
  private readonly stepTimes = new Histogram({
    name: 'rollcall_check_step_seconds',
    help: 'Time that a step of a check took.',
    labelNames: ['step'] as const,
    buckets: BUCKETS,
    registers: [this.registry],
  });
  private readonly whole = new Histogram({
    name: 'rollcall_check_seconds',
    help: 'Time that a whole check took.',
    buckets: BUCKETS,
    registers: [this.registry],
  });

  /** Also measures the process: memory, CPU, event-loop lag. That costs a little, so only if somebody may ask. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /**
   * Counts a check by what it ended in, and measures it and its steps.
   * @param run calls `begin` at the start of each step, which ends the step before
   */
  async check<T extends { readonly status: string }>(
    run: (begin: (step: CheckStep) => void) => Promise<T>,
  ): Promise<T> {
    const end = this.whole.startTimer();
    let endStep: (() => number) | null = null;
    try {
      const outcome = await run((step) => {
        endStep?.();
        endStep = this.stepTimes.startTimer({ step });
      });
      this.checks.inc({ outcome: outcome.status });
      return outcome;
    } catch (error) {
      const ours = !(error instanceof RollcallError) || error.code === 'UNAVAILABLE';
      this.checks.inc({ outcome: ours ? 'ERROR' : 'REFUSED' });
      throw error;
    } finally {
      (endStep as (() => number) | null)?.();
      end();
    }
  }

  /** Measures a step within another one, also if it fails. @param done the step, which has just begun */
  async step<T>(step: CheckStep, done: Promise<T>): Promise<T> {
    const end = this.stepTimes.startTimer({ step });
    try {
      return await done;
    } finally {
      end();
    }
  }

  /**
   * A value that is read when Prometheus asks. Where it cannot be read it is NaN, so that the others are answered.
   * @param labels of each value, if there are several
   */
  gauge(name: string, help: string, read: () => number | Promise<number>): void {
    const gauge = new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        try {
          gauge.set(await read());
        } catch {
          gauge.set(NaN);
        }
      },
    });
  }
}
