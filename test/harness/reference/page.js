const reference = document.querySelector('#reference');
const { token } = reference.dataset;

const ui = SwaggerUIBundle({
  url: '/openapi.json',
  domNode: reference,
  docExpansion: 'full',
  defaultModelsExpandDepth: 1,
  defaultModelExpandDepth: 5,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  onComplete: () => {
    if (token) ui.preauthorizeApiKey('token', token);
  },
});
