import { bundleFunction } from './bundling/bundle-function.ts';
import { runCommand } from './command-line.ts';
import { declarations } from './declaration.ts';
import { newApp } from './new-app.ts';
import { inlineIssuerVariables } from './sandbox-issuer.ts';
import { ServiceStack } from './service-stack.ts';
import { settingsFrom } from './settings.ts';

/** The CDK app: `cdk` runs it to synthesise the stack. */
await runCommand(async () => {
  const app = newApp();
  const settings = await settingsFrom(app.node.getAllContext(), inlineIssuerVariables);
  new ServiceStack(app, {
    settings,
    endpoints: declarations,
    codeOf: (id) => bundleFunction(id, `${app.outdir}/bundles`),
  });
});
