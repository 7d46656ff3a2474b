import { startBackend } from './backend.ts';
import { type Database, type DatabaseOptions, startDatabase } from './database.ts';
import { demoSeed } from './demo-seed.ts';
import { endpoints } from './functions.ts';
import { type Page, startGateway } from './gateway.ts';
import { localIssuer, namesIssuer, type SignToken } from './issuer.ts';
import type { Seed } from './seed.ts';
import { type Synthesised, synthesise } from './synthesise.ts';

export type ServiceOptions = DatabaseOptions & {
  /** 0, or none given, for any that is free. */
  port?: number;
  /** What to serve beside the API, given the token that is in force. */
  pages?: (token: string | null) => readonly Page[];
  /** Whether the functions' bundles are run, as they would be deployed, or their source. */
  isBundled?: boolean;
  /** Takes a line for each request, and what the functions write. */
  log?: (text: string) => void;
};

/** The whole service, running on this machine. */
export type Service = {
  url: string;
  /** Grants every declared permission in the seeded workspaces, for twelve hours; null if the issuer is another's. */
  token: string | null;
  /** Signs other tokens; nothing if the issuer is another's. */
  signToken: SignToken | undefined;
  database: Pick<Database, 'endpoint' | 'table' | 'ended'>;
  /** Synthesises the stack anew, and lets its functions take over. */
  reload(): Promise<void>;
  close(): Promise<void>;
};

/** So many workspaces get into the token at most: with more, it outgrows what a header may hold. */
const mostWorkspaces = 50;

/**
 * Starts everything that `npm start` starts.
 *
 * @throws CommandError if something is missing or in the way; then nothing is left running
 */
export const startService = async (options: ServiceOptions = {}): Promise<Service> => {
  const { seed = demoSeed, environment = process.env, port = 0, pages = () => [], log = () => {} } = options;
  const { isBundled = false } = options;
  const opened: { close(): Promise<void> }[] = [];
  const opening = async <Opened extends { close(): Promise<void> }>(start: Promise<Opened>): Promise<Opened> => {
    const one = await start;
    opened.push(one);
    return one;
  };
  const close = async () => void (await Promise.all(opened.map((one) => one.close())));
  try {
    // The issuer comes first: what is wrong with its variables is found before anything takes time.
    const isForeignIssuer = namesIssuer(environment);
    const signToken = isForeignIssuer ? undefined : (await localIssuer()).signToken;
    const blueprint = await opening(synthesise(isBundled));
    const database = await opening(startDatabase({ ...options, definition: blueprint.table }));
    const backendOf = (plan: Synthesised) => startBackend(plan, database, { environment, isForeignIssuer, log });
    let backend = await backendOf(blueprint);
    opened.push({ close: () => backend.close() });
    const current = {
      get routes() {
        return backend.routes;
      },
    };
    const token = (await signToken?.(allOf(seed))) ?? null;
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

const allOf = ({ workspaces }: Seed) => {
  const permissions = endpoints.map(({ permission }) => permission);
  return {
    workspaces: Object.fromEntries(workspaces.slice(0, mostWorkspaces).map(({ id }) => [id, permissions])),
    expiresIn: 12 * 3600,
  };
};
