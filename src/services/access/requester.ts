import { Device } from '../../entities/api-key.entity';
import { Role } from '../../entities/role';
import type { Actor } from '../audit/actor';

/** Who sends a request: made once from its credentials, and all that any rule or record asks about them. */
export interface Requester extends Actor {
  /** admin: holds ADMIN_API_KEY. open: reaches a service that runs without a key. key: made with createApiKey. */
  readonly kind: 'admin' | 'open' | 'key' | 'jwt' | 'anonymous';
  /** Row id of their API key; null: another kind. */
  readonly keyId: string | null;
  /** null: nobody knows who it is. What each role may do is decided in resolvers/access-policy. */
  readonly role: Role | null;
  /** Whether it is an administrator or HR. */
  readonly staff: boolean;
  /**
   * Under which their refused faces are counted; null: they are not. Those of ADMIN_API_KEY and of an open service are
   * not: its holder can do anything anyway, and locking it would lock the operator out.
   */
  readonly lockable: string | null;
  /** Whether their checks may say when they were captured. */
  readonly mayPunchOffline: boolean;
  /** The office of the kiosk. Only its people may punch there. Null: the requester is no kiosk. */
  readonly kioskOffice: string | null;
  /** Whether the kiosk's office takes visitors; null: no kiosk, or not known. */
  readonly kioskVisitors: boolean | null;
  /** The office of the key; null: none, or no key. */
  readonly keyOffice: string | null;
  /** What the device is. A position of a FIXED one does not count: its place is the kiosk's office. */
  readonly device: Device;
}

/** The holder of an API key or a token. */
interface Holder {
  /** A key's row id; a hash of who a token is about. */
  readonly id: string;
  readonly role: Role;
  /** The office it belongs to; a KIOSK has one. */
  readonly officeId: string | null;
  /** Of a key. Whether its office takes visitors. */
  readonly allowVisitors?: boolean | null;
  /** Of a key. A token is fetched online, and its holder can punch online. */
  readonly allowOffline?: boolean;
  /** Of a key. Nothing is known of a device that has a token. */
  readonly device?: Device;
}

/** @param address the network address of the request; null: not known */
export function requesterOf(
  kind: Requester['kind'],
  address: string | null,
  holder: Holder | null = null,
): Requester {
  const operator = kind === 'admin' || kind === 'open';
  const caller = holder === null ? kind : `${kind}:${holder.id}`;
  const role = holder?.role ?? (operator ? Role.ADMIN : null);
  return {
    kind,
    keyId: kind === 'key' && holder !== null ? holder.id : null,
    caller,
    address,
    role,
    staff: role === Role.ADMIN || role === Role.HR,
    lockable: holder === null ? null : caller,
    mayPunchOffline: operator || holder?.allowOffline === true,
    kioskOffice: holder?.role === Role.KIOSK ? holder.officeId : null,
    kioskVisitors: holder?.role === Role.KIOSK ? (holder.allowVisitors ?? null) : null,
    keyOffice: holder?.officeId ?? null,
    device: holder?.device ?? Device.MOBILE,
  };
}
