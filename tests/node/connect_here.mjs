// Stands in for the name server, and for the two ports that only root may take: whatever host a
// connection is for, it goes to a port of the test's own on loopback. TLS still checks the name.
import http from "node:http";
import https from "node:https";

const portsHere = JSON.parse(process.env.PORTS_HERE);

for (const { Agent } of [http, https]) {
  const connect = Agent.prototype.createConnection;
  Agent.prototype.createConnection = function (options, done) {
    const port = portsHere[options.port];
    if (port === undefined) {
      throw new Error(`There is nobody to be asked at ${options.host}:${options.port}`);
    }
    return connect.call(this, { ...options, host: "127.0.0.1", port }, done);
  };
}
