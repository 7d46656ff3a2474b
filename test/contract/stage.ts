import type { Item } from '../../lib/table/changes.ts';

/** A request, as it is put on the wire. */
export type Request = {
  method: string;
  path: string;
  /** Names and values; a name may come twice. */
  headers: readonly (readonly [string, string])[];
  body: Buffer;
};

/** An answer, as it came. Header names are in lower case. */
export type Answer = { status: number; headers: Record<string, string>; text: string };

/** Who calls: the four kinds of token that the promises speak of. All but `expired` are good. */
export type CallerKind = 'owner' | 'stranger' | 'powerless' | 'expired';

/** Somewhere the service runs, with a way to its records that does not go through it. */
export type Stage = {
  send: (request: Request) => Promise<Answer>;
  /** `owner` may do everything in the workspace, `stranger` in another one, `powerless` nothing in this one. */
  token: (caller: CallerKind, workspaceId: string) => Promise<string>;
  /** The workspaces in which records may be made: an id and another one, new for every call if that is possible. */
  workspaceIds: () => { own: string; other: string };
  put: (...items: Item[]) => Promise<void>;
  items: (keys: readonly { pk: string; sk: string }[]) => Promise<(Item | undefined)[]>;
  remove: (...keys: { pk: string; sk: string }[]) => Promise<void>;
  /** The same stage with something broken, if that can be had here. */
  broken?: { database: Pick<Stage, 'send'>; keys: Pick<Stage, 'send'> };
  close: () => Promise<void>;
};
