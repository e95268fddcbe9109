/**
 * NestJS on Fastify: the plugin writes every JSON reply, as in an application of Fastify's own.
 *
 * Decorators are called as functions here, so that Node.js runs the file without a build step: `Reflect.decorate` does
 * what `@Get('tools')` compiles to. In an application with decorators the line with `register` and the stream are all
 * that is new.
 */
import 'reflect-metadata';
import { Controller, Get, Module, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { fastifyResponseSerializer } from 'json-response-serializer/fastify';

import { listTools } from './tools.ts';

class ToolsController {
  list(): Promise<unknown> {
    return listTools();
  }

  async export(reply: FastifyReply): Promise<void> {
    const stream = reply.server.responseSerializer.stream(await listTools());
    await reply.type('application/json; charset=utf-8').send(stream);
  }
}
const { prototype } = ToolsController;
Reflect.decorate([Controller()], ToolsController);
Reflect.decorate([Get('tools')], prototype, 'list', Object.getOwnPropertyDescriptor(prototype, 'list'));
Reflect.decorate([Get('export')], prototype, 'export', Object.getOwnPropertyDescriptor(prototype, 'export'));
Res()(prototype, 'export', 0);

class AppModule {}
Reflect.decorate([Module({ controllers: [ToolsController] })], AppModule);

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter());
await app.register(fastifyResponseSerializer, { recycle: true });
await app.listen(Number(process.env['PORT'] ?? 3000));
