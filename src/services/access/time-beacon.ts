import { hashOf, isSame } from '../encryption/tokens';

/** Milliseconds since 1970, the caller, and an HMAC-SHA256 of both in base64url. */
const FORM = /^(\d{13})\.([\w:-]{1,64})\.([\w-]{43})$/;

/** When a beacon was issued, and to whom. */
interface Issued {
  readonly at: Date;
  readonly caller: string;
}

/**
 * Time beacons: each answer names its time and the caller, authenticated with a secret of the installation. A device that
 * presents one cannot have had it before, so what it made with it was not made before either.
 */
export class TimeBeacons {
  constructor(
    private readonly key: Buffer,
    private readonly now: () => Date,
  ) {}

  /** A beacon of now. */
  issue(caller: string): string {
    const text = `${this.now().getTime()}.${caller}`;
    return `${text}.${this.macOf(text).toString('base64url')}`;
  }

  /** null: it is not one of this installation. */
  read(beacon: string): Issued | null {
    const [, time = '', caller = '', mac = ''] = FORM.exec(beacon) ?? [];
    if (mac === '' || !isSame(Buffer.from(mac, 'base64url'), this.macOf(`${time}.${caller}`))) return null;
    return { at: new Date(Number(time)), caller };
  }

  private macOf(text: string): Buffer {
    return hashOf(`rollcall-beacon-1\n${text}`, this.key);
  }
}
