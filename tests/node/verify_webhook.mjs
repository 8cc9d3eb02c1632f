// Verifies messages as a receiver would: reads {name: [secret, body, headers]}, and writes for each
// the type that it has, or the name of the error.
import { Webhook } from "standardwebhooks";

let input = "";
for await (const chunk of process.stdin) {
  input += chunk;
}
const answers = {};
for (const [name, [secret, body, headers]] of Object.entries(JSON.parse(input))) {
  try {
    answers[name] = new Webhook(secret).verify(body, headers).type;
  } catch (error) {
    answers[name] = error.constructor.name;
  }
}
process.stdout.write(JSON.stringify(answers));
