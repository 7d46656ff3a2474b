import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { openApi, openApiText } from '../../../functions/openapi.ts';
import type { Page } from '../gateway/gateway.ts';

/**
 * Allows scripts, styles and images from this server only, and no inline scripts or styles. Swagger UI's icons are data URLs.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const page = (path: string, type: string, body: string | Uint8Array): Page => ({
  path,
  headers: {
    'content-type': type,
    'content-security-policy': contentSecurityPolicy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  },
  body,
});

const own = (name: string): Uint8Array => readFileSync(new URL(`./reference/${name}`, import.meta.url));

const swaggerUi = (name: string): Uint8Array =>
  readFileSync(createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`));

/**
 * The API reference at `/`, rendered by Swagger UI from `/openapi.json`, with all its resources. Served locally, not deployed.
 *
 * @param token the token that "Execute" sends; if `null`, the reader has to enter one
 */
export const referencePages = (token: string | null): Page[] => [
  page('/', 'text/html; charset=utf-8', htmlWith(token)),
  page('/openapi.json', 'application/json', openApiText),
  page('/reference/page.js', 'text/javascript; charset=utf-8', own('page.js')),
  page('/reference/page.css', 'text/css; charset=utf-8', own('page.css')),
  page('/reference/icon.svg', 'image/svg+xml', own('icon.svg')),
  page('/reference/swagger-ui.js', 'text/javascript; charset=utf-8', swaggerUi('swagger-ui-bundle.js')),
  page('/reference/swagger-ui.css', 'text/css; charset=utf-8', swaggerUi('swagger-ui.css')),
];

/** Links to the operations, by Swagger UI's element ids. */
const links = Object.values(openApi.paths)
  .flatMap((path) => Object.values(path))
  .map(({ tags, operationId, summary }) => `<a href="#operations-${tags}-${operationId}">${summary}</a>`)
  .join(' ');

/** A token needs no HTML escaping: it is base64url with dots. */
const htmlWith = (token: string | null): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${openApi.info.title} API reference</title>
<link rel="icon" href="/reference/icon.svg">
<link rel="stylesheet" href="/reference/swagger-ui.css">
<link rel="stylesheet" href="/reference/page.css">
</head>
<body>
<nav class="top">${openApi.info.title} ${links}<a href="/openapi.json">openapi.json</a></nav>
<main id="reference" data-token="${token ?? ''}"><noscript>This page needs JavaScript; the OpenAPI document is at <a href="/openapi.json">/openapi.json</a>.</noscript></main>
<script src="/reference/swagger-ui.js"></script>
<script src="/reference/page.js"></script>
</body>
</html>
`;
