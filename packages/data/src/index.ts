export * from './check-recording.ts';
export * from './open-recording.ts';
export { type NumberArray, type Recording, recordingFromArray, requireRate } from './recording.ts';
export * from './windows.ts';
