// Where a client hears about its light paths, and in which words.

import type { LightPath } from './light-path.ts';
import type { ClientMessage, MessageOf } from './messages.ts';
import type { PathFailure, RefusalKind } from './refusal.ts';
import { crossConnectsOf } from './route.ts';

export interface ClientVoice {
  send(message: ClientMessage): void;
}

type PathState = MessageOf<'path-state'>['state'];

export function tellState(
  client: ClientVoice | null | undefined,
  path: string,
  state: PathState,
  reason: string,
): void {
  client?.send({ type: 'path-state', path, state, reason });
}

export function refuse(
  client: ClientVoice | null | undefined,
  path: string,
  kind: RefusalKind,
  reason: string,
): void {
  client?.send({ type: 'refused', path, kind, reason });
}

/** How a path ended: as its client wanted (null), before it ever was up, or after. */
export function tellEnd(
  client: ClientVoice | null | undefined,
  path: string,
  wasUp: boolean,
  failure: PathFailure | null,
): void {
  if (failure === null) client?.send({ type: 'given-back', path });
  else if (wasUp) tellState(client, path, 'gone', failure.reason);
  else refuse(client, path, failure.kind, failure.reason);
}

export function grantOf(path: LightPath): MessageOf<'granted'> {
  const { name, revision, route } = path;
  return {
    type: 'granted',
    path: name,
    revision,
    fibres: [...(route?.fibres ?? [])],
    crossConnects: route === null ? [] : crossConnectsOf(route),
    setup_ns: path.setup,
  };
}
