import type { Rules } from '@rollcall/working-days';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import type { LocalDate } from '../../../entities/local-scalars';
import { WorkRulesVersion } from '../../../entities/work-rules-version.entity';
import { WorkRules } from '../../../entities/work-rules.entity';
import { conflict, notFound } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { checkRules } from './check-rules';
import { mergeRules, type RuleChanges } from './merge-rules';
import { PRESETS, type RulesPreset } from './presets';

interface NewRules {
  readonly name: string;
  readonly preset: RulesPreset;
  /** The date of the first version, which also holds before. */
  readonly from: LocalDate;
  readonly fields: RuleChanges;
}

/** Work rules and their versions. A version is never changed; a later one follows it. */
export class RulesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly now: () => Date,
  ) {}

  /** All by name. */
  list(): Promise<WorkRules[]> {
    return this.dataSource.getRepository(WorkRules).find({ order: { name: 'ASC', id: 'ASC' } });
  }

  /** @throws RollcallError BAD_USER_INPUT */
  create({ name, preset, from, fields }: NewRules, by: Actor): Promise<WorkRules> {
    const rules = mergeRules(PRESETS[preset], fields);
    checkRules(rules);
    return this.dataSource.transaction(async (manager) => {
      const made = { id: uuidv7(), name, createdBy: by.caller, createdAt: this.now() };
      const created = manager.create(WorkRules, made);
      await manager.insert(WorkRules, created);
      await this.insertVersion(manager, { rulesId: created.id, version: 1, from, rules, by });
      const details = { rulesId: created.id, preset };
      await recordAudit(manager, { ...by, action: 'rules.create', details, at: this.now() });
      return created;
    });
  }

  /**
   * Adds a version that holds from a date on. What is left out stays as in the version before.
   * @throws RollcallError BAD_USER_INPUT, NOT_FOUND; CONFLICT (OVERLAP) if the latest version does not begin earlier
   */
  addVersion(
    { rulesId, from, fields }: { rulesId: string; from: LocalDate; fields: RuleChanges },
    by: Actor,
  ): Promise<WorkRulesVersion> {
    return this.dataSource.transaction(async (manager) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const owner = isUuid(rulesId)
        ? await manager.findOne(WorkRules, { where: { id: rulesId }, lock })
        : null;
      if (owner === null) throw notFound('rulesId', 'work rules not found');
      const latest = await manager.findOneOrFail(WorkRulesVersion, {
        where: { rulesId },
        order: { version: 'DESC' },
      });
      if (from <= latest.validFrom) {
        throw conflict(
          'from',
          `Must be after ${latest.validFrom}, the first day of the latest version`,
          'OVERLAP',
        );
      }
      const rules = mergeRules(latest.fields as unknown as Rules, fields);
      checkRules(rules);
      const version = latest.version + 1;
      const added = await this.insertVersion(manager, { rulesId, version, from, rules, by });
      await recordAudit(manager, {
        ...by,
        action: 'rules.version',
        details: { rulesId, version, from },
        at: this.now(),
      });
      return added;
    });
  }

  private async insertVersion(
    manager: EntityManager,
    {
      rulesId,
      version,
      from,
      rules,
      by,
    }: { rulesId: string; version: number; from: LocalDate; rules: Rules; by: Actor },
  ): Promise<WorkRulesVersion> {
    const made = { id: uuidv7(), createdBy: by.caller, createdAt: this.now() };
    const fields = rules as unknown as Readonly<Record<string, unknown>>;
    const row = manager.create(WorkRulesVersion, { rulesId, version, validFrom: from, fields, ...made });
    await manager.insert(WorkRulesVersion, row as object);
    return row;
  }
}
