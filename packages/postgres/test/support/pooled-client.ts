import pg from 'pg';

type Sent = string | { readonly text: string };

/**
 * Makes clients that are served as by a proxy with transaction pooling: by two connections to the server in turn, one
 * for each transaction. What they send is noted in `texts`.
 */
export function pooledClients(connectionString: string, texts: string[]): new (config?: pg.ClientConfig) => pg.Client {
  return class extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config);
      const first = this.query.bind(this);
      const statusOfFirst = this.getTransactionStatus.bind(this);
      const second = new pg.Client({ connectionString });
      // Its database may be dropped before it has ended.
      second.on('error', () => {});
      const connected = second.connect();
      let served: 'first' | 'second' = 'first';
      const status = (): ReturnType<typeof statusOfFirst> =>
        served === 'first' ? statusOfFirst() : second.getTransactionStatus();
      const query = async (sent: Sent): Promise<unknown> => {
        texts.push(typeof sent === 'string' ? sent : sent.text);
        await connected;
        if (status() === 'I') served = served === 'first' ? 'second' : 'first';
        return served === 'first' ? first(sent) : second.query(sent);
      };
      Object.assign(this, { query, getTransactionStatus: status });
      this.once('end', () => void second.end());
    }
  };
}
