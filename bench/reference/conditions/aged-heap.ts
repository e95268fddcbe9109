/**
 * Gives a process the heap of a server that has run for a while: hundreds of thousands of small objects of different
 * ages in the old generation, with holes between them, and buffers of different sizes that came and went.
 */
const kept: unknown[] = [];

/** Arbitrary: about a hundred megabytes stay. */
const requests = 400;
const objectsOfRequest = 2000;

for (let request = 0; request < requests; request += 1) {
  const objects = Array.from({ length: objectsOfRequest }, (_, index) => ({
    id: `${request}-${index}`,
    at: Date.now(),
    tags: [`tag ${index % 17}`, `tag ${index % 5}`],
  }));
  // Every third request leaves half of its objects behind, as sessions and caches do.
  if (request % 3 === 0) kept.push(objects.filter((_, index) => index % 2 === 0));
  Buffer.alloc(1000 * (1 + (request % 700)));
}
Object.assign(globalThis, { wirebenchAgedHeap: kept });
