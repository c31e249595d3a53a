import { parseArgs } from 'node:util';
import { CloudinaryStandIn } from './cloudinary-stand-in';

/**
 * The stand-in as a process of its own, for demos and for tests that kill the service under test:
 *
 *   node -r @swc-node/register test/support/cloudinary-stand-in-main.ts --port 4010 --cloud-name demo
 *
 * Prints `{"url": …, "cloudName": …, "apiKey": …}` as one line once it listens. `GET /__assets` lists what it holds,
 * `POST /__fail?mode=…&times=…` lets it fail. Ends on SIGTERM or SIGINT.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      'cloud-name': { type: 'string' },
      'api-key': { type: 'string' },
      'api-secret': { type: 'string' },
    },
  });
  const { port, 'cloud-name': cloudName, 'api-key': apiKey, 'api-secret': apiSecret } = values;
  const standIn = await CloudinaryStandIn.start({
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(cloudName === undefined ? {} : { cloudName }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(apiSecret === undefined ? {} : { apiSecret }),
  });
  const stop = () => void standIn.stop().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const { url } = standIn;
  console.log(JSON.stringify({ url, cloudName: standIn.cloudName, apiKey: standIn.apiKey }));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
