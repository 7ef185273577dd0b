// HOST:PORT as the command line has it.

import type { Address } from '../platform/platform.ts';
import { UsageError } from './exit-code.ts';

/** Without `defaultPort` the port must be given. An IPv6 address stands in brackets. */
export function parseAddress(text: string, option: string, defaultPort?: number): Address {
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<host>[^:\s]+))(?::(?<port>\d{1,5}))?$/.exec(text);
  const machine = match?.groups?.v6 ?? match?.groups?.host;
  const port = match?.groups?.port;
  const tcpPort = port === undefined ? defaultPort : Number(port);
  if (machine === undefined || tcpPort === undefined || tcpPort > 65_535)
    throw new UsageError(
      `${option} ${text}: expected HOST${defaultPort === undefined ? ':PORT' : ' or HOST:PORT'}`,
    );
  return { machine, tcpPort };
}
