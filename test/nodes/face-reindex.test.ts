/** Real: two services on one PostgreSQL, the models, real photos. Fake: rows of nodes that are not there. */
import { randomUUID } from 'node:crypto';
import { ADMIN_KEY, Speaker } from '../support/access';
import { createStorage, describeOnServer, type TestStorage } from '../support/databases';
import { check, collins, hopperAgain, register } from '../support/operations';
import { TestService } from '../support/service';
import { until } from '../support/until';

const env = { ADMIN_API_KEY: ADMIN_KEY, PUNCH_MIN_INTERVAL_SECONDS: '0' };

describeOnServer('face templates of an earlier model on two nodes', () => {
  let storage: TestStorage;
  const nodes: TestService[] = [];
  const start = async (): Promise<TestService> => {
    const node = await TestService.start({ storage, env });
    nodes.push(node);
    return node;
  };
  const stopAll = () => Promise.all(nodes.splice(0).map((node) => node.stop()));

  beforeEach(async () => {
    storage = await createStorage();
  });
  afterEach(async () => {
    await stopAll();
    await storage.remove();
  });

  it('are computed by both, and match on both', async () => {
    const first = await start();
    const admin = new Speaker(first, ADMIN_KEY);
    await register(admin, { faceDescriptor: undefined });
    const photos = { imageBase64: collins.imageBase64, faceDescriptor: undefined };
    await register(admin, { name: 'Eileen Collins', employeeId: 'EMP-2', ...photos });
    await first.sql(
      `UPDATE face_templates SET model_id = 'dlib-resnet-128-aligned', dimension = 128,
         vector = decode(repeat('0000803f', 128), 'hex')`,
    );
    await stopAll();
    const both = await Promise.all([start(), start()]);
    for (const node of both) {
      await until(
        () =>
          new Speaker(node, ADMIN_KEY).ask<{ faceReindexStatus: { complete: boolean } }>(
            '{ faceReindexStatus { complete } }',
          ),
        ({ faceReindexStatus: { complete } }) => complete,
      );
      const input = { imageBase64: hopperAgain.imageBase64, faceDescriptor: undefined };
      const found = await until(
        () => check(new Speaker(node, ADMIN_KEY), input).catch(() => null),
        (answer) => answer !== null,
      );
      expect(found?.status).toBe('RECORDED');
    }
    expect(
      await both[0].sql('SELECT DISTINCT model_id AS model, reindex_error AS error FROM face_templates'),
    ).toEqual([{ model: 'mobilefacenet-512', error: null }]);
  });

  it.each([
    [
      'another model',
      "INSERT INTO face_model_users (node_id, model_id) VALUES ($1, 'another')",
      'the face model another',
    ],
    [
      'an earlier version',
      "INSERT INTO encryption_key_users (node_id, key_id) VALUES ($1, '0123456789abcdef')",
      'an earlier version',
    ],
  ])('are not touched while a node runs with %s', async (_what, insert, said) => {
    const node = await start();
    await node.sql('DELETE FROM face_model_users');
    await node.sql(insert, [randomUUID()]);
    await expect(start()).rejects.toThrow(`Another node is running with ${said}. Stop all nodes`);
    // A node that crashed is forgotten.
    await node.sql("UPDATE face_model_users SET seen_at = now() - interval '4 minutes'");
    await node.sql("UPDATE encryption_key_users SET seen_at = now() - interval '4 minutes'");
    await start();
  });
});
