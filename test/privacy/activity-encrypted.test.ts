/** Real: the service over HTTP, the database, templates that are encrypted at rest. Fake: nothing. */
import { randomBytes } from 'node:crypto';
import { hopperAgain, register } from '../support/operations';
import { TestService } from '../support/service';

const CHANGE = (name: string): string => `mutation { ${name}(employeeId: "EMP-1") { active } }`;

it('an employee who comes back is refused if their face was enrolled for somebody else, encrypted or not', async () => {
  const env = { ENCRYPTION_KEY: randomBytes(32).toString('hex') };
  const service = await TestService.start({ env });
  try {
    await register(service);
    await service.ask(CHANGE('deactivateEmployee'));
    await register(service, { name: 'Somebody', employeeId: 'EMP-2', ...hopperAgain });
    const { extensions } = await service.fault(CHANGE('reactivateEmployee'));
    expect(extensions).toMatchObject({ code: 'FACE_ALREADY_ENROLLED', employeeId: 'EMP-2' });
  } finally {
    await service.stop();
  }
});
