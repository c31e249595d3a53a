import { RollcallError } from '../../errors';

export interface StreamLimits {
  /** Of one caller. */
  readonly perKey: number;
  readonly total: number;
}

/** A place among the open streams. */
export interface StreamPlace {
  /** Aborted once the stream has to end. */
  readonly over: AbortSignal;
  /** Ends it, and gives the place back; harmless when repeated. */
  leave(): void;
}

/** Counts the streams that are open on this node, so that they stay few enough, and ends them when the service stops. */
export class OpenStreams {
  private readonly places = new Map<AbortController, string>();

  constructor(private readonly limits: StreamLimits) {}

  /** @throws RollcallError TOO_MANY_REQUESTS */
  enter(caller: string): StreamPlace {
    const { perKey, total } = this.limits;
    const own = [...this.places.values()].filter((each) => each === caller).length;
    if (own >= perKey) throw tooMany(`This key already has ${perKey} open streams; close one first`);
    if (this.places.size >= total) throw tooMany('Too many streams are open; try again later');
    const controller = new AbortController();
    this.places.set(controller, caller);
    const leave = (): void => {
      this.places.delete(controller);
      controller.abort();
    };
    return { over: controller.signal, leave };
  }

  close(): void {
    for (const controller of this.places.keys()) controller.abort();
  }
}

const tooMany = (message: string): RollcallError => new RollcallError('TOO_MANY_REQUESTS', message);
