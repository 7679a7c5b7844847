import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** One row a variable: the only description of the environment; the table in the README is generated from it. */
export const envTable = {
  GRAFT_DATA_DIR: {
    schema: z.string().min(1).default('.graft'),
    help: 'Folder for the database, pictures, features and packages',
  },
  GRAFT_CACHE_DIR: {
    schema: z.string().optional(),
    help: 'Folder for converted backbones; shared between data folders. Default: the data folder',
  },
  GRAFT_ZOO_MIRROR: {
    schema: z.string().optional(),
    help: 'Address or folder with a zoo.json of backbones beside their files; they join the zoo and stand before the public hubs',
  },
  GRAFT_HOST: { schema: z.string().default('127.0.0.1'), help: 'Address the service listens on' },
  GRAFT_PORT: {
    schema: z.coerce.number().int().min(0).max(65535).default(3000),
    help: 'Port the service listens on; 0 takes a free one',
  },
  DATABASE_URL: {
    schema: z.url().optional(),
    help: 'PostgreSQL address; without it PGlite runs in the data folder',
  },
  GRAFT_BLOBS: {
    schema: z
      .string()
      .regex(
        /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/,
        'write it as s3://bucket or s3://bucket/prefix',
      )
      .optional(),
    help: 'Object storage for pictures, features and packages (s3://bucket/prefix); without it they lie in the data folder. Credentials as the AWS SDK finds them: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the role of the machine',
  },
  GRAFT_S3_ENDPOINT: {
    schema: z.url().optional(),
    help: 'Address of an S3-compatible server for GRAFT_BLOBS, when it is not that of Amazon',
  },
  GRAFT_S3_REGION: { schema: z.string().min(1).default('us-east-1'), help: 'Region of GRAFT_BLOBS' },
  GRAFT_ROLE: {
    schema: z.enum(['all', 'api']).default('all'),
    help: 'all: answer requests and do the work; api: answer only, `graft worker` does the work (needs DATABASE_URL)',
  },
  GRAFT_LEASE_SECONDS: {
    schema: z.coerce.number().min(1).max(3600).default(60),
    help: 'A worker that says nothing for this long is taken for dead, and its work is given to another',
  },
  GRAFT_CONTACT: {
    schema: z.string().default('set GRAFT_CONTACT to your address'),
    help: 'Contact in the User-Agent of the crawler',
  },
  GRAFT_ALLOW_PRIVATE_HOSTS: {
    schema: z.string().default(''),
    help: 'Comma list of hosts (host or host:port) the crawler may reach although their address is private',
  },
  GRAFT_FLICKR_KEY: { schema: z.string().optional(), help: 'API key of Flickr, for the provider flickr' },
  GRAFT_BRAVE_KEY: {
    schema: z.string().optional(),
    help: 'Key of the Brave Search API, for the provider brave',
  },
  GRAFT_SERPAPI_KEY: { schema: z.string().optional(), help: 'Key of SerpApi, for the provider serpapi' },
  GRAFT_GOOGLE_CSE_KEY: {
    schema: z.string().optional(),
    help: 'Key of the Google Custom Search JSON API (existing customers only), for the provider google-cse',
  },
  GRAFT_GOOGLE_CSE_CX: {
    schema: z.string().optional(),
    help: 'Id of the search engine that goes with GRAFT_GOOGLE_CSE_KEY',
  },
  GRAFT_SEARXNG_URL: {
    schema: z.string().optional(),
    help: 'Address of your own SearXNG, for the provider searxng; name its host in GRAFT_ALLOW_PRIVATE_HOSTS when it is private',
  },
  GRAFT_PIXABAY_KEY: { schema: z.string().optional(), help: 'API key of Pixabay, for the provider pixabay' },
  GRAFT_FOLDER: {
    schema: z.string().optional(),
    help: 'Folder with one subfolder a category, for the provider folder (read in place)',
  },
  GRAFT_ZIP: {
    schema: z.string().optional(),
    help: 'Zip with one folder a category, for the provider zip (read in place)',
  },
  GRAFT_URL_LIST: {
    schema: z.string().optional(),
    help: 'File of picture addresses (txt, CSV, JSON lines), for the provider url-list',
  },
  GRAFT_PAGE_URL: {
    schema: z.string().optional(),
    help: 'Address of a gallery page, with {query} where the category goes, for the provider page',
  },
  GRAFT_CHROMIUM: {
    schema: z.string().optional(),
    help: 'Path of the Chromium for the providers bing, duckduckgo and page; default: the one that is installed',
  },
  GRAFT_REQUIRE_KEYS: {
    schema: z.stringbool().default(false),
    help: 'true demands an API key on loopback, too; elsewhere one is always demanded',
  },
  GRAFT_KEY: {
    schema: z.string().optional(),
    help: 'API key that the command line sends, and the one that `graft serve --package` accepts; on the machine of the service the command line needs none',
  },
  GRAFT_PUBLIC_HOSTS: {
    schema: z.string().default(''),
    help: 'Comma list of names the service answers to behind a reverse proxy, such as graft.example.org; keys are demanded then',
  },
  GRAFT_CORS_ORIGINS: {
    schema: z.string().default(''),
    help: 'Comma list of origins whose pages may call the API, such as https://app.example.org',
  },
  GRAFT_RATE_LIMIT: {
    schema: z.coerce.number().int().min(0).default(1200),
    help: 'Requests a minute that one key may send, where keys are demanded; 0: any number',
  },
  GRAFT_LOG: {
    schema: z.enum(['text', 'json']).default('text'),
    help: 'json: one JSON document a line, with a line for every request',
  },
  GRAFT_KEEP_PICTURES: {
    schema: z.stringbool().default(false),
    help: 'true keeps the pictures that are sent for prediction; else only their hashes',
  },
  GRAFT_PREDICTION_DAYS: {
    schema: z.coerce.number().int().min(1).default(30),
    help: 'Days that the log of predictions reaches back',
  },
  GRAFT_DEBUG: {
    schema: z.stringbool().default(false),
    help: 'true prints the stack of an error the command line reports',
  },
  GRAFT_THREADS: {
    schema: z.coerce.number().int().min(1).optional(),
    help: 'Threads for native inference and for the search; default: the number of cores',
  },
  GRAFT_EXECUTION_PROVIDER: {
    schema: z.enum(['auto', 'cpu', 'cuda', 'tensorrt', 'coreml', 'dml', 'webgpu']).default('auto'),
    help: 'What computes features: auto takes the fastest of cuda, coreml, dml, webgpu and cpu that computes rightly (docs/gpu.md)',
  },
  GRAFT_MEMORY_MB: {
    schema: z.coerce.number().int().min(64).optional(),
    help: 'Megabytes that the pass of the pictures through the backbones, and then the search, may take; default: three quarters of what is available when it begins',
  },
  GRAFT_PIXELS_MB: {
    schema: z.coerce.number().int().min(0).default(1024),
    help: 'Megabytes of the cache folder that decoded pictures of a run may take between looking at them and computing features, about one a picture; those without room are decoded again; 0: none',
  },
  GRAFT_MODELS_IN_MEMORY: {
    schema: z.coerce.number().int().min(1).default(4),
    help: 'Models kept open for predictions; the one unused for longest makes room',
  },
  GRAFT_PREDICT_QUEUE: {
    schema: z.coerce.number().int().min(1).default(64),
    help: 'Pictures that may wait for their prediction; more are answered with 429 and when to come back',
  },
} as const satisfies Record<string, { schema: z.ZodType; help: string }>;

