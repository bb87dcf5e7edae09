/**
 * Skips a test, or in `before` a whole suite, and has the reporter say why.
 *
 * @param context - mocha's `this`
 */
export function skipBecause(context: Mocha.Context, reason: string): never {
  const { parent, type } = context.runnable() as { parent?: object; type?: string };
  Object.assign(type === 'hook' && parent !== undefined ? parent : context.runnable(), {
    skipReason: reason,
  });
  return context.skip();
}
