/** What the figures of a case mean, and what bounds them: paragraphs of the page. */
export const remarks: { readonly [name: string]: readonly string[] } = {
  sort: [
    'The talk’s 0.93 s were thirty iterations of a network on a GPU, and the 17 hours beside them convex optimisation (CBP), which is cited and not ' +
      'run here. `unrolled` is solved to its optimality conditions, which a network of thirty layers is not (its objective lies 0.1 % above, here); ' +
      '`unrolled-fista` is that network. Simulating the recording and handing it over are not counted, for anybody.',
    'What bounds it: the correlation Hᵀ y alone is 2.75 GFLOP, a tenth of a second at the some 27 GFLOP/s of 128-bit SIMD without fused ' +
      'multiply-add. The rest is the search around the spikes, which grows with their number. Dense, thirty iterations would be 165 GFLOP: most of ' +
      'what `unrolled-fista` gains is skipping what is zero.',
    'SPORCO’s own ρ, and its adaptation, do not come near the minimum of this problem in 500 iterations; it is given ρ = 1, the best of ' +
      'those tried, and stops as soon as its objective is within 1e-4 of the least. alphacsc stops by its own measure, and leaves a larger KKT ' +
      'violation than it was asked for; its objective is that of the others.',
  ],
  'sort-channels': [
    'The correlation is 39 GFLOP here (8 atoms of 60 × 4 numbers at 10.2 million positions), fourteen times that of `sort`: about the cost of it all. ' +
      'What remains grows with the spikes, which are 2.7 times as many.',
  ],
  'sort-probe': [
    'Growth is measured on recordings of an eighth of the length, with one number changed at a time. The correlation is 2 · atoms · channels · 90 ' +
      'operations a sample (184 GFLOP for all of it) and is what is linear in atoms and in channels; the search grows with the spikes, and with the ' +
      'atoms beside each of them, and not with the channels, which the filters’ Gram has summed.',
  ],
  workers: [
    'The front end (band-pass, whitening), the code and its spikes, from a file. Windows are handed over, not copied, and results put in order: ' +
      'the same spikes, bit for bit, whatever the number of workers. Where two workers do not take half of the time, they waited for a core: their CPU time tells.',
  ],
  learn: [
    'Everybody starts from the same filters, 0.4 to 0.5 from the truth. SPORCO’s learner looks at all of its data in every iteration: of the ' +
      'recording, 10,200 windows, of which an eighth is measured; given no more than the 320 windows that ours and PyTorch take their batches from, it is ' +
      'about as fast as ours (`sporco-same-windows`), which a user who thinks of it can have. With its default update of the dictionary it does ' +
      'not find the templates; it is given consensus ADMM. `unrolled` trains with the gradient of the decoder alone and recentres the filters by least ' +
      'squares after every epoch; `unrolled-gradient` does what PyTorch does, step by step.',
    'PyTorch is bound by its 1-D convolutions with one channel, which leave its vectors idle; two threads gain nothing there, as each operation is ' +
      'too short to be shared.',
  ],
  'encoder-2d': [
    'What bounds it: 128-bit SIMD. Node 20 has no fused multiply-add for WebAssembly, so that a product and a sum are two instructions of four lanes: ' +
      '33 GFLOP/s is the most that a matrix product reached on such a machine, and Winograd’s transforms and zeros that are skipped are the only ways to seem faster. ' +
      'PyTorch has AVX-512, eight times as much a cycle, but its convolutions to and from one channel leave most of it idle.',
  ],
  'training-step-2d': [
    'Stock tfjs cannot do this on wasm: Conv2DBackpropFilter is missing there, and its Node entry has no gradients. The baseline has both registered, ' +
      'the kernel as a composition of tfjs’s own. Everybody is given two of the eight images: with more, the tape of stock tfjs does not fit into the 4 GB of ' +
      'WebAssembly’s memory. Entries of codes near their threshold fall on one side or the other with the order of sums: gradients differ by what they are worth.',
  ],
  'filter-gradient-1d': [
    'Three filters fill three of four lanes; what is read for one product is used for three. Sums over a million terms are kept in blocks, so that ours is ' +
      'nearer to float64 than tfjs by an order of magnitude or two.',
  ],
  'filter-gradient-2d': [
    'The composed form is a convolution with eight input channels, for which tfjs’s kernel is at its best, and four transpositions. PyTorch’s kernel (oneDNN) is ' +
      'AVX-512; what would be needed here is fused multiply-add (relaxed SIMD, from Node 24 on) and 256-bit vectors, which WebAssembly does not have.',
  ],
  'dense-unrolled': [
    'All of it is matrix products. tfjs as it is loses most in those with a transposed factor, of which every gradient has two; ours runs them near what ' +
      '128-bit SIMD can do. PyTorch’s AVX-512 does several times as many operations a cycle: on an idle machine it is to be expected ahead.',
  ],
  lasso: [
    'tfjs runs as many iterations as ours takes, but without restarts, and stops further from the minimum: see its error. scikit-learn is far more exact ' +
      'than it has to be; it has no stopping rule by KKT violation.',
  ],
  'mat-mul': [
    'numpy’s OpenBLAS has AVX-512, when it is told so (`OPENBLAS_CORETYPE`): without, it is no faster than WebAssembly.',
  ],
};
