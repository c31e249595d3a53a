import sharp from 'sharp';
import { photo } from './photos';
import { type FacePoints, type Movement, RenderedHead } from './rendered-head';

/** Landmarks of the portraits, as the service's model finds them. */
const FACES = {
  'grace-hopper': {
    leftEye: { x: 185.5, y: 193.3 },
    rightEye: { x: 264.2, y: 188.3 },
    nose: { x: 228.3, y: 237.5 },
    leftCorner: { x: 191.6, y: 278.8 },
    rightCorner: { x: 265.3, y: 274.3 },
    lips: { x: 229, y: 279.8 },
  },
  'eileen-collins': {
    leftEye: { x: 188.1, y: 165.7 },
    rightEye: { x: 253, y: 168.1 },
    nose: { x: 221, y: 208.8 },
    leftCorner: { x: 186.2, y: 230 },
    rightCorner: { x: 253.6, y: 232.4 },
    lips: { x: 219.8, y: 240.9 },
  },
} satisfies Record<string, FacePoints>;

const MOVEMENTS = {
  front: {},
  left: { yaw: 22 },
  right: { yaw: -22 },
  up: { pitch: 20 },
  open: { jaw: 18 },
} satisfies Record<string, Movement>;

export type RenderedPerson = keyof typeof FACES;
export type RenderedView = keyof typeof MOVEMENTS;

/** Each is drawn once by a process: it takes some tenths of a second. */
const drawn = new Map<string, Promise<Buffer>>();

/** A photo of a three-dimensional sequence: rendered (see `rendered-head.ts`), a JPEG. */
export function renderedPhoto(person: RenderedPerson, view: RenderedView): Promise<Buffer> {
  const name = `${person} ${view}`;
  const known = drawn.get(name) ?? draw(person, view);
  drawn.set(name, known);
  return known;
}

async function draw(person: RenderedPerson, view: RenderedView): Promise<Buffer> {
  const { data, info } = await sharp(photo(`${person}.jpg`))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const head = new RenderedHead({ rgb: data, width: info.width, height: info.height }, FACES[person]);
  const seed = Object.keys(MOVEMENTS).indexOf(view) + 1;
  const { rgb, width, height } = head.photo(MOVEMENTS[view], { seed });
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 88 })
    .toBuffer();
}

const VIEWS: Readonly<Record<string, RenderedView>> = {
  TURN_LEFT: 'left',
  TURN_RIGHT: 'right',
  LOOK_UP: 'up',
  OPEN_MOUTH: 'open',
};

/** A photo for each action of a challenge, as base64. */
export const renderedActions = (
  actions: readonly string[],
  person: RenderedPerson = 'grace-hopper',
): Promise<string[]> =>
  Promise.all(
    actions.map(async (action) =>
      (await renderedPhoto(person, VIEWS[action] as RenderedView)).toString('base64'),
    ),
  );
