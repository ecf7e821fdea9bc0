export { arrange } from './arrange.ts';
export { type Bar, type BarPlotOptions, barPlot } from './bar-plot.ts';
export {
  type CorrelogramCounts,
  type CorrelogramOptions,
  type CorrelogramWindow,
  correlogram,
  correlogramCounts,
} from './correlogram.ts';
export { type CorrelogramMatrixOptions, correlogramMatrix } from './correlogram-matrix.ts';
export { type Curve, type CurvePlotOptions, curvePlot } from './curve-plot.ts';
export type { FigureOptions } from './figure.ts';
export { type Grid, type HeatmapOptions, heatmap } from './heatmap.ts';
export { type HistogramOptions, histogram } from './histogram.ts';
export { type ImageGridOptions, type Images, imageGrid } from './image-grid.ts';
export type { SeriesName } from './legend.ts';
export { type Line, type LinePlotOptions, linePlot } from './line-plot.ts';
export { accentColor, ink, seriesColor, seriesColors } from './palette.ts';
export { type RasterPlotOptions, rasterPlot } from './raster-plot.ts';
export { type ScatterPlotOptions, scatterPlot } from './scatter-plot.ts';
export { type TemplatePlotOptions, templatePlot, type Waveforms } from './template-plot.ts';
export type { TraceEvent } from './trace-marks.ts';
export { type TracePlotOptions, tracePlot, traceRange } from './trace-plot.ts';
