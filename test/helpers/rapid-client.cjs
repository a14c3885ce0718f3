/**
 * Replaces the native module of AWS's runtime client, which is compiled by its install script. Loaded with --require; it
 * calls the same Runtime API over node:http.
 */
const { Agent, request } = require('node:http');

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;

function call(path, method, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${api}/${path}`, { agent, method, headers }, (response) => {
      let bodyJson = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk) => {
          bodyJson += chunk;
        })
        .on('end', () => resolve({ bodyJson, headers: response.headers }));
    });
    outgoing.on('error', reject).end(body);
  });
}

require.extensions['.node'] = (module) => {
  module.exports = {
    next: () => call('next', 'GET'),
    done: (id, body) => void call(`${id}/response`, 'POST', body),
    error: (id, body) => void call(`${id}/error`, 'POST', body),
  };
};