/** Which variable holds which setting of a provider. */
export const PROVIDER_SETTINGS = {
  'flickr.apiKey': 'GRAFT_FLICKR_KEY',
  'brave.apiKey': 'GRAFT_BRAVE_KEY',
  'serpapi.apiKey': 'GRAFT_SERPAPI_KEY',
  'google-cse.apiKey': 'GRAFT_GOOGLE_CSE_KEY',
  'google-cse.cx': 'GRAFT_GOOGLE_CSE_CX',
  'searxng.baseUrl': 'GRAFT_SEARXNG_URL',
  'pixabay.apiKey': 'GRAFT_PIXABAY_KEY',
  'folder.path': 'GRAFT_FOLDER',
  'zip.path': 'GRAFT_ZIP',
  'url-list.path': 'GRAFT_URL_LIST',
  'page.url': 'GRAFT_PAGE_URL',
  'browser.path': 'GRAFT_CHROMIUM',
} as const satisfies Record<string, keyof typeof envTable>;

/** The variable that gives a provider's setting; null for settings that Graft makes itself. */
export const variableOf = (setting: string): string | null =>
  (PROVIDER_SETTINGS as Readonly<Record<string, string>>)[setting] ?? null;

/** Object storage that all processes of one Graft share. */
export interface ObjectStorage {
  readonly bucket: string;
  /** Empty, or ending in a slash. */
  readonly prefix: string;
  readonly endpoint: string | null;
  readonly region: string;
}

export interface Env {
  dataDir: string;
  cacheDir: string;
  /** Base address, or folder, of a mirror for backbones. */
  zooMirror: string | null;
  host: string;
  port: number;
  databaseUrl: string | null;
  /** Null: pictures, features and packages lie in the data folder. */
  objectStorage: ObjectStorage | null;
  role: 'all' | 'api';
  leaseMs: number;
  contact: string;
  allowPrivateHosts: string[];
  /** Keys and addresses of providers. Secrets: never logged, never in an answer. */
  providerSettings: Readonly<Record<string, string>>;
  requireKeys: boolean;
  /** API key of the command line, and of the server of one package. A secret. */
  key: string | null;
  publicHosts: string[];
  corsOrigins: string[];
  rateLimit: number;
  log: 'text' | 'json';
  keepPictures: boolean;
  predictionDays: number;
  threads: number | null;
  /** An execution provider of ONNX Runtime, or `auto`. */
  executionProvider: string;
  memoryMb: number | null;
  pixelsMb: number;
  modelsInMemory: number;
  predictQueue: number;
  debug: boolean;
}

