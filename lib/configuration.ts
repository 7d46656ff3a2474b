import * as v from 'valibot';
import { algorithmNames, type PublicKeys, publicKeysIn } from './auth/public-keys.ts';
import type { TokenRules } from './auth/verify-token.ts';
import type { Log } from './http/observe.ts';

const isLoopback = ({ hostname }: URL): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

const isKeySetUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
};

const required = v.pipe(v.string('is not set'), v.nonEmpty('is empty'));
const claimName = (name: string) => v.optional(v.pipe(v.string(), v.nonEmpty('is empty')), name);

/** The environment variables of the functions. Each message continues a sentence that starts with the variable. */
const Environment = v.object({
  TABLE_NAME: required,
  DYNAMODB_ENDPOINT: v.optional(v.pipe(v.string(), v.check(URL.canParse, 'is not a URL'))),
  PRIMING: v.optional(v.picklist(['on', 'off'], 'is neither on nor off'), 'off'),
  JWT_ISSUER: required,
  JWT_AUDIENCE: required,
  JWT_JWKS_URI: v.optional(
    v.pipe(v.string(), v.check(isKeySetUrl, 'is not an https URL (http is for loopback addresses only)')),
  ),
  JWT_JWKS: v.optional(v.pipe(v.string(), v.parseJson(undefined, 'is not JSON'))),
  JWT_ALGORITHMS: v.pipe(
    v.optional(v.string(), 'RS256 PS256 ES256 EdDSA'),
    v.transform((names) => names.split(/[\s,]+/).filter((name) => name !== '')),
    v.minLength(1, 'names no algorithm'),
    v.everyItem((name) => algorithmNames.includes(name), `may name only ${algorithmNames.join(', ')}`),
  ),
  JWT_CLOCK_TOLERANCE: v.pipe(
    v.optional(v.string(), '5'),
    v.regex(/^[0-2]?\d?\d$|^300$/, 'is not a whole number of seconds from 0 to 300'),
    v.transform(Number),
  ),
  JWT_WORKSPACES_CLAIM: claimName('workspaces'),
  JWT_WORKSPACE_ID_CLAIM: claimName('workspaceId'),
  JWT_PERMISSIONS_CLAIM: claimName('permissions'),
  LOG_LEVEL: v.pipe(
    v.optional(v.string(), 'INFO'),
    v.toUpperCase(),
    v.picklist(['INFO', 'ERROR', 'SILENT'], 'is none of INFO, ERROR and SILENT'),
  ),
  METRICS_NAMESPACE: v.optional(v.pipe(v.string(), v.nonEmpty('is empty')), 'patchwork'),
});

export type Configuration = {
  table: { name: string; endpoint: string | undefined };
  /** Whether a function fetches keys and opens connections during initialization. */
  priming: boolean;
  /** The issuer's keys, or the URL where they are published. */
  keys: PublicKeys | URL;
  token: TokenRules;
  log: Pick<Log, 'level' | 'namespace'>;
};

/**
 * The configuration of a function, from its environment variables.
 *
 * @throws Error that names every missing or invalid variable, and says what is wrong with it
 */
export const configurationFrom = (environment: Record<string, string | undefined>): Configuration => {
  const { success, output, issues } = v.safeParse(Environment, environment);
  if (!success) throw misconfigured(issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`));
  return {
    table: { name: output.TABLE_NAME, endpoint: output.DYNAMODB_ENDPOINT },
    priming: output.PRIMING === 'on',
    keys: keysFrom(output),
    token: {
      issuer: output.JWT_ISSUER,
      audience: output.JWT_AUDIENCE,
      algorithms: output.JWT_ALGORITHMS,
      clockTolerance: output.JWT_CLOCK_TOLERANCE,
      claimNames: {
        workspaces: output.JWT_WORKSPACES_CLAIM,
        workspaceId: output.JWT_WORKSPACE_ID_CLAIM,
        permissions: output.JWT_PERMISSIONS_CLAIM,
      },
    },
    log: { level: output.LOG_LEVEL, namespace: output.METRICS_NAMESPACE },
  };
};

const keysFrom = ({
  JWT_JWKS: inline,
  JWT_JWKS_URI: uri,
  JWT_ALGORITHMS: algorithms,
}: v.InferOutput<typeof Environment>): PublicKeys | URL => {
  if (inline !== undefined && uri) throw misconfigured(['JWT_JWKS and JWT_JWKS_URI must not both be set']);
  if (uri) return new URL(uri);
  if (inline === undefined) throw misconfigured(['JWT_JWKS_URI (or JWT_JWKS) is not set']);
  const keys = publicKeysIn(inline, algorithms);
  if (!keys) throw misconfigured([`JWT_JWKS has no public key that fits ${algorithms.join(', ')}`]);
  return keys;
};

const misconfigured = (errors: string[]): Error =>
  new Error(`Invalid environment: ${errors.join('; ')}. See "Configuration" in README.md.`);
