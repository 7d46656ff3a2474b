import { parseArgs } from 'node:util';
import { CommandError, runCommand } from '../../../infra/command-line.ts';
import { endpoints } from '../lambda/functions.ts';
import { localIssuer } from '../local-service/issuer.ts';
import { secondsIn } from './duration.ts';
import { parseOptions } from './parse-options.ts';

const known = [...new Set(endpoints.map(({ permission }) => permission))];

const usage = `Usage: npm run --silent token -- --workspace ID --permission NAME [--permission NAME …] [options]

Prints a token of the local issuer for a service that was started with "npm start".

  --workspace ID      the workspace to which the permissions apply
  --permission NAME   a permission to grant: ${known.join(' or ')}; can be repeated
  --expires-in TIME   lifetime, such as 90s, 15m, 1h (the default) or 30d
  --subject NAME      the subject (sub) of the token; local-developer by default
  --help              print this
`;

const options = {
  workspace: { type: 'string' },
  permission: { type: 'string', multiple: true },
  'expires-in': { type: 'string', default: '1h' },
  subject: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

await runCommand(async () => {
  const { values } = parseOptions(() => parseArgs({ options }));
  if (values.help) return void process.stdout.write(usage);

  const { workspace, permission = [], subject } = values;
  const expiresIn = secondsIn(values['expires-in']);
  if (!workspace) throw new CommandError('--workspace is missing: the workspace to which the permissions apply.', 2);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(workspace)) {
    throw new CommandError('--workspace must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -, like every id.', 2);
  }
  if (permission.length === 0) throw new CommandError('--permission is missing: the permission to grant.', 2);
  if (permission.some((name) => !/^\S+$/.test(name))) {
    throw new CommandError('--permission must be a name without white space; repeat it to grant several.', 2);
  }
  if (subject !== undefined && !/^.{1,255}$/su.test(subject)) {
    throw new CommandError('--subject must have 1 to 255 characters.', 2);
  }
  if (expiresIn === undefined) {
    throw new CommandError(
      '--expires-in must be a whole number and a unit (s, m, h or d), such as 90s, 15m, 1h or 30d.',
      2,
    );
  }

  for (const name of permission.filter((one) => !known.includes(one))) {
    process.stderr.write(`Warning: no endpoint requires ${name}; the permissions are ${known.join(' and ')}.\n`);
  }
  const { signToken } = await localIssuer();
  const token = await signToken({ workspaces: { [workspace]: permission }, subject, expiresIn });
  process.stdout.write(`${token}\n`);
});
