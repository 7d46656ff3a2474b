const reference = document.querySelector('#reference');
const { token } = reference.dataset;

const ui = SwaggerUIBundle({
  url: '/openapi.json',
  domNode: reference,
  docExpansion: 'full',
  defaultModelsExpandDepth: 1,
  defaultModelExpandDepth: 3,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  onComplete: () => {
    if (token) ui.preauthorizeApiKey('token', token);
  },
});

/** Moves the focus to the target of a link, so that keyboard navigation continues there. */
document.querySelector('.top').addEventListener('click', (event) => {
  const target = document.getElementById(event.target.hash?.slice(1));
  if (!target) return;
  event.preventDefault();
  target.tabIndex = -1;
  target.focus();
  target.scrollIntoView();
});
