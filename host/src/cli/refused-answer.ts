/** The question was answered, the answer printed, and it is no: the exit code says so too. */
export class RefusedAnswer extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('the answer is no');
    this.name = 'RefusedAnswer';
    this.exitCode = exitCode;
  }
}
