import { writeFileSync } from 'node:fs';
import * as endpoints from './index.ts';
import { openApiText } from './openapi.ts';

const paths = Object.entries(endpoints).map(([name, { path }]) => `  ${name}: '${path}',\n`);

/** The files of this folder that are generated from the declarations, by name. */
export const generated: Readonly<Record<string, string>> = {
  'openapi.json': openApiText,
  'paths.ts': `/** The path of each endpoint, so that the client needs no declaration at run time. Written by \`npm run openapi:write\`. */
export const paths = {
${paths.join('')}} as const;
`,
};

if (import.meta.main) {
  for (const [name, text] of Object.entries(generated)) writeFileSync(new URL(name, import.meta.url), text);
}
