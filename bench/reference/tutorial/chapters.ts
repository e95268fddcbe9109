/**
 * What somebody new types, chapter by chapter; each begins in an empty directory beside the packed packages.
 */

interface Chapter {
  readonly name: string;
  /** For bash, in their order; each is a shell of its own. */
  readonly commands: readonly string[];
}

/** A response of the reader's own: as a database driver gives it, and as JSON. */
const ordersModule = `import { randomUUID } from 'node:crypto';
export const orders = Array.from({ length: 200 }, (_, n) => ({
  id: randomUUID(),
  number: n,
  customer: { name: 'Customer ' + n, city: n % 3 === 0 ? 'Zürich' : 'Oslo' },
  total: 19.9 + n,
  paid: n % 5 !== 0,
  createdAt: new Date(Date.UTC(2026, 0, 1) + n * 3_600_000),
}));`;

const writeOrders = `cat > orders.mjs <<'END'\n${ordersModule}\nEND`;

const writeServer = `cat > server.mjs <<'END'
import { fastify } from 'fastify';
import { orders } from './orders.mjs';

const app = fastify();
app.get('/orders', () => orders);
await app.listen({ port: 3210 });
END`;

/** Starts the server, asks it once, and ends it. */
const ask = (file: string): string =>
  `node server.mjs & sleep 2; curl -s -o ${file} -w '%{http_code} %{content_type} %{size_download} bytes\\n' localhost:3210/orders; kill $!`;

export const chapters: readonly Chapter[] = [
  {
    name: 'first-answer',
    commands: [
      'npm init -y > package.log && npm install --save-dev ../wirebench.tgz',
      writeOrders,
      `node --eval "import('./orders.mjs').then(({ orders }) => console.log(JSON.stringify(orders)))" > response.json`,
      'npx wirebench choose --sample response.json --types createdAt=date,id=uuid --quick',
    ],
  },
  {
    name: 'gate',
    commands: [
      `git init --quiet --initial-branch main && git config user.name Reader && git config user.email reader@example.com`,
      'npm init -y > package.log && npm pkg set type=module && npm install fastify && npm install --save-dev ../wirebench.tgz',
      writeOrders,
      writeServer,
      `node --eval "import('./orders.mjs').then(({ orders }) => console.log(JSON.stringify(orders)))" > response.json`,
      "printf 'node_modules\\n*.log\\n' > .gitignore && git add --all && git commit --quiet --message 'A gateway' && git log --oneline",
      'npx wirebench init --yes --sample response.json --no-baseline',
      "git add --all && git commit --quiet --message 'A gate' && git checkout --quiet -b change",
      `echo '// A change of a pull request.' >> server.mjs && git commit --quiet --all --message 'A change'`,
      'npx wirebench gate --base main --budget 3m',
    ],
  },
  {
    name: 'serializer',
    commands: [
      'npm init -y > package.log && npm install fastify ../json-response-serializer.tgz',
      writeOrders,
      writeServer,
      ask('before.json'),
      `sed -i "1a import { fastifyResponseSerializer } from 'json-response-serializer/fastify';" server.mjs`,
      `sed -i "s/^const app = fastify();/&\\nawait app.register(fastifyResponseSerializer, { recycle: true });/" server.mjs`,
      'cat server.mjs',
      ask('after.json'),
      `node --eval "const read = (name) => JSON.parse(fs.readFileSync(name)).map(({ id, ...rest }) => rest); assert.deepEqual(read('after.json'), read('before.json')); console.log('the same, but for the random ids')"`,
    ],
  },
];
