import type { Features } from './api-types';

type Named = { readonly name: string };
interface TypeReference extends Named {
  readonly kind: string;
  readonly ofType: { readonly kind: string; readonly name: string | null } | null;
}

export interface FeatureAnswer {
  readonly __schema: {
    readonly queryType: { readonly fields: readonly Named[] };
    readonly mutationType: { readonly fields: readonly Named[] };
    readonly subscriptionType: { readonly fields: readonly Named[] } | null;
  };
  readonly check: { readonly inputFields: readonly Named[] } | null;
  readonly registration: {
    readonly inputFields: readonly (Named & { readonly type: TypeReference })[];
  } | null;
}

export const LATEST: Features = {
  pairing: true,
  settings: true,
  capturedAt: true,
  consent: true,
  deactivation: true,
  liveBoard: true,
};

/** Reads off the schema what the server can do. */
export function featuresOf({ __schema: schema, check, registration }: FeatureAnswer): Features {
  const has = (fields: readonly Named[] | undefined, wanted: string): boolean =>
    fields?.some(({ name }) => name === wanted) ?? false;
  const consent = registration?.inputFields.find(({ name }) => name === 'consent')?.type;
  return {
    pairing: has(schema.mutationType.fields, 'redeemKioskPairing'),
    settings: has(schema.queryType.fields, 'kioskSettings'),
    capturedAt: has(check?.inputFields, 'capturedAt'),
    // A consent of another shape is not ours to guess.
    consent: consent?.name === 'ConsentInput' || consent?.ofType?.name === 'ConsentInput',
    deactivation: has(schema.mutationType.fields, 'deactivateEmployee'),
    liveBoard: has(schema.subscriptionType?.fields, 'attendanceRecorded'),
  };
}
