import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const FIXTURES = join(__dirname, '..', '..', 'test', 'fixtures');
const PORTRAITS = ['grace-hopper', 'eileen-collins'];
const LIGHTS = [0.8, 0.95, 1.1, 1.25];
/** Pixels: what a kiosk's camera gives. */
const WIDTH = 640;

/** Eight JPEGs of 640 pixels' width: the two portraits in four lights each. */
export function createPhotos(): Promise<Buffer[]> {
  return Promise.all(
    PORTRAITS.flatMap((name) =>
      LIGHTS.map((brightness) =>
        sharp(readFileSync(join(FIXTURES, `${name}.jpg`)))
          .resize({ width: WIDTH })
          .modulate({ brightness })
          .jpeg({ quality: 85 })
          .toBuffer(),
      ),
    ),
  );
}