/** What a command line says about the environment's rows: it wins over the environment. */
export type EnvOverrides = Partial<Record<keyof typeof envTable, string>>;

export class EnvError extends Error {
  override name = 'EnvError';
}

function parseRow<K extends keyof typeof envTable>(
  key: K,
  source: NodeJS.ProcessEnv,
): z.infer<(typeof envTable)[K]['schema']> {
  const raw = source[key];
  const result = envTable[key].schema.safeParse(raw === '' ? undefined : raw);
  if (!result.success) {
    throw new EnvError(
      `${key}=${JSON.stringify(raw)} is not valid: ${result.error.issues[0]?.message}. ${envTable[key].help}.`,
    );
  }
  return result.data as z.infer<(typeof envTable)[K]['schema']>;
}

/** Reads the environment: the only place in Graft that does. @throws EnvError naming the variable and what it is for */
export function readEnv(overrides: EnvOverrides = {}, environment: NodeJS.ProcessEnv = process.env): Env {
  const source = { ...environment, ...overrides };
  const dataDir = resolve(parseRow('GRAFT_DATA_DIR', source));
  return {
    dataDir,
    cacheDir: resolve(parseRow('GRAFT_CACHE_DIR', source) ?? join(dataDir, 'cache')),
    zooMirror: readMirror(parseRow('GRAFT_ZOO_MIRROR', source)),
    host: parseRow('GRAFT_HOST', source),
    port: parseRow('GRAFT_PORT', source),
    databaseUrl: parseRow('DATABASE_URL', source) ?? null,
    objectStorage: readObjectStorage(source),
    role: readRole(source),
    leaseMs: 1000 * parseRow('GRAFT_LEASE_SECONDS', source),
    contact: parseRow('GRAFT_CONTACT', source),
    allowPrivateHosts: listOf(parseRow('GRAFT_ALLOW_PRIVATE_HOSTS', source)),
    requireKeys: parseRow('GRAFT_REQUIRE_KEYS', source),
    key: parseRow('GRAFT_KEY', source) ?? null,
    publicHosts: listOf(parseRow('GRAFT_PUBLIC_HOSTS', source)).map((host) => host.toLowerCase()),
    corsOrigins: listOf(parseRow('GRAFT_CORS_ORIGINS', source)),
    rateLimit: parseRow('GRAFT_RATE_LIMIT', source),
    log: parseRow('GRAFT_LOG', source),
    keepPictures: parseRow('GRAFT_KEEP_PICTURES', source),
    predictionDays: parseRow('GRAFT_PREDICTION_DAYS', source),
    providerSettings: readProviderSettings(source),
    threads: parseRow('GRAFT_THREADS', source) ?? null,
    executionProvider: parseRow('GRAFT_EXECUTION_PROVIDER', source),
    memoryMb: parseRow('GRAFT_MEMORY_MB', source) ?? null,
    pixelsMb: parseRow('GRAFT_PIXELS_MB', source),
    modelsInMemory: parseRow('GRAFT_MODELS_IN_MEMORY', source),
    predictQueue: parseRow('GRAFT_PREDICT_QUEUE', source),
    debug: parseRow('GRAFT_DEBUG', source),
  };
}

function readRole(source: NodeJS.ProcessEnv): Env['role'] {
  const role = parseRow('GRAFT_ROLE', source);
  if (role === 'api' && parseRow('DATABASE_URL', source) === undefined)
    throw new EnvError(
      'GRAFT_ROLE=api needs DATABASE_URL: nobody else could do the work of a database inside this process.',
    );
  return role;
}

function readObjectStorage(source: NodeJS.ProcessEnv): ObjectStorage | null {
  const address = parseRow('GRAFT_BLOBS', source);
  if (address === undefined) return null;
  const [bucket = '', ...folders] = address.slice('s3://'.length).split('/').filter(Boolean);
  return {
    bucket,
    prefix: folders.map((folder) => `${folder}/`).join(''),
    endpoint: parseRow('GRAFT_S3_ENDPOINT', source) ?? null,
    region: parseRow('GRAFT_S3_REGION', source),
  };
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);

/** A folder is named from where the command is run, for a service in another folder may read it, too. */
const readMirror = (mirror: string | undefined): string | null =>
  mirror === undefined || /^https?:/.test(mirror) ? (mirror ?? null) : resolve(mirror);

function readProviderSettings(source: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const given = Object.entries(PROVIDER_SETTINGS).map(
    ([setting, variable]) => [setting, parseRow(variable, source)?.trim() ?? ''] as const,
  );
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

/** Decoding and files share the pool of libuv, whose four threads leave larger machines idle. */
const LEAST_POOL = 4;

/** For processes that this one starts: the pool has to be sized before a process begins. */
export const childEnvironment = (environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => ({
  UV_THREADPOOL_SIZE: String(Math.max(LEAST_POOL, availableParallelism())),
  ...environment,
});
