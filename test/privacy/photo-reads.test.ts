/** Real: the service over HTTP, the database, the disk. Fake: nothing. */
import { openDataSource } from '../support/data-source';
import { check, register } from '../support/operations';
import { TestService } from '../support/service';

it('a photo that is read is in the audit trail with whose it is, and not with its path', async () => {
  const service = await TestService.start();
  const { employee } = await register(service, { employeeId: 'jane.doe' });
  const punch = await check(service);
  for (const url of [employee.faceImageUrl, punch.attendance?.localImageUrl ?? '']) {
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    // A connection with something left to read would keep the service from stopping.
    await answer.arrayBuffer();
  }
  // Stopping writes what was noted.
  await service.app.close();
  const dataSource = await openDataSource(service.storage);
  try {
    const rows = await dataSource.query<{ employee_id: string; details: object }[]>(
      `SELECT employee_id, details FROM audit_events WHERE action = 'photo.read' ORDER BY details->>'photo'`,
    );
    expect(rows).toEqual([
      { employee_id: employee.id, details: { count: 1, photo: 'face' } },
      { employee_id: employee.id, details: { count: 1, photo: 'punch' } },
    ]);
    const [{ all } = { all: '' }] = await dataSource.query<{ all: string }[]>(
      'SELECT string_agg(a::text, chr(10)) AS all FROM audit_events a',
    );
    expect(all).not.toContain('jane.doe');
  } finally {
    await dataSource.destroy();
    await service.storage.remove();
  }
});
