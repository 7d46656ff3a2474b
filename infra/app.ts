import { CommandError, runCommand } from '../test/harness/command.ts';
import { inlineIssuerVariables } from '../test/harness/issuer.ts';
import { bundleFunction } from './bundling.ts';
import { declarations } from './declaration.ts';
import { newApp } from './new-app.ts';
import { ServiceStack } from './service-stack.ts';
import { SettingsError, settingsFrom } from './settings.ts';

/** What `cdk` runs to learn what to deploy. */
await runCommand(async () => {
  const app = newApp();
  try {
    const settings = await settingsFrom(app.node.getAllContext(), inlineIssuerVariables);
    new ServiceStack(app, {
      settings,
      endpoints: declarations,
      codeOf: (id) => bundleFunction(id, `${app.outdir}/bundles`),
    });
  } catch (error) {
    throw error instanceof SettingsError ? new CommandError(error.message) : error;
  }
});
