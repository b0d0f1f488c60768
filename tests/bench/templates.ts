import { openTemplate, trainableIds, trainTemplate } from "../support/templates.ts";
import { digits, median, settle, timeRound } from "./median.ts";

/** Milliseconds a training step of every template, as its document says. */
export async function benchTemplates(): Promise<object[]> {
  const rows: object[] = [];
  for (const id of trainableIds) {
    const trainer = await trainTemplate(openTemplate(id));
    timeRound(trainer.trainStep, 100);
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      times.push(timeRound(trainer.trainStep, 300));
      await settle();
    }
    const ms = median(times);
    rows.push({ template: id, batch: trainer.batch, "ms a step": digits(ms), "steps a second": Math.round(1000 / ms) });
    trainer.dispose();
  }
  return rows;
}
