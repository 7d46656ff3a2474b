import { endpoint as updateClientEndpoint } from '../../../functions/update-client/endpoint.ts';
import { endpoint as updateWorkspaceEndpoint } from '../../../functions/update-workspace/endpoint.ts';
import { seedFrom } from './seed.ts';

const { clientId } = updateClientEndpoint.example.ids;
const { workspaceId } = updateWorkspaceEndpoint.example.ids;
const timestamps = { createdAt: '2024-01-15T10:00:00.000Z', updatedAt: '2024-01-15T10:00:00.000Z' };

/** A workspace with two clients. It uses the ids of the declared examples, so that the examples work unchanged. */
export const demoSeed = seedFrom(
  {
    workspaces: [
      {
        id: workspaceId,
        name: 'Harbour Clinic',
        slogan: 'Care close to home',
        email: 'office@harbour-clinic.example',
        sessionTemplates: { smsReminderMessage: 'We expect you on [SESSION_DATE] at [SESSION_TIME].' },
        ...timestamps,
        clients: [
          {
            id: clientId,
            name: 'Jane Roe',
            contactMethods: [{ type: 'phone', value: '+1 555 0100', isPreferred: true }],
            ...timestamps,
          },
          {
            id: '507f1f77bcf86cd799439012',
            name: 'John Poe',
            avatarUrl: 'https://example.com/john.png',
            contactMethods: [
              { type: 'email', value: 'john@example.com', isPreferred: true },
              { type: 'whatsapp', value: '+1 555 0101', isPreferred: false },
            ],
            customFields: [{ fieldKey: 'allergies', value: ['penicillin', 'latex'] }],
            ...timestamps,
          },
        ],
      },
    ],
  },
  'demo-seed.ts',
);
