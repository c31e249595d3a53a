import { Arg, Ctx, ID, Resolver, Root, Subscription, type PubSub } from 'type-graphql';
import type { Context } from '../../context';
import { Attendance } from '../../entities/attendance.entity';
import { RollcallError } from '../../errors';
import type { Audit } from '../../services/audit/create-audit';
import type { PunchFeed } from '../../services/attendance/punches/punch-feed';

const TOPIC = 'attendanceRecorded';

/** The office to watch. @throws RollcallError FORBIDDEN if a kiosk names another than its own */
function officeFor({ requester }: Context, officeId: string | null | undefined): string | null {
  const { kioskOffice } = requester;
  if (kioskOffice === null) return officeId ?? null;
  if (officeId == null || officeId.toLowerCase() === kioskOffice) return kioskOffice;
  throw new RollcallError('FORBIDDEN', 'A kiosk can only watch its own office', { field: 'officeId' });
}

@Resolver()
export class PunchFeedResolver {
  constructor(private readonly noteRead: Audit['noteRead']) {}

  @Subscription(() => Attendance, {
    topics: TOPIC,
    topicId: ({ args, context }: { args: { officeId?: string | null }; context: Context }) =>
      officeFor(context, args.officeId),
    description:
      'Sends each punch that is recorded on any node while the stream is open. Transport: POST /graphql/stream (graphql-sse, distinct connections). A stream can end at any time, for example when the service restarts. Then open it again and query `attendances` for missed punches. Errors: NOT_FOUND (office), FORBIDDEN (a kiosk names another office), TOO_MANY_REQUESTS (too many open streams), UNAUTHENTICATED (the key was revoked).',
  })
  attendanceRecorded(
    @Root() punch: Attendance,
    @Arg('officeId', () => ID, {
      nullable: true,
      description:
        'Only punches that belong to this office. Omit for all offices; for a kiosk, its own office.',
    })
    officeId: string | null,
    @Ctx() { requester }: Context,
  ): Attendance {
    // Looked at above, before there was a punch.
    void officeId;
    // A kiosk shows the punches that are made in front of it.
    if (requester.kioskOffice === null) this.noteRead(TOPIC, 1, requester);
    return punch;
  }
}

/** The feed as TypeGraphQL asks for one. Without it (when the schema is only printed) nothing can be watched. */
export const pubSubOf = (feed: PunchFeed | null): PubSub => ({
  publish: () => undefined,
  subscribe: (_topic: string, officeId?: unknown) => {
    if (feed === null) throw new Error('The punch feed is not available');
    return feed.watch((officeId as string | null | undefined) ?? null);
  },
});
