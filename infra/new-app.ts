import { App } from 'aws-cdk-lib';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/** An app with every behaviour that this version of the CDK recommends; what `-c` says goes before that. */
export const newApp = (): App => new App({ context: featureFlags });
