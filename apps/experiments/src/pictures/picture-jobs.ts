import { useBackend } from '@unrolled/backend';
import type { TaskRunner } from '@unrolled/parallel';
import { loadPictures, type PictureAlbum } from './album.ts';

/** Jobs on pictures in a worker, each of which says where the pictures are: they are read once. */
export async function pictureJobs<Job extends { readonly dataFolder: string | undefined }, Result>(
  run: (album: PictureAlbum, job: Job, signal?: AbortSignal) => Promise<Result>,
): Promise<TaskRunner<Job, Result>> {
  await useBackend('wasm');
  const albums = new Map<string | undefined, Promise<PictureAlbum>>();
  return {
    run: async (job, signal) => {
      const album = albums.get(job.dataFolder) ?? loadPictures(job.dataFolder);
      albums.set(job.dataFolder, album);
      return run(await album, job, signal);
    },
  };
}
