// The spec reporter, then why each skipped test was skipped, then one plain closing line.
const Mocha = require('mocha');

module.exports = class ClosingLine extends Mocha.reporters.Spec {
  done(failures, finish) {
    const { passes, failures: failed, pending } = this.stats;
    process.stdout.write(`\n${passes} passed, ${failed} failed, ${pending} skipped\n`);
    finish(failures);
  }
};
