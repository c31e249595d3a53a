import { Field, ID, ObjectType } from 'type-graphql';
import type { PunchOrigin } from '../../entities/punch-origin';

const KEY = 'key:';

@ObjectType({ description: 'Who sent a punch, from where, and with which program. For ADMIN and HR.' })
export class PunchOriginView {
  @Field(() => String, { description: 'The requester, as in the audit trail. For example key:<id>.' })
  requester!: string;

  @Field(() => ID, { nullable: true, description: 'Id of the API key. Null if no API key was used.' })
  keyId!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Network of the sender: a /24 of IPv4 or a /48 of IPv6, for example 203.0.113.0/24. Null if unknown.',
  })
  network!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Name and version of the program, as it states them: the headers apollographql-client-name and apollographql-client-version, otherwise User-Agent. At most 100 characters. Null if it states none.',
  })
  client!: string | null;
}

/** @returns null: the punch is from before origins were kept, or its employee was erased */
export function originView({ sentBy, sentFrom, clientVersion }: PunchOrigin): PunchOriginView | null {
  if (sentBy === null) return null;
  const keyId = sentBy.startsWith(KEY) ? sentBy.slice(KEY.length) : null;
  return { requester: sentBy, keyId, network: sentFrom, client: clientVersion };
}

/** The requester of an API key. */
export const requesterOfKey = (keyId: string): string => `${KEY}${keyId.toLowerCase()}`;
