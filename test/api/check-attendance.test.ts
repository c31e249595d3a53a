/** Real: the service over HTTP, the database, the disk, real photos and descriptors. Fake: nothing. */
import { check, collins, hopper, hopperAgain, punchCount, register } from '../support/operations';
import { cosine, descriptor } from '../support/photos';
import { TestService } from '../support/service';

describe('checkAttendance', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await TestService.start({ env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
    await register(service);
    await register(service, { name: 'Eileen Collins', employeeId: 'EMP-2', ...collins });
  });
  afterAll(() => service.stop());

  it('records the claimed employee, with the cosine of what was sent and what is stored: exact in the database, rounded down in answers', async () => {
    const answer = await check(service, { employeeId: 'emp-1' });
    expect(answer).toMatchObject({
      __typename: 'AttendanceRecorded',
      status: 'RECORDED',
      message: 'Login recorded successfully!',
      distanceFromOffice: null,
      cloudinaryUrl: null,
      attendance: { type: 'LOGIN', employee: { employeeId: 'EMP-1', name: 'Grace Hopper' }, office: null },
    });
    const expected = cosine(descriptor('grace-hopper-2'), descriptor('grace-hopper'));
    expect(answer.similarity).toBe(Math.floor(expected * 100) / 100);
    const [kept] = await service.sql<{ similarity: number }>('SELECT similarity FROM attendances');
    expect(kept?.similarity).toBeCloseTo(expected, 12);
    expect(answer.attendance?.similarity).toBe(answer.similarity);
  });

  it('recognises by the face alone', async () => {
    const answer = await check(service, {
      faceDescriptor: descriptor('eileen-collins-2'),
      imageBase64: collins.imageBase64,
    });
    expect(answer).toMatchObject({ status: 'RECORDED', attendance: { employee: { employeeId: 'EMP-2' } } });
  });

  it("refuses another person's face for a claimed employee, and writes nothing", async () => {
    const before = await punchCount(service);
    const answer = await check(service, { employeeId: 'EMP-2' });
    expect(answer).toMatchObject({
      __typename: 'FaceMismatch',
      status: 'FACE_MISMATCH',
      message: 'Face does not match',
      threshold: 0.95,
    });
    const exact = cosine(hopperAgain.faceDescriptor, collins.faceDescriptor);
    expect(answer.similarity).toBe(Math.floor(exact * 100) / 100);
    expect(await punchCount(service)).toBe(before);
  });

  it('answers EMPLOYEE_NOT_FOUND for an employeeId that nobody has', async () => {
    expect(await check(service, { employeeId: 'NOBODY' })).toMatchObject({
      __typename: 'EmployeeNotFound',
      status: 'EMPLOYEE_NOT_FOUND',
      similarity: null,
    });
  });

  it('takes a face that is enrolled under two names as nobody', async () => {
    await register(service, { name: 'Twin', employeeId: 'TWIN', ...hopper, allowDuplicateFace: true });
    expect(await check(service)).toMatchObject({ status: 'FACE_NOT_RECOGNIZED', threshold: 0.95 });
  });
});
