import type { Areas } from './areas';
import type { Base } from './base';
import { postgresOptions } from './database/connection';
import { NotificationListener } from './database/listener';
import { PUNCH_CHANNEL } from './services/attendance/punches/punch-feed';
import { GALLERY_CHANNEL } from './services/faces/matching/gallery-sync';

/** Notifications of other nodes. @returns null: the embedded database has no other node */
export function listenToNodes(
  { config, health, log }: Base,
  { attendance: { feed }, faces: { gallerySync } }: Areas,
): NotificationListener | null {
  const { url, directUrl } = config.database;
  if (url === null) return null;
  const listener = new NotificationListener({
    connection: postgresOptions(directUrl ?? url),
    channels: [GALLERY_CHANNEL, PUNCH_CHANNEL],
    // The notification is not trusted, because other installations may share the channel: the database is read.
    onNotify: (channel, id) => {
      if (channel === PUNCH_CHANNEL) return feed.hear(id);
      gallerySync.catchUp().catch((err: unknown) => {
        log.warn({ err }, 'Could not load changed templates; the next check loads them');
      });
    },
    onConnected: async () => {
      await gallerySync.catchUp();
      await feed.catchUp();
    },
    log,
  });
  // This connection may lead to the old server as well, which would never notify of anything again.
  health.onTrouble((wrongServer) => {
    if (wrongServer) listener.reconnect();
  });
  return listener;
}
