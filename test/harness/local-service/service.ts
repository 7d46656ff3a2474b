import { type Database, type DatabaseOptions, startDatabase } from '../database/database.ts';
import { demoSeed } from '../database/demo-seed.ts';
import type { Seed } from '../database/seed-format.ts';
import { type Page, startGateway } from '../gateway/gateway.ts';
import { endpoints } from '../lambda/functions.ts';
import { startBackend } from './backend.ts';
import { localIssuer, type SignToken, selectsIssuer } from './issuer.ts';
import { type Synthesised, synthesise } from './synthesise.ts';

export type ServiceOptions = DatabaseOptions & {
  /** 0, the default, for any free port. */
  port?: number;
  /** Returns pages to serve beside the API, given the service's token. */
  pages?: (token: string | null) => readonly Page[];
  /** Whether to run the functions' bundles, as deployed, instead of their source. */
  isBundled?: boolean;
  /** Receives a line for each request, and the functions' output. */
  log?: (text: string) => void;
};

/** The whole service, running locally. */
export type Service = {
  url: string;
  /** Grants every declared permission in the seeded workspaces for twelve hours; `null` with another issuer. */
  token: string | null;
  /** Signs other tokens; `undefined` with another issuer. */
  signToken: SignToken | undefined;
  database: Pick<Database, 'endpoint' | 'table' | 'ended'>;
  /** Synthesises the stack again and replaces the running functions. */
  reload(): Promise<void>;
  close(): Promise<void>;
};

/** The limit on workspaces in the token: with more, the Authorization header could exceed the gateway's limit. */
const maxWorkspaces = 50;

/**
 * Starts everything that `npm start` runs. After a failure, nothing is left running.
 *
 * @throws CommandError if a variable is invalid, or the engine, the functions, the seed or the port cannot be used
 */
export const startService = async (options: ServiceOptions = {}): Promise<Service> => {
  const { seed = demoSeed, environment = process.env, port = 0, pages = () => [], log = () => {} } = options;
  const { isBundled = false } = options;
  const opened: { close(): Promise<void> }[] = [];
  const opening = async <Opened extends { close(): Promise<void> }>(start: Promise<Opened>): Promise<Opened> => {
    const started = await start;
    opened.push(started);
    return started;
  };
  const close = async () => void (await Promise.all(opened.map((one) => one.close())));
  try {
    // The issuer comes first: its variables are validated before anything slow starts.
    const isExternalIssuer = selectsIssuer(environment);
    const signToken = isExternalIssuer ? undefined : (await localIssuer()).signToken;
    const blueprint = await opening(synthesise(isBundled));
    const database = await opening(startDatabase({ ...options, definition: blueprint.table }));
    const backendOf = (plan: Synthesised) => startBackend(plan, database, { environment, isExternalIssuer, log });
    let backend = await backendOf(blueprint);
    opened.push({ close: () => backend.close() });
    const current = {
      get routes() {
        return backend.routes;
      },
    };
    const token = (await signToken?.(grantsOf(seed))) ?? null;
    const { url } = await opening(startGateway(Object.assign(current, { pages: pages(token), port, log })));
    return {
      url,
      token,
      signToken,
      database,
      reload: async () => {
        const before = backend;
        backend = await backendOf(await synthesise(isBundled));
        await before.close();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The workspaces of the first record of each kind come first, because the requests that `npm start` prints change those. */
const grantsOf = (seed: Seed) => {
  const lists = Object.values(seed);
  const records = [...lists.flatMap((list) => list.slice(0, 1)), ...lists.flat()];
  const workspaces = new Set(records.flatMap(({ ids }) => ids.workspaceId ?? []));
  const permissions = [...new Set(endpoints.map(({ permission }) => permission))];
  return {
    workspaces: Object.fromEntries([...workspaces].slice(0, maxWorkspaces).map((id) => [id, permissions])),
    expiresIn: 12 * 3600,
  };
};
