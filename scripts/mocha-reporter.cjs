// The spec reporter, then why tests were skipped, then one plain closing line.
const Mocha = require('mocha');

/** What `skipBecause` noted of a test or of a suite around it, or what the title itself says. */
function reasonOf(node) {
  if (node === undefined) return 'no reason given';
  return node.skipReason ?? /\(skipped: (.*)\)$/.exec(node.title)?.[1] ?? reasonOf(node.parent);
}

module.exports = class ClosingLine extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    this.skipped = new Map();
    runner.on('pending', (test) => {
      // A hook that skips comes after its tests are announced: the reason is looked up at the end.
      this.skipped.set(test, undefined);
    });
  }

  done(failures, finish) {
    const reasons = new Map();
    for (const test of this.skipped.keys()) {
      const reason = reasonOf(test);
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    for (const [reason, count] of reasons) process.stdout.write(`${count} skipped: ${reason}\n`);
    const { passes, failures: failed, pending } = this.stats;
    process.stdout.write(`\n${passes} passed, ${failed} failed, ${pending} skipped\n`);
    finish(failures);
  }
};
