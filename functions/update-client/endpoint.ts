import { defineEndpoint } from '../../lib/endpoint.ts';
import { ClientPatch, clients } from './client.ts';

/** Update Client: changes the given fields of a client of a workspace. */
export const endpoint = defineEndpoint({
  id: 'update-client',
  summary: 'Update Client',
  description: 'Changes the given fields of a client (a customer of the workspace) and leaves all others as they are.',
  method: 'PATCH',
  path: '/v1/workspace/{workspaceId}/clients/{clientId}',
  kind: clients,
  permission: 'clients.update',
  body: ClientPatch,
  example: {
    ids: { workspaceId: '507f191e810c19729de860ea', clientId: '507f1f77bcf86cd799439011' },
    stored: { name: 'Jane Roe', contactMethods: [{ type: 'phone', value: '+1 555 0100', isPreferred: true }] },
    body: {
      name: 'Jane Doe',
      avatarUrl: 'https://example.com/new-avatar.jpg',
      contactMethods: [{ type: 'email', value: 'jane@example.com', isPreferred: true }],
      customFields: [{ fieldKey: 'notes', value: 'Updated notes' }],
    },
    mistakes: {
      name: '',
      contactMethods: [{ type: 'pigeon', value: 'jane@example.com', isPreferred: true }],
      nickname: 'Jane',
    },
    reply: {
      client: {
        id: '507f1f77bcf86cd799439011',
        name: 'Jane Doe',
        avatarUrl: 'https://example.com/new-avatar.jpg',
        contactMethods: [{ type: 'email', value: 'jane@example.com', isPreferred: true }],
        customFields: [{ fieldKey: 'notes', value: 'Updated notes' }],
        createdAt: '2024-01-15T10:00:00.000Z',
        updatedAt: '2024-01-15T11:00:00.000Z',
      },
    },
  },
});
