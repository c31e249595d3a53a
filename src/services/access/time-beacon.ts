import { hashOf, isSame } from '../encryption/tokens';

/** The time in 8 bytes, and 16 bytes of an HMAC-SHA256: nobody guesses 128 bits. */
const TIME_BYTES = 8;
const MAC_BYTES = 16;
const FORM = /^[A-Za-z0-9_-]{32}$/;

/**
 * Time beacons: each answer names its time, under a key of the installation and for one caller. A device that presents
 * one cannot have had it before, so what it made with it was not made before either.
 */
export class TimeBeacons {
  constructor(
    private readonly key: Buffer,
    private readonly now: () => Date,
  ) {}

  /** A beacon of now, as base64url. */
  issue(caller: string): string {
    const time = Buffer.alloc(TIME_BYTES);
    time.writeBigUInt64BE(BigInt(this.now().getTime()));
    return Buffer.concat([time, this.macOf(time, caller)]).toString('base64url');
  }

  /** When a beacon was issued to this caller; null: it was not. */
  read(beacon: string, caller: string): Date | null {
    if (!FORM.test(beacon)) return null;
    const bytes = Buffer.from(beacon, 'base64url');
    const time = bytes.subarray(0, TIME_BYTES);
    if (!isSame(bytes.subarray(TIME_BYTES), this.macOf(time, caller))) return null;
    return new Date(Number(time.readBigUInt64BE()));
  }

  private macOf(time: Buffer, caller: string): Buffer {
    return hashOf(`rollcall-beacon-1\n${caller}\n${time.toString('hex')}`, this.key).subarray(0, MAC_BYTES);
  }
}
