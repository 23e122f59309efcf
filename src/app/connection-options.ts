import type { ConnectionOptions } from './ports.ts';

/** Of options that may be more: how to reach the server. */
export function connectionOptions({
  server,
  caFile,
  allowPlainHttp,
  rate,
  concurrency,
}: Omit<ConnectionOptions, 'onAnswer'>): ConnectionOptions {
  return {
    ...(server !== undefined && { server }),
    ...(caFile !== undefined && { caFile }),
    ...(allowPlainHttp !== undefined && { allowPlainHttp }),
    ...(rate !== undefined && { rate }),
    ...(concurrency !== undefined && { concurrency }),
  };
}
