import { StandInProcess } from '../../test/support/stand-in-process';
import { strangerDescriptor } from '../../test/support/photos';
import { portraitOf, SIZES } from './photos';

/** What is compared: settings of the service, and the two requests of each person. */
export interface Mode {
  readonly env: Readonly<Record<string, string>>;
  readonly people: readonly { readonly enrol: object; readonly check: object }[];
  readonly stop: () => Promise<void>;
}

/** With few, each would have hundreds of punches on a day. Portraits are of one person, and another would be refused. */
const PEOPLE = 64;
const nothing = (): Promise<void> => Promise.resolve();
const engine = { FACE_WORKERS: '1', FACE_DESCRIPTOR_TRUST: 'verify' };

/** A photo that the server's model decides. */
async function photo(size: keyof typeof SIZES): Promise<Mode> {
  const [enrolled, imageBase64] = [await portraitOf(SIZES.kiosk), await portraitOf(SIZES[size])];
  return {
    env: engine,
    people: [
      {
        enrol: { employeeId: 'BENCH-0', name: 'Grace', imageBase64: enrolled },
        check: { employeeId: 'BENCH-0', imageBase64 },
      },
    ],
    stop: nothing,
  };
}

/** A descriptor decides, and the photo is copied to Cloudinary before the answer. */
async function client(): Promise<Mode> {
  const standIn = await StandInProcess.start();
  const imageBase64 = await portraitOf(SIZES.kiosk);
  return {
    env: {
      FACE_WORKERS: '0',
      FACE_DESCRIPTOR_TRUST: 'client',
      CLOUDINARY_CLOUD_NAME: standIn.cloudName,
      CLOUDINARY_API_KEY: standIn.apiKey,
      CLOUDINARY_API_SECRET: standIn.apiSecret,
      CLOUDINARY_UPLOAD_PREFIX: standIn.url,
    },
    people: Array.from({ length: PEOPLE }, (_, i) => {
      const face = { employeeId: `BENCH-${i}`, imageBase64, faceDescriptor: strangerDescriptor(i) };
      return { enrol: { ...face, name: `Person ${i}` }, check: face };
    }),
    stop: () => standIn.stop(),
  };
}

export const MODES = {
  photo: () => photo('kiosk'),
  phone: () => photo('phone'),
  client,
} as const;
