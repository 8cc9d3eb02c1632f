// Draws the API page. Nothing leaves this server: no outside validator, no outside files.
SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#swagger",
  deepLinking: true,
  docExpansion: "none", // Ninety operations: first what there is, then those of one thing.
  displayRequestDuration: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
