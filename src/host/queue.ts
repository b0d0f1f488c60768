/** Runs tasks of one name one after the other, tasks of different names at once. */
export function createQueue(): <T>(name: string, task: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return (name, task) => {
    const done = (tails.get(name) ?? Promise.resolve()).then(task, task);
    const tail = done
      .catch(() => undefined)
      .then(() => {
        if (tails.get(name) === tail) tails.delete(name);
      });
    tails.set(name, tail);
    return done;
  };
}
export type Queue = ReturnType<typeof createQueue>;
