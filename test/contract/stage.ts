import type { Item } from '../../lib/table/changes.ts';

/** A request, exactly as it is sent. */
export type StageRequest = {
  method: string;
  path: string;
  /** Names and values; a name may occur twice. */
  headers: readonly (readonly [string, string])[];
  body: Buffer;
};

/** A response, exactly as received. Header names are in lower case. */
export type StageResponse = { status: number; headers: Record<string, string>; text: string };

/** The four kinds of token that the promises refer to. All but `expired` are valid. */
export type CallerKind = 'owner' | 'stranger' | 'powerless' | 'expired';

/** A place where the service runs, with direct access to its records. */
export type Stage = {
  send: (request: StageRequest) => Promise<StageResponse>;
  /** `owner` has all permissions in the workspace, `stranger` in another one, `powerless` none in this one. */
  token: (caller: CallerKind, workspaceId: string) => Promise<string>;
  /** The ids of two workspaces in which records may be created, new for every call if that is possible. */
  workspaceIds: () => { own: string; other: string };
  put: (...items: Item[]) => Promise<void>;
  items: (keys: readonly { pk: string; sk: string }[]) => Promise<(Item | undefined)[]>;
  remove: (...keys: { pk: string; sk: string }[]) => Promise<void>;
  /** The same stage with something broken, if it supports that. */
  broken?: { database: Pick<Stage, 'send'>; keys: Pick<Stage, 'send'> };
  close: () => Promise<void>;
};
