/** What the figures of a case mean, and what bounds them: paragraphs of the page. */
export const remarks: { readonly [name: string]: readonly string[] } = {
  sort: [
    'The talk’s 0.93 s were thirty iterations of a network on a GPU, from a close start, and the 17 hours beside it convex optimisation (CBP), which ' +
      'are cited and not run here. `unrolled` is solved to its optimality conditions, which a network of thirty layers is not; `unrolled-fista` is ' +
      'that network. Simulating the recording and handing it over is not counted.',
  ],
  'training-step-2d': [
    'Stock tfjs cannot do this on wasm: Conv2DBackpropFilter is missing there, and its Node entry has no gradients. The baseline has both registered, ' +
      'the kernel as a composition of tfjs’s own.',
  ],
};
