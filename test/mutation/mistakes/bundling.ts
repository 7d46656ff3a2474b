import { inFile } from '../in-file.ts';
import type { Mistake } from '../mistake.ts';

const sandboxIssuer = 'test/infra/sandbox-issuer.test.ts';
const thirdParty = 'test/infra/third-party.test.ts';
const standIns = 'test/infra/stand-ins.test.ts';

/** Mistakes in what a deployment is made of: the bundles, and the issuer of a sandbox. */
export const bundlingMistakes: readonly Mistake[] = [
  ...inFile(
    'infra/sandbox-issuer.ts',
    [sandboxIssuer],
    [
      [
        'nothing of the private key is deployed with a sandbox',
        'const { d: _, ...publicKey } = privateKey;',
        'const publicKey = privateKey;',
      ],
      [
        'a sandbox accepts the tokens that are signed on this machine',
        'JWT_ALGORITHMS: algorithm',
        "JWT_ALGORITHMS: 'RS256'",
      ],
    ],
  ),
  ...inFile(
    'infra/sandbox-key.ts',
    [sandboxIssuer],
    [['the private key is for its owner alone', '{ mode: 0o600, flag', '{ mode: 0o644, flag']],
  ),
  ...inFile(
    'infra/bundling/bundle-function.ts',
    [thirdParty],
    [
      ['the notices are deployed with the code', '  copyFileSync(notices, join(folder, basename(notices)));\n', ''],
      ['the source map is not deployed', "path.endsWith('.map')", "path.endsWith('.mapped')"],
    ],
  ),
  ...inFile(
    'infra/bundling/options.ts',
    [thirdParty],
    [
      [
        'the notices list what is bundled',
        "    '@aws-sdk/credential-provider-node': './infra/bundling/environment-credentials.ts',\n",
        '',
      ],
    ],
  ),
  ...inFile(
    'infra/bundling/environment-credentials.ts',
    [standIns],
    [['credentials are read once', 'credentials ??=', 'credentials =']],
  ),
  ...inFile(
    'infra/bundling/no-files.ts',
    [standIns],
    [['a function has no configuration file, which is no error', "'ENOENT'", "'ENOTDIR'"]],
  ),
  ...inFile(
    'infra/bundling/no-endpoint-discovery.ts',
    [standIns],
    [['a function discovers no endpoints', 'default: false', 'default: true']],
  ),
];
