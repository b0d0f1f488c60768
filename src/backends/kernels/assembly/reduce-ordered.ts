/** Index of the largest (smallest) number along an axis, the first of several: 1 for smallest, outer, reduced, inner, from, to. */
export function argExtreme(args: usize): void {
  const smallest = load<i32>(args) == 1;
  const outer = load<i32>(args, 4);
  const reduced = load<i32>(args, 8);
  const inner = load<i32>(args, 12);
  const stride = <usize>inner << 2;
  let from = load<usize>(args, 16);
  let to = load<usize>(args, 20);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let at = from + (<usize>i << 2);
      let best = load<f32>(at);
      let index = 0;
      for (let r = 1; r < reduced; r++) {
        at += stride;
        const x = load<f32>(at);
        if (smallest ? x < best : x > best) {
          best = x;
          index = r;
        }
      }
      store<i32>(to, index);
      to += 4;
    }
    from += <usize>reduced * stride;
  }
}

/** Running sums along an axis: outer, length, inner, exclusive, reverse, from, to. */
export function runningSum(args: usize): void {
  const outer = load<i32>(args);
  const length = load<i32>(args, 4);
  const inner = load<i32>(args, 8);
  const exclusive = load<i32>(args, 12) == 1;
  const reverse = load<i32>(args, 16) == 1;
  const stride = <usize>inner << 2;
  const size = <usize>length * stride;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = <usize>o * size + (<usize>i << 2) + (reverse ? size - stride : 0);
      let from = load<usize>(args, 20) + start;
      let to = load<usize>(args, 24) + start;
      let sum: f64 = 0;
      for (let n = 0; n < length; n++) {
        const x = <f64>load<f32>(from);
        store<f32>(to, <f32>(exclusive ? sum : sum + x));
        sum += x;
        from = reverse ? from - stride : from + stride;
        to = reverse ? to - stride : to + stride;
      }
    }
  }
}
