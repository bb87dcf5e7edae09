import type { Operation } from '@voxhost/sdk';
import { having, requireArgument } from '@voxhost/sdk/arguments';
import { inject, injectable } from '../injection.js';
import { type BackendPool, BackendPoolToken } from '../loading/backend-pool.js';
import { type HostLog, LogToken } from '../log.js';
import { isBuiltIn } from './candidate.js';
import { type CandidateSource, CandidatesToken } from './candidate-source.js';
import { explainRanking } from './explain.js';
import type { Explanation } from './explanation.js';
import { type MeasuredRuns, MeasuredRunsToken } from './measured/measured-runs.js';
import { requireOperation, requireOutline } from './operation-problem.js';
import { operationShape } from './operation-shape.js';
import { type Ranking, rank } from './rank.js';
import { RankingMemory } from './ranking-memory.js';
import { availableMemoryReader } from './read-available-memory.js';
import { describeOperation, passedOver, refusal } from './refusal.js';
import { ROUTE_RULES } from './route-rules.js';
import { RoutedOperation, type RouteServices } from './routed-operation.js';
import type { RoutedPrepared, Router, RouteSettings } from './router.js';
import { WaitGraph } from './waits.js';

const SETTINGS = having(ROUTE_RULES);

/** Ten hung backends of half a minute each. */
const DEFAULT_BUDGET_MS = 300_000;

/** The router over the plugins of one host. */
@injectable()
export class PluginRouter implements Router {
  readonly #candidates: CandidateSource;
  readonly #pool: BackendPool;
  readonly #log: HostLog;
  readonly #measured: MeasuredRuns;
  readonly #rankings = new RankingMemory();
  readonly #waits = new WaitGraph();
  readonly #said = new Set<string>();
  readonly #availableMemory = availableMemoryReader();

  constructor(
    @inject(CandidatesToken) candidates: CandidateSource,
    @inject(BackendPoolToken) pool: BackendPool,
    @inject(LogToken) log: HostLog,
    @inject(MeasuredRunsToken) measured: MeasuredRuns,
  ) {
    this.#candidates = candidates;
    this.#pool = pool;
    this.#log = log;
    this.#measured = measured;
  }

  async prepare<O extends Operation>(
    operation: O,
    settings: RouteSettings = {},
  ): Promise<RoutedPrepared<O['kind']>> {
    requireArgument('settings', settings, SETTINGS);
    settings.signal?.throwIfAborted();
    requireOperation(operation);
    const candidates = await this.#candidates.read();
    const shape = operationShape(operation);
    const ranking = this.#rankings.rank(operation, shape, candidates, settings);
    if (ranking.order.length === 0) throw refusal(operation, ranking, candidates, settings);
    this.#warnOfReference(operation, ranking);
    this.#warnOnce(passedOver(operation, ranking, candidates, settings));
    const warn = (text: string) => this.#log('warn', 'routing', text);
    const services: RouteServices = {
      pool: this.#pool,
      warn,
      note: this.#measured.noteFor(shape),
      replayMetric: settings.replay === 'allow',
      budgetMs: settings.budgetMs ?? DEFAULT_BUDGET_MS,
      availableMemory: this.#availableMemory,
      waits: this.#waits,
      asker: settings.asker,
    };
    return RoutedOperation.open(operation, ranking.order, services, settings.signal);
  }

  async explain(operation: Operation, settings: RouteSettings = {}): Promise<Explanation> {
    requireArgument('settings', settings, SETTINGS);
    requireOutline(operation);
    const ranking = rank(operation, await this.#candidates.read(), settings);
    return explainRanking(operation, ranking, await this.#measured.read(operationShape(operation)));
  }

  /** What is true of one call is true of the next. */
  #warnOnce(text: string | undefined): void {
    if (text === undefined || this.#said.has(text)) return;
    this.#said.add(text);
    this.#log('warn', 'routing', text);
  }

  #warnOfReference(operation: Operation, { order, refused, policy }: Ranking): void {
    const [first] = order;
    if (first === undefined || policy !== 'fastest' || !isBuiltIn(first.candidate)) return;
    const why = refused.map((r) => `${r.candidate.name}: ${r.axis} ${r.reason}`).join('; ');
    const seconds = (first.prediction.totalMs / 1000).toPrecision(2);
    const reason = why === '' ? 'no plugin is installed' : why;
    this.#log(
      'warn',
      'routing',
      `no plugin can serve ${describeOperation(operation)} (${reason}); the built-in reference does, in about ${seconds} s`,
    );
  }
}
