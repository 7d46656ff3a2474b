/** Files, and all that they may import: paths, packages and files of their own folder. `planted` are imports that they may not. */
export type Rule = {
  files: RegExp;
  mayImport: RegExp[];
  ownFolder?: RegExp;
  planted: { file: string; imports: string }[];
};

const plantedIn = (file: string, ...imports: string[]) => imports.map((one) => ({ file, imports: one }));

/** Which part of the code knows which, by the sentence that each rule is. */
export const rules: Record<string, Rule> = {
  'the domain of an endpoint imports valibot and lib/domain': {
    files: /^functions\/[^/]+\/(?!endpoint|handler)[^/]+\.ts$/,
    mayImport: [/^valibot$/, /^lib\/domain\//],
    planted: plantedIn(
      'functions/update-client/client.ts',
      '../../lib/endpoint.ts',
      '../../lib/table/keys.ts',
      '../../lib/http/response.ts',
      'aws-lambda',
    ),
  },
  'a declaration imports its domain and the types of declarations': {
    files: /^functions\/[^/]+\/endpoint\.ts$/,
    mayImport: [/^lib\/endpoint\.ts$/],
    ownFolder: /^(?!handler)/,
    planted: plantedIn(
      'functions/update-client/endpoint.ts',
      './handler.ts',
      '../update-workspace/workspace.ts',
      '../../lib/table/keys.ts',
      'valibot',
    ),
  },
  'a handler imports its folder, its dependencies and the request path': {
    files: /^functions\/[^/]+\/handler\.ts$/,
    mayImport: [/^lib\/(dependencies|prime)\.ts$/, /^lib\/http\/endpoint-handler\.ts$/],
    ownFolder: /./,
    planted: plantedIn(
      'functions/update-client/handler.ts',
      '../update-workspace/workspace.ts',
      '../../lib/table/records.ts',
      '../../lib/auth/key-set.ts',
    ),
  },
  'the index imports declarations': {
    files: /^functions\/index\.ts$/,
    mayImport: [/^functions\/[^/]+\/endpoint\.ts$/],
    planted: plantedIn('functions/index.ts', './update-client/handler.ts', './update-client/client.ts'),
  },
  'the TypeScript client imports declarations and lib/api-client.ts': {
    files: /^functions\/client\.ts$/,
    mayImport: [/^functions\/(index|paths)\.ts$/, /^lib\/api-client\.ts$/],
    planted: plantedIn('functions/client.ts', '../lib/prime.ts', '../lib/http/problem-types.ts'),
  },
  'lib/api-client.ts imports what callers see': {
    files: /^lib\/api-client\.ts$/,
    mayImport: [/^valibot$/, /^lib\/endpoint\.ts$/, /^lib\/domain\//, /^lib\/http\/problem-types\.ts$/],
    planted: plantedIn('lib/api-client.ts', './table/access.ts', './http/response.ts', 'node:https'),
  },
  'what callers see of an endpoint is declared without tables and HTTP': {
    files: /^lib\/endpoint\.ts$/,
    mayImport: [/^valibot$/, /^lib\/domain\//],
    planted: plantedIn('lib/endpoint.ts', './table/keys.ts', './table/access.ts', './http/problem-types.ts'),
  },
  'lib/domain imports valibot and itself': {
    files: /^lib\/domain\//,
    mayImport: [/^valibot$/, /^lib\/domain\//],
    planted: plantedIn('lib/domain/records.ts', '../table/keys.ts', '../http/response.ts', 'node:crypto'),
  },
  'lib/http imports no table, no verification of tokens and no AWS SDK': {
    files: /^lib\/http\//,
    mayImport: [
      /^lib\/(http|domain)\//,
      /^lib\/(endpoint|json-flaws)\.ts$/,
      /^(valibot|aws-lambda|node:.+)$/,
      /^@middy\//,
    ],
    planted: plantedIn(
      'lib/http/response.ts',
      '../table/keys.ts',
      '../auth/grants.ts',
      '../dependencies.ts',
      '@aws-sdk/client-dynamodb',
      'jose',
    ),
  },
  'lib/table imports no HTTP and no tokens': {
    files: /^lib\/table\//,
    mayImport: [/^lib\/(table|domain)\//, /^@(aws-sdk|smithy)\//, /^to-fast-properties$/, /^node:/],
    planted: plantedIn(
      'lib/table/records.ts',
      '../http/response.ts',
      '../auth/grants.ts',
      '../dependencies.ts',
      '@middy/core',
    ),
  },
  'lib/auth imports no responses and no table': {
    files: /^lib\/auth\//,
    mayImport: [/^lib\/(auth|domain)\//, /^lib\/json-flaws\.ts$/, /^(jose|valibot|node:.+)$/],
    planted: plantedIn('lib/auth/grants.ts', '../http/response.ts', '../table/keys.ts', '../dependencies.ts'),
  },
  'nothing that runs on Lambda imports the OpenAPI document': {
    files: /^(functions\/[^/]+\/|lib\/(?!openapi\/))/,
    mayImport: [/^(?!lib\/openapi\/|functions\/openapi|@valibot\/to-json-schema)/],
    planted: plantedIn('lib/endpoint.ts', './openapi/document.ts', '@valibot/to-json-schema'),
  },
  'the OpenAPI document is made without keys and dependencies': {
    files: /^lib\/openapi\//,
    mayImport: [/^(?!lib\/(dependencies|prime)\.ts$|lib\/auth\/|lib\/table\/(access|keys)\.ts$)/],
    planted: plantedIn('lib/openapi/document.ts', '../table/access.ts', '../dependencies.ts', '../table/keys.ts'),
  },
  'lib never imports functions, infra or tests': {
    files: /^lib\//,
    mayImport: [/^(?!(functions|infra|test)\/)/],
    planted: plantedIn(
      'lib/api-client.ts',
      '../functions/index.ts',
      '../infra/table.ts',
      '../test/harness/commands/token.ts',
    ),
  },
  'functions never import infra or tests': {
    files: /^functions\//,
    mayImport: [/^(?!(infra|test)\/)/],
    planted: plantedIn('functions/openapi.ts', '../infra/table.ts', '../test/harness/commands/token.ts'),
  },
  'infra imports declarations, never what runs on Lambda, nor tests': {
    files: /^infra\//,
    mayImport: [/^(?!.*handler\.ts$|lib\/(dependencies|prime)\.ts$|functions\/(?!index\.ts$)|test\/)/],
    planted: plantedIn(
      'infra/app.ts',
      '../test/harness/command.ts',
      '../functions/update-client/handler.ts',
      '../functions/update-client/client.ts',
      '../lib/http/endpoint-handler.ts',
      '../lib/dependencies.ts',
    ),
  },
};
