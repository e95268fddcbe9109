/** What `wirebench/serializer` gives: the serializer's package with its way to send by node:http, without installing it. */
export * from '../packages/serializer/src/http.ts';
export * from '../packages/serializer/src/index.ts';
