import { In, type DataSource } from 'typeorm';
import { Employee } from '../../../entities/employee.entity';
import { unavailable } from '../../../errors';
import type { TemplateVault } from '../../faces/matching/template-vault';
import { enrolledPeople, templateCounts } from './enrolled-people';
import { measure, type Measurement, type MeasureOptions } from './measure';
import { buildReport, type CalibrationReport } from './report';

/** Measures the error rates of matching on the enrolled faces. */
export class CalibrationService {
  /** By model. */
  private readonly measuring = new Map<string, Promise<Measurement>>();
  private readonly closing = new AbortController();

  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: TemplateVault,
    /** The model that is measured by default. */
    readonly modelId: string,
    /** The server's. */
    private readonly serverModel: string,
    private readonly now: () => Date = () => new Date(),
    private readonly options: Pick<MeasureOptions, 'budget' | 'seed'> = {},
  ) {}

  /**
   * Compares the templates of all active employees and says what follows for a wanted false match rate. Takes up to a
   * few seconds of one core, in slices. Each model has at most one measurement at a time. Calls that come meanwhile share
   * its figures.
   * @param targetFmr the wanted false match rate, above 0 and below 1
   * @param modelId whose templates are compared
   * @throws RollcallError UNAVAILABLE once the service is closing
   */
  async report(targetFmr: number, modelId = this.modelId): Promise<CalibrationReport> {
    let measuring = this.measuring.get(modelId);
    if (measuring === undefined) {
      measuring = this.measure(modelId).finally(() => this.measuring.delete(modelId));
      this.measuring.set(modelId, measuring);
    }
    const measurement = await measuring;
    const ids = measurement.closest.flatMap(({ first, second }) => [first, second]);
    const employees = await this.dataSource.getRepository(Employee).findBy({ id: In([...new Set(ids)]) });
    const byId = new Map(employees.map((employee) => [employee.id, employee]));
    return buildReport(measurement, {
      modelId,
      ofServer: modelId === this.serverModel,
      generatedAt: this.now(),
      targetFmr,
      employee: (id) => byId.get(id),
    });
  }

  /** Ends a measurement that is under way; resolves once it no longer uses the database. */
  async close(): Promise<void> {
    this.closing.abort(unavailable('The service is stopping'));
    await Promise.allSettled(this.measuring.values());
  }

  private async measure(modelId: string): Promise<Measurement> {
    const counts = (await templateCounts(this.dataSource)).filter((each) => each.modelId === modelId);
    // The model's dimension is that of most of its templates; others are of some mistake, and are counted.
    const [most, ...others] = counts;
    const measurement = await measure(
      most === undefined ? [] : enrolledPeople(this.dataSource, this.vault, modelId, most.dimension),
      { ...this.options, signal: this.closing.signal },
    );
    const misfits = others.reduce((sum, { templates }) => sum + templates, 0);
    return { ...measurement, skippedTemplates: measurement.skippedTemplates + misfits };
  }
}
