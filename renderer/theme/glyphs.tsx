/** Activation functions drawn as what they are: their own graph. Same box and stroke as lucide's icons. */
function Glyph({ d, size = 24 }: { d: string; size?: number | string }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={d} />
    </svg>
  );
}
type Props = { size?: number | string };

export const ReluGlyph = ({ size }: Props) => <Glyph size={size} d="M3 18h9L21 5" />;
export const SoftReluGlyph = ({ size }: Props) => <Glyph size={size} d="M3 17c4 0 5 2.5 8 1.5S16 12 21 5" />;
export const SigmoidGlyph = ({ size }: Props) => <Glyph size={size} d="M3 19c7 0 7-1 9-7s2-7 9-7" />;
export const TanhGlyph = ({ size }: Props) => <Glyph size={size} d="M3 20c6 0 7.500-2 9-8s3-8 9-8" />;
