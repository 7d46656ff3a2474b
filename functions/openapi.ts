import { openApiOf } from '../lib/openapi/document.ts';
import about from '../package.json' with { type: 'json' };
import * as endpoints from './index.ts';

/** The OpenAPI document of the API; `functions/openapi.json` is a copy of it for those who do not run this. */
export const openApi = openApiOf(Object.values(endpoints), about);

export const openApiText = `${JSON.stringify(openApi, null, 2)}\n`;

if (import.meta.main) process.stdout.write(openApiText);
