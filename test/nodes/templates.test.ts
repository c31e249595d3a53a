/** Real: two services over HTTP on one PostgreSQL (TEST_DATABASE_URL), the disk, real photos. Fake: nothing. */
import { Client } from 'pg';
import { createStorage, describeOnServer, type TestStorage } from '../support/databases';
import { check, collins, hopper, register, REGISTER } from '../support/operations';
import { descriptor, near } from '../support/photos';
import { TestService } from '../support/service';

const ADD = `mutation ($input: FaceTemplateInput!) { addFaceTemplate(input: $input) { template { id } } }`;
const REMOVE = 'mutation ($id: ID!) { removeFaceTemplate(templateId: $id) { id } }';

describeOnServer('templates on two nodes', () => {
  let storage: TestStorage;
  let one: TestService;
  let two: TestService;
  let admin: Client;

  beforeEach(async () => {
    storage = await createStorage();
    const options = { storage, env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } };
    one = await TestService.start(options);
    two = await TestService.start(options);
    admin = new Client({ connectionString: storage.databaseUrl as string });
    await admin.connect();
    await register(one);
  });
  afterEach(async () => {
    await admin.end();
    await Promise.all([one.stop(), two.stop()]);
    await storage.remove();
  });

  it('match nowhere any more once their removal was answered, listening connection or not', async () => {
    for (let n = 0; n < 10; n++) {
      // Near enough to the employee's other face to be added, too far from it to match.
      const faceDescriptor = near(hopper.faceDescriptor, 0.92, n);
      const probe = { imageBase64: hopper.imageBase64, faceDescriptor };
      const { addFaceTemplate } = await one.ask<{ addFaceTemplate: { template: { id: string } } }>(ADD, {
        input: { employeeId: 'EMP-1', ...probe },
      });
      expect(await check(two, probe)).toMatchObject({ status: 'RECORDED' });
      if (n >= 5)
        await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN%'`);
      await one.ask(REMOVE, { id: addFaceTemplate.template.id });
      expect(await check(two, probe)).toMatchObject({ status: 'FACE_NOT_RECOGNIZED' });
      expect(await check(two, { employeeId: 'EMP-1', ...probe })).toMatchObject({
        status: 'FACE_MISMATCH',
      });
    }
  });

  it('of one face that are enrolled on both at once do not both pass', async () => {
    const face = { imageBase64: collins.imageBase64, faceDescriptor: descriptor('eileen-collins') };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 === 0 ? one : two).send(REGISTER, {
          input: { name: `Eileen ${n}`, employeeId: `RACE-${n}`, ...face },
        }),
      ),
    );
    const refused = answers.flatMap(({ errors }) => errors?.[0]?.extensions.code ?? []);
    expect(refused).toEqual(Array(9).fill('FACE_ALREADY_ENROLLED'));
  });
});
