import type { Asker } from './operations';

export const PAIR = `mutation ($officeId: ID!, $name: String) {
  createKioskPairing(officeId: $officeId, name: $name) { code expiresAt }
}`;
export const REDEEM = `mutation ($code: String!) {
  redeemKioskPairing(code: $code) { apiKey office { id name timeZone } }
}`;

export interface Credentials {
  readonly apiKey: string;
  readonly office: { readonly id: string; readonly name: string; readonly timeZone: string };
}

export async function pairingCode(admin: Asker, officeId: string, name?: string): Promise<string> {
  const { createKioskPairing } = await admin.ask<{ createKioskPairing: { code: string } }>(PAIR, {
    officeId,
    name,
  });
  return createKioskPairing.code;
}

/** A kiosk that was paired. @returns its key */
export async function pair(admin: Asker, tablet: Asker, officeId: string): Promise<string> {
  const code = await pairingCode(admin, officeId);
  const { redeemKioskPairing } = await tablet.ask<{ redeemKioskPairing: Credentials }>(REDEEM, { code });
  return redeemKioskPairing.apiKey;
}
