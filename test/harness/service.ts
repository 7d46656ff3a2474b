import { type DatabaseOptions, startDatabase } from './database.ts';
import { demoSeed } from './demo-seed.ts';
import { endpoints, functionEnvironment, startEndpoint } from './functions.ts';
import { type FunctionRoute, type Page, startGateway } from './gateway.ts';
import { type SignToken, startIssuer } from './issuer.ts';
import type { Seed } from './seed.ts';

export type ServiceOptions = DatabaseOptions & {
  /** 0, or none given, for any that is free. */
  port?: number;
  pages?: readonly Page[];
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
  database: { endpoint: string; table: string };
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
  const { seed = demoSeed, environment = process.env, port = 0, pages = [], log = () => {} } = options;
  const opened: { close(): Promise<void> }[] = [];
  const opening = async <Opened extends { close(): Promise<void> }>(start: Promise<Opened>): Promise<Opened> => {
    const one = await start;
    opened.push(one);
    return one;
  };
  const close = async () => void (await Promise.all(opened.map((one) => one.close())));
  try {
    // The issuer comes first: what is wrong with its variables is found before anything takes time.
    const issuer = await opening(startIssuer(environment));
    const database = await opening(startDatabase(options));
    const variables = functionEnvironment(environment, { ...issuer.variables, ...database.variables });
    const routes: FunctionRoute[] = [];
    for (const endpoint of endpoints) {
      const { invoke } = await opening(startEndpoint(endpoint, variables, log));
      routes.push({ ...endpoint, invoke });
    }
    const { url } = await opening(startGateway({ routes, pages, port, log }));
    return {
      url,
      token: (await issuer.signToken?.(allOf(seed))) ?? null,
      signToken: issuer.signToken,
      database: { endpoint: database.endpoint, table: database.table },
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
