// better-auth on Node's HTTP server and node:sqlite, with fifty people who are signed in. Throttles are off, as whoever
// measures asks a lot; everything else is as it ships, but for HASH=argon2id.
import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { writeFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";

import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";

const { FOLDER, HASH, PASSWORD } = process.env;

// On libuv's pool, as scrypt is.
const argon2id = async (password, salt) =>
  promisify(argon2)("argon2id", {
    message: password.normalize("NFKC"),
    nonce: salt,
    memory: 19 * 1024,
    passes: 2,
    parallelism: 1,
    tagLength: 32,
  });

const matched = {
  async hash(password) {
    const salt = randomBytes(16);
    return `${salt.toString("hex")}:${(await argon2id(password, salt)).toString("hex")}`;
  },
  async verify({ hash, password }) {
    const [salt, key] = hash.split(":").map((part) => Buffer.from(part, "hex"));
    return timingSafeEqual(key, await argon2id(password, salt));
  },
};

for (const end of ["", "-wal", "-shm"]) rmSync(`${FOLDER}/better-auth.sqlite3${end}`, { force: true });
const database = new DatabaseSync(`${FOLDER}/better-auth.sqlite3`);
database.exec("PRAGMA journal_mode = WAL");

const auth = betterAuth({
  database,
  baseURL: "http://bench",
  secret: randomBytes(32).toString("hex"),
  emailAndPassword: { enabled: true, password: HASH === "argon2id" ? matched : undefined },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: "error" },
});

const { runMigrations } = await getMigrations(auth.options);
await runMigrations();

const people = [];
for (let n = 0; n < 50; n++) {
  const email = `person${n}@example.org`;
  const answer = await auth.api.signUpEmail({ body: { email, name: `Person ${n}`, password: PASSWORD }, asResponse: true });
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
  people.push(`${email}\t${cookies.join("; ")}\n`);
}
writeFileSync(`${FOLDER}/people.tsv`, people.join(""));

const server = createServer(toNodeHandler(auth));
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
process.on("SIGTERM", () => process.exit(0));
