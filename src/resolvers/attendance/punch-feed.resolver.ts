import { Arg, ID, Resolver, Root, Subscription, type PubSub } from 'type-graphql';
import type { Context } from '../../context';
import { Attendance } from '../../entities/attendance.entity';
import { RollcallError } from '../../errors';
import type { PunchFeed } from '../../services/attendance/punches/punch-feed';

const TOPIC = 'attendanceRecorded';

/** The office to watch. @throws RollcallError FORBIDDEN where a kiosk names another than its own */
function officeFor({ requester }: Context, officeId: string | null | undefined): string | null {
  const { kioskOffice } = requester;
  if (kioskOffice === null) return officeId ?? null;
  if (officeId == null || officeId.toLowerCase() === kioskOffice) return kioskOffice;
  throw new RollcallError('FORBIDDEN', 'A kiosk watches its own office only', { field: 'officeId' });
}

@Resolver()
export class PunchFeedResolver {
  @Subscription(() => Attendance, {
    topics: TOPIC,
    topicId: ({ args, context }: { args: { officeId?: string | null }; context: Context }) =>
      officeFor(context, args.officeId),
    description:
      'Each punch once it is recorded, on whatever node, from the moment the stream is open; over POST /graphql/stream ' +
      '(graphql-sse, distinct connections). A stream may end at any time, such as when the service restarts: open it ' +
      'again, and ask `attendances` for what was missed. Errors: NOT_FOUND (office), FORBIDDEN (a kiosk names another ' +
      'office), TOO_MANY_REQUESTS (streams), UNAUTHENTICATED once the key is revoked.',
  })
  attendanceRecorded(
    @Root() punch: Attendance,
    @Arg('officeId', () => ID, {
      nullable: true,
      description:
        'Only those that were made for this office; left out: all, and for a kiosk those of its own.',
    })
    officeId: string | null,
  ): Attendance {
    // Looked at above, before there was a punch.
    void officeId;
    return punch;
  }
}

/** The feed as TypeGraphQL asks for one. Without it (where the schema is only printed) nothing can be watched. */
export const pubSubOf = (feed: PunchFeed | null): PubSub => ({
  publish: () => undefined,
  subscribe: (_topic: string, officeId?: unknown) => {
    if (feed === null) throw new Error('there is no feed');
    return feed.watch((officeId as string | null | undefined) ?? null);
  },
});
