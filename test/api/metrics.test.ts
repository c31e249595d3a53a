/** Real: the service over HTTP, as a process of its own for its log, the database. Fake: Cloudinary. */
import { ChildService } from '../support/child-service';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { createStorage } from '../support/databases';
import { send } from '../support/hostile';
import { check, register } from '../support/operations';
import { freePort } from '../support/ports';
import { TestService } from '../support/service';
import { until } from '../support/until';

const TOKEN = 'a-token-of-the-monitoring';
const authorization = `Bearer ${TOKEN}`;

describe('/metrics', () => {
  let service: TestService;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    const env = { METRICS_PORT: String(port), METRICS_TOKEN: TOKEN, ADMIN_API_KEY: 'k'.repeat(32) };
    service = await TestService.start({ env });
  });
  afterAll(() => service.stop());

  it('is on a port of its own on loopback, which has nothing else', async () => {
    const answer = await send(`http://127.0.0.1:${port}`, '/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const name of [
      'rollcall_checks_total',
      'rollcall_check_seconds_bucket',
      'rollcall_face_queue 0',
      'rollcall_uploads_pending 0',
      'rollcall_uploads_failed 0',
      'rollcall_review_items 0',
      'rollcall_database_pool_waiting 0',
      'rollcall_gallery_templates 0',
      'rollcall_gallery_version',
      'nodejs_eventloop_lag_seconds',
    ]) {
      expect(answer.text).toContain(name);
    }
    expect((await send(`http://127.0.0.1:${port}`, '/graphql')).status).toBe(404);
  });

  it('is on the service’s port with METRICS_TOKEN, which opens nothing else', async () => {
    expect((await send(service.url, '/metrics', { headers: { authorization } })).status).toBe(200);
    for (const wrong of ['Bearer wrong', TOKEN, `Bearer ${'k'.repeat(32)}`, '']) {
      const answer = await send(service.url, '/metrics', { headers: { authorization: wrong } });
      expect([wrong, answer.status]).toEqual([wrong, 401]);
    }
    expect((await send(service.url, '/metrics')).status).toBe(401);
    const api = await send(service.url, '/graphql?query={__typename}', { headers: { authorization } });
    expect(api.status).toBe(401);
  });
});

it('without METRICS_TOKEN the service’s port has no /metrics', async () => {
  const service = await TestService.start({ env: { FACE_WORKERS: '0' } });
  try {
    expect((await send(service.url, '/metrics')).status).toBe(404);
  } finally {
    await service.stop();
  }
});

it('/healthz looks up no key, so it answers without the database', async () => {
  const service = await TestService.start({ env: { FACE_WORKERS: '0', ADMIN_API_KEY: 'k'.repeat(32) } });
  const headers = { authorization: `Bearer rck_${'x'.repeat(43)}` };
  try {
    expect((await send(service.url, '/healthz', { headers })).status).toBe(200);
    expect((await send(service.url, '/readyz', { headers })).status).toBe(401);
  } finally {
    await service.stop();
  }
});

it('checks are counted by outcome, and each step is measured', async () => {
  const service = await TestService.start({ env: { METRICS_TOKEN: TOKEN } });
  try {
    await register(service);
    await check(service);
    await check(service, { employeeId: 'NOBODY' });
    const saved = { requestId: 'saved', capturedAt: new Date().toISOString() };
    expect(await check(service, { employeeId: 'NOBODY', ...saved })).toHaveProperty('status', 'REVIEW');
    const { text } = await send(service.url, '/metrics', { headers: { authorization } });
    expect(text).toContain('rollcall_checks_total{outcome="RECORDED"} 1');
    expect(text).toContain('rollcall_checks_total{outcome="EMPLOYEE_NOT_FOUND"} 1');
    for (const step of ['read', 'admit', 'see', 'match', 'punch', 'local_copy', 'row']) {
      expect(text).toMatch(new RegExp(`rollcall_check_step_seconds_count\\{step="${step}"\\} [123]`));
    }
    expect(text).toContain('rollcall_gallery_templates 2');
    expect(text).toContain('rollcall_review_items 1');
  } finally {
    await service.stop();
  }
});

it('one correlation id leads from a request to the upload of its photo in the log', async () => {
  const [cdn, storage] = [await CloudinaryStandIn.start(), await createStorage()];
  const lines: Record<string, unknown>[] = [];
  const child = ChildService.spawn({
    storage,
    env: {
      CLOUDINARY_URL: `cloudinary://${cdn.apiKey}:${cdn.apiSecret}@${cdn.cloudName}`,
      CLOUDINARY_UPLOAD_PREFIX: cdn.url,
    },
    onLine: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const ids = (text: string) => lines.filter(({ msg }) => msg === text).map((line) => line['correlationId']);
  try {
    const api = await child.listening;
    await register(api);
    // The first attempt fails, so the uploader does it later, when the request is long over.
    cdn.failWith('server-error', 1);
    await check(api);
    await until(() => ids('Photo uploaded').length === 2);
    const requests = ids('request');
    expect(requests).toHaveLength(2);
    expect(ids('Photo uploaded')).toEqual(requests);
    expect(ids('Upload failed; it stays pending')).toEqual([requests[1]]);
  } finally {
    await child.stop();
    await storage.remove();
    await cdn.stop();
  }
});
