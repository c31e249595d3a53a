/** Real: challenges over two connection pools of one PostgreSQL (TEST_DATABASE_URL), as two nodes have. Fake: nothing. */
import type { DataSource } from 'typeorm';
import { ChallengeRefusal } from '../../src/services/attendance/check/challenge-refusal';
import { createStorage, describeOnServer, type TestStorage } from '../support/databases';
import { openDataSource } from '../support/data-source';
import { TestService } from '../support/service';
import { anyone, challengesOn, plain } from '../support/challenges';

describeOnServer('challenges on two nodes', () => {
  let storage: TestStorage;
  let nodes: DataSource[];

  beforeAll(async () => {
    storage = await createStorage();
    nodes = [await openDataSource(storage), await openDataSource(storage)];
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.destroy()));
    await storage.remove();
  });

  it('are accepted once, however many checks race for one on both', async () => {
    const now = (): Date => new Date();
    const services = nodes.map((node) => challengesOn(node, now));
    for (let round = 0; round < 10; round++) {
      const { token } = await (services[round % 2] as (typeof services)[0]).create(plain);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (services[n % 2] as (typeof services)[0]).redeem(token, {
            ...anyone,
            requestId: `${round}-${n}`,
          }),
        ),
      );
      expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
      expect(
        answers.filter((answer) => !answer.accepted && answer.refusal === ChallengeRefusal.USED),
      ).toHaveLength(19);
    }
  });

  it('that one service made over HTTP are good on another', async () => {
    const service = await TestService.start({ storage });
    try {
      const { createChallenge } = await service.ask<{ createChallenge: { token: string } }>(
        'mutation { createChallenge { token } }',
      );
      const challenges = challengesOn(nodes[1] as DataSource, () => new Date());
      const answer = await challenges.redeem(createChallenge.token, { ...anyone, caller: 'open' });
      expect(answer).toMatchObject({ accepted: true });
    } finally {
      await service.app.close();
    }
  });
});
