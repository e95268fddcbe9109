/**
 * NestJS on Express: a middleware replaces `res.json`, which Nest calls with what handlers and filters return.
 *
 * Decorators are called as functions here, so that Node.js runs the file without a build step: `Reflect.decorate` does
 * what `@Get('tools')` compiles to. In an application with decorators the middleware and `send` are all that is new.
 */
import 'reflect-metadata';
import type { ServerResponse } from 'node:http';

import { Controller, Get, Module, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { createResponseSerializer } from 'json-response-serializer';
import { send } from 'json-response-serializer/http';

import { listTools } from './tools.ts';

const serializer = createResponseSerializer();

class ToolsController {
  list(): Promise<unknown> {
    return listTools();
  }

  async export(res: ServerResponse): Promise<void> {
    await send(res, await listTools(), { serializer });
  }
}
const { prototype } = ToolsController;
Reflect.decorate([Controller()], ToolsController);
Reflect.decorate([Get('tools')], prototype, 'list', Object.getOwnPropertyDescriptor(prototype, 'list'));
Reflect.decorate([Get('export')], prototype, 'export', Object.getOwnPropertyDescriptor(prototype, 'export'));
Res()(prototype, 'export', 0);

class AppModule {}
Reflect.decorate([Module({ controllers: [ToolsController] })], AppModule);

const app = await NestFactory.create<NestExpressApplication>(AppModule);
app.use((_req: Request, res: Response, next: NextFunction) => {
  res.json = (value) => {
    const body = serializer.toBody(value);
    // Its memory is for later responses once it was sent.
    res.once('finish', () => serializer.recycle(body));
    if (!res.get('Content-Type')) res.type('json');
    return res.send(body);
  };
  next();
});
await app.listen(Number(process.env['PORT'] ?? 3000));
