import { inFile } from '../in-file.ts';
import type { Mistake } from '../mistake.ts';

const unit = 'test/unit/auth';

/** Mistakes in authentication: tokens, permissions, configuration and priming. */
export const authMistakes: readonly Mistake[] = [
  ...inFile(
    'lib/auth/verify-token.ts',
    [`${unit}/verify-token.test.ts`, `${unit}/several-keys.test.ts`],
    [
      ['the issuer is pinned', 'issuer: rules.issuer,\n', ''],
      ['the audience is pinned', 'audience: rules.audience,\n', ''],
      ['audience and issuer are not swapped', 'audience: rules.audience', 'audience: rules.issuer'],
      [
        'another accepted key is tried',
        'if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;',
        'throw error;',
      ],
      [
        'wrong claims are refused at once',
        'if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;',
        '',
      ],
      ['tokens are canonical', "if (!isCanonical(token)) throw new Problem('invalid-token');", ''],
      ['no byte-order mark', "  if (json.startsWith('\\uFEFF')) return false;\n", ''],
      ['no nesting deeper than 16 levels', " || kind === 'deep'", ''],
      ['other claims may be inexact numbers', "kind === 'duplicate' || kind === 'deep'", 'true'],
      ['no claim given twice', "kind === 'duplicate' || ", ''],
      ['header and claims are both checked', 'return [header, claims].every', 'return [claims].every'],
      ['claims and header are both checked', 'return [header, claims].every', 'return [header].every'],
      ['a signature has one spelling', '[header, claims, signature].every', '[header, claims].every'],
      ['a subject has 255 characters at most', 'sub.length > 255', 'sub.length > 256'],
      ['a subject may have 255 characters', 'sub.length > 255', 'sub.length >= 255'],
      ['a subject is not empty', " || sub === ''", ''],
      ['iat is a timestamp', ' && Number.isFinite(iat)', ''],
      ['exp is a timestamp', "  if (!Number.isFinite(exp)) throw new Problem('invalid-token');\n", ''],
      [
        'unavailable stays unavailable, a bad token is 401',
        "cause instanceof Problem ? cause : new Problem('invalid-token', { cause })",
        'cause',
      ],
    ],
  ),
  ...inFile(
    'lib/auth/verify-token.ts',
    [`${unit}/token-times.test.ts`, `${unit}/verified-tokens.test.ts`],
    [
      [
        'the tolerance is in seconds',
        'clockTolerance: rules.clockTolerance,\n',
        'clockTolerance: rules.clockTolerance * 1000,\n',
      ],
      ['exp has the tolerance', 'clockTolerance: rules.clockTolerance,\n', ''],
      ['iat has the tolerance', 'since / 1000 + rules.clockTolerance', 'since / 1000'],
      ['iat is compared in seconds', 'since / 1000 + rules', 'since + rules'],
      ['iat may be ahead by the whole tolerance', 'iat <= latest', 'iat < latest'],
      ['iat is checked', 'const isTimely = iat <= latest && ', 'const isTimely = '],
      ['the clock is the one given', 'new Date(since)', 'new Date()'],
      ['a verified token expires after the tolerance', '(exp + clockTolerance) * 1000', 'exp * 1000'],
      ['a verified token expires in time', '(exp + clockTolerance) * 1000', '(exp + 2 * clockTolerance) * 1000'],
      ['verified tokens are remembered', '      known.add(token, fresh);\n', ''],
    ],
  ),
  ...inFile(
    'lib/auth/verify-token.ts',
    [`${unit}/prime-verifier.test.ts`],
    [
      [
        'priming checks a signature of an algorithm that the issuer has',
        'loaded && loaded.matching({ alg: name }).length > 0',
        'loaded && name',
      ],
      ['priming checks a signature', '  if (alg) await verify(refusedToken(alg)).catch(() => {});\n', ''],
    ],
  ),
  ...inFile(
    'lib/auth/verified-tokens.ts',
    [`${unit}/verified-tokens.test.ts`],
    [
      ['256 tokens are remembered', 'maxTokens = 256', 'maxTokens = 25'],
      ['256 tokens are remembered, no more', 'known.size >= maxTokens', 'known.size > maxTokens'],
      ['tokens are remembered for a minute', 'maxAge = 60_000', 'maxAge = 600_000'],
      ['the minute ends on time', 'age < maxAge', 'age <= maxAge'],
      ['a minute is a minute', 'maxAge = 60_000', 'maxAge = 60'],
      ['a clock that is set back ends it', 'age >= 0 && ', ''],
      ['an expired token is refused', ' && now() < expires', ''],
      ['a token is refused from its expiry on', 'now() < expires', 'now() <= expires'],
      ['a withdrawn key ends it', ' && isCurrent(key)', ''],
    ],
  ),
  ...inFile(
    'lib/auth/grants.ts',
    [`${unit}/grants.test.ts`],
    [
      ['permissions are divided by spaces', "value.split(' ')", 'value.split(/[\\s,]+/)'],
      ['both forms add up', '[...(grants.get(workspaceId) ?? []), ...permissions]', 'permissions'],
      ['the claim of workspaces has its name', 'claims[names.workspaces]', 'claims.workspaces'],
      ['the claim of one workspace has its name', 'claims[names.workspaceId]', 'claims.workspaceId'],
      ['the claim of permissions has its name', 'claims[names.permissions]', 'claims.permissions'],
      ['a list is no object of workspaces', ' && !Array.isArray(value)', ''],
      ['a permission is text', 'value.filter(isText)', 'value.map(String)'],
      [
        'a workspace id is text',
        'if (isText(workspaceId)) grant(workspaceId,',
        'if (workspaceId) grant(String(workspaceId),',
      ],
    ],
  ),
  ...inFile(
    'lib/configuration.ts',
    ['test/unit/configuration.test.ts'],
    [
      ['default algorithms', "'RS256 PS256 ES256 EdDSA'", "'RS256 PS256 ES256'"],
      ['default tolerance of 5 s', "v.optional(v.string(), '5')", "v.optional(v.string(), '60')"],
      ['a tolerance of 300 s at most', '$|^300$/', '$|^3\\d\\d$/'],
      ['a tolerance of 300 s', '$|^300$/', '$/'],
      ['priming is off by default', "'is neither on nor off'), 'off')", "'is neither on nor off'), 'on')"],
      ['priming can be on', "output.PRIMING === 'on'", "output.PRIMING === 'true'"],
      ['the default level is INFO', "v.optional(v.string(), 'INFO')", "v.optional(v.string(), 'ERROR')"],
      ['the default namespace is patchwork', "'is empty')), 'patchwork')", "'is empty')), 'Patchwork')"],
      [
        'keys over https only',
        "url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))",
        '/^https?:$/.test(url.protocol)',
      ],
      ['loopback is a whole name', '|\\[::1\\])$/', '|\\[::1\\])/'],
      [
        'the claim of workspaces',
        'workspaces: output.JWT_WORKSPACES_CLAIM',
        'workspaces: output.JWT_WORKSPACE_ID_CLAIM',
      ],
      [
        'the claim of permissions',
        "JWT_PERMISSIONS_CLAIM: claimName('permissions')",
        "JWT_PERMISSIONS_CLAIM: claimName('scope')",
      ],
      ['issuer and audience', 'audience: output.JWT_AUDIENCE', 'audience: output.JWT_ISSUER'],
      [
        'inline keys are usable',
        '  if (!keys) throw misconfigured([`JWT_JWKS has',
        '  if (keys === null) throw misconfigured([`JWT_JWKS has',
      ],
      ['one source of keys', 'inline !== undefined && uri', 'inline === null && uri'],
      ['the endpoint of the table', 'endpoint: output.DYNAMODB_ENDPOINT', 'endpoint: undefined'],
    ],
  ),
  ...inFile(
    'lib/prime.ts',
    ['test/unit/prime.test.ts'],
    [
      ['priming takes 2 s at most', 'timeout = 2_000', 'timeout = 20_000'],
      ['priming waits for 2 s', 'timeout = 2_000', 'timeout = 200'],
      ['priming is off', '  if (!isOn) return;\n', ''],
      ['priming writes nothing', 'expected: [] }', "expected: 'any' }"],
      [
        'priming fetches keys',
        'Promise.allSettled([primeVerifier(), dryUpdate()])',
        'Promise.allSettled([dryUpdate()])',
      ],
      [
        'priming opens the connection to the table',
        'Promise.allSettled([primeVerifier(), dryUpdate()])',
        'Promise.allSettled([primeVerifier()])',
      ],
      ['priming never fails', 'Promise.allSettled([primeVerifier', 'Promise.all([primeVerifier'],
    ],
  ),
];
